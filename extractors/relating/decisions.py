"""Which of the seven relations a pair has: one function for each way in which two statements can meet.

The numbers in the docstrings are the settled cases of the rules (docs/relations.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from extractors.claim import Kind, Status
from extractors.relating import times
from extractors.relating.amounts import far, reaches, told
from extractors.relating.fit import Fit
from extractors.relating.pair import Pair
from extractors.relating.statement import Statement
from extractors.relating.times import Time
from extractors.relating.wording import says


class Relates(StrEnum):
    """How a later claim stands to an earlier one."""

    SAME = "same"
    REFINEMENT = "refinement"
    REVISION = "revision"
    CONTRADICTION = "contradiction"
    OUTCOME = "outcome"
    DENIAL = "denial"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Relation:
    """The relation and its reason in plain words."""

    relation: Relates
    reason: str


# What is done once, so that it may come true at once; other kinds tell a level that grows and shrinks.
_EVENTS = frozenset(
    {Kind.ORDER, Kind.INVESTMENT, Kind.JOBS, Kind.PRICE, Kind.LAUNCH, Kind.SHIPMENT, Kind.REVENUE}
)
# A forecast of these without a time is one of something still to be reached; of others, a rumour about today.
_REACHED = frozenset({Kind.LAUNCH, Kind.USERS, Kind.PERFORMANCE})
# A figure this long after the due no longer tells how the plan came out, unless it is the planned one.
_AFTERMATH = timedelta(days=550)
# Without a time, a plan and another plan this far apart in amount are two plans.
_APART = 4.0


def unrelated(reason: str) -> Relation:
    """Two strangers."""
    return Relation(Relates.UNRELATED, reason)


def decide(pair: Pair) -> Relation:
    """The relation of two statements about one thing."""
    if pair.amount.other and _other_sort(pair):
        return unrelated(f"not the same measure: {pair.amount.why}")
    if pair.unsure and (pair.amount.fit is not Fit.SAME or not pair.time.agrees):
        return unrelated(f"{pair.unsure}, and amount or time differ")
    if Status.DENIED in (pair.a.status, pair.b.status):
        return _denied(pair)
    if pair.a.promise and pair.b.status is Status.ACTUAL:
        return _estimated(pair) if _estimate(pair) else _fulfilled(pair)
    return _two_claims(pair)


def _other_sort(pair: Pair) -> bool:
    """Another currency or unit, or a count against equivalents (9, 12)."""
    a, b = pair.a, pair.b
    return a.equivalent != b.equivalent or (a.unit or "") != (b.unit or "")


def _estimate(pair: Pair) -> bool:
    """A rumour or estimate of what is over, or that b confirms before it is due: nothing to be fulfilled (3)."""
    if pair.a.status is not Status.EXPECTED:
        return False
    confirmed = says(pair.b, "confirmation") and not _passed(pair.a, pair.b.published)
    return _about_the_past(pair.a) or confirmed


def _estimated(pair: Pair) -> Relation:
    if not pair.time.agrees:
        return unrelated(f"another time, {times.told(pair.b.due)} and not {times.told(pair.a.due)}")
    if not pair.amount.other:
        return _same_or_finer(pair)
    if pair.opposed:
        return _against(pair, pair.amount.why)
    return _met(pair, f"with another amount, {pair.amount.why}")


def _about_the_past(statement: Statement) -> bool:
    """An estimate of what is already over."""
    due, day = statement.due, statement.published
    return (
        statement.status is Status.EXPECTED
        and due is not None
        and due.end is not None
        and day is not None
        and due.end < day
    )


# Denials


def _denied(pair: Pair) -> Relation:
    """5: a denial; an outcome after a plan whose due has passed; the same where both deny."""
    a, b = pair.a, pair.b
    if pair.amount.other:
        return unrelated(f"the denial is about another amount, {pair.amount.why}")
    if a.status is b.status:
        return Relation(Relates.SAME, "both deny the same")
    if a.status is Status.DENIED:
        if pair.opposed and pair.time.agrees:
            return Relation(Relates.CONTRADICTION, "denied by the one and stated by the other at one time")
        return unrelated("stated anew after it had been denied")
    if not pair.time.agrees:
        return unrelated(f"the denial is about another time, {times.told(b.due)}")
    if a.promise and _passed(a, b.published):
        return Relation(Relates.OUTCOME, f"missed: promised for {times.told(a.due)}, and denied after that")
    return Relation(Relates.DENIAL, "b denies, cancels or pauses what a states")


def _passed(plan: Statement, day: date | None) -> bool:
    """Whether a plan's due is over on a day."""
    return plan.due is not None and plan.due.end is not None and day is not None and day > plan.due.end


# Plans and what came of them


