"""Sitemaps → entries: news sitemaps, plain ones, index files, packed or not.

A sitemap lists a whole site, so age decides what is news: an entry with `news:publication_date` always
counts, one with `lastmod` only while that is recent, one with no date at all as if it were new. The newest
come first. What an index file names is not fetched here: see asking.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.article import Origin, Page, SourceKind
from scraper.datewords import read_date
from scraper.decoding import read_bounded
from scraper.entries import MAX_ENTRIES, Entry, Feed, collected, entry, text
from scraper.errors import NotAFeed, ScraperError, Word
from scraper.lockedxml import elements, local_name, looks_like_html, root_name, text_in

MAX_UNPACKED = 16 * 1024 * 1024  # bytes: 50,000 addresses, the format's most, take about 10 MB
MAX_URLS = 50_000  # the format's own limit
MAX_PARTS = 2000
RECENT = timedelta(days=30)
_PACKED = b"\x1f\x8b"


def unpacked(body: bytes, url: str) -> bytes:
    """The body of an `.xml.gz`, inflated with a bound; any other as it is. Raises NotAFeed, TooLarge."""
    if not body.startswith(_PACKED):
        return body
    try:
        return read_bounded([body], "gzip", MAX_UNPACKED, url)
    except ScraperError as error:
        raise NotAFeed(f"packed with gzip, but {error}", url, error.word) from error


def read_sitemap(page: Page, body: bytes, zone: str) -> Feed:
    """The recent entries, newest first; of an index file its parts. Raises NotAFeed."""
    if len(body) > MAX_UNPACKED:
        raise NotAFeed("built too large to be a sitemap", page.url, Word.TOO_LARGE)
    kind = root_name(body)
    if looks_like_html(body):
        raise NotAFeed("a web page stands where the sitemap should be", page.url, Word.HTML)
    if kind not in {"urlset", "sitemapindex"}:
        raise NotAFeed("no sitemap: neither urlset nor sitemapindex", page.url)
    read = _parts if kind == "sitemapindex" else _entries
    try:
        return read(page, body, zone, "")
    except NotAFeed as error:
        if error.word is not Word.PARSE:
            raise
        found = read(page, body, zone, str(error)[:200])
        if not found.entries and not found.parts:
            raise
        return found


def _parts(page: Page, body: bytes, zone: str, degraded: str) -> Feed:
    """An index file: addresses of sitemaps, each with what is said of its last change."""
    parts: dict[str, str] = {}
    for fields in _fields(page.url, body, "sitemap", MAX_PARTS, bool(degraded)):
        one = entry(page.url, fields.get("loc", ""))
        if one is not None:
            parts[one.url] = fields.get("lastmod", "")
    return Feed((), degraded=degraded, kind=SourceKind.SITEMAP, parts=tuple(parts.items()))


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry, the instant by which it is sorted, and whether it says that it is news."""

    entry: Entry
    at: datetime | None
    news: bool


def _entries(page: Page, body: bytes, zone: str, degraded: str) -> Feed:
    listed = list(_fields(page.url, body, "url", MAX_URLS, bool(degraded)))
    if listed and degraded and not body.rstrip().endswith(b">"):
        listed.pop()  # cut off: half an address leads to another page, or to none
    known = [one for fields in listed if (one := _listed(page.url, fields, zone)) is not None]
    if listed and not known:
        raise NotAFeed(f"none of {len(listed)} entries has a usable link", page.url, Word.EMPTY)
    oldest = page.fetched - RECENT
    recent = [one for one in known if one.news or one.at is None or one.at >= oldest]
    recent.sort(key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)
    entries, _ = collected(one.entry for one in recent[:MAX_ENTRIES])
    said = {name: next((f[name] for f in listed if f.get(name)), "") for name in ("name", "language")}
    bad = len(listed) - len(known)
    return Feed(entries, said["name"], None, bad, degraded, SourceKind.SITEMAP, said["language"])


def _listed(base: str, fields: dict[str, str], zone: str) -> _Listed | None:
    changed = read_date(fields.get("lastmod", ""), zone, Origin.FEED)
    one = entry(
        base,
        fields.get("loc", ""),
        title=fields.get("title", ""),
        written=fields.get("publication_date", ""),
        updated=fields.get("lastmod", ""),
        zone=zone,
    )
    if one is None:
        return None
    at = one.published or changed
    return _Listed(one, at.at if at else None, one.published is not None)


def _fields(url: str, body: bytes, tag: str, most: int, recover: bool) -> Iterator[dict[str, str]]:
    """What each element of this name says: its own fields, those of its `news:news`, no image's or film's."""
    for number, element in enumerate(elements(body, url, tag, recover=recover)):
        if number >= most:
            return
        found: dict[str, str] = {}
        for child in element:
            for leaf in child.iter() if local_name(child) == "news" else (child,):
                found.setdefault(local_name(leaf), text(text_in(leaf)))
        yield found
