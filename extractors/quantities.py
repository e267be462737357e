"""Quantities: amounts with their unit, products of counts and sizes, and why a number is no amount.

Third layer of three (see numerals.py). `find_quantities` runs them all:
numerals → units on both sides → ranges → bounds → products → exclusions → mentions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from extractors.exclusions import ExclusionWords, age, exclusion_words, reason, structure
from extractors.headings import under_headings
from extractors.languages.lexicon import Lexicon, lexicon
from extractors.number_words import tidy
from extractors.numbers import Amount, Bound, amount_of, apply_bounds, bound_words, join_ranges
from extractors.numerals import Numeral, find_numerals, scale_behind, words_of
from extractors.units import CURRENCY, Unit, units_of

COUNT = "count"
# Units before which "a" or "ein" is a number: "a gigawatt", "ein Exaflops", "einen Euro", "one mile".
ARTICLE_DIMENSIONS = frozenset({"power", "compute", CURRENCY, "length", "volume", "mass"})
# Dimensions whose unit or scale a bare neighbour may share.
LENDING = frozenset({COUNT, "power", "compute", CURRENCY})
# Dimensions in which "twelve halls of 20 MW each" is a product worth having.
PRODUCT_DIMENSIONS = frozenset({"power", "compute", "energy"})


# A short aside with another figure in it, between a number and its scale.
ASIDE = re.compile(r"[ ]\((?=[^()\n]*\d)[^()\n]{1,40}\)(?=[ ])")
AMOUNT_ENDS = re.compile(r"\s*(?:[.!?;]|,\s|$)")


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """An amount in a text: `text[start:end]` is all of it with bound words and unit.

    `low` and `high` are its ends in the base unit, scale and bounds applied; an open end is None.
    `unit` is an ISO 4217 code, "W", "FLOPS", another base unit, or None for a bare count.
    `scaled`: a scale word stands with it ("Milliarden"), so that a bare count may share a neighbour's unit.
    `scale` is that word's factor, `prefix` what one unit as written is in base units (1e6 for MW).
    `factors`: the parts of a product. `lent`: scale or unit are a neighbour's (see `lend`).
    `excluded`: why it is no amount, else None.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    low: float | None
    high: float | None
    approx: bool
    bound: Bound
    unit: str | None
    dimension: str
    text: str
    scaled: bool = False
    scale: float = 1.0
    prefix: float = 1.0
    factors: tuple[float, ...] = ()
    lent: bool = False
    excluded: str | None = None


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A language's words that multiply, and those of a tolerance."""

    each_before: frozenset[str]
    each_after: tuple[str, ...]
    each_link: frozenset[str]
    times: frozenset[str]
    tolerance: tuple[str, ...]


@cache
def product_words(lang: str) -> ProductWords:
    """The product words of a language; raises LexiconError where the language has no file."""
    words: Lexicon = lexicon(lang)
    return ProductWords(
        frozenset(words.words("quantities.each_before")),
        words.words("quantities.each_after"),
        frozenset(words.words("quantities.each_link")),
        frozenset(words.words("quantities.times")),
        words.words("quantities.tolerance"),
    )


def find_quantities(text: str, lang: str) -> list[QuantityMention]:
    """All amounts of a text, in order; raises LexiconError for an unknown language, nothing else."""
    bounds = bound_words(lang)
    amounts: list[Amount] = []
    for numeral in find_numerals(text, lang):
        taken = amounts[-1].end if amounts and not amounts[-1].numeral.article else 0
        amounts.append(_with_unit(text, numeral, lang, taken))
    amounts = under_headings(text, _mark_structures(text, amounts, lang), lang)
    amounts = _add_subunits(text, amounts, bounds.between)
    amounts = join_ranges(text, amounts, bounds)
    amounts = [amount if amount.excluded else apply_bounds(text, amount, bounds) for amount in amounts]
    amounts = _tolerances(text, amounts, product_words(lang))
    amounts = _products(text, amounts, product_words(lang))
    exclusions = exclusion_words(lang)
    return [
        _mention(text, amount, _excluded(text, amount, exclusions))
        for amount in amounts
        if _is_number(amount)
    ]


@lru_cache(maxsize=4096)
def is_amount(word: str, lang: str) -> bool:
    """Is one word digits with a scale or a unit: "10B", "5GW"?"""
    return any(m.excluded is None and (m.scaled or m.unit) for m in find_quantities(word, lang))


def _excluded(text: str, amount: Amount, words: ExclusionWords) -> str | None:
    if amount.unit is not None and amount.unit.dimension == "time":
        return amount.excluded or age(text, amount, words)
    if amount.excluded or amount.unit is not None:
        return amount.excluded
    return reason(text, amount, words)


