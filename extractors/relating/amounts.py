"""Whether two amounts are the same: rounding, bounds, ranges, currencies.

"Almost 15,000" and 14,800 are the same, as are 35 and 35.1 billion; 35.1 and 35.8 are not, although they are
as near: both are told to the same digit, so that rounding alone does not explain the difference.
"""

from __future__ import annotations

import math
import re

from extractors.claim import Status
from extractors.languages.lexicon import lexicon
from extractors.quantities import QuantityMention
from extractors.relating.fit import SAME, Fit, Match, other
from extractors.relating.included import included
from extractors.relating.statement import Statement
from extractors.relating.wording import amounts_told, languages, mentions

# The guidelines' "up to about 3 %", with a little room for 14.5 and "almost 15".
ROUNDING = 0.034
# "Almost three" may be 2.88: by its own words rounded, and to its only digit.
COARSE = 0.045
# Two exact amounts this near are one: the scorer's tolerance.
EXACT = 0.005
# "More than 100,000" may turn out to be 140,000, but hardly 300,000.
BOUND_REACH = 2.0
# Characters between "converted" or a bracket and the amount.
_CONVERSION_REACH = 24
# How far a year's rate may be from the mean that the catalogue holds.
RATE_ROOM = 0.3


def same_amount(a: Statement, b: Statement) -> Match:
    """The fit of b's amount to a's; a currency or count of another sort is OTHER."""
    if not a.measured or not b.measured:
        return _silent(a, b)
    if a.equivalent != b.equivalent:
        return other("one counts units, the other equivalents")
    if (a.unit or "") != (b.unit or ""):
        if conversion(a, b):
            return Match(Fit.SAME, f"{b.unit} is given as the conversion of {a.unit}")
        return other(f"{a.unit or 'no unit'} against {b.unit or 'no unit'}")
    return _compare(a, b)


def _silent(a: Statement, b: Statement) -> Match:
    if a.measured == b.measured:
        return SAME
    return Match(Fit.WIDER, "it names no amount") if a.measured else Match(Fit.NARROWER, "it adds the amount")


def _compare(a: Statement, b: Statement) -> Match:
    if _point(a) and _point(b):
        approx = a.approx or b.approx
        if _word_for_word(a, b) and not approx:
            same = _near(_low(a), _low(b), EXACT)
            return SAME if same else other(f"{told(b)} against {told(a)}")
        same = rounded(_low(a), _low(b), approx)
        return SAME if same else other(f"{told(b)} against {told(a)}")
    if _ends_close(a, b):
        return SAME
    if _inside(b, a):
        return Match(Fit.NARROWER, f"{told(b)} for {told(a)}")
    if _inside(a, b):
        return Match(Fit.WIDER, f"{told(b)} for {told(a)}")
    return other(f"{told(b)} against {told(a)}")


def _word_for_word(a: Statement, b: Statement) -> bool:
    """What was expected of a figure is seldom the figure; a denial repeats what it denies."""
    return b.status is Status.DENIED or (a.status is Status.ACTUAL and b.promise)


def rounded(one: float, two: float, approx: bool) -> bool:
    """Whether rounding alone makes the difference between two amounts."""
    size = max(abs(one), abs(two))
    gap = abs(one - two)
    if gap <= EXACT * size:
        return True
    step = max(_step(one), _step(two)) * (1 + 1e-9)
    if gap > ROUNDING * size:
        return approx and gap <= min(0.5 * step, COARSE * size)
    return gap <= (step if approx else 0.5 * step)


def _step(amount: float) -> float:
    """The value of the last digit that is told: 10,000 for 350,000 and 1,000 for 348,000."""
    digits = f"{abs(amount):.9e}".split("e")
    kept = digits[0].rstrip("0").rstrip(".")
    return float(10.0 ** (int(digits[1]) - (len(kept.split(".")[1]) if "." in kept else 0)))


def _point(statement: Statement) -> bool:
    return statement.low is not None and statement.low == statement.high


def _range(statement: Statement) -> bool:
    return None not in (statement.low, statement.high) and statement.low != statement.high


def _low(statement: Statement) -> float:
    return statement.low if statement.low is not None else statement.high or 0.0


