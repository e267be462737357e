"""Which known entries are read again: those that changed, at most 24 times, ever more rarely (R15 to R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from scraper.article import Article, FetchState, Instant, Origin, Precision, Source
from scraper.client import Client
from scraper.collect import MAX_REREADINGS, Problem, collect
from scraper.entries import Entry
from scraper.seen import MAX_REREADINGS as MAX_TIMES
from scraper.seen import Memory
from tests.loopback import Site
from tests.scraper.conftest import article_html

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PUBLISHED = Instant(NOW - timedelta(hours=5), "x", Precision.MINUTE, Origin.FEED)
ENTRY = Entry("https://x/1", "Titel", PUBLISHED, "id-1", updated="2026-11-22T08:00:00Z")
HOUR = timedelta(hours=1)


def changes(*listings: Entry, at: datetime = NOW) -> list[int]:
    """How many changes each listing brings."""
    memory, found = Memory({}), []
    for entry in listings:
        memory, seen = memory.listed([entry], at)
        memory = Memory.load(memory.save({}))  # as it comes back the next time
        found.append(len(seen))
    return found


@pytest.mark.parametrize(
    ("later", "changed"),
    [
        (ENTRY, 0),
        (replace(ENTRY, summary="other"), 0),
        (replace(ENTRY, updated="2026-11-22T09:00:00Z"), 1),
        (replace(ENTRY, title="Update: Titel"), 1),
        (replace(ENTRY, url="https://x/1-new-slug"), 1),
        (replace(ENTRY, identity="id-2"), 0),
        # An id used twice, for another article: another date.
        (replace(ENTRY, url="https://x/2", published=replace(PUBLISHED, at=NOW)), 0),
        (replace(ENTRY, url="https://x/2", published=None), 0),
    ],
    ids=["same", "summary", "updated", "title", "link", "another entry", "reused id", "no date"],
)
def test_what_counts_as_a_change_r17(later: Entry, changed: int) -> None:
    assert changes(ENTRY, later) == [0, changed]


def test_a_link_that_changed_keeps_its_article_r15() -> None:
    memory, _ = Memory({}).listed([ENTRY], NOW)
    memory = memory.read(ENTRY.url, "https://x/canonical")
    _, (change,) = memory.listed([replace(ENTRY, url="https://x/new")], NOW)
    assert (change.article, change.before, change.due) == ("https://x/canonical", ENTRY.url, NOW)


def test_what_changes_at_every_poll_is_read_24_times_and_ever_more_rarely_r16() -> None:
    """The waiting ones stand in the backlog, and are read as soon as they are due."""
    memory, at, waiting = Memory({}), NOW, ""
    read: list[datetime] = []
    for poll in range(24 * 60):
        at = NOW + HOUR * poll
        memory, found = memory.listed([replace(ENTRY, updated=str(poll))], at, {waiting})
        due = [change.due for change in found if change.due is not None]
        read += [at for then in due if then <= at]
        waiting = ENTRY.url if due and due[0] > at else ""
    assert len(read) == MAX_TIMES == 24
    gaps = [(later - sooner) / HOUR for sooner, later in pairwise(read)]
    assert gaps == [1, 2, 4, 8, 16, *[24] * 18]
    assert memory.listed([replace(ENTRY, updated="last")], at + HOUR)[1][0].due is None


def test_a_memory_that_cannot_be_read_is_no_harm() -> None:
    for kept in ("{broken", "[]", '{"a": 1}', '{"a": [1, 2]}', '{"a": ["u", "s", "", "", 1, "2026-01-01"]}'):
        assert Memory.load({"seen": kept}).entries == {}


class Feed:
    """An Atom feed of one or more entries, whose readers keep what they store."""

    def __init__(self, site: Site, client: Client) -> None:
        self.site, self.client = site, client
        self.source = Source("probe", f"{site.url}/feed", "de")
        self.state = FetchState()
        self.stored: dict[str, list[Article]] = {}
        self.now = NOW

    def lists(self, *entries: tuple[str, str, str], etag: str = "") -> None:
        items = "".join(
            f"<entry><id>{guid}</id><title>T</title><link href='{link}'/>"
            f"<published>2026-11-22T06:00:00Z</published><updated>{updated}</updated></entry>"
            for guid, link, updated in entries
        )
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>{items}</feed>"
        self.site.answer("/feed", body=body.encode(), etag=etag)

    def poll(self, hours: float = 24, limit: int | None = None) -> list[Problem]:
        self.now += timedelta(hours=hours)
        known = {article.url for all_of in self.stored.values() for article in all_of}
        known |= {article.fetched_url for all_of in self.stored.values() for article in all_of}
        problems = []
        for item in collect(
            self.source, self.state, self.client, known=known.__contains__, now=self.now, limit=limit
        ):
            if isinstance(item, FetchState):
                self.state = item
            elif isinstance(item, Problem):
                problems.append(item)
            else:
                self.stored.setdefault(item.url, []).append(item)
        return problems

    def titles(self) -> dict[str, list[str]]:
        return {url.rpartition("/")[2]: [one.title for one in all_of] for url, all_of in self.stored.items()}


@pytest.fixture
def feed(site: Site, client: Client) -> Feed:
    return Feed(site, client)


def test_a_corrected_article_is_read_again_r17(site: Site, feed: Feed) -> None:
    site.page("/a", article_html("Erste Fassung"))
    feed.lists(("1", "/a", "2026-11-22T06:00:00Z"))
    feed.poll()
    site.page("/a", article_html("Berichtigte Fassung"))
    feed.poll()  # the feed says nothing of it yet
    feed.lists(("1", "/a", "2026-11-22T07:00:00Z"), etag='"1"')
    feed.poll()
    feed.poll()
    assert feed.titles() == {"a": ["Erste Fassung", "Berichtigte Fassung"]}
    assert site.paths().count("/a") == 2


def test_the_next_correction_waits_and_outlasts_a_304_r16(site: Site, feed: Feed) -> None:
    site.page("/a", article_html("Eins"))
    for version, hours in (("06", 1.0), ("07", 1.0), ("08", 0.1)):
        feed.lists(("1", "/a", f"2026-11-22T{version}:00:00Z"), etag=f'"{version}"')
        feed.poll(hours)
    assert site.paths().count("/a") == 2  # the third change came six minutes after the second
    feed.poll(0.1)
    assert (feed.state.last_status, site.paths().count("/a")) == ("not modified", 2)
    feed.poll(1)
    assert (feed.state.last_status, site.paths().count("/a")) == ("not modified", 3)


def test_a_new_link_of_the_same_entry_is_no_new_article_r15(site: Site, feed: Feed) -> None:
    site.page("/a", article_html("Erste Fassung"))
    site.page("/a-corrected", article_html("Berichtigte Fassung"))
    feed.lists(("1", "/a", "2026-11-22T06:00:00Z"))
    feed.poll()
    feed.lists(("1", "/a-corrected", "2026-11-22T06:00:00Z"))
    feed.poll()
    feed.poll()
    assert feed.titles() == {"a": ["Erste Fassung", "Berichtigte Fassung"]}
    assert (site.paths().count("/a"), site.paths().count("/a-corrected")) == (1, 1)


def test_a_new_link_before_the_first_reading_is_simply_read(site: Site, feed: Feed) -> None:
    site.answer("/a", status=503)
    site.page("/b", article_html("Da"))
    feed.lists(("1", "/a", "2026-11-22T06:00:00Z"))
    assert len(feed.poll()) == 1
    feed.lists(("1", "/b", "2026-11-22T06:00:00Z"))
    assert feed.poll() == []
    assert feed.titles() == {"b": ["Da"]}
    assert site.paths().count("/a") == 1


def test_a_flood_of_changes_is_spread_over_polls(site: Site, feed: Feed) -> None:
    count = MAX_REREADINGS + 5
    for number in range(count):
        site.page(f"/a{number}", article_html(f"Nummer {number}"))
    feed.lists(*((f"{n}", f"/a{n}", "2026-11-22T06:00:00Z") for n in range(count)))
    feed.poll()
    feed.lists(*((f"{n}", f"/a{n}", "2026-11-22T07:00:00Z") for n in range(count)))
    asked = len(site.requests)
    feed.poll()
    assert len(site.requests) - asked == 1 + MAX_REREADINGS
    feed.poll()
    assert all(len(all_of) == 2 for all_of in feed.stored.values())


def test_a_limit_counts_what_is_read_again(site: Site, feed: Feed) -> None:
    for name in ("a", "b"):
        site.page(f"/{name}", article_html(name))
    feed.lists(("1", "/a", "2026-11-22T06:00:00Z"), ("2", "/b", "2026-11-22T06:00:00Z"))
    feed.poll()
    feed.lists(("1", "/a", "2026-11-22T07:00:00Z"), ("2", "/b", "2026-11-22T07:00:00Z"))
    feed.poll(limit=1)
    assert sorted(len(all_of) for all_of in feed.stored.values()) == [1, 2]
    feed.poll(limit=1)
    assert sorted(len(all_of) for all_of in feed.stored.values()) == [2, 2]
