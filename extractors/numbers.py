"""Numbers with bounds: "mehr als 100.000" is [100000, open], "35 bis 40" is [35, 40], "rund 9" is about 9.

Second layer of three (see numerals.py). `find_numbers` is the whole of it for plain numbers; quantities.py
uses its parts, `join_ranges` and `apply_bounds`, after it has hung the units on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from extractors.languages.lexicon import Lexicon, lexicon
from extractors.number_words import tidy
from extractors.numerals import Numeral, find_numerals
from extractors.units import Unit

# The longest bound phrase has five words; nothing further left can matter.
LOOK_BACK = 60
# How far behind an amount the verb may stand that passes its mark.
LOOK_AHEAD = 60
TOKEN = re.compile(r"[~≈±<>≥≤]=?|[^\s~≈±<>≥≤(„“”\"»«]+")
LONGEST_PHRASE = 5
SIGN = re.compile(r"[~≈±<>≥≤=]")
OPENING = '(„“”"»«'
# How far before a bound word a noun may claim it: "ein Vertrag mit Nvidia über 58 Millionen".
EXCEPTION_REACH = 5
# From so many letters on a noun also claims it as the end of a compound: "Erstbestellung über".
LONG_NOUN = 6


class Bound(StrEnum):
    """What a number's words say about its ends."""

    EXACT = "exact"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number on its way to a mention: its ends, the words around it, its unit."""

    start: int
    end: int
    number_start: int
    number_end: int
    low: float | None
    high: float | None
    numeral: Numeral
    unit: Unit | None = None
    approx: bool = False
    bound: Bound = Bound.EXACT
    change: bool = False  # one end of "from 33 to 36"
    factors: tuple[float, ...] = ()
    excluded: str | None = None

    @property
    def scaled(self) -> bool:
        """A scale word of a thousand or more ("Milliarden", "k") stands with it."""
        return self.numeral.scale >= 1000


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number in a text: `text[start:end]` is all of it, `number_start:number_end` the number alone.

    `low` and `high` are its ends with scale words applied; an open end is None. `weak`: only "a" or "ein".
    """

    start: int
    end: int
    low: float | None
    high: float | None
    approx: bool
    bound: Bound
    number_start: int
    number_end: int
    scaled: bool
    weak: bool
    text: str


class BoundWords:
    """A language's words for bounds, approximation and ranges, ready for look-up."""

    def __init__(self, words: Lexicon) -> None:
        before = words.table("numbers.before")
        self.before = {phrase: effect for effect, phrases in before.items() for phrase in phrases}
        self.last_words = frozenset(phrase.rsplit(" ", 1)[-1] for phrase in self.before)
        self.exceptions = {
            word: frozenset(nouns) for word, nouns in words.table("numbers.bound_exceptions").items()
        }
        self.stops = frozenset(words.words("numbers.exception_stops"))
        self.overrides = frozenset(words.words("numbers.exception_overrides"))
        self.marks = words.words("numbers.marks")
        passed = "|".join(map(re.escape, words.words("numbers.marks_passed")))
        self.marks_passed = re.compile(rf"[^.!?;:\n]{{0,{LOOK_AHEAD}}}?\b(?:{passed})", re.IGNORECASE)
        self.fillers = frozenset(words.words("numbers.fillers"))
        self.last_words |= {phrase.rsplit(" ", 1)[-1] for phrase in self.fillers}
        self.leads = frozenset(words.words("numbers.range_leads"))
        self.between = frozenset(words.words("numbers.between_joiners"))
        self.changes = frozenset(words.words("numbers.change_leads"))
        connectors = words.words("numbers.range_connectors")
        self.connectors = frozenset(connectors)
        self.dashes = frozenset(c for c in connectors if not c.strip("-–—−‑"))
        after = words.table("numbers.after")
        self.after = {phrase: effect for effect, phrases in after.items() for phrase in phrases}
        self.after_pattern = _after_pattern(self.after)


def _after_pattern(phrases: dict[str, str]) -> re.Pattern[str]:
    choices = "|".join(
        (r"[ \u00a0]" if phrase[0].isalpha() else r"[ \u00a0]?")
        + rf"(?:{re.escape(phrase)})"
        + (r"(?!\w)" if phrase[-1].isalpha() else r"(?![\w/])")
        for phrase in sorted(phrases, key=len, reverse=True)
    )
    return re.compile(choices, re.IGNORECASE)


@cache
def bound_words(lang: str) -> BoundWords:
    """The bound words of a language; raises LexiconError where the language has no file."""
    return BoundWords(lexicon(lang))


def find_numbers(text: str, lang: str) -> list[NumberMention]:
    """All numbers of a text with bounds and ranges, in order; raises LexiconError for an unknown language."""
    words = bound_words(lang)
    amounts = [amount_of(numeral) for numeral in find_numerals(text, lang)]
    joined = join_ranges(text, amounts, words)
    return [_mention(text, apply_bounds(text, amount, words)) for amount in joined]