def _is_number(amount: Amount) -> bool:
    """ "a", "ein" and "one" alone are articles and pronouns, not numbers; before few units they count."""
    unit = amount.unit
    return not amount.numeral.article or (unit is not None and unit.dimension in ARTICLE_DIMENSIONS)


def _mention(text: str, amount: Amount, excluded: str | None) -> QuantityMention:
    unit = amount.unit
    return QuantityMention(
        amount.start,
        amount.end,
        amount.number_start,
        amount.number_end,
        amount.low,
        amount.high,
        amount.approx,
        amount.bound,
        unit.name if unit else None,
        unit.dimension if unit else COUNT,
        text[amount.start : amount.end],
        amount.scaled,
        amount.numeral.scale,
        unit.factor if unit else 1.0,
        amount.factors,
        excluded=excluded,
    )


def _with_unit(text: str, numeral: Numeral, lang: str, taken: int) -> Amount:
    """Hangs the unit before or after a numeral on it and brings it to base units.

    A sign before `taken` belongs to the amount before: "10 RMB 20 USD".
    """
    units, money = units_of(lang), words_of(lang).money_scales
    before = units.before(text, numeral.start)
    if before and before[1] < taken:
        before = None
    if before and numeral.tail in money:
        numeral = replace(numeral, end=numeral.end + len(numeral.tail), scale=money[numeral.tail], tail="")
    after = units.after(text, numeral.end)
    if before is None and after is None and (beyond := _beyond_aside(text, numeral, lang)):
        numeral, after = beyond
    amount = amount_of(numeral)
    if before and (after is None or after[0].dimension == CURRENCY):
        end = after[1] if after and after[0].name == before[0].name else amount.end
        value = tidy(numeral.value * before[0].factor)
        return replace(amount, start=before[1], end=end, low=value, high=value, unit=before[0])
    if after:
        unit, end = after
        if unit.dimension == CURRENCY and numeral.scale == 1 and not numeral.spelled:
            scale, end = scale_behind(text, end, lang)
            numeral = replace(numeral, scale=scale)
            amount = replace(amount, numeral=numeral)
        value = tidy(numeral.value * unit.factor)
        start = before[1] if before else amount.start
        return replace(
            amount, start=start, end=end, low=value, high=value, unit=before[0] if before else unit
        )
    return amount


def _beyond_aside(text: str, numeral: Numeral, lang: str) -> tuple[Numeral, tuple[Unit, int]] | None:
    """The scale and unit behind an aside with another figure: "5.3 (previously: 5.1) billion dollars"."""
    aside = ASIDE.match(text, numeral.end)
    if aside is None or numeral.scale != 1 or numeral.tail or numeral.spelled:
        return None
    scale, end = scale_behind(text, aside.end(), lang)
    after = units_of(lang).after(text, end)
    return (replace(numeral, end=end, scale=scale), after) if after and scale > 1 else None


def _mark_structures(text: str, amounts: list[Amount], lang: str) -> list[Amount]:
    """Excludes the parts of dates, times, versions and the like."""
    until, why = 0, ""
    dotted = "." in lexicon(lang).words("dues.ordinal_marks")
    for place, amount in enumerate(amounts):
        start = amount.numeral.start
        if start >= until:
            plain = amount.unit is None and not amount.numeral.spelled
            found = structure(text, start, dotted) if plain else None
            until, why = found or (0, "")
        if start < until and amount.unit is None:
            amounts[place] = replace(amount, excluded=why)
    return amounts


def _add_subunits(text: str, amounts: list[Amount], joiners: frozenset[str]) -> list[Amount]:
    """ "15 Dollar und 15 Cent" and "zwei Euro fünfzig." are one amount each."""
    added: list[Amount] = []
    for amount in amounts:
        last = added[-1] if added else None
        if last and last.unit and last.high is not None and _completes(text, last, amount, joiners):
            value = tidy(last.high + amount.numeral.value * 0.01)
            added[-1] = replace(last, end=amount.end, number_end=amount.number_end, low=value, high=value)
        else:
            added.append(amount)
    return added


def _completes(text: str, money: Amount, small: Amount, joiners: frozenset[str]) -> bool:
    """Whether a small number right behind whole money is its hundredths."""
    unit, value = money.unit, small.numeral.value
    if unit is None or unit.dimension != CURRENCY or unit.factor != 1 or money.scaled or not 0 < value < 100:
        return False
    gap = text[money.end : small.start].strip().lower()
    if gap and gap not in joiners:
        return False
    if small.unit is None:
        return bool(AMOUNT_ENDS.match(text, small.end)) and not small.excluded and not small.numeral.tail
    return small.unit.dimension == CURRENCY and small.unit.factor == 0.01


