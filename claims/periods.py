"""Days, months, years and amounts as people type them on a command line."""

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


def period(text: str, today: date) -> Days:
    """The days meant by "2024", "2024-03", "2024-03-18", "18.3.2024", "today" or "yesterday".

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
    raise ValueError(f"{text!r} is no date; write 2024, 2024-03, 2024-03-18, 18.3.2024, today or yesterday")


def _of(year: str, month: str | None, day: str | None, text: str) -> Days:
    try:
        start = date(int(year), int(month or 1), int(day or 1))
        if day:
            return Days(start, start)
        last = date(start.year, start.month if month else 12, 1) + timedelta(days=31)
        return Days(start, last.replace(day=1) - timedelta(days=1))
    except (ValueError, OverflowError):
        raise ValueError(f"there is no date {text!r}") from None
