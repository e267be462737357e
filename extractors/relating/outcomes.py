"""What comes after a plan: a fact (case 6 of the rules), a denial (5), a rumour's confirmation (3)."""

from __future__ import annotations

from datetime import date, timedelta

from extractors.catalogue.names import fold
from extractors.claim import Kind, Status
from extractors.relating import times
from extractors.relating.amounts import far, reaches
from extractors.relating.fit import Fit
from extractors.relating.pair import Pair
from extractors.relating.relations import (
    Relates,
    Relation,
    against,
    last_day,
    met,
    passed,
    same_or_finer,
    unrelated,
)
from extractors.relating.statement import Statement
from extractors.relating.times import Time
from extractors.relating.wording import says

# What is done once, so that it may come true at once; other kinds tell a level that grows and shrinks.
EVENTS = frozenset(
    {Kind.ORDER, Kind.INVESTMENT, Kind.JOBS, Kind.PRICE, Kind.LAUNCH, Kind.SHIPMENT, Kind.REVENUE}
)
# A forecast of these without a time is one of something still to be reached; of others, a rumour about today.
_REACHED = frozenset({Kind.LAUNCH, Kind.USERS, Kind.PERFORMANCE})
# A figure this long after the due no longer tells how the plan came out, unless it is the planned one.
_AFTERMATH = timedelta(days=550)
# What was sold in a period is reported some months after it; later ones tell of later sales.
_REPORTED = timedelta(days=150)
# A fact of more than twice or less than half of what was planned without a time is another thing.
_APART = 2.0


def denied(pair: Pair) -> Relation:
    """5: a denial; an outcome after a plan whose due has passed; the same where both deny."""
    another = pair.amount.fit is not Fit.SAME and pair.a.measured and pair.b.measured
    if pair.amount.other or (another and fold(pair.a.object) != fold(pair.b.object)):
        return unrelated(f"the denial is about another amount, {pair.amount.why}")
    if pair.a.status is Status.DENIED:
        return _after_denial(pair)
    if not pair.time.agrees:
        return unrelated(f"the denial is about another time, {times.told(pair.b.due)}")
    if pair.a.promise and passed(pair.a, pair.b.published):
        due = times.told(pair.a.due)
        return Relation(Relates.OUTCOME, f"missed: promised for {due}, and denied after that")
    return Relation(Relates.DENIAL, "it denies, cancels or pauses what was stated")


def _after_denial(pair: Pair) -> Relation:
    if pair.b.status is Status.DENIED:
        return Relation(Relates.SAME, "both deny the same")
    if pair.opposed and pair.time.agrees:
        return against(pair, "the one denies what the other states")
    return unrelated("stated anew after it had been denied")


def fulfilled(pair: Pair) -> Relation:
    """6: a fact after a plan or forecast."""
    if _estimate(pair):
        return _estimated(pair)
    if _told_before(pair):
        return unrelated(f"a fact of {times.told(pair.b.due)}, before the plan was told")
    if pair.a.kind is Kind.LAUNCH:
        return _launched(pair)
    if pair.a.due is None:
        return _without_due(pair)
    if pair.b.due is not None:
        return _in_period(pair)
    return _afterwards(pair) if passed(pair.a, pair.b.published) else _before(pair)


def about_the_past(statement: Statement) -> bool:
    """An estimate of what is already over."""
    return statement.status is Status.EXPECTED and passed(statement, statement.published)


def _estimate(pair: Pair) -> bool:
    """3: an estimate of what is over, or a rumour that b confirms before it is due: nothing was promised."""
    if pair.a.status is not Status.EXPECTED:
        return False
    confirmed = says(pair.b, "confirmation") and not passed(pair.a, pair.b.published)
    return about_the_past(pair.a) or confirmed


def _told_before(pair: Pair) -> bool:
    """Whether the fact's time was over when the plan was told: it is not what became of it."""
    end, day = last_day(pair.b), pair.a.published
    return end is not None and day is not None and day - end > times.FEW


