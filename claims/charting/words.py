"""The words of a picture, and numbers and days as a language writes them: en.toml and de.toml beside this.

Not claims/wording.py, which writes for people at a terminal in one language, and exactly: a picture has
little room, so it says "1,5 Mrd. EUR" and "Q3 2025".
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from claims.config import parsed
from extractors.claim import Claim, Due, Quantity

LANGUAGES = ("de", "en")
_PREFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
# Units that take prefixes: 1.2 GW.
SCALED = frozenset({"W", "FLOPS"})
_COUNTED = {"units", "users", "jobs"}


class Words:
    """One language. Raises ValueError for a language that has no file."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no pictures in {language!r}; there are: {', '.join(LANGUAGES)}")
        self.language = language
        self._tables = _tables(language)

    def __call__(self, key: str, **values: object) -> str:
        """The words under "table.key", with the values in them; of a pair the plural unless `number` is 1."""
        table, _, name = key.partition(".")
        text = self._tables[table].get(name, name)
        if isinstance(text, list):
            text = text[0 if values.get("number") == 1 else 1]
        return str(text).format(**values) if values else str(text)

    def number(self, value: float) -> str:
        """At most three digits after the point, none where they are zero: "350,000", "1.5"."""
        plain = f"{value:,.3f}" if abs(value) >= 1 or value == 0 else f"{value:.3g}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        signs = self._tables["number"]
        return plain.translate(str.maketrans({",": signs["thousands"], ".": signs["decimal"]}))

    def figure(self, value: float, unit: str) -> str:
        """A number with its unit where that is no plain count: "350,000", "1.2 GW", "1.5 bn EUR"."""
        steps = _PREFIXES if unit in SCALED else self._tables["number"]["scales"]
        size, word = next(((size, word) for size, word in steps if abs(value) >= size), (1.0, ""))
        if unit in SCALED:
            return f"{self.number(value / size)} {word}{unit}"
        return " ".join(filter(None, (self.number(value / size), word, "" if unit in _COUNTED else unit)))

    def amount(self, quantity: Quantity | None) -> str:
        """The whole quantity: a figure, a range, a bound; empty where there is none."""
        if quantity is None:
            return ""
        low, high, unit = quantity.low, quantity.high, quantity.unit
        signs = self._tables["number"]
        if low is None or high is None:
            bound = low if low is not None else high
            assert bound is not None  # noqa: S101  a quantity has an end
            text = signs["most" if low is None else "least"] + self.figure(bound, unit)
        elif low == high:
            text = self.figure(low, unit)
        else:
            text = _range(self.figure(low, unit), self.figure(high, unit))
        return f"{signs['about']}{text}" if quantity.approx else text

    def day(self, day: date | None) -> str:
        """A day in full."""
        if day is None:
            return self("chart.undated")
        return self("day.full", day=day.day, month=self.month_name(day), year=day.year)

    def month_name(self, day: date) -> str:
        """The short name of the day's month."""
        return str(self._tables["day"]["months"][day.month - 1])

    def month(self, day: date) -> str:
        """A month of a year."""
        return self("day.month", month=self.month_name(day), year=day.year)

    def due(self, due: Due | None) -> str:
        """The period in the shortest true form; empty where there is none."""
        if due is None:
            return ""
        if due.start is None or due.end is None:
            return self("day.since" if due.start else "day.by", day=self.day(due.start or due.end))
        return self._named(due.start, due.end) or f"{self.day(due.start)} – {self.day(due.end)}"

    def _named(self, start: date, end: date) -> str:
        """A day, month, quarter, half or year, where the period is one."""
        if start == end:
            return self.day(start)
        last = end + timedelta(days=1) if end < date.max else end
        if start.day != 1 or last.day != 1:
            return ""
        months = (last.year - start.year) * 12 + last.month - start.month
        if months == 12 and start.month == 1:
            return str(start.year)
        if months == 6 and start.month in {1, 7}:
            return self("day.half", half=1 + start.month // 7, year=start.year)
        if months == 3 and start.month % 3 == 1:
            return self("day.quarter", quarter=1 + start.month // 3, year=start.year)
        return self.month(start) if months == 1 else ""

    def thing(self, claim: Claim) -> str:
        """What the amount is of; empty where the claim names nothing."""
        if claim.object and claim.equivalent:
            return self("chart.equivalents", thing=claim.object)
        return claim.object or ""


def _range(low: str, high: str) -> str:
    """ "60–65 bn USD": what both have behind the number stands there once."""
    number, _, unit = low.partition(" ")
    return f"{number if unit == high.partition(' ')[2] else low}–{high}"


@cache
def _tables(language: str) -> dict[str, Any]:
    file = resources.files(__package__) / f"{language}.toml"
    return parsed(file.read_bytes(), Path(f"claims/charting/{language}.toml"))
