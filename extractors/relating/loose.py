"""Amounts that a bound joins from afar: "more than 6 million" holds 9 million, and mostly is another figure.

Found by grouping all annotated claims: of the refinements in which an exact amount stood more than a tenth
away from the bound, those were wrong in which anything else differed, too.
"""

from __future__ import annotations

from extractors.catalogue.names import fold
from extractors.claim import Kind, Status
from extractors.relating.fit import Fit
from extractors.relating.pair import Pair
from extractors.relating.parties import identity, same_speaker
from extractors.relating.relations import passed
from extractors.relating.statement import Statement
from extractors.relating.times import Time

# An amount within a tenth of the bound is what the bound was rounded from.
_BESIDE_BOUND = 0.1
# A figure of today, told with a bound one day and exactly some days later, is still one.
_DAYS = 14


def far_from_its_bound(pair: Pair) -> bool:
    """Whether the one amount is an open bound, and the other one lies well inside it."""
    if pair.amount.fit not in (Fit.NARROWER, Fit.WIDER):
        return False
    bound, other = (pair.a, pair.b) if pair.amount.fit is Fit.NARROWER else (pair.b, pair.a)
    if (bound.low is None) == (bound.high is None):
        return False
    end = bound.low if bound.low is not None else bound.high
    near = other.low if bound.low is not None else other.high
    if end is None or near is None:
        return False
    return abs(near - end) > _BESIDE_BOUND * max(abs(near), abs(end))


def two_figures(pair: Pair) -> str:
    """Why two amounts that only a bound joins are two; empty where nothing tells them apart."""
    if not far_from_its_bound(pair):
        return ""
    why = _side_by_side(pair) or (pair.gap > _DAYS and _otherwise(pair)) or _other_price(pair)
    if not why and _on_the_way(pair):
        why = "and not what was planned"
    return f"an amount far from the bound, {pair.amount.why}, {why}" if why else ""


def _side_by_side(pair: Pair) -> str:
    """Told as two things, at whatever time."""
    a, b = pair.a, pair.b
    if pair.one_article or (a.title and a.title == b.title and a.published == b.published):
        return "told side by side in one article"
    if a.status is Status.ACTUAL and b.promise:
        return "a fact and a plan"
    cap = a.low is None and a.status is Status.EXPECTED
    if cap and b.promise and a.speaker and b.speaker and not same_speaker(a, b):
        return "what others expected at most"
    return ""


def _otherwise(pair: Pair) -> str:
    """What else differs, of claims that are not of the same days."""
    a, b = pair.a, pair.b
    if pair.facts:
        return "of another day"
    if pair.thing.fit is not Fit.SAME or _other_objects(a, b):
        return "and not surely the same thing"
    if identity(a.subject) != identity(b.subject):
        return "and not surely the same party"
    if pair.amount.fit is Fit.WIDER:
        return "told later"
    return "and another time" if pair.time in (Time.NARROWER, Time.WIDER) else ""


def _other_price(pair: Pair) -> str:
    """ "From 16,900", and 18,900 for the one with more range."""
    floor = pair.a.high is None or pair.b.high is None
    known = Status.EXPECTED not in (pair.a.status, pair.b.status)
    return "the price of another version" if pair.a.kind is Kind.PRICE and floor and known else ""


def _other_objects(a: Statement, b: Statement) -> bool:
    """Two objects without a word in common, of a kind that does not count its object."""
    one, two = set(fold(a.object).split()), set(fold(b.object).split())
    return bool(one and two) and not one & two


def _on_the_way(pair: Pair) -> bool:
    """A level before the due that only keeps below a cap, or that may still grow to the amount."""
    a, b = pair.a, pair.b
    if not a.promise or b.status is not Status.ACTUAL or passed(a, b.published):
        return False
    return a.low is None or b.low is None or b.low < a.low