def _ends_close(a: Statement, b: Statement) -> bool:
    """Both ends agree, or an amount stands at the open bound of the other ("over 35,000" and 35,000)."""
    if a.low is not None and a.high is not None and b.low is not None and b.high is not None:
        approx = a.approx or b.approx
        return rounded(a.low, b.low, approx) and rounded(a.high, b.high, approx)
    if (a.low is None) != (b.low is None) and (a.high is None) != (b.high is None):
        return False  # "at least" against "at most"
    if any(_range(one) and not (_range(two) or _point(two)) for one, two in ((a, b), (b, a))):
        return False  # "60 to 65" is more exact than "up to 65"
    pairs = [(x, y) for x, y in ((a.low, b.low), (a.high, b.high)) if x is not None and y is not None]
    exact = (_point(b) and not b.approx) or (_point(a) and not a.approx)
    limit = 0.0 if exact and not (_point(a) and _point(b)) else EXACT
    return bool(pairs) and all(_near(x, y, limit) for x, y in pairs)


def _near(x: float, y: float, limit: float) -> bool:
    return abs(x - y) <= max(limit, 1e-9) * max(abs(x), abs(y))


def _inside(inner: Statement, outer: Statement) -> bool:
    """Whether an amount or range lies within another range, near enough to an open end to be meant by it."""
    if _point(outer):
        return False
    low, high = inner.low, inner.high
    if outer.low is not None and (low is None or low < outer.low * (1 - EXACT)):
        return False
    if outer.high is not None and (high is None or high > outer.high * (1 + EXACT)):
        return False
    if outer.high is None and outer.low is not None:
        return high is not None and high <= outer.low * BOUND_REACH
    if outer.low is None and outer.high is not None:
        return low is not None and low >= outer.high / BOUND_REACH
    return True


def conversion(a: Statement, b: Statement) -> bool:
    """Whether one sentence gives the other's currency beside its own, and the rate is plausible."""
    rates = included().rates
    one, two = rates.get(a.unit or ""), rates.get(b.unit or "")
    if one is None or two is None or not _plausible(_low(a) * one, _low(b) * two):
        return False
    return _beside(a, b) or _beside(b, a)


def _plausible(one: float, two: float) -> bool:
    return min(one, two) > 0 and abs(math.log(one / two)) <= math.log(1 + RATE_ROOM)


def _beside(statement: Statement, converted: Statement) -> bool:
    """The sentence names the other's amount in the other's currency."""
    return any(
        mention.unit == converted.unit
        and _given_as_conversion(statement, mention)
        and any(
            end is not None and rounded(end, _low(converted), approx=True)
            for end in (mention.low, mention.high)
        )
        for mention in amounts_told(statement)
    )


def _given_as_conversion(statement: Statement, mention: QuantityMention) -> bool:
    """In brackets, or behind a word such as "converted"; or the statement's own amount is."""
    words = [w for lang in languages(statement.lang) for w in lexicon(lang).words("cues.conversion")]
    for one in (mention, *mentions(statement)):
        before = statement.text[max(0, one.start - _CONVERSION_REACH) : one.start + 1].lower()
        if "(" in before or any(re.search(rf"\b{re.escape(word)}\b", before) for word in words):
            return True
    return False


def far(a: Statement, b: Statement, times: float) -> bool:
    """Whether one amount is more than so many times the other."""
    one, two = _low(a), _low(b)
    small, large = sorted((abs(one), abs(two)))
    return large > times * small


def reaches(b: Statement, a: Statement) -> bool:
    """Whether b's amount is at least a's."""
    least = a.low if a.low is not None else a.high
    most = b.high if b.high is not None else b.low
    return least is None or most is None or most >= least * (1 - EXACT)


def told(statement: Statement) -> str:
    """The amount in words: "25,000 to 30,000 USD", "more than 100,000 units"."""
    low, high = statement.low, statement.high
    if low is not None and high is not None:
        number = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    elif low is not None:
        number = f"at least {_number(low)}"
    else:
        number = f"at most {_number(high or 0.0)}"
    equivalents = " equivalents" if statement.equivalent else ""
    return f"{number}{equivalents} {statement.unit or ''}".strip()


def _number(value: float) -> str:
    return f"{value:,.12g}" if abs(value) < 1e12 else f"{value:.6g}"
