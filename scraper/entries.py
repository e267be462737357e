"""What every kind of listing comes down to: entries, each with an address and an identity.

    feeds.py  jsonfeed.py  sitemaps.py  listings.py   →   Feed(Entry, Entry, …)

Identity (R15), the first that tells entries apart: the feed's own id; the id with the link where several
entries share the id; the link; a digest of what the entry says. By it an entry is the same one when its
title, its date or even its link has changed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from scraper.article import Instant, Origin, SourceKind
from scraper.datewords import read_date
from scraper.urls import clean, is_web, join

MAX_ENTRIES = 1000
MAX_TITLE = 1000  # characters; what is longer is no headline
MAX_SUMMARY = 5000
MAX_DATE = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing. `url` is absolute and cleaned; `identity` tells it from the others (R15).

    `updated` is what the listing says of its last change, as it was written; empty where it says nothing.
    """

    url: str
    title: str = ""
    published: Instant | None = None
    identity: str = ""
    summary: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a listing held. `ttl` is its wish in minutes between two polls; `bad` counts unusable entries.

    `degraded` says why the markup had to be repaired, empty where it was sound. `lang` and `home` are what
    it says of its language and its web site. `parts` are the addresses of further listings, with what is said
    of each one's last change: those of a sitemap index, else none.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    ttl: int | None = None
    bad: int = 0
    degraded: str = ""
    kind: SourceKind = SourceKind.FEED
    lang: str = ""
    home: str = ""
    parts: tuple[tuple[str, str], ...] = ()


def entry(
    base: str,
    link: str,
    *,
    title: str = "",
    written: str = "",
    guid: str = "",
    summary: str = "",
    updated: str = "",
    zone: str = "UTC",
) -> Entry | None:
    """An entry of what was read, or None where its link leads to nothing that we would open."""
    target = join(base, link) if link else ""
    url = clean(target) if is_web(target) else ""
    if not is_web(url):  # written out, a link may grow beyond what is opened
        return None
    date = read_date(written[:MAX_DATE], zone, Origin.FEED)
    title, summary = title[:MAX_TITLE], summary[:MAX_SUMMARY]
    return Entry(url, title, date, guid[:MAX_TITLE], summary, updated[:MAX_DATE])


def collected(entries: Iterable[Entry | None]) -> tuple[tuple[Entry, ...], int]:
    """Each page once, the first mention of it, all with an identity; and how many were of no use."""
    found: dict[str, Entry] = {}
    bad = 0
    for one in entries:
        if one is None:
            bad += 1
        else:
            found.setdefault(one.url, one)
    shared = Counter(one.identity for one in found.values())
    return tuple(
        replace(one, identity=identity(one, shared[one.identity] > 1)) for one in found.values()
    ), bad


def identity(one: Entry, shared: bool = False) -> str:
    """The entry's identity, where `one.identity` is the listing's own id; `shared`: others have it too."""
    if one.identity and not (shared and one.url):
        return one.identity
    if one.url:
        return f"{one.identity} {one.url}".strip()
    said = "\0".join((one.title, one.published.original if one.published else "", one.summary))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def text(value: Any) -> str:
    """A field as one line of text: listings put numbers, null and markup where text should be."""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return ""
    return " ".join(str(value).replace("\0", "").encode("utf-8", "replace").decode().split())
