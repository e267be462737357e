"""The seven relations, and the reasons in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from extractors.relating import times
from extractors.relating.amounts import told as told_amount
from extractors.relating.fit import Fit
from extractors.relating.pair import Pair
from extractors.relating.statement import Statement
from extractors.relating.times import Time


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


def unrelated(reason: str) -> Relation:
    """Two strangers."""
    return Relation(Relates.UNRELATED, reason)


def same_or_finer(pair: Pair) -> Relation:
    """The same, or more exact in b; nothing of the two differs otherwise."""
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


def against(pair: Pair, what: str) -> Relation:
    """Two voices at one time."""
    days = "on one day" if pair.gap == 0 else "a day later" if pair.gap == 1 else f"{pair.gap} days later"
    return Relation(Relates.CONTRADICTION, f"said by somebody else {days}: {what}")


def changed(pair: Pair, what: str) -> Relation:
    """Raised, cut, delayed, moved up."""
    who = "the same speaker" if pair.one_speaker else f"{pair.gap} days later"
    return Relation(Relates.REVISION, f"{who}: {what}")


def met(pair: Pair, how: str) -> Relation:
    """A fact after a plan."""
    fact = told_amount(pair.b) if pair.b.measured else times.told(pair.b.due)
    return Relation(Relates.OUTCOME, f"a fact after the plan, {how} ({fact})")


def last_day(statement: Statement) -> date | None:
    """The last day of its due."""
    return statement.due.end if statement.due else None


def passed(plan: Statement, day: date | None) -> bool:
    """Whether a plan's due is over on a day."""
    end = last_day(plan)
    return end is not None and day is not None and day > end