def _fulfilled(pair: Pair) -> Relation:
    """6: a fact after a plan or forecast."""
    a, b = pair.a, pair.b
    if a.kind is Kind.LAUNCH:
        return _launched(pair)
    if a.due is None:
        return _fulfilled_without_due(pair)
    if b.due is not None:
        return _in_period(pair)
    if _passed(a, b.published):
        return _afterwards(pair)
    if _fits(pair):
        if pair.near and a.kind in _EVENTS:
            return _same_or_finer(pair)
        return _met(pair, "before its due")
    if reaches(b, a) and not pair.near and a.kind not in (Kind.REVENUE, Kind.SHIPMENT):
        return _met(pair, "and exceeded before its due")
    return unrelated(f"a figure of today before the due, {pair.amount.why}")


def _launched(pair: Pair) -> Relation:
    a, b = pair.a, pair.b
    if pair.near and pair.time.agrees and a.due is None:
        return _same_or_finer(pair)
    on = b.due or (times.Days(b.published, b.published) if b.published else None)
    late = a.due is not None and a.due.end is not None and on is not None and (on.start or on.end) is not None
    if late and a.due is not None and a.due.end is not None and on is not None:
        day = on.start or on.end
        late = day is not None and day > a.due.end
    return Relation(Relates.OUTCOME, f"it is there: {'late' if late else 'as promised'}, {times.told(b.due)}")


def _fulfilled_without_due(pair: Pair) -> Relation:
    """A plan without a time: met by its amount. A rumour about today that is confirmed is no outcome (3)."""
    a, b = pair.a, pair.b
    if a.status is Status.EXPECTED and a.kind not in _REACHED:
        if _fits(pair):
            return _same_or_finer(pair)
        if pair.opposed:
            return Relation(Relates.CONTRADICTION, f"rumour and fact at one time: {pair.amount.why}")
        if a.kind is Kind.PRICE:
            return _met(pair, f"at another price, {pair.amount.why}")
        return unrelated(f"a rumour and a later figure, {pair.amount.why}")
    if _fits(pair):
        return _same_or_finer(pair) if pair.near and a.kind in _EVENTS else _met(pair, "as planned")
    if a.kind in _EVENTS and not far(a, b, 2.0):
        return _met(pair, f"with another amount, {pair.amount.why}")
    if reaches(b, a) and not far(a, b, 2.0):
        return _met(pair, f"and exceeded, {pair.amount.why}")
    return unrelated(f"a figure of today, not what was planned, {pair.amount.why}")


def _in_period(pair: Pair) -> Relation:
    """Both tell a time: the plan's own period or later is an outcome, an earlier level only where it is met."""
    a, b = pair.a, pair.b
    if pair.time is Time.OTHER or (a.kind is Kind.REVENUE and not pair.time.agrees):
        return unrelated(f"a fact of another period, {times.told(b.due)} and not {times.told(a.due)}")
    if pair.time in (Time.SAME, Time.WIDER):
        return _met(pair, "in its own time")
    if a.due is None or b.due is None or a.due.end is None or _last(b) is None:
        return _met(pair, "in its own time")
    if (_last(b) or a.due.end) > a.due.end:
        if _fits(pair) or _within_aftermath(a.due.end, b):
            return _met(pair, "after its due")
        return unrelated("a figure long after the due")
    if _fits(pair) or (reaches(b, a) and a.kind not in times.PERIODIC):
        return _met(pair, "before its due")
    return unrelated(f"a level on the way, {pair.amount.why}")


def _last(statement: Statement) -> date | None:
    return statement.due.end if statement.due else None


def _afterwards(pair: Pair) -> Relation:
    """A fact without a time, told after the due has passed."""
    a, b = pair.a, pair.b
    end = a.due.end if a.due else None
    if _fits(pair):
        return _met(pair, "told after its due")
    if end is not None and b.published is not None and b.published - end > _AFTERMATH:
        return unrelated("a figure long after the due")
    return _met(pair, f"told after its due with another amount, {pair.amount.why}")


def _within_aftermath(end: date, b: Statement) -> bool:
    last = _last(b)
    return last is None or last - end <= _AFTERMATH


def _fits(pair: Pair) -> bool:
    return not pair.amount.other


def _met(pair: Pair, how: str) -> Relation:
    return Relation(Relates.OUTCOME, f"what a promised, as a fact, {how} ({told_fact(pair.b)})")


def told_fact(statement: Statement) -> str:
    """The amount, or the time of a launch."""
    return told(statement) if statement.measured else times.told(statement.due)


# Two plans, two facts


def _two_claims(pair: Pair) -> Relation:
    if pair.time is Time.OTHER:
        return unrelated(f"another period, {times.told(pair.b.due)} and not {times.told(pair.a.due)}")
    if pair.amount.other:
        return _other_amount(pair)
    if _restated(pair):
        return _changed(pair, f"corrected: {told(pair.b)} against {told(pair.a)}")
    if pair.time is Time.MOVED:
        return _other_time(pair)
    if pair.time is Time.NARROWER and says(pair.b, "earlier"):
        return _changed(pair, f"moved up to {times.told(pair.b.due)}")
    if pair.time is Time.WIDER and pair.promised and says(pair.b, "later") and not pair.near:
        return _changed(pair, f"put off to {times.told(pair.b.due)}")
    if _new_plan(pair):
        return unrelated("a fact, and a plan that is told after it")
    return _same_or_finer(pair)


