"""Ask a source: its address → what it lists now, be it one feed or an index of sitemaps.

    address (moves) → permit (sitemaps and pages obey robots, R7) → fetch → read → parts of an index, likewise

Of an index only the parts are asked that are recent and have changed since they were read, the newest first
and a few at a time, so that a site's archive of a thousand sitemaps costs no more than what is new in it.

Kept in `FetchState.extra`: "kind" is what the source turned out to be, "parts" what is known of an index's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.article import FetchState, Origin, Page, Source, SourceKind
from scraper.client import Client
from scraper.datewords import read_date
from scraper.entries import Entry, Feed, collected
from scraper.errors import BadStatus, NotAFeed, ScraperError
from scraper.moves import address
from scraper.sitemaps import RECENT
from scraper.urls import check, same_site

Lister = Callable[[Page, Source], Feed]

PARTS_AT_ONCE = 5
PARTS_KEPT = 50  # the most recent ones: five polls' worth twice over
_KIND, _PARTS = "kind", "parts"
_ACCEPT = "application/xml, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
_SITEMAP = re.compile(r"sitemap|\.xml\.gz(\?|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `feed` is None where nothing was modified; `problems` are those of single parts.

    `extra` is what the state keeps beside the validators of `page`.
    """

    page: Page
    feed: Feed | None
    extra: dict[str, str]
    problems: tuple[ScraperError, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether the feed is of an index, and thus lists only what is in the parts that were asked."""
        return _PARTS in self.extra


@dataclass(frozen=True, slots=True)
class _Part:
    """A sitemap of an index: the last change that was named when it was read, and its validators."""

    changed: str = ""
    etag: str | None = None
    modified: str | None = None
    read: bool = False


def ask(source: Source, state: FetchState, client: Client, lister: Lister, *, full: bool = False) -> Answer:
    """One poll; `full` sends no validators. Raises ScraperError."""
    before = FetchState() if full else state
    url = check(address(source, state))
    obeys = _obeys_robots(source, state, url)
    page = _fetch(client, url, before.etag, before.last_modified, obeys=obeys)
    feed = None if page.not_modified else lister(page, source)
    if feed is not None and feed.kind is not SourceKind.FEED and not obeys:
        client.permit(page.url)
    kind = str(feed.kind) if feed else state.extra.get(_KIND)
    extra = state.extra | ({_KIND: kind} if kind else {})
    known = {} if full else _known(state)
    if feed is not None and not feed.parts:
        extra.pop(_PARTS, None)
    elif feed is not None or known:
        return _Index(source, client, lister, known).answer(Answer(page, feed, extra))
    return Answer(page, feed, extra)


def _obeys_robots(source: Source, state: FetchState, url: str) -> bool:
    """A feed that someone subscribed to is fetched whatever robots.txt says, no sitemap or page is (R7)."""
    if source.kind is not SourceKind.AUTO:
        return source.kind is not SourceKind.FEED
    found = state.extra.get(_KIND)
    return found != SourceKind.FEED if found else bool(source.select or _SITEMAP.search(url))


def _fetch(client: Client, url: str, etag: str | None, modified: str | None, *, obeys: bool) -> Page:
    if not obeys:
        return client.feed(url, etag=etag, last_modified=modified)
    headers = {"Accept": _ACCEPT, "If-None-Match": etag or "", "If-Modified-Since": modified or ""}
    sent = {name: value for name, value in headers.items() if value}
    return client.get(url, headers=sent, limit=client.settings.max_feed, permit=client.permit)


@dataclass(slots=True)
class _Index:
    """One poll of an index's parts; collects what they list and what went wrong."""

    source: Source
    client: Client
    lister: Lister
    known: dict[str, _Part]
    feeds: list[Feed] = field(default_factory=list)
    problems: list[ScraperError] = field(default_factory=list)

    def answer(self, index: Answer) -> Answer:
        """The index's answer with the entries of the parts that were asked. Raises if none could be read."""
        named = (
            dict(index.feed.parts) if index.feed else {url: part.changed for url, part in self.known.items()}
        )
        kept = {
            url: self.known.get(url, _Part()) for url in recent_first(index.page, named, self.source.zone)
        }
        asked = [url for url in kept if self._is_open(url, named[url])][:PARTS_AT_ONCE]
        for url in asked:
            try:
                kept[url] = self._read(url, named[url], kept[url])
            except ScraperError as error:
                self.problems.append(error)
                if isinstance(error, BadStatus) and error.retry_after:
                    break
        if self.problems and not any(kept[url].read for url in asked):
            raise self.problems[0]
        # What was named of a part that is still unread must be known at the next "not modified".
        kept = {url: part if part.read else _Part(named[url]) for url, part in kept.items()}
        return replace(
            index,
            feed=self._merged(index.feed),
            extra=index.extra | {_PARTS: _rows(kept)},
            problems=tuple(self.problems),
        )

    def _is_open(self, url: str, changed: str) -> bool:
        part = self.known.get(url, _Part())
        return not part.read or not changed or part.changed != changed

    def _read(self, url: str, changed: str, part: _Part) -> _Part:
        page = _fetch(self.client, check(url), part.etag, part.modified, obeys=True)
        if page.not_modified:
            return replace(part, changed=changed, read=True)
        feed = self.lister(page, replace(self.source, kind=SourceKind.SITEMAP))
        if feed.parts:
            raise NotAFeed("an index of indexes", url)
        self.feeds.append(feed)
        return _Part(changed, page.headers.get("etag"), page.headers.get("last-modified"), read=True)

    def _merged(self, index: Feed | None) -> Feed | None:
        """One listing of all parts; None where nothing was modified."""
        if index is None and not self.feeds:
            return None
        first = self.feeds[0] if self.feeds else Feed(())
        listed: Iterable[Entry | None] = (one for feed in self.feeds for one in feed.entries)
        entries, _ = collected(listed)
        bad = sum(feed.bad for feed in self.feeds)
        degraded = next((feed.degraded for feed in (*self.feeds, index) if feed and feed.degraded), "")
        return replace(first, entries=entries, bad=bad, degraded=degraded, kind=SourceKind.SITEMAP)


def recent_first(page: Page, named: dict[str, str], zone: str) -> list[str]:
    """The parts worth asking: of this site, not older than what counts as news; those for news first."""
    ranked = []
    for url, changed in named.items():
        at = read_date(changed, zone, Origin.FEED)
        if same_site(page.url, url) and (at is None or at.at >= page.fetched - RECENT):
            instant = at.at if at else datetime.min.replace(tzinfo=page.fetched.tzinfo)
            ranked.append(("news" in url.lower(), instant, _natural(url), url))
    return [url for *_, url in sorted(ranked, reverse=True)[:PARTS_KEPT]]


def _natural(url: str) -> list[tuple[int, str]]:
    """Sorts sitemap-2 before sitemap-10."""
    return [(int(piece[:18]), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"(\d+)", url)]


def _known(state: FetchState) -> dict[str, _Part]:
    """The parts as kept; none where they cannot be read: then they are all asked again."""
    if _PARTS not in state.extra:
        return {}
    try:
        rows = json.loads(state.extra[_PARTS])
        return {str(url): _Part(str(row[0]), row[1], row[2], bool(row[3])) for url, row in rows.items()}
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return {}


def _rows(parts: dict[str, _Part]) -> str:
    return json.dumps(
        {url: [part.changed, part.etag, part.modified, int(part.read)] for url, part in parts.items()}
    )
