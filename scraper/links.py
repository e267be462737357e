"""A feed → its entries. RSS and Atom through feedparser, JSON Feed by hand.

Feeds are hostile until read: the number of tags, their depth and the number of entries are capped, only
http and https links pass, and one bad entry costs that entry alone.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import feedparser

from scraper.article import Instant, Origin, Page, Source
from scraper.datewords import read_date
from scraper.errors import NotAFeed, Word
from scraper.urls import clean, is_web, join

MAX_ENTRIES = 1000
MAX_TAGS = 100_000  # 1000 entries of 25 elements each, opened and closed, with room to spare
MAX_DEPTH = 100  # feedparser needs 6.8 s for 100,000 nested tags
MAX_TITLE = 500  # characters; what a feed says is kept between two polls
MAX_IDENTITY = 500
MAX_DATE = 100
MAX_LOOSE = 200  # brackets that open nothing: 450 kB of them keep feedparser busy for two minutes

# feedparser recovers from these; any other complaint means that the markup is broken.
_SURVIVABLE = (
    feedparser.exceptions.CharacterEncodingOverride,
    feedparser.exceptions.NonXMLContentType,
)
_TAG = re.compile(rb"<(/?)[A-Za-z_][^<>]*?(/?)>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed. `url` is absolute and cleaned; `identity` is the feed's own id, else the URL."""

    url: str
    title: str = ""
    published: Instant | None = None
    identity: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed held. `ttl` is its wish in minutes between two polls; `bad` counts unusable entries.

    `degraded` says why the markup had to be repaired, empty where it was sound.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    ttl: int | None = None
    bad: int = 0
    degraded: str = ""


def read_feed(page: Page, zone: str = "UTC") -> Feed:
    """The entries in the feed's order, each page once; dates without a zone are in `zone`.

    Raises NotAFeed for an empty body, a web page, broken markup, or when not one entry can be used.
    """
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        raise NotAFeed("the feed is empty", page.url, Word.EMPTY)
    if body[:1] in {b"{", b"["}:
        return _json_feed(body, page.url, zone)
    _check_size(body, page.url)
    feed = _xml_feed(page, body, zone)
    if not feed.entries and feed.bad:
        raise NotAFeed(f"none of {feed.bad} entries has a usable link", page.url)
    return feed


def read_listing(page: Page, source: Source) -> Feed:
    """The source's entries; dates without a zone are in the source's. Raises NotAFeed."""
    return read_feed(page, source.zone)


def _check_size(body: bytes, url: str) -> None:
    """Counts tags and depth before a parser sees them, in one pass; raises NotAFeed beyond the limits."""
    bare = _without_cdata(body)
    brackets = bare.count(b"<") if bare is not None else 0
    if bare is None or brackets > MAX_TAGS:
        raise NotAFeed("built too large to be a feed", url, Word.TOO_LARGE)
    depth = tags = deepest = 0
    for match in _TAG.finditer(bare):
        depth += -1 if match[1] else 0 if match[2] else 1
        deepest = max(deepest, depth)
        tags += 1
    if deepest > MAX_DEPTH and not _looks_like_html(body):
        raise NotAFeed("built too deep to be a feed", url, Word.TOO_LARGE)
    if brackets - tags > MAX_LOOSE:
        raise NotAFeed(f"{brackets - tags} tags that never close", url, Word.TOO_LARGE)


def _without_cdata(body: bytes) -> bytes | None:
    """The markup without character data, which may hold any number of brackets; None where it never ends."""
    first, *rest = body.split(b"<![CDATA[")
    pieces, unclosed = [first], 0
    for piece in rest:
        _, closed, after = piece.partition(b"]]>")
        unclosed += not closed
        pieces.append(after)
    return None if unclosed > MAX_LOOSE else b"".join(pieces)


def _looks_like_html(body: bytes) -> bool:
    head = body[:2000].lower()
    return b"<!doctype html" in head or b"<html" in head


