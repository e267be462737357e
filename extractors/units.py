"""Units: what stands before or after a number and says what is counted.

International signs come from catalogue/units.toml, words from [quantities] of the language. `units_of`
builds both into two matchers: `Units.before` (prefix signs) and `Units.after` (signs and words).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from extractors.languages.lexicon import Lexicon, lexicon

CURRENCY = "currency"
_NEAR = 2_000  # characters to either side in which a country named decides which kroner are meant
# "500 MW", "500-MW-", "500 Megawatt"; the lookahead keeps the gap from running into nothing.
FIRST = re.compile(r"[^\W\d_]+|[^\w\s]")
NEXT = re.compile(r"[ \t\u00a0\u2009\u202f]*\n?[-‑]?[ \u00a0]?([^\W\d_]+|[^\w\s])")
BRACKETS = frozenset("([{<")  # "500 (MW)"
JOINT = r"[ \t\u00a0\u2009\u202f]*\n?[-‑]?(?:[ \u00a0])?"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: an amount in it times `factor` is an amount in `name`, the base unit."""

    name: str
    dimension: str
    factor: float = 1.0


@cache
def catalogue() -> dict[str, Any]:
    """The tables of catalogue/units.toml."""
    file = resources.files("extractors.catalogue") / "units.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


class Units:
    """All units of one language, found before or after a number."""

    def __init__(self, words: Lexicon) -> None:
        self.signs: dict[str, Unit] = {}  # case counts
        self.words: dict[str, Unit] = {}  # lower case
        self.prefixes: dict[str, Unit] = {}
        self.national: dict[str, dict[str, str]] = {}
        self._currencies(words)
        self._measures(words)
        self._before_ends = frozenset(sign[-1] for sign in self.prefixes)
        self._before_lengths = sorted({len(sign) for sign in self.prefixes}, reverse=True)
        fillers = words.words("quantities.unit_fillers")
        self._after = _after_pattern(self.signs, self.words, fillers)
        self._whole = frozenset(map(_first, fillers)) | BRACKETS
        self._first = frozenset(map(_first, (*self.signs, *self.words))) | self._whole
        self._after_first: dict[str, re.Pattern[str]] = {}
        # The pattern lets a hyphen stand for a space: "US-dollar".
        self._written = {_joined(word): word for word in self.words}
        self._near = {noun: _near_pattern(table) for noun, table in self.national.items()}

    def before(self, text: str, end: int) -> tuple[Unit, int] | None:
        """The currency sign that ends right before `end` (one space allowed) and where it starts."""
        last = end - 1 if text[end - 1 : end] not in (" ", "\u00a0", "\u202f") else end - 2
        if last < 0 or text[last] not in self._before_ends:
            return None
        for length in self._before_lengths:
            start = last + 1 - length
            sign = text[start : last + 1] if start >= 0 else ""
            if sign in self.prefixes and not (sign[0].isalpha() and start and text[start - 1].isalpha()):
                return self.prefixes[sign], start
        return None

    def after(self, text: str, start: int) -> tuple[Unit, int] | None:
        """The unit that starts at `start`, or a space or hyphen later, and where it ends."""
        first = NEXT.match(text, start)
        if not first or first.group(1).lower() not in self._first:
            return None
        match = self._beginning(first.group(1).lower()).match(text, start)
        if not match:
            return None
        written = match.group("unit")
        unit = self.signs.get(written)
        if unit is None:
            written = self._written[_joined(written.lower())]
            unit = self.words[written]
        if unit.dimension == CURRENCY and written in self.national:
            unit = self._by_country(written, text, start, unit)
        return unit, match.end()

    def _beginning(self, first: str) -> re.Pattern[str]:
        """The pattern of the units that begin with these letters or this mark; of all behind a filler."""
        if first in self._whole:
            return self._after
        pattern = self._after_first.get(first)
        if pattern is None:
            signs = {sign: unit for sign, unit in self.signs.items() if _first(sign) == first}
            words = {word: unit for word, unit in self.words.items() if _first(word) == first}
            pattern = self._after_first[first] = _after_pattern(signs, words, ())
        return pattern

    def _by_country(self, noun: str, text: str, at: int, default: Unit) -> Unit:
        """The currency of the country named last before the amount, else first after it."""
        near = self._near[noun]
        starts, names = _countries(near, text) if near else ((), ())
        place = bisect_left(starts, at)
        if place and starts[place - 1] >= at - _NEAR:
            return Unit(self.national[noun][names[place - 1]], CURRENCY)
        if place < len(starts) and starts[place] < at + _NEAR:
            return Unit(self.national[noun][names[place]], CURRENCY)
        return default

    def _currencies(self, words: Lexicon) -> None:
        for code, signs in catalogue()["currencies"].items():
            unit = Unit(code, CURRENCY)
            self.prefixes |= dict.fromkeys(signs["prefix"], unit)
            self.signs |= dict.fromkeys(signs["sign"], unit)
            for step, factor in catalogue()["money_steps"].items():
                self.signs[step + code] = self.prefixes[step + code] = Unit(code, CURRENCY, float(factor))
        for code, names in words.table("quantities.currency_words").items():
            self.words |= {name.lower(): Unit(code, CURRENCY) for name in names}
        for noun, table in words.table("quantities.subunits").items():
            ((code, factor),) = table.items()
            self.words[noun.lower()] = Unit(code, CURRENCY, factor)
        endings = words.words("quantities.adjective_endings")
        for noun, countries in words.table("quantities.national").items():
            self._national(noun.lower(), countries, endings)

    def _national(self, noun: str, countries: dict[str, str], endings: tuple[str, ...]) -> None:
        """ "schwedische Kronen", "Danish crowns"; the bare noun is decided by the country nearby."""
        self.words[noun] = Unit(countries[""], CURRENCY)
        for country, code in countries.items():
            if country:
                stems = {country, country + "isch"}
                for stem in stems:
                    self.words |= {f"{stem}{e} {noun}".lower(): Unit(code, CURRENCY) for e in endings}
        named = {c.lower(): code for c, code in countries.items() if c and c[0].isupper()}
        if named:
            self.national[noun] = named

    def _measures(self, words: Lexicon) -> None:
        spelled = words.table("quantities.measure_words")
        factors = words.table("quantities.measure_factors")
        steps: dict[str, float] = catalogue()["prefixes"]
        for name, measure in catalogue()["measures"].items():
            dimension: str = measure["dimension"]
            taken = {"": 1.0} | {sign: steps[sign] for sign in measure.get("prefixes", ())}
            for sign in measure.get("signs", ()):
                self.signs |= {step + sign: Unit(name, dimension, f) for step, f in taken.items()}
            for sign, factor in measure.get("plain", {}).items():
                self.signs[sign] = Unit(name, dimension, float(factor))
            for word in spelled.get(name, ()):
                self._spelled(word, name, dimension)
            for word, factor in factors.get(name, {}).items():
                self.words[word] = Unit(name, dimension, float(factor))
        for unclear in ("B", "iB"):  # "70 B" are parameters as often as bytes
            self.signs.pop(unclear, None)

    def _spelled(self, word: str, name: str, dimension: str) -> None:
        """A measure's word alone and behind each SI prefix: "watt", "megawatt", "mega-watt"."""
        self.words[word] = Unit(name, dimension)
        for step, factor in catalogue()["prefix_words"].items():
            self.words[step + word] = self.words[f"{step}-{word}"] = Unit(name, dimension, float(factor))


