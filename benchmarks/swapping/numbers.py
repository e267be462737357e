"""Which numbers of an article are swapped, and for what.

A number is taken by its significant digits: "350.000", "350k" and 350000 all have "35". Each such string
gets another one of the same length, the same throughout the article, so that notation, scale words and
magnitude stay and every amount of the annotation follows. Years, dates and spans of time stay.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from extractors.dues import find_dues
from extractors.languages.lexicon import lexicon
from extractors.quantities import find_quantities

TIMES = frozenset({"date", "year", "time", "ordinal", "age"})
_NUMBER = re.compile(
    r"(?<![^\W_])(?<![A-Za-z][-‑])(?<!\d[.,:/])"
    r"\d+(?:[.,'’\u00a0\u2009\u202f]\d{3})*(?:[.,]\d{1,2})?(?![.,:/]?\d)(?![GKD]\b)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TRIES = 300


@dataclass
class Numbers:
    """The significant digits of one article and what they become; `kept` are those that stay."""

    seed: str
    pairs: tuple[tuple[float, float], ...]  # the ranges of the annotation: low stays below high
    amounts: frozenset[float]  # the ends of the annotation: they are no years
    kept: set[str] = field(default_factory=set)
    published: date | None = None
    map: Mapping[str, str] = field(default_factory=dict)

    def draw(self, used: Iterable[str]) -> None:
        """Settle what every used string of digits becomes."""
        todo = sorted(set(used) - self.kept)
        for attempt in range(_TRIES):
            source = random.Random(f"numbers of {self.seed} {attempt}")  # noqa: S311  repeatable, no secret
            self.map = {**_drawn(todo, self.kept, source), **{digits: digits for digits in self.kept}}
            if all(self.value(low) < self.value(high) for low, high in self.pairs):
                return
        self.map = {}  # no order-keeping choice: all stay

    def value(self, amount: float) -> float:
        """An amount of the annotation as it reads after the swap."""
        digits = significant(amount)
        swapped = self.map.get(digits, digits)
        return float(f"{swapped[0]}.{swapped[1:] or 0}e{_exponent(amount)}") if amount else amount

    def edits(self, text: str, lang: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
        """Every change to a text: start, end, new number; nothing within the spans `taken`."""
        for start, end, digits in self.found(text, lang, taken):
            swapped = self.map.get(digits, digits)
            if swapped != digits:
                yield start, end, _rewritten(text[start:end], digits, swapped, lang)

    def found(self, text: str, lang: str, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
        """The numbers that may change: start, end, significant digits."""
        closed = [*taken, *_times(text, lang, self.published)]
        for match in sorted((*_NUMBER.finditer(text), *_words_pattern(lang).finditer(text)), key=_start):
            if any(match.start() < end and start < match.end() for start, end in closed):
                continue
            if _YEAR.fullmatch(match.group()) and float(match.group()) not in self.amounts:
                continue
            digits = _digits(match.group(), lang)
            if digits:
                yield match.start(), match.end(), digits


def significant(amount: float) -> str:
    """The digits of an amount without leading and trailing zeros: 350000 → "35"; at most twelve."""
    return f"{abs(amount):.11e}".split("e", maxsplit=1)[0].replace(".", "").rstrip("0")


def _exponent(amount: float) -> int:
    return int(f"{abs(amount):.11e}".rsplit("e", maxsplit=1)[1])


def _start(match: re.Match[str]) -> int:
    return match.start()


def _times(text: str, lang: str, published: date | None) -> Iterator[tuple[int, int]]:
    """Where times stand, whose numbers stay."""
    for due in find_dues(text, lang, published):
        yield due.start, due.end
    for mention in find_quantities(text, lang):
        if mention.dimension == "time" or mention.excluded in TIMES:
            yield mention.start, mention.end


def _drawn(todo: list[str], kept: set[str], source: random.Random) -> dict[str, str]:
    """New digits of the same length, all different; a single digit never becomes 1, which has no plural."""
    chosen: dict[str, str] = {}
    taken = set(kept)
    for digits in todo:
        options = [new for new in _options(digits, source) if new not in taken and new != digits]
        chosen[digits] = options[0] if options else digits
        taken.add(chosen[digits])
    return chosen


def _options(digits: str, source: random.Random) -> list[str]:
    size = len(digits)
    if size == 1:
        return source.sample("23456789", 8)
    if size == 2 and digits[0] == "1":  # may be a word: eleven to nineteen
        return [f"1{last}" for last in source.sample("123456789", 9)]
    low, high = 10 ** (size - 1), 10**size - 1
    drawn = (str(source.randint(low, high)) for _ in range(60))
    return [new for new in drawn if new[-1] != "0"]


def _digits(written: str, lang: str) -> str:
    value = small_words(lang).get(written.lower())
    if value is not None:
        return significant(value)
    return re.sub(r"\D", "", written).strip("0")


def _rewritten(written: str, digits: str, swapped: str, lang: str) -> str:
    """The new number in the notation of the old."""
    value = small_words(lang).get(written.lower())
    if value is not None:
        power = len(str(int(value))) - len(digits)
        word = _word_of(lang)[int(swapped) * 10**power]
        return word.capitalize() if written[0].isupper() else word
    places = [i for i, letter in enumerate(written) if letter.isdigit()]
    first = next(k for k, i in enumerate(places) if written[i] != "0")
    letters = list(written)
    for new, i in zip(swapped, places[first:], strict=False):
        letters[i] = new
    return "".join(letters)


@cache
def small_words(lang: str) -> dict[str, float]:
    """The number words from two to ninety that one word may be swapped for another of."""
    words = lexicon(lang)
    table = {**words.table("numbers.small"), **words.table("numbers.tens")}
    return {word: float(n) for word, n in table.items() if float(n).is_integer() and 2 <= n < 100}


@cache
def _word_of(lang: str) -> dict[int, str]:
    """The first word of each number."""
    first: dict[int, str] = {}
    for word, value in small_words(lang).items():
        first.setdefault(int(value), word)
    return first


@cache
def _words_pattern(lang: str) -> re.Pattern[str]:
    """Number words that stand alone: no part of "twenty-five"."""
    words = "|".join(sorted(small_words(lang), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\w-])(?i:{words})(?![\w-])(?!\s(?i:{words})\b)")
