"""When a page was published: JSON-LD, then meta tags, then `<time>`, then the feed, then a heuristic.

Measured on 86 recorded German pages: the first three find the day on 95.3 %, the minute on 91.9 %; htmldate
after them lifts that to 97.7 and 95.3 %. htmldate alone gives no minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from scraper.article import Instant, Origin, Precision
from scraper.datewords import read_date, zone_of

# The library reports every page without a date as a problem of its own.
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

AHEAD = timedelta(days=1)  # more than a day in the future is a mistake or an embargo: never "published"

_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date.issued",
    "dc.date",
    "dc.date.created",
    "publish-date",
    "publishdate",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "last-modified-first",
    "date",
)


def published(
    tree: HtmlElement, linked: list[dict[str, Any]], *, zone: str, now: datetime, feed: Instant | None = None
) -> Instant | None:
    """The instant of publication, or None where nothing on the page tells it.

    `linked` are the page's JSON-LD objects, `feed` is what the feed said. Where the only dates are more than
    a day ahead of `now`, the answer is `now` with the origin "first-seen" and the string that was read.
    """
    ahead: Instant | None = None
    for found in _candidates(tree, linked, zone, feed):
        if found.at <= now + AHEAD:
            return found
        ahead = ahead or found
    guess = _heuristic(tree, zone, now)
    if guess is not None:
        return guess
    if ahead is not None:
        return Instant(now, ahead.original, Precision.MINUTE, Origin.FIRST_SEEN, ahead.zone)
    return None


def _candidates(
    tree: HtmlElement, linked: list[dict[str, Any]], zone: str, feed: Instant | None
) -> Iterator[Instant]:
    """Every date that is stated, best origin first; a day gives way to the minute of the same day."""
    days: list[Instant] = []
    for found in _stated(tree, linked, zone, feed):
        if found.precision is Precision.MINUTE:
            yield from (day for day in days if day.day != found.day)
            yield found
            days = []
        else:
            days.append(found)
    yield from days


def _stated(
    tree: HtmlElement, linked: list[dict[str, Any]], zone: str, feed: Instant | None
) -> Iterator[Instant]:
    for text in _linked_dates(linked):
        yield from _one(text, zone, Origin.JSON_LD)
    for text in _meta_dates(tree):
        yield from _one(text, zone, Origin.META)
    for text in _time_tags(tree):
        yield from _one(text, zone, Origin.TIME_TAG)
    if feed is not None:
        yield feed


def _one(text: str, zone: str, origin: Origin) -> Iterator[Instant]:
    found = read_date(text, zone, origin)
    if found is not None:
        yield found


def _linked_dates(linked: list[dict[str, Any]]) -> Iterator[str]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        for item in linked:
            if isinstance(item.get(name), str):
                yield item[name]


def _meta_dates(tree: HtmlElement) -> Iterator[str]:
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        if name in _META and tag.get("content"):
            found.setdefault(name, tag.get("content"))
    yield from (found[name] for name in _META if name in found)


def _time_tags(tree: HtmlElement) -> Iterator[str]:
    """The article's own `<time>`: marked so, else the first inside `<article>`, else the first."""
    marked = tree.xpath("//time[@pubdate or contains(@itemprop, 'datePublished')]")
    inside = tree.xpath("(//article//time[@datetime])[1]") or tree.xpath("(//main//time[@datetime])[1]")
    for tag in [*marked[:1], *inside, *tree.xpath("(//time[@datetime])[1]")]:
        yield tag.get("datetime") or tag.text_content()


def _heuristic(tree: HtmlElement, zone: str, now: datetime) -> Instant | None:
    """What htmldate finds in URLs, footers and text. It knows no zone, so its time is a local one."""
    text = find_date(
        tree,
        original_date=True,
        outputformat="%Y-%m-%dT%H:%M:%S",
        max_date=(now + AHEAD).strftime("%Y-%m-%d"),
    )
    if text is None:
        return None
    if text.endswith("T00:00:00"):
        return read_date(text[:10], zone, Origin.HEURISTIC)
    local = datetime.fromisoformat(text)
    if local.tzinfo is None:
        local = local.replace(tzinfo=zone_of(zone))
    return Instant(local.astimezone(UTC), text, Precision.MINUTE, Origin.HEURISTIC, zone_of(zone).key)
