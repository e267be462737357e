"""R11: when a feed's new address is adopted, and that nothing is lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.article import FetchState, Page, Source
from scraper.client import Client
from scraper.collect import collect
from scraper.moves import address, adopted, after_dead_end, after_success, belongs
from tests.loopback import Site
from tests.scraper.conftest import article_html

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OLD, NEW = "https://old.example/feed", "https://new.example/feed"
SOURCE = Source("probe", OLD, "de")


def answered(*statuses: int, url: str = NEW) -> Page:
    hops = tuple((status, OLD) for status in statuses)
    return Page(url if statuses else OLD, 200, b"", NOW, hops=hops)


def after(*polls: tuple[float, Page]) -> FetchState:
    state = FetchState()
    for days, page in polls:
        state = after_success(SOURCE, state, page, NOW + timedelta(days=days))
    return state


MOVED = answered(301)


@pytest.mark.parametrize(
    ("polls", "asked"),
    [
        ([(0, MOVED)], OLD),
        ([(0, MOVED), (0.1, MOVED), (0.2, MOVED), (0.3, MOVED)], OLD),
        ([(0, MOVED), (3, MOVED)], OLD),
        ([(0, MOVED), (1, MOVED), (3, MOVED)], NEW),
        ([(0, answered(308)), (1, MOVED), (3, answered(301, 308))], NEW),
        ([(0, answered(302)), (1, answered(302)), (4, answered(302))], OLD),
        ([(0, answered(307)), (1, answered(307)), (4, answered(307))], OLD),
        ([(0, answered(301, 302)), (1, answered(301, 302)), (4, answered(301, 302))], OLD),
        ([(0, MOVED), (1, answered(302)), (3, MOVED), (4, MOVED)], OLD),
        ([(0, MOVED), (1, answered()), (3, MOVED), (4, MOVED)], OLD),
        ([(0, MOVED), (1, answered(301, url="https://third.example/")), (3, MOVED), (4, MOVED)], OLD),
        ([(0, MOVED), (1, answered(302)), (3, MOVED), (4, MOVED), (6, MOVED)], NEW),
    ],
    ids=[
        "once", "often in a day", "twice over days", "three times over days", "301 and 308", "302", "307",
        "a 302 on the way", "a 302 between", "no redirect between", "another target between", "counted anew",
    ],
)  # fmt: skip
def test_adopted_after_successes_over_days_through_permanent_hops_r11(
    polls: list[tuple[float, Page]], asked: str
) -> None:
    assert address(SOURCE, after(*polls)) == asked


ADOPTED = after((0, MOVED), (1, MOVED), (3, MOVED))


def test_the_old_address_stays_as_an_alias_r11() -> None:
    moved = adopted(ADOPTED)
    assert moved is not None
    assert (moved.to, moved.aliases) == (NEW, (OLD,))


def test_it_may_move_again_r11() -> None:
    third = "https://third.example/feed"
    hop = Page(third, 200, b"", NOW, hops=((301, NEW),))
    state = ADOPTED
    for days in (10, 11, 13):
        state = after_success(SOURCE, state, hop, NOW + timedelta(days=days))
    moved = adopted(state)
    assert moved is not None
    assert (moved.to, moved.aliases) == (third, (OLD, NEW))


@pytest.mark.parametrize(
    ("configured", "url", "state", "same"),
    [
        (OLD, OLD, FetchState(), True),
        (OLD, "", FetchState(), True),
        (NEW, OLD, FetchState(), False),
        (NEW, OLD, ADOPTED, True),
        (OLD, NEW, ADOPTED, True),
        ("https://third.example/", OLD, ADOPTED, False),
    ],
    ids=[
        "same",
        "never stored",
        "another",
        "the new one is written down",
        "and back",
        "another after a move",
    ],
)
def test_whose_state_it_is(configured: str, url: str, state: FetchState, same: bool) -> None:
    assert belongs(replace(SOURCE, url=configured), url, state) is same


def test_the_new_address_written_into_the_config_is_asked_itself() -> None:
    assert address(replace(SOURCE, url=NEW), ADOPTED) == NEW
    assert address(replace(SOURCE, url="https://third.example/"), ADOPTED) == "https://third.example/"


@pytest.mark.parametrize(
    "kept", ["{broken", "[]", '{"to": 1}', '{"to": "x", "since": "never", "successes": "x"}']
)
def test_what_cannot_be_read_is_no_move(kept: str) -> None:
    state = FetchState(extra={"move": kept, "moved": kept})
    assert address(SOURCE, state) == OLD
    assert adopted(after_success(SOURCE, state, MOVED, NOW)) is None


def test_a_dead_end_is_given_up_r11() -> None:
    assert address(SOURCE, after_dead_end(SOURCE, ADOPTED)) == OLD
    fresh = FetchState(extra={"other": "kept"})
    assert after_dead_end(SOURCE, fresh) is fresh


def test_a_moved_feed_over_a_real_server_r11(site: Site, client: Client) -> None:
    """Adopted on the fourth day; the articles are not read again; a dead new address leads back."""
    source = Source("probe", f"{site.url}/old", "de")
    site.redirect("/old", "/new", status=301)
    site.feed("/new", f"{site.url}/a", etag='"1"')
    site.page("/a", article_html())
    state, stored = FetchState(), set()

    def poll(day: int) -> None:
        nonlocal state
        at = NOW + timedelta(days=day)
        *articles, last = collect(source, state, client, known=stored.__contains__, now=at)
        assert isinstance(last, FetchState)
        state = last
        stored.update(getattr(article, "url", "") for article in articles)

    for day in range(4):
        poll(day)
    assert address(source, state) == f"{site.url}/new"
    asked = len(site.requests)
    poll(5)
    assert site.paths()[asked:] == ["/new"]
    assert site.requests[-1].headers["if-none-match"] == '"1"'
    assert site.paths().count("/a") == 1
    site.answer("/new", status=404)
    poll(6)
    assert address(source, state) == f"{site.url}/old"
