from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ledger_making import NOW, article, claim

from db.dues import DueState, dues
from db.errors import BadQuery
from db.ledger import Ledger
from db.search import Query
from extractors.claim import Due, Status
from scraper.article import Instant
from tests.told import file_alike

TODAY = date(2025, 6, 15)
# Each statement by its subject.
SHELF: dict[str, tuple[Due | None, Status]] = {
    "Past": (Due(None, date(2025, 6, 14)), Status.PLANNED),
    "Today": (Due(None, date(2025, 6, 15)), Status.PLANNED),
    "Soon": (Due(date(2025, 6, 1), date(2025, 6, 30)), Status.EXPECTED),
    "Month": (Due(None, date(2025, 7, 15)), Status.PLANNED),
    "Later": (Due(None, date(2025, 7, 16)), Status.PLANNED),
    "From": (Due(date(2026, 1, 1), None), Status.PLANNED),
    "Begun": (Due(date(2025, 1, 1), None), Status.PLANNED),
    "Old": (Due(None, date(2020, 12, 31)), Status.EXPECTED),
    "Fact": (Due(None, date(2025, 6, 20)), Status.ACTUAL),
    "Denied": (Due(None, date(2025, 6, 20)), Status.DENIED),
    "Never": (None, Status.PLANNED),
}


@pytest.fixture
def shelf(path: Path) -> Path:
    with Ledger.open(path) as ledger:
        for number, (subject, (due, status)) in enumerate(SHELF.items()):
            one = article(number, f"{subject} kauft Rechner.")
            ledger.store(one, [claim(one, subject=subject, due=due, status=status)], extractor="1", now=NOW)
    return path


def subjects(path: Path, query: Query | None = None, **asked: object) -> str:
    found = dues(path, query or Query(), today=TODAY, **asked)  # type: ignore[arg-type]
    return " ".join(one.hit.claim.subject for one in found)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "Today Soon Month Later From"),
        ({"states": {DueState.SOON}}, "Today Soon Month"),
        ({"states": {DueState.SOON}, "within": 0}, "Today"),
        ({"states": {DueState.OPEN}}, "Later From"),
        ({"states": {DueState.OVERDUE}}, "Past Old"),
        ({"states": {DueState.UNKNOWN}}, "Begun"),
        ({"states": set(DueState)}, "Today Soon Month Later From Past Begun Old"),
        ({"query": Query(limit=2)}, "Today Soon"),
        ({"query": Query("company:later")}, "Later"),
        ({"query": Query("rechner -soon -today")}, "Month Later From"),
        ({"query": Query(status="expected")}, "Soon"),
    ],
    # A set has no order of its own, and tests are told apart by these.
    ids=lambda value: value if isinstance(value, str) else "asked",
)  # fmt: skip
def test_dues(shelf: Path, asked: dict[str, object], expected: str) -> None:
    assert subjects(shelf, **asked) == expected  # type: ignore[arg-type]


def test_days_and_states(shelf: Path) -> None:
    found = dues(shelf, Query(), today=TODAY, within=15, states=set(DueState))
    told = {one.hit.claim.subject: (one.days, one.state.value) for one in found}
    assert told["Today"] == (0, "soon")
    assert told["Soon"] == (15, "soon")
    assert told["Month"] == (30, "open")
    assert told["Past"] == (-1, "overdue")
    assert told["Begun"] == (-165, "unknown")


def test_a_statement_stands_there_once_with_its_newest_claim(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(3):
            one = article(
                number, published=Instant.of_day(date(2025, 1, 1 + number)), source=f"paper {number}"
            )
            ledger.store(one, [claim(one)], extractor="1", now=NOW)
        again = article(2, "Nun steht hier nichts mehr davon.", source="paper 2")
        ledger.store(again, [], extractor="1", now=NOW)
    file_alike(path)
    [one] = dues(path, Query(), today=TODAY)
    assert (one.hit.published, one.hit.sources) == (date(2025, 1, 2), 2)


def test_a_list_cut_short_leaves_nothing_open(path: Path) -> None:
    """Rows of one index alone are read on lazily: pytest reports what is left behind."""
    with Ledger.open(path) as ledger:
        for number in range(3):
            one = article(number)
            ledger.store(one, [claim(one, subject=f"Firm {number}")], extractor="1", now=NOW)
    for today in (TODAY, date(2030, 1, 1)):
        assert len(dues(path, Query(limit=2), today=today, states=set(DueState))) == 2


def test_a_bad_query_is_told(shelf: Path) -> None:
    with pytest.raises(BadQuery, match="no date"):
        dues(shelf, Query("due:soon"), today=TODAY)
