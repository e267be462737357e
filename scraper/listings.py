"""A plain page that lists articles → entries, by a CSS selector of the config.

The selector names the links, or whatever holds one: of each match the link it is, holds first or stands in.
Its title is the match's text; its date the `<time>` nearest to it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import soupsieve
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString

from scraper.article import Page, SourceKind
from scraper.entries import MAX_ENTRIES, MAX_TITLE, Entry, Feed, collected, entry
from scraper.errors import NotAFeed, NotAnArticle, Word
from scraper.markup import decode, tree_of
from scraper.urls import join

_HEADINGS = ["h1", "h2", "h3", "h4"]
_CARDS = ("article", "li", "tr", "section", "div")
MAX_SELECTOR = 500  # characters
MAX_CARD = 400  # elements and strings of one match that are looked at
_UP = 4  # steps up from a match to the card that may hold its date


def check_selector(selector: str) -> str:
    """The selector itself; ValueError, with what is wrong in it, where it is none."""
    try:
        _compiled(selector)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(str(error).splitlines()[0]) from error
    return selector


@lru_cache(maxsize=256)
def _compiled(selector: str) -> soupsieve.SoupSieve:
    if len(selector) > MAX_SELECTOR:
        raise soupsieve.SelectorSyntaxError(f"longer than {MAX_SELECTOR} characters")
    return soupsieve.compile(selector)


def read_page_listing(page: Page, selector: str, zone: str) -> Feed:
    """The entries in the page's order. Raises NotAFeed where nothing matches or no match leads anywhere."""
    try:
        tree_of(page)  # its limits: what hangs a reader never reaches the next one
    except NotAnArticle as error:
        raise NotAFeed(str(error), page.url, error.word) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(decode(page.body, page.charset), "lxml")
    matches = _compiled(selector).select(soup, limit=MAX_ENTRIES)
    if not matches:
        raise NotAFeed(f"nothing on the page matches {selector!r}", page.url, Word.EMPTY)
    entries, bad = collected(_entry(match, _base(soup, page.url), zone) for match in matches)
    if not entries:
        raise NotAFeed(f"none of {bad} matches of {selector!r} has a usable link", page.url, Word.EMPTY)
    root = soup.find("html")
    lang = str(root.get("lang", "")) if isinstance(root, Tag) else ""
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    return Feed(entries, title, bad=bad, kind=SourceKind.LISTING, lang=lang, home=page.url)


def _base(soup: BeautifulSoup, url: str) -> str:

    base = soup.find("base", href=True)
    return join(url, str(base["href"])) if isinstance(base, Tag) else url


def _entry(match: Tag, base: str, zone: str) -> Entry | None:
    link = _link(match)
    if link is None:
        return None
    title = _text(match) if match is link else _heading(match) or _text(link)
    return entry(base, str(link["href"]), title=title, written=_date(match), zone=zone)


def _link(match: Tag) -> Tag | None:
    if match.name == "a" and match.get("href"):
        return match
    inside = (tag for tag in _within(match) if tag.name == "a" and tag.get("href"))
    found = next(inside, None) or match.find_parent("a", href=True)
    return found if isinstance(found, Tag) else None


def _within(tag: Tag) -> Iterator[Tag]:
    """The elements of a card. Markup that is never closed puts the rest of the page into every card."""
    return (inner for inner in islice(tag.descendants, MAX_CARD) if isinstance(inner, Tag))


def _text(tag: Tag) -> str:
    """The words of a title, as far as one goes."""
    strings = (part for part in islice(tag.descendants, MAX_CARD) if type(part) is NavigableString)
    return " ".join(" ".join(strings).split())[:MAX_TITLE]


def _heading(match: Tag) -> str:
    found = (
        match if match.name in _HEADINGS else next((t for t in _within(match) if t.name in _HEADINGS), None)
    )
    return _text(found) if found is not None else ""


def _date(match: Tag) -> str:
    """The one `<time>` in the match, else in the smallest card around it that holds just one."""
    for holder in (match, *islice(match.parents, _UP)):
        card = holder is match or holder.name in _CARDS
        times = list(islice((t for t in _within(holder) if t.name == "time"), 2)) if card else []
        if len(times) == 1:
            return str(times[0].get("datetime") or _text(times[0]))
        if times:
            return ""
    return ""