def _first(written: str) -> str:
    """The letters or the mark with which a unit begins."""
    match = FIRST.match(written)
    return match.group().lower() if match else ""


def _after_pattern(
    signs: dict[str, Unit], words: dict[str, Unit], fillers: tuple[str, ...]
) -> re.Pattern[str]:
    """Any sign (case counts) or word (case free) behind a number; whole words only."""
    lettered = _longest_first(sign for sign in signs if sign[-1].isalnum())
    marks = _longest_first(sign for sign in signs if not sign[-1].isalnum())
    spelled = _longest_first(words).replace(r"\ ", r"[\s\u00a0-]")
    filler = rf"(?:(?i:{_longest_first(fillers)})[ \u00a0])?" if fillers else ""
    choices = (
        (spelled, rf"(?i:{spelled})(?!\w)"),  # first, so that "bit pro Sekunde" wins over "bit"
        (lettered, rf"(?:{lettered})(?![\w²³^])(?!/\w)"),
        (marks, rf"(?:{marks})(?!\s?\d)"),
    )
    unit = "|".join(pattern for written, pattern in choices if written)
    return re.compile(rf"{JOINT}{filler}(?P<box>[(\[{{<])?(?P<unit>{unit})(?(box)[)\]}}>])")


def _joined(words: str) -> str:
    """One spelling for words with spaces or hyphens between them."""
    return re.sub(r"[\s-]", " ", words)


def _longest_first(choices: Any) -> str:
    return "|".join(re.escape(choice) for choice in sorted(choices, key=len, reverse=True))


def _near_pattern(table: dict[str, str]) -> re.Pattern[str] | None:
    names = _longest_first(name for name in table if name)
    return re.compile(rf"\b(?i:{names})") if names else None


@lru_cache(maxsize=4)
def _countries(near: re.Pattern[str], text: str) -> tuple[list[int], list[str]]:
    """Where a text names countries of a currency, and which; each amount of the text asks again."""
    found = list(near.finditer(text))
    return [match.start() for match in found], [match.group().lower() for match in found]


@cache
def units_of(lang: str) -> Units:
    """The units of a language; raises LexiconError where the language has no file."""
    return Units(lexicon(lang))