def _new_plan(pair: Pair) -> bool:
    """A level that is there, and the same amount planned later or for later: that is another one."""
    a, b = pair.a, pair.b
    if a.status is not Status.ACTUAL or not b.promise or a.kind in _EVENTS:
        return False
    return (pair.time is Time.ADDED and _ahead(b)) or (b.status is Status.PLANNED and not pair.near)


def _ahead(statement: Statement) -> bool:
    """Whether its due lies in the future of its publication."""
    end, day = _last(statement), statement.published
    return end is None or day is None or end > day


def _same_or_finer(pair: Pair) -> Relation:
    if finer := pair.more_exact:
        return Relation(Relates.REFINEMENT, f"the same, more exact: {finer}")
    why = "the same party, thing, amount and time"
    if pair.time is Time.WIDER or Fit.WIDER in (pair.amount.fit, pair.thing.fit):
        why = "the same, told less exactly"
    elif pair.time is Time.SILENT:
        why = "the same, without the time"
    elif pair.amount.why:
        why = f"the same: {pair.amount.why}"
    return Relation(Relates.SAME, why)


def _restated(pair: Pair) -> bool:
    """Two exact amounts that rounding could explain, but b says that it corrects a (8)."""
    a, b = pair.a, pair.b
    if pair.amount.fit is not Fit.SAME or not a.measured or a.unit != b.unit or a.approx or b.approx:
        return False
    return (a.low, a.high) != (b.low, b.high) and says(b, "correction")


def _other_amount(pair: Pair) -> Relation:
    """Another amount: raised or cut, incompatible, or another thing after all."""
    if pair.time not in (Time.SAME, Time.ADDED, Time.SILENT):
        return unrelated(f"another amount and another time, {pair.amount.why}, {times.told(pair.b.due)}")
    if pair.facts:
        return _two_figures(pair)
    if pair.a.status is Status.ACTUAL:
        present = pair.a.due is pair.b.due is None and pair.b.status is Status.EXPECTED
        if present and pair.opposed:
            return _against(pair, pair.amount.why)
        return unrelated(f"a fact and a plan of another amount, {pair.amount.why}")
    if pair.time is not Time.SAME and (far(pair.a, pair.b, _APART) or not _one_plan(pair)):
        return unrelated(f"two plans, {pair.amount.why}")
    if pair.a.due is None and pair.b.due is None and far(pair.a, pair.b, _APART) and not pair.updates:
        return unrelated(f"two plans, {pair.amount.why}")
    if pair.opposed:
        return _against(pair, pair.amount.why)
    return _changed(pair, pair.amount.why)


def _one_plan(pair: Pair) -> bool:
    """Whether one side's silence about the time hides the same plan; for what is ordered or spent only by word."""
    return (
        pair.updates
        or pair.near
        or pair.a.kind not in (Kind.ORDER, Kind.INVESTMENT, Kind.SHIPMENT, Kind.REVENUE)
    )


def _two_figures(pair: Pair) -> Relation:
    """7: two facts; without a time each counts for its day."""
    if pair.time is Time.SAME and pair.a.due is not None:
        if pair.opposed:
            return _against(pair, pair.amount.why)
        return _changed(pair, pair.amount.why)
    if pair.opposed:
        return _against(pair, pair.amount.why)
    if pair.near or says(pair.b, "correction"):
        return _changed(pair, pair.amount.why)
    return unrelated(f"two figures of different days, {pair.amount.why}")


def _other_time(pair: Pair) -> Relation:
    """The same amount at another time: delayed or moved up."""
    a, b = pair.a, pair.b
    moved = f"{times.told(b.due)} and not {times.told(a.due)}"
    if pair.facts and a.kind not in _EVENTS:
        return unrelated(f"the level of two days, {moved}")
    if pair.opposed:
        return _against(pair, moved)
    if _about_the_past(a) or (pair.facts and not pair.updates):
        return unrelated(f"two events, {moved}")
    if a.status is Status.ACTUAL and b.promise:
        return unrelated(f"a fact and a later plan, {moved}")
    return _changed(pair, moved)


def _against(pair: Pair, what: str) -> Relation:
    return Relation(Relates.CONTRADICTION, f"said by somebody else within {pair.gap} days: {what}")


def _changed(pair: Pair, what: str) -> Relation:
    who = "the same speaker" if pair.one_speaker else f"{pair.gap} days later"
    return Relation(Relates.REVISION, f"{who}: {what}")
