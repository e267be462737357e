"""Whether a page shows only the beginning of its article, as the page itself says it.

JSON-LD first (`isAccessibleForFree`, which outlets give so that search engines do not call it cheating), then
meta tags, then a paragraph that asks for money where the text ends. A class called "paywall" alone proves
nothing: many pages carry the box, unused, on free articles.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from scraper.furniture import class_parts, furniture
from scraper.markup import is_article, meta
from scraper.wording import line

_LOCKED = frozenset({"locked", "paid", "premium", "plus", "subscriber", "subscription"})
_CLASSES = frozenset(
    {"paywall", "regwall", "piano", "subscribewall", "offerpage", "paidcontent", "paidbarrier"}
)
_SHORT = 2000  # characters: below them, a paywall's box on the page is likely in use


def is_paywalled(tree: HtmlElement, linked: list[dict[str, Any]], text: str) -> bool:
    """Whether the article goes on behind a paywall. `text` is what was read of it."""
    told = _told(linked)
    if told is not None:
        return told
    tier = meta(tree, "article:content_tier", "content_tier", "article:access", "cxenseparse:paywall").lower()
    if tier:
        return tier in _LOCKED
    return any(_asks(element, text) for element in tree.iter("p", "div", "h2", "h3", "section"))


def _told(linked: list[dict[str, Any]]) -> bool | None:
    """What the article's JSON-LD says; None where it says nothing."""
    answers = [item.get("isAccessibleForFree") for item in linked if is_article(item)]
    given = [str(answer).strip().lower() for answer in answers if answer is not None]
    known = [answer in {"false", "no", "0"} for answer in given if answer]
    return any(known) if known else None


def _asks(element: HtmlElement, text: str) -> bool:
    shown = line("".join(islice(element.itertext(), 12))[:800])
    if not shown:
        return False
    if element.tag in {"p", "h2", "h3"}:
        return furniture().asks_to_pay(shown)
    return len(text) < _SHORT and len(shown) > 20 and bool(class_parts(element) & _CLASSES)
