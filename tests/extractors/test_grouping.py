"""Claims of many tellings come and go in any order, by rulings too: as if grouped from nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

import pytest

from extractors.claim import Kind, Status
from extractors.grouping.nearness import near, out_of_reach
from extractors.threads import (
    Days,
    Grouping,
    Link,
    Ruling,
    Rulings,
    Shelf,
    Statement,
    Told,
    Verb,
    group,
    told,
)

SENTENCES = (
    "Northwind wants 40,000 H100s by the end of 2026.",
    "Northwind is to have almost 40,000 H100s.",
    "Northwind now wants 55,000 H100s by the end of 2026.",
    "Northwind cancels the 40,000 H100s.",
    "Northwind will have 40,000 more H100s in Ohio.",
    "Northwind Labs wants H100s.",
)
DUES = (None, Days(None, date(2026, 12, 31)), Days(date(2026, 1, 1), date(2026, 12, 31)))


def said(chance: Random) -> Statement:
    amount = chance.choice((None, 40_000.0, 40_000.0, 39_800.0, 55_000.0, 70_000.0))
    return Statement(
        kind=chance.choice((Kind.DEPLOYMENT, Kind.DEPLOYMENT, Kind.ORDER)),
        subject=chance.choice(("Northwind", "Northwind", "Northwind Labs")),
        status=chance.choice((Status.PLANNED, Status.PLANNED, Status.ACTUAL, Status.DENIED)),
        object=chance.choice(("NVIDIA H100", "NVIDIA H100", "", "GPU", "NVIDIA B200")),
        low=amount,
        high=amount,
        approx=chance.random() < 0.3,
        unit="units" if amount else None,
        due=chance.choice(DUES),
        lang="en",
        published=date(2025, 6, 1) + timedelta(days=chance.choice((0, 0, 1, 2, 30, 400))),
        sentence=f"{chance.choice(SENTENCES)} ({chance.randrange(5)})",
    )


def claims(chance: Random, number: int) -> list[Told]:
    """Most of them tell one thing, on many days."""
    hot, made = said(chance), []
    for one in range(1, number + 1):
        day = date(2025, 6, 1) + timedelta(days=chance.randrange(20))
        again = replace(hot, sentence=f"{chance.choice(SENTENCES)} {one}", published=day)
        statement = again if chance.random() < 0.6 else said(chance)
        address = f"https://www.example.org/{chance.randrange(number)}"
        made.append(told(one, address, statement, at=moment(chance, statement)))
    return made


def moment(chance: Random, statement: Statement) -> datetime | None:
    """An hour of the statement's day, or nothing where only the day is known."""
    day = statement.published
    if day is None or chance.random() < 0.3:
        return None
    return datetime(day.year, day.month, day.day, chance.randrange(24), tzinfo=UTC)


def rulings(chance: Random, number: int) -> Rulings:
    made = []
    for _ in range(chance.choice((0, 0, 2))):
        ones = frozenset(chance.sample(range(1, number + 1), 2))
        others = frozenset(chance.sample(range(1, number + 1), 3)) - ones
        made.append(Ruling(chance.choice(tuple(Verb)), ones, others))
    return Rulings.of(made)


def found(statement: Mapping[int, int], links: Iterable[Link]) -> tuple[object, ...]:
    """Who is together, however it is marked, and why."""
    groups: dict[int, set[int]] = {}
    for claim, mark in statement.items():
        groups.setdefault(mark, set()).add(claim)
    return frozenset(map(frozenset, groups.values())), frozenset(links)


@pytest.mark.parametrize("arrival", ["mixed", "latest first"])
@pytest.mark.parametrize("seed", range(30))
def test_whatever_comes_and_goes_nothing_depends_on_it(seed: int, arrival: str) -> None:
    chance = Random(seed)  # noqa: S311
    number = chance.choice((12, 20, 50))
    coming, decided = claims(chance, number), rulings(chance, number)
    chance.shuffle(coming)
    if arrival == "latest first":
        coming.sort(key=lambda one: one.order, reverse=True)
    shelf, there = Shelf(), dict[int, Told]()
    grouping = Grouping(shelf, decided)
    for one in coming:
        grouping.add([one])
        there[one.id] = one
        if chance.random() < 0.15:
            gone = chance.sample(sorted(there), min(3, len(there)))
            grouping.remove([there.pop(claim) for claim in gone])
        if chance.random() < 0.8:
            grouping.settle()
    grouping.settle()
    wanted = group(there.values(), decided)
    assert found(shelf.statements(), shelf.every_link()) == found(wanted.statement, wanted.links)


HEARD = Statement(
    kind=Kind.LAUNCH, subject="Northwind", status=Status.PLANNED, published=date(2025, 6, 1), lang="en"
)


def place(at: datetime | None, status: Status = Status.PLANNED, day: date = date(2025, 6, 1)) -> int:
    return told(1, "https://www.example.org/1", replace(HEARD, status=status, published=day), at=at).place


@pytest.mark.parametrize("seed", range(20))
def test_what_is_out_of_reach_is_never_near(seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    amounts = (40_000.0, 39_800.0, 170_000.0, 5.0)
    found = [
        told(one.id, one.article, replace(one.statement, low=amount, high=amount, unit="units"))
        for one in claims(chance, 30)
        for amount in [chance.choice(amounts)]
    ]
    out = 0
    for one in found:
        for two in found:
            low, due = two.statement.low, two.statement.due
            assert low is not None
            if out_of_reach(one, low, two.statement.unit, (due.end or due.start) if due else None):
                out += 1
                assert near(one, two) is None
    assert out > 20


def test_claims_of_a_day_stand_by_status_then_by_minute() -> None:
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    places = [
        place(datetime(2025, 6, 1, 0, 0, tzinfo=east)),
        place(datetime(2025, 6, 1, 9, 0, tzinfo=UTC)),
        place(datetime(2025, 6, 1, 9, 1, tzinfo=UTC)),
        place(datetime(2025, 6, 1, 23, 59, tzinfo=west)),
        place(None),
        place(datetime(2025, 6, 1, 8, 0, tzinfo=UTC), Status.ACTUAL),
        place(datetime(2025, 6, 1, 7, 0, tzinfo=UTC), Status.DENIED),
        place(datetime(2025, 6, 2, 6, 0, tzinfo=UTC), day=date(2025, 6, 2)),
    ]
    assert places == sorted(set(places))
    assert max(places) < 1 << 63


def test_a_moment_far_from_its_day_stays_within_the_day() -> None:
    within = [place(datetime(year, 6, 1, tzinfo=UTC)) for year in (2020, 2030)]
    assert place(None, day=date(2025, 5, 31)) < min(within) < max(within) < place(None)


def test_no_mark_is_given_twice() -> None:
    """Its number and that with a minus may both be borne by statements that a claim has left."""
    shelf = Shelf()
    for one in claims(Random(1), 3):  # noqa: S311
        shelf.enter(one)
    assert shelf.free_mark(1) == 1
    shelf.assign(2, 1)
    assert shelf.free_mark(1) == -1
    shelf.assign(3, -1)
    assert shelf.free_mark(1) not in (1, -1)