def _xml_feed(page: Page, body: bytes, zone: str) -> Feed:
    if _looks_like_html(body):
        raise NotAFeed("a web page stands where the feed should be", page.url, Word.HTML)
    told = {"content-location": page.url}
    if "content-type" in page.headers:
        told["content-type"] = page.headers["content-type"]
    try:
        parsed = feedparser.parse(io.BytesIO(body), response_headers=told)
    except MemoryError:
        raise
    except Exception as error:  # it has no errors of its own: what escapes it is about the feed
        raise NotAFeed(f"broken beyond reading: {type(error).__name__}: {error}"[:300], page.url) from error
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeed("no feed format that is known", page.url)
    degraded = _complaint(parsed)
    if degraded and not parsed.entries:
        raise NotAFeed(f"broken markup: {degraded}", page.url)
    entries, bad = _collected(_xml_entry(item, page.url, zone) for item in parsed.entries[:MAX_ENTRIES])
    return Feed(entries, _text(parsed.feed.get("title")), _ttl(parsed.feed), bad, degraded)


def _complaint(parsed: Any) -> str:
    """Why the markup is not sound; charset and content-type complaints do not count."""
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    return "" if error is None or isinstance(error, _SURVIVABLE) else str(error)[:200]


def _ttl(feed: Any) -> int | None:
    text = str(dict.get(feed, "ttl", "") or "").strip()
    return int(text) if re.fullmatch(r"\d{1,7}", text) else None


def _xml_entry(item: Any, base: str, zone: str) -> Entry | None:
    """`dict.get` avoids feedparser's own mapping, which answers for fields that are not there, and warns."""
    identity = _text(dict.get(item, "id"))
    link = _text(dict.get(item, "link")) or next(
        (_text(other.get("href")) for other in dict.get(item, "links", []) if other.get("href")), ""
    )
    link = link or (identity if identity.startswith(("http://", "https://")) else "")
    written = next(
        (_text(dict.get(item, name)) for name in ("published", "created", "updated") if dict.get(item, name)),
        "",
    )
    return _entry(
        base, link, _text(dict.get(item, "title")), written, identity, _text(dict.get(item, "summary")), zone
    )


def _json_feed(body: bytes, url: str, zone: str) -> Feed:
    """JSON Feed 1 and 1.1."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"broken JSON: {error}", url) from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("JSON, but not a JSON Feed", url)
    entries, bad = _collected(_json_entry(item, url, zone) for item in items[:MAX_ENTRIES])
    if bad and not entries:
        raise NotAFeed(f"none of {bad} entries has a usable link", url)
    return Feed(entries, _text(data.get("title")), None, bad)


def _json_entry(item: Any, base: str, zone: str) -> Entry | None:
    if not isinstance(item, dict):
        return None
    identity = _text(item.get("id"))
    link = _text(item.get("url")) or _text(item.get("external_url"))
    link = link or (identity if identity.startswith(("http://", "https://")) else "")
    written = _text(item.get("date_published")) or _text(item.get("date_modified"))
    return _entry(base, link, _text(item.get("title")), written, identity, _text(item.get("summary")), zone)


def _entry(
    base: str, link: str, title: str, written: str, identity: str, summary: str, zone: str
) -> Entry | None:
    target = join(base, link) if link else ""
    if not is_web(target):
        return None
    url = clean(target)
    if len(identity) > MAX_IDENTITY:
        identity = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    at = read_date(written[:MAX_DATE], zone, Origin.FEED)
    return Entry(url, title[:MAX_TITLE], at, identity or url, summary[:5000])


def _collected(entries: Iterator[Entry | None]) -> tuple[tuple[Entry, ...], int]:
    """Each page once, the first mention of it, and how many entries were of no use."""
    found: dict[str, Entry] = {}
    bad = 0
    for entry in entries:
        if entry is None:
            bad += 1
        else:
            found.setdefault(entry.url, entry)
    return tuple(found.values()), bad


def _text(value: Any) -> str:
    """A field as one line of text: feeds put numbers, null and markup where text should be."""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return ""
    return " ".join(str(value).replace("\0", "").encode("utf-8", "replace").decode().split())
