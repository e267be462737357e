"""Page → Article: the tree, then title, text, date, language, authors, address; each in its own file.

    bytes → markup (decoded, limited) → outlet rules (elements) → trafilatura → paragraphs
          → outlet rules (paragraphs) → Article

Pure but for the memory and time that hostile pages cost: `worker.py` runs the same function in a process
that can be killed.
"""

from __future__ import annotations

import copy
import logging
import re
from itertools import islice
from typing import Any

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from scraper.article import Article, Instant, Page
from scraper.dates import published
from scraper.errors import NotAnArticle
from scraper.language import detect_language, identify
from scraper.markup import is_article, linked_data, meta, tree_of
from scraper.outlets import Outlet, outlet_of
from scraper.titles import choose_title, tidy
from scraper.urls import canonical, clean

__all__ = ["detect_language", "parse"]

MIN_WORDS = 3  # what is left of a page of menus is a word or two
MIN_LEAD = 40  # characters; what is shorter is a label, not a sentence
MAX_TEXT = 400_000  # characters; the longest newspaper features have 100,000
_ENOUGH_TO_TELL = 120  # characters of text below which the source's language counts, not the guess
_TEXT_TAGS = frozenset({"p", "head", "quote", "item", "code", "ab", "cell"})

# The library logs a warning for every page that it finds nothing in; that is our error to report.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def parse(
    page: Page,
    *,
    source: str = "",
    lang: str | None = None,
    title: str = "",
    zone: str = "UTC",
    feed_date: Instant | None = None,
) -> Article:
    """The article on a page. `title` and `feed_date` are what the feed said, used where the page is silent.

    `lang` decides only where the text is too short to tell. Raises NotAnArticle or ReadError.
    """
    tree = tree_of(page)
    linked = linked_data(tree)
    rules = outlet_of(page.url)
    heading = choose_title(tree, linked) or tidy(title)
    text = _text(tree, linked, rules, heading)
    if len(re.findall(r"\w+", text)) < MIN_WORDS:
        raise NotAnArticle("no text found in the page", page.url)
    return Article(
        url=canonical(page.url, _named_address(tree)),
        title=heading or text.split("\n", 1)[0][:120],
        text=text,
        lang=_language(text, heading, lang, tree),
        published=published(tree, linked, zone=zone, now=page.fetched, feed=feed_date),
        source=source,
        authors=_authors(tree, linked),
        fetched_url=clean(page.url),
    )


def _text(tree: HtmlElement, linked: list[dict[str, Any]], rules: Outlet, title: str) -> str:
    """Paragraphs separated by a blank line; headings are paragraphs; the title itself is not repeated."""
    own = copy.deepcopy(tree)  # both the rules and the library change the tree
    rules.prune(own)
    found = bare_extraction(
        own, favor_precision=True, include_comments=False, include_tables=False, with_metadata=False
    )
    body = getattr(found, "body", None)
    if body is None:
        return ""
    paragraphs = rules.filter(_paragraphs(body))
    while paragraphs and _same(paragraphs[0], title):
        paragraphs.pop(0)
    return "\n\n".join(_lead(tree, linked, paragraphs) + paragraphs)[:MAX_TEXT]


def _lead(tree: HtmlElement, linked: list[dict[str, Any]], paragraphs: list[str]) -> list[str]:
    """The opening lines that stand apart from the text on many pages, where the library loses them.

    They are what the page gives as its description, but count only where it also shows them to readers.
    """
    told = [meta(tree, "description"), meta(tree, "og:description")]
    told += [text for item in linked if is_article(item) and isinstance(text := item.get("description"), str)]
    text = _letters(" ".join(paragraphs))
    for lead in (tidy(one) for one in told):
        if len(lead) < MIN_LEAD or _letters(lead) in text:
            continue
        for element in tree.iter("p", "div", "h2", "h3", "span", "strong"):
            # The first pieces are enough to tell, and bound what boxes within boxes cost.
            shown = _line("".join(islice(element.itertext(), 30))[:2000])
            if _letters(shown) == _letters(lead):
                return [shown]
    return []


def _paragraphs(body: Any) -> list[str]:
    """The text of each block, and the text that stands loose between blocks, in order."""
    blocks: list[str] = []
    loose: list[str] = [body.text or ""]
    for element in body:
        if element.tag in _TEXT_TAGS or element.tag == "list":
            blocks += [" ".join(loose)]
            loose = [element.tail or ""]
            parts = element.iter("item") if element.tag == "list" else [element]
            blocks += ["".join(_spaced(part)) for part in parts]
        else:
            loose += ["".join(_spaced(element)), element.tail or ""]
    blocks.append(" ".join(loose))
    return [one for one in (_line(block) for block in blocks) if one]


def _spaced(element: Any) -> list[str]:
    """All text of an element; a line break inside it counts as a space."""
    pieces = []
    for node in element.iter():
        pieces.append(" " if node.tag in {"lb", "p", "item"} else "")
        pieces.append(node.text or "")
        if node is not element:
            pieces.append(node.tail or "")
    return pieces


def _line(text: str) -> str:
    """One line: no soft hyphens, no control characters, single spaces, none before a full stop or comma."""
    text = re.sub("[\u00ad\u200b\ufeff]", "", text)
    text = "".join(" " if ord(char) < 32 or 127 <= ord(char) < 160 else char for char in text)
    return re.sub(r" +([.,;](?:\s|$))", r"\1", " ".join(text.split()))


def _same(paragraph: str, title: str) -> bool:
    return _letters(paragraph) == _letters(title)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _language(text: str, title: str, given: str | None, tree: HtmlElement) -> str:
    """The text tells; where it is too short, the source does, then the page."""
    if len(text) >= _ENOUGH_TO_TELL or not given:
        found = identify(f"{title}\n{text}")
        declared = (tree.get("lang") or "")[:2].lower()
        return declared if len(text) < _ENOUGH_TO_TELL and declared.isalpha() and declared else found
    return given


def _named_address(tree: HtmlElement) -> str:
    """`rel=canonical` before og:url: the second is more often a share link."""
    for tag in tree.iter("link"):
        if "canonical" in (tag.get("rel") or "").lower().split() and tag.get("href"):
            return str(tag.get("href")).strip()
    return meta(tree, "og:url")


def _authors(tree: HtmlElement, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    """Names from JSON-LD, else from the meta tags; each once, no addresses."""
    found: list[str] = []
    for item in linked:
        named = item.get("author")
        for one in named if isinstance(named, list) else [named]:
            name = one.get("name") if isinstance(one, dict) else one
            found += [name] if isinstance(name, str) else []
    names = found or [meta(tree, "author", "article:author", "dc.creator", "parsely-author")]
    tidied = (tidy(name) for name in names if "//" not in name)
    return tuple(dict.fromkeys(name for name in tidied if name))[:20]
