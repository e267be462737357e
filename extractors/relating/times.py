"""How the time of a later statement stands to that of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from extractors.claim import Kind, Status
from extractors.relating.statement import Days, Statement

# Spans that differ by so few days are one: "within four years", told on two days.
FEW = timedelta(days=8)
# How much of a span that counts from its own day may go by before it is another span.
ROLLING = 0.15
# A span shorter than this is told to the day or week; a few days count there.
_LONG = timedelta(days=26)
# What counts in these kinds adds up over its time: a quarter's is never a year's.
PERIODIC = frozenset({Kind.REVENUE, Kind.SHIPMENT, Kind.INVESTMENT})
# Of these a fact counts for its period, too: the buyers of a quarter, the orders of a year.
_COUNTED = frozenset({Kind.USERS, Kind.ORDER, Kind.JOBS})


class Time(StrEnum):
    """The later statement's time, seen from the earlier one."""

    SAME = "same"
    ADDED = "added"
    SILENT = "silent"
    NARROWER = "narrower"
    WIDER = "wider"
    MOVED = "moved"
    OTHER = "other"  # another period, for which another amount counts

    @property
    def agrees(self) -> bool:
        """Nothing in the two times speaks against one claim."""
        return self in (Time.SAME, Time.ADDED, Time.SILENT, Time.NARROWER, Time.WIDER)


@dataclass(frozen=True, slots=True)
class _Span:
    """A due with open ends made plain."""

    start: date
    end: date


def time_fit(a: Statement, b: Statement) -> Time:
    """The fit of b's due to a's."""
    if a.due is None or b.due is None:
        if a.due is b.due:
            return Time.SAME
        return Time.ADDED if a.due is None else Time.SILENT
    if a.due == b.due or _rolling(a, b):
        return Time.SAME
    counted = a.kind in PERIODIC or (a.status is b.status is Status.ACTUAL and a.kind in _COUNTED)
    if counted and _two_periods(a.due, b.due, a.kind):
        return Time.OTHER
    return _compare(a.due, b.due)


def _rolling(a: Statement, b: Statement) -> bool:
    """ "In the next four years", said again some months later: the same span, counted from its own day."""
    one, two = _from_today(a), _from_today(b)
    if one is None or two is None or not _near(date.min + one, date.min + two):
        return False
    return timedelta(days=days_between(a, b)) <= one * ROLLING


def _from_today(statement: Statement) -> timedelta | None:
    """The length of a span that begins on the day of publication and lasts for a year or more."""
    due, day = statement.due, statement.published
    if due is None or due.start is None or due.end is None or day is None or not _near(due.start, day):
        return None
    length = due.end - due.start
    return length if length >= timedelta(days=360) else None


def _two_periods(a: Days, b: Days, kind: Kind) -> bool:
    """Two closed periods, such as a quarter and its year; for revenue any two that differ."""
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return False
    if (_near(a.start, b.start) and _near(a.end, b.end)) or _years(a, b) or _fiscal(a, b):
        return False
    if a.single or b.single:
        return False
    overlap = a.start <= b.end and b.start <= a.end
    return kind is Kind.REVENUE or overlap


def _fiscal(a: Days, b: Days) -> bool:
    """One quarter, told by the calendar and by the books, which end some weeks later."""
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return False
    one, two = (a.end - a.start).days + 1, (b.end - b.start).days + 1
    shared = (min(a.end, b.end) - max(a.start, b.start)).days + 1
    return abs(one - two) <= 0.1 * max(one, two) and shared >= 0.6 * max(one, two)


def _compare(a: Days, b: Days) -> Time:
    if _same_end(a, b):
        return Time.SAME
    if a.end is None or b.end is None:
        return _open_ended(a, b)
    one, two = _span(a), _span(b)
    first = two.start if b.start is not None else two.end
    if one.start - FEW <= first and two.end < one.end:
        return Time.NARROWER
    if two.end > one.end and b.start is not None and two.start <= one.end and _covers(two, one, a):
        return Time.WIDER
    if a.start is not None and b.start is None and two.end > one.end and not _passes(two, one):
        return Time.WIDER
    return Time.MOVED


def _covers(two: _Span, one: _Span, a: Days) -> bool:
    """b's period holds the whole of a's, or the day by which a should be met."""
    return a.start is None or two.start - FEW <= one.start


def _passes(two: _Span, one: _Span) -> bool:
    """Whether a deadline lies so far behind a period that it no longer can be a vaguer word for it."""
    return two.end.year > one.end.year


def _same_end(a: Days, b: Days) -> bool:
    if a.end is None and b.end is None:
        return a.start is not None and b.start is not None and _near(a.start, b.start)
    if a.end is None or b.end is None:
        return False
    if a.end == b.end or _fiscal(a, b):
        return True
    if _long(a) and _long(b) and _near(a.end, b.end) and _starts_fit(a, b):
        return True
    return _years(a, b)


def _years(a: Days, b: Days) -> bool:
    """Two spans of years that differ by some weeks at each end: "over four years", "from 2025 to 2028"."""
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return False
    shorter = min(a.end - a.start, b.end - b.start)
    if shorter < timedelta(days=700):
        return False
    return max(abs(a.start - b.start), abs(a.end - b.end)) <= shorter * 0.05


def _starts_fit(a: Days, b: Days) -> bool:
    return a.start is None or b.start is None or _near(a.start, b.start)


def _open_ended(a: Days, b: Days) -> Time:
    """ "From 2026" against a time with an end, or two such."""
    one, two = _span(a), _span(b)
    if a.start is not None and b.start is not None and _near(a.start, b.start):
        return Time.SAME
    if a.end is None and b.end is None:
        return Time.MOVED
    if a.end is None:
        return Time.NARROWER if two.start >= one.start else Time.MOVED
    return Time.WIDER if one.start >= two.start else Time.MOVED


def _long(days: Days) -> bool:
    return days.start is None or days.end is None or days.end - days.start >= _LONG


def _near(one: date, two: date) -> bool:
    return abs(one - two) <= FEW


def _span(days: Days) -> _Span:
    return _Span(days.start or date.min + FEW + FEW, days.end or date.max - FEW)


def told(due: Days | None) -> str:
    """The due in words."""
    if due is None:
        return "no time"
    if due.start is None:
        return f"by {due.end}"
    if due.end is None:
        return f"from {due.start}"
    return f"on {due.start}" if due.single else f"{due.start} to {due.end}"


def days_between(a: Statement, b: Statement) -> int:
    """Days from a's publication to b's; 0 where a day is not known."""
    if a.published is None or b.published is None:
        return 0
    return abs((b.published - a.published).days)
