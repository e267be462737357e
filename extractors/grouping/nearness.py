"""Whether two claims are worth comparing, and how much their fields agree: fields only, some microseconds.

`relate` reads sentences and takes a hundred times as long. What is sorted out here it would call unrelated.
"""

from __future__ import annotations

from datetime import date

from extractors.claim import Kind, Status
from extractors.grouping.told import Told
from extractors.relating.statement import Statement
from extractors.relating.times import days_between

# How much an agreement weighs: an amount more than a time, a time more than a thing.
AMOUNT, TIME, THING, PARTY, LIKELY = 16, 8, 4, 2, 1
_FEW_DAYS = 8
_SEASON = 100  # days by which two ends of one time may differ: a quarter by the books, "within four years"
_ROUNDED = 1.06
_FAR = 4.0
_CROSSES = frozenset(
    {
        frozenset({Kind.ORDER, Kind.SHIPMENT}),
        frozenset({Kind.ORDER, Kind.DEPLOYMENT}),
        frozenset({Kind.INVESTMENT, Kind.REVENUE}),
    }
)
_ISO_CODE = 3  # letters of a currency


def near(one: Told, two: Told) -> int | None:
    """How much the fields of two claims agree; None where they cannot be related. The order is no matter."""
    a, b = (one, two) if one.order < two.order else (two, one)
    earlier, later = a.statement, b.statement
    if earlier.kind is not later.kind and frozenset({earlier.kind, later.kind}) not in _CROSSES:
        return None
    amount = _amounts(earlier, later)
    if amount is None:
        return None
    one_party = a.party in b.parties or b.party in a.parties
    # Names that are only likely to be one: then everything must be equal.
    if not one_party and (amount not in (AMOUNT, _SILENT) or not _likely_one(a, b)):
        return None
    time, alike = _times(a, b), bool(a.thing) and a.thing == b.thing
    # Two amounts are never the same claim: the one may follow the other, if enough else agrees.
    if amount < 0 and not (_may_follow(a, b, time) and linked(a, b)):
        return None
    return max(amount, 0) + max(time, 0) + THING * alike + PARTY * (a.party == b.party)


def out_of_reach(claim: Told, amount: float, unit: str | None, until: date | None) -> bool:
    """Whether no claim of one such amount, due until that day, can be near: `near` without reading it."""
    own = claim.statement
    if own.low is None or own.low != own.high or own.unit != unit:
        return False
    if _times_as_much(own.low, amount) <= _FAR:
        return False
    return until is None or claim.until is None or abs(claim.until - until.toordinal()) > _FEW_DAYS


def _may_follow(a: Told, b: Told, time: int) -> bool:
    """Another amount for another time follows nothing, unless it is what became of a plan."""
    return time >= 0 or (a.statement.promise and b.statement.status in (Status.ACTUAL, Status.DENIED))


def _likely_one(a: Told, b: Told) -> bool:
    if a.party in b.likely or b.party in a.likely or a.likely & b.likely:
        return True
    short, long = sorted((a.party, b.party), key=len)
    return long.startswith(f"{short} ")


def linked(one: Told, two: Told) -> bool:
    """Whether enough agrees for the one to follow the other: by another amount or at another time.

    Measured on some 1,200 training articles: without it most threads of more than six claims held two plans.
    """
    a, b = one.statement, two.statement
    amount, time = _amounts(a, b), _times(one, two)
    alike = bool(one.thing) and one.thing == two.thing
    agreeing = (amount == AMOUNT) + (time == TIME) + alike
    if one.party != two.party:
        return agreeing >= 2 and amount == AMOUNT
    if amount == _VERY_FAR:
        return agreeing == 2
    silent = not a.object and not b.object and time >= 0 and amount in (0, LIKELY, _OTHER)
    return agreeing >= 1 or (silent and _ratio_of(a, b) <= _TWICE and days_between(a, b) <= _HALF_YEAR)


_OTHER, _VERY_FAR = -1, -2
_SILENT = AMOUNT // 2
_TWICE = 2.0
_HALF_YEAR = 183


def _amounts(a: Statement, b: Statement) -> int | None:
    """AMOUNT, LIKELY, 0 where one is silent, below 0 where they differ; None: they cannot be compared."""
    if not a.measured or not b.measured:
        return _SILENT if a.measured is b.measured else 0
    if a.equivalent != b.equivalent:
        return None
    if a.unit != b.unit:
        return LIKELY if _currency(a.unit) and _currency(b.unit) else None
    ratio = _ratio(a, b)
    if ratio <= _ROUNDED:
        return AMOUNT
    if a.low != a.high or b.low != b.high:  # a bound or a range may hold the other
        return LIKELY if ratio <= _FAR else _OTHER
    return _OTHER if ratio <= _FAR else _VERY_FAR


def _currency(unit: str | None) -> bool:
    return unit is not None and len(unit) == _ISO_CODE and unit.isupper()


def _ratio(a: Statement, b: Statement) -> float:
    """How many times the one is of the other, by the ends that are nearest."""
    if a.low == a.high and b.low == b.high:
        return _times_as_much(a.low or 0.0, b.low or 0.0)
    ends = [end for end in (a.low, a.high) if end is not None]
    others = [end for end in (b.low, b.high) if end is not None]
    return min(_times_as_much(x, y) for x in ends for y in others)


def _ratio_of(a: Statement, b: Statement) -> float:
    return _ratio(a, b) if a.measured and b.measured else 1.0


def _times_as_much(x: float, y: float) -> float:
    if x == y:
        return 1.0
    if x <= 0 or y <= 0:
        return float("inf")
    return x / y if x > y else y / x


def _times(one: Told, two: Told) -> int:
    """TIME where both end together, LIKELY where they touch, 0 where one is silent, below 0 where apart."""
    if one.until is None or two.until is None:
        return 0
    if abs(one.until - two.until) <= _FEW_DAYS:
        return TIME
    a, b = one.statement.due, two.statement.due
    assert a is not None and b is not None  # noqa: S101  there is no `until` without a due
    apart = (a.end or date.max) < (b.start or date.min) or (b.end or date.max) < (a.start or date.min)
    return -1 if apart or abs(one.until - two.until) > _SEASON else LIKELY
