"""One plan counted in units and in equivalents: "350,000 H100s, about 600,000 with the others counted in"."""

from __future__ import annotations

from extractors.claim import Status
from extractors.grouping.told import Told
from extractors.relating.fit import Fit
from extractors.relating.parties import same_party
from extractors.relating.statement import Statement
from extractors.relating.things import same_thing
from extractors.relating.times import Time, time_fit

BESIDE = "beside"
_REASON = "one plan in one article, counted in units and in equivalents"


def beside(a: Told, b: Told) -> str:
    """Why two claims of one article tell one thing in two counts; empty where they do not."""
    one, two = a.statement, b.statement
    if a.article != b.article or one.equivalent == two.equivalent or one.kind is not two.kind:
        return ""
    if not one.measured or not two.measured or one.unit != two.unit:
        return ""
    if _fact(one) != _fact(two) or Status.DENIED in (one.status, two.status) or not _counts_more(one, two):
        return ""
    if same_party(one, two).fit is not Fit.SAME or same_thing(one, two).other:
        return ""
    time = time_fit(one, two)
    told_together = bool(one.sentence) and one.sentence == two.sentence
    return _REASON if time is Time.SAME or (time.agrees and told_together) else ""


def _fact(statement: Statement) -> bool:
    return statement.status is Status.ACTUAL


def _counts_more(one: Statement, two: Statement) -> bool:
    """Equivalents count the others in, so that they are no fewer."""
    units, equivalents = (two, one) if one.equivalent else (one, two)
    least = units.low if units.low is not None else units.high
    most = equivalents.high if equivalents.high is not None else equivalents.low
    return least is not None and most is not None and most >= least
