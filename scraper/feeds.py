"""RSS 0.90 to 2.0, RDF and Atom → entries, through feedparser.

Broken markup (R14): complaints about charset and content type are survivable. For any other the body goes
through a recovering parser once; what then has more usable entries counts, and the feed is marked degraded.
"""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser
from lxml import etree

from scraper.article import Page
from scraper.entries import MAX_ENTRIES, MAX_TITLE, Entry, Feed, collected, entry, text
from scraper.errors import NotAFeed, Word
from scraper.lockedxml import check_size, looks_like_html, tree_of

# feedparser recovers from these; any other complaint means that the markup is broken.
_SURVIVABLE = (
    feedparser.exceptions.CharacterEncodingOverride,
    feedparser.exceptions.NonXMLContentType,
)
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def read_xml_feed(page: Page, body: bytes, zone: str) -> Feed:
    """The entries in the feed's order. Raises NotAFeed where it is none, or not one entry can be used."""
    check_size(body, page.url)
    if looks_like_html(body):
        raise NotAFeed("a web page stands where the feed should be", page.url, Word.HTML)
    parsed = _parsed(body, page)
    degraded = _complaint(parsed)
    if degraded:
        parsed = _better(parsed, _recovered(body, page))
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeed(f"broken markup: {degraded}" if degraded else "no feed format that is known", page.url)
    if degraded and not parsed.entries:
        raise NotAFeed(f"broken markup: {degraded}", page.url)
    entries, bad = collected(_entry(item, page.url, zone) for item in parsed.entries[:MAX_ENTRIES])
    if not entries and bad:
        raise NotAFeed(f"none of {bad} entries has a usable link", page.url)
    about = parsed.feed
    title, home = text(dict.get(about, "title"))[:MAX_TITLE], text(dict.get(about, "link"))
    return Feed(entries, title, _ttl(about), bad, degraded, lang=text(dict.get(about, "language")), home=home)


def _parsed(body: bytes, page: Page, kind: str = "") -> Any:
    told = {"content-location": page.url}
    if kind or "content-type" in page.headers:
        told["content-type"] = kind or page.headers["content-type"]
    try:
        return feedparser.parse(io.BytesIO(body), response_headers=told)
    except MemoryError:
        raise
    except Exception as error:  # it has no errors of its own: what escapes it is about the feed
        raise NotAFeed(f"broken beyond reading: {type(error).__name__}: {error}"[:300], page.url) from error


def _complaint(parsed: Any) -> str:
    """Why the markup is not sound; charset and content-type complaints do not count."""
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    return "" if error is None or isinstance(error, _SURVIVABLE) else str(error)[:200]


def _recovered(body: bytes, page: Page) -> Any | None:
    """The same feed after a recovering parser has closed what was open; None where nothing was left."""
    try:
        root = tree_of(body, page.url, recover=True)
    except NotAFeed:
        return None
    mended = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return _parsed(mended, page, "application/xml; charset=utf-8")


def _better(first: Any, second: Any | None) -> Any:
    """Whichever has more entries that lead somewhere; the first on a tie."""

    def usable(parsed: Any) -> int:
        return sum(1 for item in parsed.entries if dict.get(item, "link") or dict.get(item, "id"))

    return second if second is not None and usable(second) > usable(first) else first


def _ttl(about: Any) -> int | None:
    """Minutes: RSS 2.0's `ttl`, else the period of RSS 1.0's syndication module."""
    said = str(dict.get(about, "ttl", "") or "").strip()
    if re.fullmatch(r"\d{1,7}", said):
        return int(said)
    period = _PERIODS.get(text(dict.get(about, "sy_updateperiod")).lower())
    often = text(dict.get(about, "sy_updatefrequency")) or "1"
    return period // max(int(often), 1) if period and re.fullmatch(r"\d{1,4}", often) else None


def _entry(item: Any, base: str, zone: str) -> Entry | None:
    """`dict.get` avoids feedparser's own mapping, which answers for fields that are not there, and warns."""
    guid = text(dict.get(item, "id"))
    link = text(dict.get(item, "link")) or next(
        (text(other.get("href")) for other in dict.get(item, "links", []) if other.get("href")), ""
    )
    dates = [text(dict.get(item, name)) for name in ("published", "created", "updated")]
    return entry(
        base,
        link or (guid if guid.startswith(("http://", "https://")) else ""),
        title=text(dict.get(item, "title")),
        written=next(filter(None, dates), ""),
        guid=guid,
        summary=text(dict.get(item, "summary")),
        updated=dates[2],
        zone=zone,
    )
