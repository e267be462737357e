"""Who wrote an article: names from JSON-LD, then meta tags, then what the page marks as its author."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml.html import HtmlElement

from scraper.furniture import furniture
from scraper.markup import is_article, meta
from scraper.titles import tidy

MAX_AUTHORS = 20
_LONGEST = 80  # characters of a name; what is longer is a sentence about the author
_META = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
_MARKED = "//*[@itemprop='author' or @rel='author' or contains(@class, 'author-name')]"


def authors_of(tree: HtmlElement, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    """The names, each once, in the page's order; empty where the page gives none."""
    articles = [item for item in linked if is_article(item)]
    for names in (_linked(articles, linked), _linked(linked, linked), [meta(tree, *_META)], _marked(tree)):
        found = tuple(dict.fromkeys(name for one in names for name in _names(one)))
        if found:
            return found[:MAX_AUTHORS]
    return ()


def _linked(items: Iterable[dict[str, Any]], everything: list[dict[str, Any]]) -> list[str]:
    """Authors as text, as objects, or as references to objects elsewhere in the data."""
    by_id = {str(one["@id"]): one for one in everything if "@id" in one and isinstance(one.get("name"), str)}
    found: list[str] = []
    for item in items:
        named = item.get("author")
        for one in named if isinstance(named, list) else [named]:
            if isinstance(one, dict):
                one = one.get("name") or by_id.get(str(one.get("@id")), {}).get("name")  # noqa: PLW2901
            names = one if isinstance(one, list) else [one]
            found += [name for name in names if isinstance(name, str)]
    return found


def _marked(tree: HtmlElement) -> list[str]:
    return [tag.text_content() for tag in tree.xpath(_MARKED)[:MAX_AUTHORS] if len(tag.text_content()) < 200]


def _names(text: str) -> list[str]:
    """The names in a byline; none in an address or a sentence."""
    text = furniture().byline.sub("", tidy(text))
    if "//" in text or "@" in text or len(text) > 3 * _LONGEST:
        return []
    pieces = furniture().joint.split(text) if len(text.split()) > 3 else [text]
    pieces = [re.sub(r"\s*\([\w. -]{1,12}\)$", "", piece).strip() for piece in pieces]  # "(abc)": a sign
    return [piece for piece in pieces if re.search(r"[^\W\d_]", piece) and len(piece) <= _LONGEST]