def amount_of(numeral: Numeral) -> Amount:
    """A numeral as an amount without bounds and unit."""
    start, end, value = numeral.start, numeral.end, numeral.value
    return Amount(start, end, start, end, value, value, numeral, approx=numeral.approx)


def _mention(text: str, amount: Amount) -> NumberMention:
    return NumberMention(
        amount.start,
        amount.end,
        amount.low,
        amount.high,
        amount.approx,
        amount.bound,
        amount.number_start,
        amount.number_end,
        amount.scaled,
        amount.numeral.article,
        text[amount.start : amount.end],
    )


def join_ranges(text: str, amounts: Sequence[Amount], words: BoundWords) -> list[Amount]:
    """Makes one amount of two that a range connector joins; the second lends scale and unit to the first."""
    joined: list[Amount] = []
    for amount in amounts:
        last = joined[-1] if joined else None
        if last is not None and 0 < amount.start - last.end <= 24:
            gap = text[last.end : amount.start]
            merged = _range(text, last, amount, gap, words)
            if merged is not None:
                joined[-1] = merged
                continue
            if _is_change(text, last, gap, words):
                joined[-1] = replace(last, change=True)
                joined.append(replace(amount, change=True))
                continue
        joined.append(amount)
    return joined


def _range(text: str, left: Amount, right: Amount, gap: str, words: BoundWords) -> Amount | None:
    """The range of two neighbours, or None where they are no range."""
    connector = gap.strip(" \u00a0\u202f\u2009").lower()
    unread = left.numeral.tail and not left.unit
    if left.bound is Bound.RANGE or left.excluded or right.excluded or unread or _year_beside(left, right):
        return None
    lead = _lead(text, left.start, words)
    if lead is None and connector not in words.dashes and _of_a_name(text, left, right):
        return None
    plain = connector in words.connectors and not _is_change(text, left, gap, words)
    if not plain and not (lead is not None and connector in words.between):
        return None
    if (
        left.unit
        and right.unit
        and (left.unit.name, left.unit.dimension) != (right.unit.name, right.unit.dimension)
    ):
        return None
    low, unit = _lend(left, right)
    high = right.high
    if (
        low is None
        or high is None
        or low > high
        or (unit is None and not _plausible(connector, low, high, words))
    ):
        return None
    start = left.start if lead is None else lead
    numeral = right.numeral if right.scaled else left.numeral
    return Amount(
        start, right.end, left.number_start, right.number_end, low, high, numeral, unit,
        left.approx or right.approx, Bound.RANGE,
    )  # fmt: skip


def _lend(left: Amount, right: Amount) -> tuple[float | None, Unit | None]:
    """The low end with the scale and the unit that the right number lends ("35 bis 40 Mrd. Euro")."""
    low, unit = left.low, right.unit or left.unit
    if low is None:
        return None, unit
    lends_scale = left.numeral.scale == 1 and right.numeral.scale > 1 and left.numeral.base < 1000
    if left.unit is None and right.unit is not None:
        low *= right.unit.factor
    if lends_scale and left.numeral.base <= right.numeral.base:
        low *= right.numeral.scale
    return tidy(low), unit


def _year_beside(left: Amount, right: Amount) -> bool:
    """ "im Quartal 2026 bis zu 8.000 GPUs", "in 2024 to $71 billion": the left one is a year."""
    base = left.numeral.base
    year = left.unit is None and left.numeral.scale == 1 and 1990 <= base < 2040 and base % 100 != 0
    return year and (right.unit is not None or right.numeral.value >= 2100)


def _of_a_name(text: str, left: Amount, right: Amount) -> bool:
    """ "cut the price of the iPad 11 to $299": a bare number behind a capital, before money with its sign."""
    if left.unit is not None or left.scaled or right.unit is None or right.start == right.number_start:
        return False
    before = text[: left.start].rsplit(maxsplit=1)[-1:]
    return right.unit.dimension == "currency" and any(map(str.isupper, "".join(before)))


def _plausible(connector: str, low: float, high: float, words: BoundWords) -> bool:
    """Two bare numbers around a dash may be a season, a score or a name: 2024-25, 24-7 fail, 30-40 holds."""
    if connector not in words.dashes:
        return True
    return low < high and not (1900 <= low < 2100 and low.is_integer())


def _lead(text: str, start: int, words: BoundWords) -> int | None:
    """Where "between", "zwischen" starts, if it stands before `start`."""
    before = text[max(0, start - 24) : start]
    last = before.lower().split()
    for count in (2, 1):
        if len(last) >= count and (phrase := " ".join(last[-count:])) in words.leads:
            return start - len(before) + before.lower().rfind(phrase.split()[0])
    return None


