"""What one statement does to an earlier one: raised, cut, delayed, met … Told from relation and claims."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from extractors.claim import Claim, Due, Kind, Quantity, Status


class Change(StrEnum):
    """What a later statement does to an earlier one of its thread."""

    RAISED = "raised"
    CUT = "cut"
    DELAYED = "delayed"
    MOVED_UP = "moved up"
    REVISED = "revised"
    CONTRADICTED = "contradicted"
    DENIED = "denied"
    MET = "met"
    BEATEN = "beaten"
    LATE = "late"
    MISSED = "missed"
    BESIDE = "beside"
    JOINED = "joined"


# How a promise may end.
ENDS = frozenset({Change.MET, Change.BEATEN, Change.LATE, Change.MISSED, Change.DENIED})
KEPT = frozenset({Change.MET, Change.BEATEN, Change.LATE})

# "About 350,000" is met by 340,000: shares of the amount, as in extractors/relating/amounts.py.
_ROUNDING = 0.034
_ABOUT = 0.1
_PLAIN = {"contradiction": Change.CONTRADICTED, "beside": Change.BESIDE, "joined": Change.JOINED}


def change_of(relation: str, earlier: Claim, later: Claim, told: date | None) -> Change | None:
    """What the later claim does to the earlier one, or None. `told`: the later one's day."""
    if relation in {"outcome", "denial"}:
        return outcome_of(earlier, later, told)
    if relation == "revision":
        return _revision(earlier, later)
    return _PLAIN.get(relation)


def outcome_of(plan: Claim, fact: Claim, told: date | None) -> Change:
    """How a plan ended by a fact, or by a denial, that was told on that day.

    A fact that names no time counts as in time, unless it is an event of the day it was told, as a launch is.
    """
    if fact.status is Status.DENIED:
        over = plan.due is not None and told is not None and told > _last(plan.due)
        return Change.MISSED if over else Change.DENIED
    against = _against(plan, fact)
    if against < 0:
        return Change.MISSED
    day = _happened(fact, told)
    if plan.due and plan.due.end and day and day > plan.due.end:
        return Change.LATE
    return Change.BEATEN if against > 0 else Change.MET


def _happened(fact: Claim, told: date | None) -> date | None:
    if fact.due is not None:
        return fact.due.start or fact.due.end
    return told if fact.kind is Kind.LAUNCH else None


def _against(plan: Claim, fact: Claim) -> int:
    """-1 where the fact falls short of the plan, 1 where it goes beyond; a price does so by being lower."""
    planned, reached = plan.quantity, fact.quantity
    if not _comparable(plan, fact) or planned is None or reached is None:
        return 0
    room = _ABOUT if planned.approx or reached.approx else _ROUNDING
    most, least = _most(reached), _least(reached)
    sign = 0
    if planned.low is not None and most < planned.low * (1 - room):
        sign = -1
    elif planned.high is not None and least > planned.high * (1 + room):
        sign = 1
    return -sign if plan.kind is Kind.PRICE else sign


def _comparable(one: Claim, other: Claim) -> bool:
    if one.quantity is None or other.quantity is None:
        return False
    return one.quantity.unit == other.quantity.unit and one.equivalent == other.equivalent


def _least(quantity: Quantity) -> float:
    return quantity.low if quantity.low is not None else quantity.high or 0.0


def _most(quantity: Quantity) -> float:
    return quantity.high if quantity.high is not None else quantity.low or 0.0


def _revision(earlier: Claim, later: Claim) -> Change:
    """Another amount for the same time, or another time for the same amount."""
    before, after = (_middle(claim) for claim in (earlier, later))
    alike = not _comparable(earlier, later) or abs(after - before) <= _ROUNDING * max(before, after)
    if alike and earlier.due and later.due and (moved := moved_by(earlier.due, later.due)):
        return moved
    if not _comparable(earlier, later) or before == after:
        return Change.REVISED
    return Change.RAISED if after > before else Change.CUT


def moved_by(earlier: Due, later: Due) -> Change | None:
    """Whether the later due ends after the earlier one, or before it; None where on the same day."""
    before, after = _last(earlier), _last(later)
    if before == after:
        return None
    return Change.DELAYED if after > before else Change.MOVED_UP


def _middle(claim: Claim) -> float:
    quantity = claim.quantity
    return (_least(quantity) + _most(quantity)) / 2 if quantity else 0.0


def _last(due: Due) -> date:
    return due.end or due.start or date.max
