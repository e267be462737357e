"""RSS 0.90 to 2.0, RDF and Atom → entries, through feedparser.

Broken markup (R14): complaints about charset and content type are survivable. After any other feedparser has
gone over the body once more with its recovering parser, and the feed is marked degraded. (lxml's recovering
parser before it found no entry more in fourteen kinds of damage, and fewer in two.)
"""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser

from scraper.article import Page
from scraper.entries import MAX_ENTRIES, MAX_TITLE, Entry, Feed, collected, entry, text
from scraper.errors import NotAFeed, Word
from scraper.lockedxml import check_size, looks_like_html

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


def _parsed(body: bytes, page: Page) -> Any:
    told = {"content-location": page.url}
    if "content-type" in page.headers:
        told["content-type"] = page.headers["content-type"]
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
