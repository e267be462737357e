"""Which of the seven relations a pair of one party and one thing has. The numbers are cases of the rules."""

from __future__ import annotations

from datetime import timedelta

from extractors.claim import Kind, Status
from extractors.relating import times
from extractors.relating.amounts import far, told
from extractors.relating.fit import Fit
from extractors.relating.loose import two_figures
from extractors.relating.outcomes import EVENTS, about_the_past, denied, fulfilled
from extractors.relating.pair import Pair
from extractors.relating.relations import (
    Relation,
    against,
    changed,
    last_day,
    passed,
    same_or_finer,
    unrelated,
)
from extractors.relating.statement import Statement
from extractors.relating.times import Time
from extractors.relating.wording import overtaken, says

# Without a time, a plan and another plan this far apart in amount are two plans.
_APART = 4.0
# A doubt about the meaning is settled by an amount this near to the promised one.
_DOUBTFUL = 2.0
# What grows and shrinks: a figure of today does not tell that of a time so much later.
_LEVELS = frozenset({Kind.USERS, Kind.DEPLOYMENT, Kind.JOBS, Kind.POWER, Kind.PERFORMANCE})
_LATER = timedelta(days=60)
# Of these a party has many plans at once: silence about the time may hide another one.
_MANY = frozenset({Kind.ORDER, Kind.INVESTMENT, Kind.SHIPMENT, Kind.REVENUE})


def decide(pair: Pair) -> Relation:
    """The relation of two statements about one thing."""
    if strange := _strange(pair):
        return unrelated(strange)
    if Status.DENIED in (pair.a.status, pair.b.status):
        return denied(pair)
    if pair.a.promise and pair.b.status is Status.ACTUAL:
        return fulfilled(pair)
    if pair.time is Time.OTHER:
        return unrelated(f"another period, {times.told(pair.b.due)} and not {times.told(pair.a.due)}")
    return _other_amount(pair) if pair.amount.other else _one_amount(pair)


def _strange(pair: Pair) -> str:
    """Why they are two things although party, object and sentence would let them be one; empty else."""
    if _was_before(pair):
        return "the earlier amount, which its own sentence overtakes"
    if pair.amount.other and _other_sort(pair):
        return f"not the same measure: {pair.amount.why}"
    if doubt := _doubt(pair):
        return f"{doubt}, and amount or time differ"
    if why := two_figures(pair) or _later_level(pair) or _two_starts(pair):
        return why
    aside = pair.one_article and not (pair.fits and pair.time.agrees)
    return "told side by side in one article" if aside else ""


def _later_level(pair: Pair) -> str:
    """Why a figure of one day is not that of a day long after it, although it is as high; empty else."""
    a, b = pair.a, pair.b
    if a.status is not Status.ACTUAL or a.due is not None or a.kind not in _LEVELS or pair.near:
        return ""
    if b.due is None or a.published is None or Status.DENIED in (a.status, b.status):
        return ""
    day = b.due.start or b.due.end
    later = day is not None and day - a.published > _LATER
    return "a figure of today, and one of a time to come" if later else ""


def _two_starts(pair: Pair) -> str:
    """Why two launches are two: one of a class and one of a product, at times that only might be one."""
    if pair.a.kind is not Kind.LAUNCH or pair.time not in (Time.NARROWER, Time.WIDER):
        return ""
    vague = pair.thing.fit in (Fit.NARROWER, Fit.WIDER)
    return f"not surely the same thing and another time, {pair.thing.why}" if vague else ""


def _was_before(pair: Pair) -> bool:
    """ "60,000, up from the 40,000 announced in March": the 40,000 are neither there nor moved."""
    a, b = pair.a, pair.b
    if not a.promise or passed(a, b.published) or not overtaken(b):
        return False
    return b.status is Status.ACTUAL or (b.promise and pair.time not in (Time.SAME, Time.SILENT))


def _other_sort(pair: Pair) -> bool:
    """9, 12: another currency or unit, or a count against equivalents."""
    a, b = pair.a, pair.b
    return a.equivalent != b.equivalent or (a.unit or "") != (b.unit or "")


def _doubt(pair: Pair) -> str:
    """Why the two may be about two things, where amount or time differ; empty where they surely are one."""
    if pair.unsure and (pair.amount.fit is not Fit.SAME or not pair.time.agrees):
        return pair.unsure
    if pair.fits and pair.time.agrees:
        return ""
    fact = pair.a.promise and pair.b.status is Status.ACTUAL
    return "" if fact and not far(pair.a, pair.b, _DOUBTFUL) else pair.doubt


# The same amount