def _estimated(pair: Pair) -> Relation:
    if not pair.time.agrees:
        return unrelated(f"another time, {times.told(pair.b.due)} and not {times.told(pair.a.due)}")
    if pair.fits:
        return same_or_finer(pair)
    if pair.opposed:
        return against(pair, pair.amount.why)
    return met(pair, f"with another amount, {pair.amount.why}")


def _launched(pair: Pair) -> Relation:
    if pair.near and pair.time.agrees and pair.a.due is None:
        return same_or_finer(pair)
    due = pair.b.due
    day = (due.start or due.end) if due else pair.b.published
    return met(pair, "late" if passed(pair.a, day) else "as promised")


def _without_due(pair: Pair) -> Relation:
    """A plan without a time is met by its amount."""
    a, b = pair.a, pair.b
    rumour = a.status is Status.EXPECTED and a.kind not in _REACHED
    if pair.fits:
        one = rumour or (pair.near and a.kind in EVENTS)
        return same_or_finer(pair) if one else met(pair, "as planned")
    if pair.opposed and (rumour or a.kind in EVENTS):
        return against(pair, f"a fact and a {'rumour' if rumour else 'plan'}, {pair.amount.why}")
    likely = not far(a, b, _APART) and (a.kind in EVENTS or reaches(b, a))
    if a.kind is Kind.PRICE or (likely and not rumour):
        return met(pair, f"with another amount, {pair.amount.why}")
    return unrelated(f"a figure of today, not what was planned, {pair.amount.why}")


def _in_period(pair: Pair) -> Relation:
    """Both tell a time: its own or a later one is an outcome, an earlier level only where it is met."""
    a, b = pair.a, pair.b
    if pair.time is Time.OTHER or (a.kind is Kind.REVENUE and not pair.time.agrees):
        return unrelated(f"a fact of another period, {times.told(b.due)} and not {times.told(a.due)}")
    end, last = last_day(a), last_day(b)
    if a.kind in times.PERIODIC and _apart(a, b):
        return unrelated(f"a fact of another period, {times.told(b.due)} and not {times.told(a.due)}")
    if pair.time in (Time.SAME, Time.WIDER) or end is None or last is None:
        return met(pair, "in its own time")
    if last > end:
        near = pair.fits or last - end <= _AFTERMATH
        return met(pair, "after its due") if near else unrelated("a figure long after the due")
    if pair.fits or (reaches(b, a) and a.kind not in times.PERIODIC):
        return met(pair, "before its due")
    return unrelated(f"a level on the way, {pair.amount.why}")


def _apart(a: Statement, b: Statement) -> bool:
    """Two periods that share no day: a quarter of the next year tells nothing of this year's."""
    if a.due is None or b.due is None or a.due.end is None or b.due.start is None:
        return False
    return a.due.start is not None and not a.due.single and b.due.start > a.due.end


def _afterwards(pair: Pair) -> Relation:
    """A fact without a time, told after the due has passed."""
    if pair.fits:
        return met(pair, "told after its due")
    period = pair.a.kind in times.PERIODIC and pair.a.due is not None and pair.a.due.start is not None
    if _long_after(last_day(pair.a), pair.b.published, _REPORTED if period else _AFTERMATH):
        return unrelated("a figure long after the due")
    return met(pair, f"told after its due with another amount, {pair.amount.why}")


def _long_after(end: date | None, day: date | None, limit: timedelta) -> bool:
    return end is not None and day is not None and day - end > limit


def _before(pair: Pair) -> Relation:
    """A fact without a time, told before the due: met early, or a level of today."""
    a, b = pair.a, pair.b
    if pair.fits:
        return same_or_finer(pair) if pair.near else met(pair, "before its due")
    if reaches(b, a) and not pair.near and a.kind not in (Kind.REVENUE, Kind.SHIPMENT):
        return met(pair, "and exceeded before its due")
    return unrelated(f"a figure of today before the due, {pair.amount.why}")
