"""Statements → panels with points at their places. Decides only; drawing is in picture.py and lines.py.

A panel holds what can be compared: one kind of claim in one unit. x is a day, y an amount in the base unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from extractors.claim import Claim, Due, Kind, Quantity, Status

if TYPE_CHECKING:
    from db.charted import Course, Statement


# The relations that are shown as steps; others, such as two counts of one plan, only hold a thread together.
STEPS = ("revision", "outcome", "contradiction", "denial")


class When(StrEnum):
    """What the place of a point on the axis of time means."""

    DUE = "due"
    FROM = "from"
    TOLD = "told"
    UNDUE = "undue"


@dataclass(frozen=True, slots=True)
class Point:
    """A statement at its place. `begin`: where its period begins, if that is known and another day.

    `when`: FROM has a beginning only, TOLD is a fact at the day it was told, UNDUE a plan that names no day.
    `low` and `high`: the ends of its range, None where open.
    """

    statement: Statement
    day: date
    begin: date | None
    when: When
    amount: float
    low: float | None
    high: float | None
    series: int

    @property
    def claim(self) -> Claim:
        """The claim that stands for the statement."""
        return self.statement.hit.claim

    @property
    def status(self) -> Status:
        """How sure it is."""
        return self.claim.status

    @property
    def who(self) -> str:
        """Who says it: the speaker, else the outlet, else the party itself."""
        first = self.statement.first
        return self.claim.speaker or first.claim.speaker or first.source or self.claim.subject


@dataclass(frozen=True, slots=True)
class Link:
    """A step between two points of a panel, by their places in `points`."""

    earlier: int
    later: int
    relation: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Points of one kind and unit. `series`: a claim for each party and thing: points' colours."""

    kind: Kind
    unit: str
    points: tuple[Point, ...]
    links: tuple[Link, ...]
    series: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """All panels, the fullest first, and how many statements have no amount or no day to stand at."""

    panels: tuple[Panel, ...]
    left_out: int

    def first(self) -> Plot:
        """The fullest panel alone."""
        return Plot(self.panels[:1], 0)


def plot(course: Course) -> Plot:
    """The panels of a course."""
    by_measure: dict[tuple[Kind, str], list[Statement]] = {}
    left_out = 0
    for one in course.statements:
        quantity = one.hit.claim.quantity
        if quantity is None or _place(one) is None:
            left_out += 1
        else:
            by_measure.setdefault((one.hit.claim.kind, quantity.unit), []).append(one)
    fullest = sorted(by_measure.items(), key=lambda entry: -len(entry[1]))
    return Plot(tuple(_panel(*measure, told, course) for measure, told in fullest), left_out)


def _panel(kind: Kind, unit: str, told: Sequence[Statement], course: Course) -> Panel:
    series: dict[tuple[object, ...], int] = {}
    claims: list[Claim] = []
    points = []
    for one in told:
        claim = one.hit.claim
        key = (claim.subject, claim.object, claim.equivalent)
        if key not in series:
            series[key] = len(series)
            claims.append(claim)
        if point := _point(one, series[key]):
            points.append(point)
    at = {point.statement.number: number for number, point in enumerate(points)}
    links = (
        Link(at[step.earlier], at[step.later], step.relation)
        for step in course.steps
        if step.earlier in at and step.later in at
    )
    return Panel(kind, unit, tuple(points), tuple(links), tuple(claims))


def _point(one: Statement, series: int) -> Point | None:
    quantity, place = one.hit.claim.quantity, _place(one)
    if quantity is None or place is None:
        return None
    when, day, begin = place
    return Point(one, day, begin, when, middle(quantity), quantity.low, quantity.high, series)


def middle(quantity: Quantity) -> float:
    """The middle of a range; of an open one the end that is named."""
    low, high = quantity.low, quantity.high
    if low is not None and high is not None:
        return (low + high) / 2
    return low if low is not None else high if high is not None else 0.0


def _place(one: Statement) -> tuple[When, date, date | None] | None:
    claim, told = one.hit.claim, one.first.published
    if (due := claim.due) is not None:
        return _of_due(due)
    if told is None:
        return None
    return (When.TOLD if claim.status is Status.ACTUAL else When.UNDUE), told, None


def _of_due(due: Due) -> tuple[When, date, date | None] | None:
    if due.end is not None:
        return When.DUE, due.end, due.start if due.start != due.end else None
    return (When.FROM, due.start, None) if due.start is not None else None


def statuses(points: Iterable[Point]) -> list[Status]:
    """Which there are, in the order of the type."""
    there = {point.status for point in points}
    return [status for status in Status if status in there]
