"""When a source is asked again: pure functions, so tables (R2, R3, R4, R5, R9, R12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from scraper.article import FetchState, Source
from scraper.errors import BadStatus, ScraperError, TooSlow, Word
from scraper.httpdates import freshness, retry_after
from scraper.schedule import MUTE_AT, Pace, failed, is_due, is_muted, succeeded

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOURCE = Source("probe", "https://probe.example/feed", "de", interval=60)
EXACT = Pace(jitter=0.0)
EARLIER, LATER = "Sat, 21 Nov 2026 14:00:00 GMT", "Sun, 22 Nov 2026 20:00:00 GMT"
HOUR, DAY, WEEK = 3600, 86400, 7 * 86400


@pytest.mark.parametrize(
    ("interval", "validators", "headers", "ttl", "seconds"),
    [
        (60, True, {}, None, HOUR),
        (60, False, {}, None, DAY),
        (10, True, {}, None, HOUR),
        (180, True, {}, None, 3 * HOUR),
        (60, True, {}, 120, 2 * HOUR),
        (60, True, {"cache-control": "public, max-age=7200"}, None, 2 * HOUR),
        (60, True, {"cache-control": "no-cache, max-age=7200"}, None, HOUR),
        (60, True, {"cache-control": "max-age=99999999"}, None, WEEK),
        (60, True, {}, 9_999_999, WEEK),
        (60, True, {"expires": "Sun, 22 Nov 2026 15:00:00 GMT"}, None, 3 * HOUR),
        # The server's clock is a day behind: only the difference to its own Date counts.
        (60, True, {"expires": EARLIER, "date": "Sat, 21 Nov 2026 12:00:00 GMT"}, None, 2 * HOUR),
        (60, True, {"expires": "0"}, None, HOUR),
        (60, True, {"cache-control": "max-age=7200", "expires": LATER}, None, 2 * HOUR),
    ],
)  # fmt: skip
def test_next_check(
    interval: int, validators: bool, headers: dict[str, str], ttl: int | None, seconds: int
) -> None:
    source = replace(SOURCE, interval=interval)
    then = EXACT.next_check(source, NOW, validators=validators, headers=headers, ttl=ttl)
    assert (then - NOW).total_seconds() == seconds


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "local",
    [datetime(2026, 3, 28, 22, 0), datetime(2026, 10, 24, 22, 0)],
    ids=["an hour is missing", "an hour comes twice"],
)
@pytest.mark.parametrize("written", [UTC, BERLIN], ids=["UTC", "local time"])
def test_a_change_of_the_clocks_polls_nothing_twice_and_nothing_never_r27(
    local: datetime, written: tzinfo
) -> None:
    """A tick every ten minutes for a night, by a clock that is told in UTC or in local time."""
    clock = local.replace(tzinfo=BERLIN).astimezone(UTC)
    state, polls = FetchState(), []
    for _ in range(12 * 6):
        now = clock.astimezone(written)
        if is_due(SOURCE, state, now):
            then = EXACT.next_check(SOURCE, now, validators=True, headers={}, ttl=None)
            state = succeeded(state, Word.OK, now, then)
            polls.append(clock)
        clock += timedelta(minutes=10)
    waits = {later - earlier for earlier, later in pairwise(polls)}
    assert (len(polls), waits) == (12, {timedelta(hours=1)})


def test_jitter_spreads_sources_and_is_the_same_each_time() -> None:
    names = [replace(SOURCE, name=f"source {number}") for number in range(50)]
    waits = [Pace().next_check(s, NOW, validators=True, headers={}, ttl=None) - NOW for s in names]
    assert len(set(waits)) > 40
    assert all(timedelta(hours=1) <= wait <= timedelta(minutes=66) for wait in waits)
    assert waits == [Pace().next_check(s, NOW, validators=True, headers={}, ttl=None) - NOW for s in names]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
        ({"retry-after": "Sun, 22 Nov 2026 12:10:00 GMT"}, 600),
        ({"retry-after": "Sun, 22 Nov 2026 12:10:00 GMT", "date": "Sun, 22 Nov 2026 12:05:00 GMT"}, 300),
        ({"retry-after": "Sun, 22 Nov 2020 12:10:00 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_no_store_is_no_wish() -> None:
    assert freshness({"cache-control": "no-store, max-age=60"}, NOW) is None


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (FetchState(), True),
        (FetchState(next_check=NOW), True),
        (FetchState(next_check=NOW + timedelta(seconds=1)), False),
        (FetchState(next_check=NOW - timedelta(days=30)), True),
        (FetchState(next_check=NOW + timedelta(days=400)), True),  # written by a clock that was wrong
        (FetchState(failures=MUTE_AT), False),
        (FetchState(extra={"muted": "http 410"}), False),
    ],
)
def test_is_due(state: FetchState, due: bool) -> None:
    assert is_due(SOURCE, state, NOW) is due


def test_a_source_that_is_switched_off_is_never_due() -> None:
    assert not is_due(replace(SOURCE, enabled=False), FetchState(), NOW)


def test_failures_add_up_to_silence_and_success_resets() -> None:
    state = FetchState()
    for _ in range(int(MUTE_AT / 0.25)):
        assert not is_muted(state)
        state = failed(state, TooSlow("slow"), NOW, NOW)
    assert is_muted(state)
    assert (state.last_status, state.last_message) == ("deadline", "slow")
    state = succeeded(state, Word.OK, NOW, NOW)
    assert (state.failures, is_muted(state), state.last_success) == (0.0, False, NOW)


def test_gone_mutes_at_once() -> None:
    state = failed(FetchState(), BadStatus("gone", "u", 410), NOW, NOW)
    assert is_muted(state)
    assert not is_muted(succeeded(state, Word.OK, NOW, NOW))


@pytest.mark.parametrize(
    ("failures", "error", "seconds"),
    [
        (0.25, TooSlow("slow"), HOUR * 2**0.25),
        (3.0, TooSlow("slow"), 8 * HOUR),
        (100.0, TooSlow("slow"), WEEK),
        (0.25, BadStatus("busy", "u", 429, 5 * HOUR), 5 * HOUR),
        (0.25, BadStatus("busy", "u", 429, 365 * DAY), WEEK),
        (0.25, BadStatus("busy", "u", 503, 1.0), HOUR * 2**0.25),
    ],
)
def test_after_failure(failures: float, error: ScraperError, seconds: float) -> None:
    then = EXACT.after_failure(SOURCE, NOW, failures, error)
    assert (then - NOW).total_seconds() == pytest.approx(seconds)
