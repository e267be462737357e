"""Lists whose heading says the scale once: "Auslieferungen, in Millionen Stück:" over "Samsung: 59,8"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractors.languages.lexicon import lexicon
from extractors.number_words import tidy
from extractors.numbers import Amount
from extractors.units import CURRENCY, Unit, units_of

# Larger numbers than this under a heading of millions are written out, or are years.
_GREATEST = 1900
_LONGEST = 20_000  # characters of a list
_LINE_END = re.compile(r"[ \t\u00a0|]*(?:\n|$)")
# What a heading may count besides plain pieces.
_DIMENSIONS = frozenset({CURRENCY, "power", "compute"})


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that says a scale, and perhaps a unit, for the lines from `start` to `end`."""

    start: int
    end: int
    scale: float
    unit: Unit | None


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    """A scale at the end of a line, behind a preposition, before a colon or bracket."""
    words = lexicon(lang)
    leads = "|".join(map(re.escape, words.words("quantities.heading_leads")))
    scales = "|".join(map(re.escape, words.table("quantities.heading_scales")))
    return re.compile(
        rf"\b(?:{leads})[ \u00a0](?P<scale>{scales})"
        r"(?:[ \u00a0][^\s:)]+)??(?P<of>[ \u00a0][^\s:)]+)?[:)]+[ \t]*\n",
        re.IGNORECASE,
    )


def under_headings(text: str, amounts: Sequence[Amount], lang: str) -> list[Amount]:
    """The amounts, those that end a line of a list in the scale and unit of the list's heading."""
    headings = _headings(text, lang)
    if not headings:
        return list(amounts)
    scaled, place = [], 0
    for amount in amounts:
        while place < len(headings) and headings[place].end <= amount.start:
            place += 1
        heading = headings[place] if place < len(headings) else None
        inside = heading is not None and heading.start <= amount.start
        scaled.append(_in_scale(amount, heading) if inside and heading and _is_bare(text, amount) else amount)
    return scaled


def _headings(text: str, lang: str) -> list[_Heading]:
    """All headings of a text in order; a list goes on to the next empty line or heading."""
    scales = lexicon(lang).table("quantities.heading_scales")
    found: list[_Heading] = []
    for match in _pattern(lang).finditer(text):
        unit = units_of(lang).after(match["of"], 0) if match["of"] else None
        most = min(len(text), match.end() + _LONGEST)
        end = text.find("\n\n", match.end() + 1, most)
        if found and found[-1].end > match.start():
            found[-1] = replace(found[-1], end=match.start())
        found.append(
            _Heading(
                match.end(),
                most if end < 0 else end,
                float(scales[match["scale"].lower()]),
                unit[0] if unit and unit[0].dimension in _DIMENSIONS else None,
            )
        )
    return found


def _is_bare(text: str, amount: Amount) -> bool:
    """Digits without scale and unit that end their line."""
    numeral = amount.numeral
    plain = numeral.scale == 1 and not numeral.spelled and not numeral.tail and numeral.value < _GREATEST
    bare = amount.unit is None and not amount.excluded
    return plain and bare and _LINE_END.match(text, amount.end) is not None


def _in_scale(amount: Amount, heading: _Heading) -> Amount:
    numeral = replace(amount.numeral, scale=heading.scale)
    value = tidy(numeral.value * (heading.unit.factor if heading.unit else 1.0))
    return replace(amount, low=value, high=value, numeral=numeral, unit=heading.unit)
