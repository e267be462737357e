"""Page → Article: the tree, then title, text, date, language, authors, address; each in its own file.

    bytes → markup (decoded, limited) → outlet rules (elements) → trafilatura → paragraphs
          → outlet rules (paragraphs) → Article

Pure but for the memory and time that hostile pages cost: `worker.py` runs the same function in a process
that can be killed.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from scraper.article import Article, Instant, Page
from scraper.authors import authors_of
from scraper.body import text_of
from scraper.dates import published
from scraper.errors import NotAnArticle
from scraper.language import detect_language, identify
from scraper.markup import linked_data, meta, tree_of
from scraper.outlets import outlet_of
from scraper.paywall import is_paywalled
from scraper.titles import choose_title, tidy
from scraper.urls import canonical, clean, join

__all__ = ["detect_language", "parse"]

MIN_WORDS = 3  # what is left of a page of menus is a word or two
_ENOUGH_TO_TELL = 120  # characters of text below which the source's language counts, not the guess


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
    named = _named_addresses(tree)
    rules = outlet_of(page.url, *(join(page.url, one) for one in named))
    heading = tidy(rules.headline(tree)) or choose_title(tree, linked) or tidy(title)
    text = text_of(tree, linked, rules, heading)
    if len(re.findall(r"\w+", text)) < MIN_WORDS:
        raise NotAnArticle("no text found in the page", page.url)
    return Article(
        url=canonical(page.url, *named),
        title=heading or text.split("\n", 1)[0][:120],
        text=text,
        lang=_language(text, heading, lang, tree),
        published=published(tree, linked, zone=zone, now=page.fetched, feed=feed_date),
        source=source,
        authors=authors_of(tree, linked),
        fetched_url=clean(page.url),
        paywalled=is_paywalled(tree, linked, text),
    )


def _language(text: str, title: str, given: str | None, tree: HtmlElement) -> str:
    """The text tells; where it is too short, the source does, then the page."""
    if len(text) >= _ENOUGH_TO_TELL or not given:
        found = identify(f"{title}\n{text}")
        declared = (tree.get("lang") or "")[:2].lower()
        return declared if len(text) < _ENOUGH_TO_TELL and declared.isalpha() and declared else found
    return given


def _named_addresses(tree: HtmlElement) -> list[str]:
    """`rel=canonical` before og:url: the second is more often a share link."""
    links = [tag for tag in tree.iter("link") if "canonical" in (tag.get("rel") or "").lower().split()]
    named = [(tag.get("href") or "").strip() for tag in links] + [meta(tree, "og:url")]
    return [one for one in named if one][:5]