def _one_amount(pair: Pair) -> Relation:
    if _restated(pair):
        return changed(pair, f"corrected: {told(pair.b)} against {told(pair.a)}")
    if pair.time is Time.MOVED:
        return _other_time(pair)
    if _shifted(pair):
        return changed(pair, f"moved to {times.told(pair.b.due)} from {times.told(pair.a.due)}")
    if _new_plan(pair):
        return unrelated("a fact, and a plan that is told after it")
    return same_or_finer(pair)


def _restated(pair: Pair) -> bool:
    """8: two exact amounts that rounding could explain, but b says that it corrects a."""
    a, b = pair.a, pair.b
    if pair.amount.fit is not Fit.SAME or not a.measured or a.unit != b.unit or a.approx or b.approx:
        return False
    return (a.low, a.high) != (b.low, b.high) and says(b, "correction")


def _shifted(pair: Pair) -> bool:
    """The times would agree, but b says that its own is an earlier or a later one."""
    if pair.time is Time.NARROWER:
        return says(pair.b, "earlier")
    return pair.time is Time.WIDER and pair.promised and not pair.near and says(pair.b, "later")


def _new_plan(pair: Pair) -> bool:
    """A level that is there, and the same amount planned later or for later: that is another one."""
    a, b = pair.a, pair.b
    if a.status is not Status.ACTUAL or not b.promise or a.kind in EVENTS or pair.near:
        return False
    return b.status is Status.PLANNED or (pair.time is Time.ADDED and _ahead(b))


def _ahead(statement: Statement) -> bool:
    """Whether its due lies in the future of its publication."""
    end, day = last_day(statement), statement.published
    return end is None or day is None or end > day


def _other_time(pair: Pair) -> Relation:
    """Delayed or moved up."""
    a, b = pair.a, pair.b
    moved = f"{times.told(b.due)} and not {times.told(a.due)}"
    if pair.facts and a.kind not in EVENTS:
        return unrelated(f"the level of two days, {moved}")
    if pair.opposed:
        return against(pair, moved)
    if _two_events(pair):
        return unrelated(f"two events, {moved}")
    return changed(pair, moved)


def _two_events(pair: Pair) -> bool:
    """Two times that no word joins: of facts, of a fact and a plan, of two estimates year by year."""
    a, b = pair.a, pair.b
    if a.status is Status.ACTUAL:
        return b.promise or not pair.updates
    joined = says(b, "update") or says(b, "later") or says(b, "earlier")
    estimates = a.status is b.status is Status.EXPECTED and a.kind in _MANY
    return about_the_past(a) or (estimates and passed(a, b.published) and not joined)


# Another amount


def _other_amount(pair: Pair) -> Relation:
    """Raised or cut, incompatible, or another thing after all."""
    if pair.time not in (Time.SAME, Time.ADDED, Time.SILENT):
        return unrelated(f"another amount and another time, {pair.amount.why}, {times.told(pair.b.due)}")
    if pair.facts:
        return _two_figures(pair)
    if _two_plans(pair) or _unlike_periods(pair):
        return unrelated(f"two plans, or a fact and another plan, {pair.amount.why}")
    return against(pair, pair.amount.why) if pair.opposed else changed(pair, pair.amount.why)


def _two_plans(pair: Pair) -> bool:
    a, b = pair.a, pair.b
    if a.status is Status.ACTUAL:  # only an estimate of today can contradict a figure of today
        return not (a.due is b.due is None and b.status is Status.EXPECTED and pair.opposed)
    if pair.time is Time.SAME and a.due is not None:
        return False
    if pair.time is Time.SAME:
        return far(a, b, _APART) and not pair.updates
    if says(b, "update"):
        return far(a, b, _APART)
    return far(a, b, _DOUBTFUL) or not (pair.near or pair.one_speaker)


def _unlike_periods(pair: Pair) -> bool:
    """What adds up over a time, told with a time on one side only."""
    periodic = pair.a.kind in (Kind.REVENUE, Kind.SHIPMENT) or (pair.facts and pair.a.kind is Kind.INVESTMENT)
    return periodic and pair.time is not Time.SAME and not pair.updates


def _two_figures(pair: Pair) -> Relation:
    """7: two facts; without a time each counts for its day."""
    if _unlike_periods(pair):
        return unrelated(f"only one tells its period, {pair.amount.why}")
    if pair.opposed:
        return against(pair, pair.amount.why)
    dated = pair.time is Time.SAME and pair.a.due is not None
    repriced = pair.a.kind is Kind.PRICE and says(pair.b, "update")  # "now costs"
    if dated or pair.near or repriced or says(pair.b, "correction"):
        return changed(pair, pair.amount.why)
    return unrelated(f"two figures of different days, {pair.amount.why}")