def _is_change(text: str, left: Amount, gap: str, words: BoundWords) -> bool:
    """ "from 33 to 36": two levels, not a range."""
    if not words.changes or gap.strip().split(" ")[0].lower() != "to":
        return False
    before = text[max(0, left.start - 12) : left.start].lower().split()
    return bool(before) and before[-1] in words.changes


def apply_bounds(text: str, amount: Amount, words: BoundWords) -> Amount:
    """Reads the words before and after an amount: at least, at most, about."""
    if amount.numeral.article and amount.unit is None:
        return amount
    start, effects = _before(text, amount, words)
    end = amount.end
    after = words.after_pattern.match(text, end)
    if after and _fits_after(text, amount, after.group()):
        effects.append(words.after[after.group().strip(" \u00a0").lower()])
        end = after.end()
    if not effects and _is_passed(text, amount, words):
        return replace(amount, high=None, bound=Bound.AT_LEAST)
    if not effects:
        return amount
    amount = replace(amount, start=start, end=end, approx=amount.approx or "about" in effects)
    nearest = next((effect for effect in effects if effect != "about"), None)
    if nearest == "at_least":
        return replace(amount, high=None, bound=Bound.AT_LEAST)
    if nearest == "at_most":
        return replace(amount, low=None, bound=Bound.AT_MOST)
    return amount


def _is_passed(text: str, amount: Amount, words: BoundWords) -> bool:
    """ "hat die Marke von 20 Millionen Nutzern geknackt"."""
    before = text[max(0, amount.start - 20) : amount.start].lower().rstrip()
    exact = amount.bound is Bound.EXACT and before.endswith(words.marks)
    return exact and words.marks_passed.match(text, amount.end) is not None


def _fits_after(text: str, amount: Amount, written: str) -> bool:
    """A "+" between two numbers adds; behind one it means "or more"."""
    following = text[amount.end + len(written) : amount.end + len(written) + 2].lstrip()
    return not (written.strip() in ("+", "plus") and following[:1].isdigit())


def _before(text: str, amount: Amount, words: BoundWords) -> tuple[int, list[str]]:
    """The effects of the phrases right before an amount, and where the first of them starts."""
    origin = max(0, amount.start - LOOK_BACK)
    before = text[origin : amount.start]
    last = before.rsplit(None, 1)[-1].lower().lstrip(OPENING) if before.strip() else ""
    if last not in words.last_words and not SIGN.search(before[-2:]):
        return amount.start, []
    tokens = [(match.group().lower(), origin + match.start()) for match in TOKEN.finditer(before)]
    effects: list[str] = []
    start, left = amount.start, len(tokens)
    while left and len(effects) < 3:
        count = _phrase(tokens[:left], words, amount)
        if not count:
            skip = _skip_fillers(tokens[:left], words)
            count = _phrase(tokens[: left - skip], words, amount) if skip else 0
            left -= skip
        if not count:
            break
        effect = words.before[" ".join(token for token, _ in tokens[left - count : left])]
        effects.append("at_least" if effect == "price_floor" else effect)
        left -= count
        start = tokens[left][1]
    return start, effects


def _skip_fillers(tokens: list[tuple[str, int]], words: BoundWords) -> int:
    """How many filler words ("another", "weitere") end the tokens: one phrase at most."""
    for count in (3, 2, 1):
        if len(tokens) > count and " ".join(token for token, _ in tokens[-count:]) in words.fillers:
            return count
    return 0


def _phrase(tokens: list[tuple[str, int]], words: BoundWords, amount: Amount) -> int:
    """How many tokens the longest bound phrase at the end takes; 0 where there is none."""
    for count in range(min(LONGEST_PHRASE, len(tokens)), 0, -1):
        phrase = " ".join(token for token, _ in tokens[-count:])
        effect = words.before.get(phrase)
        if effect is None or (effect == "price_floor" and not _may_floor(amount)):
            continue
        if not _is_preposition(phrase, tokens[:-count], words):
            return count
    return 0


def _is_preposition(phrase: str, earlier: list[tuple[str, int]], words: BoundWords) -> bool:
    """ "ein Vertrag über 58 Millionen Euro": a noun shortly before, in the same clause, claims the word."""
    nouns = words.exceptions.get(phrase)
    if not nouns or (earlier and earlier[-1][0] in words.overrides):
        return False
    for token, _ in reversed(earlier[-EXCEPTION_REACH:]):
        bare = token.strip(",;:.»«“”")
        if bare.rpartition("-")[2] in nouns or bare.endswith(
            tuple(noun for noun in nouns if len(noun) >= LONG_NOUN)
        ):
            return True
        if token in words.stops or token[-1] in ",;:.":
            return False
    return False


def _may_floor(amount: Amount) -> bool:
    """ "from $999" is a floor; "from $2 billion to $3 billion", "from 300 chips" are not."""
    unit = amount.unit
    return unit is not None and unit.dimension == "currency" and not amount.scaled and not amount.change