def _tolerances(text: str, amounts: list[Amount], words: ProductWords) -> list[Amount]:
    """ "20 billion dollars, plus or minus 2 percent": about the middle; the 2 percent are no amount."""
    marked = list(amounts)
    for place, amount in enumerate(amounts):
        previous = text[max(0, amount.number_start - 34) : amount.number_start].lower().rstrip()
        sign = next((phrase for phrase in words.tolerance if previous.endswith(phrase)), None)
        if not sign or amount.unit is None:
            continue
        marked[place] = replace(amount, excluded="tolerance")
        if place and amount.start - amounts[place - 1].end <= 40:
            marked[place - 1] = replace(marked[place - 1], approx=True)
    return marked


def _products(text: str, amounts: Sequence[Amount], words: ProductWords) -> list[Amount]:
    """ "four 500-MW buildings", "zwölf Hallen mit je 20 MW", "4 x 500 MW" become one amount each."""
    result: list[Amount] = []
    for amount in amounts:
        last = result[-1] if result else None
        if last is not None and _multiplies(text, last, amount, words):
            result[-1] = _product(last, amount)
        else:
            result.append(amount)
    return result


def _multiplies(text: str, count: Amount, size: Amount, words: ProductWords) -> bool:
    """Whether a bare small count stands before a size so that the two multiply."""
    unit = size.unit
    whole = (
        count.low is not None
        and count.low == count.high
        and count.low.is_integer()
        and 1 < count.low <= 10000
    )
    if count.unit or count.excluded or not whole or unit is None or unit.dimension not in PRODUCT_DIMENSIONS:
        return False
    gap = text[count.end : size.start]
    if len(gap) > 60 or count.numeral.tail or re.search(r"[.;:!?\n,()]", gap):
        return False
    between = gap.strip().lower()
    if between in words.times:
        return True
    if not between:
        return bool(re.search(r"[-‑]", text[size.number_end : size.end])) or count.numeral.spelled
    tokens = between.split()
    if any(" ".join(tokens[-n:]) in words.each_before for n in (5, 4, 2, 1)) and len(tokens) <= 7:
        following = text[size.end : size.end + 14].lower().lstrip()
        return tokens[-1] not in words.each_link or following.startswith(words.each_after)
    return False


def _product(count: Amount, size: Amount) -> Amount:
    """The product of a count and a size; its number spans both."""
    times = count.low or 1.0
    return replace(
        size,
        start=count.start,
        number_start=count.number_start,
        low=None if size.low is None else tidy(size.low * times),
        high=None if size.high is None else tidy(size.high * times),
        approx=size.approx or count.approx,
        factors=(times, size.high if size.high is not None else size.low or 0.0),
    )


def lend(mentions: Sequence[QuantityMention]) -> list[QuantityMention]:
    """Second readings of bare counts that share a neighbour's scale or unit; `lent` is set on each.

    "zunächst 40 Petaflops, später 75" gives 75 petaflops; "2,2 Milliarden" beside "3,1 Milliarden Euro"
    gives euros; "21 statt 25 Millionen" gives 21 million. Hand in the mentions of one sentence.
    """
    amounts = [mention for mention in mentions if not mention.excluded]
    readings = []
    for place, bare in enumerate(amounts):
        if bare.unit is not None:
            continue
        neighbours = (amounts[place - 1] if place else None, *amounts[place + 1 : place + 2])
        lent = [reading for other in neighbours if other and (reading := _lent(bare, other))]
        readings += lent[:1] + [reading for reading in lent[1:] if reading != lent[0]]
    return readings


def _lent(bare: QuantityMention, other: QuantityMention) -> QuantityMention | None:
    """The bare count in the other's scale and unit; None where the other has nothing to lend."""
    if other.dimension not in LENDING:
        return None
    largest = bare.high if bare.high is not None else bare.low or 0.0
    lends_scale = other.scale >= 1000 and not bare.scaled and largest < 1000
    times = other.prefix * (other.scale if lends_scale else 1.0)
    if times == 1.0 and (other.unit is None or not bare.scaled):
        return None
    low, high = (None if end is None else tidy(end * times) for end in (bare.low, bare.high))
    scale = other.scale if lends_scale else bare.scale
    return replace(
        bare, low=low, high=high, unit=other.unit, dimension=other.dimension, lent=True,
        scaled=scale >= 1000, scale=scale, prefix=other.prefix,
    )  # fmt: skip
