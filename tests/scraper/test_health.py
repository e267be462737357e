"""How a source is doing (R9): the usual gap, silence, what is muted, failing, degraded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.article import FetchState
from scraper.errors import PERMANENT, SOFT, TEMPORARY, WEIGHTS, Word
from scraper.health import Condition, Health, condition, marked, silent_for, span, usual_gap
from scraper.schedule import muted, unmuted

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def every(gap: timedelta, count: int, last: datetime = NOW) -> list[datetime]:
    return [last - gap * number for number in range(count)]


def weekdays(weeks: int) -> list[datetime]:
    """Twenty articles a day from 7 to 23 o'clock, Monday to Friday; the last on Friday evening."""
    monday = datetime(2026, 10, 5, tzinfo=UTC)
    days = [monday + DAY * n for n in range(weeks * 7) if n % 7 < 5]
    return [day + HOUR * 7 + timedelta(minutes=48) * n for day in days for n in range(20)]


@pytest.mark.parametrize(
    ("times", "gap"),
    [
        (every(DAY, 20), DAY),
        (every(HOUR * 2, 200), HOUR * 2),
        (every(DAY, 20) * 3, DAY),  # bursts count for nothing
        (every(DAY, 10), None),  # nine gaps
        (every(HOUR, 100), None),  # not yet a week
        ([], None),
        ([NOW], None),
        # What is older than 60 days before the last one is another paper.
        (every(DAY, 20) + every(HOUR, 500, NOW - DAY * 70), DAY),
    ],
)
def test_the_usual_gap(times: list[datetime], gap: timedelta | None) -> None:
    assert usual_gap(times) == gap
    assert usual_gap(reversed(times)) == gap


def test_nights_and_weekends_are_no_silence() -> None:
    """A median gap of 48 minutes would call the paper silent after four hours."""
    times = weekdays(5)
    gap = usual_gap(times)
    assert gap is not None
    assert HOUR * 12 < gap < HOUR * 30
    friday = max(times)
    assert silent_for(times, friday + DAY * 3) is None
    assert silent_for(times, friday + DAY * 6) is not None


@pytest.mark.parametrize(
    ("asked", "silent"),
    [(NOW + DAY * 5, None), (NOW + DAY * 5 + HOUR, DAY * 5 + HOUR), (None, None), (NOW - DAY, None)],
    ids=["five gaps", "more", "never asked", "not asked since"],
)
def test_silent_after_five_usual_gaps(asked: datetime | None, silent: timedelta | None) -> None:
    assert silent_for(every(DAY, 20), asked) == silent


def asked(**changes: object) -> FetchState:
    return FetchState(checked=NOW, last_success=NOW, last_status="ok", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "health", "why"),
    [
        (FetchState(), Health.NEW, ""),
        (asked(), Health.OK, ""),
        (asked(extra={"degraded": "tag"}), Health.DEGRADED, "its markup had to be repaired: tag"),
        (
            FetchState(checked=NOW, failures=0.25, last_status="deadline", last_message="slow"),
            Health.FAILING,
            "deadline: slow (failures weigh 0.25)",
        ),
        (asked(failures=8.0), Health.MUTED, "after ok"),
        (asked(extra={"muted": "http 410"}), Health.MUTED, "after ok"),
        (muted(asked()), Health.MUTED, "by hand"),
        (unmuted(muted(asked(failures=9.0))), Health.OK, ""),
    ],
)
def test_condition_r9(state: FetchState, health: Health, why: str) -> None:
    found = condition(state)
    assert (found.health, found.why) == (health, why)


def test_condition_of_a_silent_source_and_of_one_that_is_off() -> None:
    times = every(DAY, 20, NOW - DAY * 6)
    assert condition(asked(), times) == Condition(
        Health.SILENT, "nothing new for 6 days; usually within 1 day", DAY, NOW - DAY * 6
    )
    assert condition(asked(), times, enabled=False).health is Health.OFF
    assert condition(asked(failures=1.0), times).health is Health.FAILING


def test_every_word_of_the_vocabulary_has_a_weight_r9() -> None:
    assert set(WEIGHTS) == set(Word)
    assert set(WEIGHTS.values()) == {PERMANENT, SOFT, TEMPORARY, 0.0} == {1.0, 0.5, 0.25, 0.0}


def test_the_mark_of_a_degraded_feed_goes_r14() -> None:
    extra = marked({"a": "b"}, "broken")
    assert (extra, marked(extra, "")) == ({"a": "b", "degraded": "broken"}, {"a": "b"})


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (DAY * 3, "3 days"),
        (DAY, "1 day"),
        (HOUR * 30, "30 hours"),
        (HOUR, "1 hour"),
        (HOUR / 2, "30 minutes"),
    ],
)
def test_span(time: timedelta, text: str) -> None:
    assert span(time) == text
