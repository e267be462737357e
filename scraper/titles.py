"""Chooses a page's title among those that it gives itself: headline in JSON-LD, og:title, h1, <title>."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from lxml.html import HtmlElement

from scraper.markup import is_article, meta

MAX_LENGTH = 300
_BARS = re.compile(r"\s+[|–—·•»:-]\s+|\s*\|\s*")


def choose_title(tree: HtmlElement, linked: list[dict[str, Any]]) -> str:
    """The title that most places agree on, without the site's name; empty where there is none."""
    candidates = [one for one in (tidy(text) for text in _candidates(tree, linked)) if one]
    if not candidates:
        return ""
    votes = Counter(_key(one) for one in candidates)
    best = max(candidates, key=lambda one: votes[_key(one)])
    return _without_site(best, candidates, meta(tree, "og:site_name"))


def _candidates(tree: HtmlElement, linked: list[dict[str, Any]]) -> list[str]:
    """In the order of trust where votes are equal."""
    found = [
        str(item["headline"]) for item in linked if is_article(item) and isinstance(item.get("headline"), str)
    ]
    found = found[:1]
    headings = [tag.text_content() for tag in tree.iter("h1")]
    inside = [tag.text_content() for tag in tree.xpath("//article//h1 | //main//h1")]
    found += (inside or headings)[:1]
    found.append(meta(tree, "og:title"))
    found += [tag.text_content() for tag in tree.xpath("//head/title")][:1]
    return found


def tidy(text: str) -> str:
    """One line, no soft hyphens, bounded."""
    text = " ".join(re.sub("[\u00ad\u200b\ufeff]", "", text).split())
    return text[:MAX_LENGTH].rstrip()


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _without_site(title: str, candidates: list[str], site: str) -> str:
    """A trailing "| Site" goes where the site is named so, or where another candidate does without it."""
    cuts = [match.start() for match in _BARS.finditer(title)]
    for cut in reversed(cuts):
        head, tail = title[:cut].rstrip(), title[cut:].strip(" |–—·•»:-")
        if any(_key(other) == _key(head) for other in candidates) or (site and _key(tail) == _key(site)):
            return head
    return title
