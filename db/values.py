"""Days, months, quarters, years and amounts as people type them, in a query or on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """A closed interval of days."""

    first: date
    last: date


_SHAPES = (
    re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"),
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})"),
)
_PARTS = (
    re.compile(r"(?P<part>[qh])(?P<number>[1-4])[ -]?(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})[ -]?(?P<part>[qh])(?P<number>[1-4])"),
)


def period(text: str, today: date) -> Days:
    """The days of "2024", "2024-Q3", "2024-H1", "2024-03", "2024-03-18", "18.3.2024", "today", "yesterday".

    Raises ValueError with a sentence where the text is none of these or no such day exists.
    """
    word = text.strip().lower()
    if word in {"today", "yesterday"}:
        day = today - timedelta(days=word == "yesterday")
        return Days(day, day)
    for shape in _SHAPES:
        match = shape.fullmatch(word)
        if match:
            return _of(match["year"], match["month"], match["day"], text)
    for shape in _PARTS:
        match = shape.fullmatch(word)
        if match and not (match["part"] == "h" and match["number"] in "34"):
            return _part(match["year"], 3 if match["part"] == "q" else 6, int(match["number"]), text)
    raise ValueError(
        f"{text!r} is no date; write 2024, 2024-Q3, 2024-03, 2024-03-18, 18.3.2024, today or yesterday"
    )


def _part(year: str, months: int, number: int, text: str) -> Days:
    last = _of(year, str(months * number), None, text)
    return Days(_of(year, str(months * (number - 1) + 1), None, text).first, last.last)


def _of(year: str, month: str | None, day: str | None, text: str) -> Days:
    try:
        start = date(int(year), int(month or 1), int(day or 1))
        if day:
            return Days(start, start)
        last = date(start.year, start.month if month else 12, 1) + timedelta(days=31)
        return Days(start, last.replace(day=1) - timedelta(days=1))
    except (ValueError, OverflowError):
        raise ValueError(f"there is no date {text!r}") from None


def amount(text: str) -> float:
    """The number meant by "350000", "100k", "1,5 Mrd" or "2 million", in either language.

    Raises ValueError with a sentence where it is none, or may be two.
    """
    plain = text.strip()
    if re.fullmatch(r"\d{1,30}(?:\.\d{1,2})?", plain, re.ASCII):
        return float(plain)
    readings = _readings(plain)
    if not readings:
        raise ValueError(f"{text!r} is no amount; write 350000, 100k or '1,5 Mrd'")
    if len(set(readings)) > 1 and not re.search(r"[^\W\d]", plain):
        both = " or ".join(f"{number:,.10g}" for number in sorted(set(readings)))
        raise ValueError(f"{text!r} may be {both}; write it without the separator")
    return readings[0]


def _readings(text: str) -> list[float]:
    """What the text is as a number in each language; only where the whole of it is one number.

    The reference language comes first: the fields are named in it, so that it decides what a billion is.
    """
    from extractors.languages.lexicon import REFERENCE, available  # noqa: PLC0415  only for amounts in words
    from extractors.numbers import find_numbers  # noqa: PLC0415  the same

    readings = []
    for lang in (REFERENCE, *(code for code in available() if code != REFERENCE)):
        found = find_numbers(text[:_LONGEST], lang)
        if len(found) == 1 and found[0].text == text and found[0].low is not None:
            readings.append(found[0].low)
    return readings


# Characters of the longest amount that anybody writes.
_LONGEST = 100
