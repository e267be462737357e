"""Where the axis of time is marked, and how much of it is shown. Days as ordinals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from claims.charting.words import Words

# Months between two marks, the first step that gives few enough.
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600)
_LEAST_SHOWN = 300  # days: below that single days would be told apart that nobody means


def shown(days: Sequence[date]) -> tuple[int, int]:
    """The first and last day to show, with room for labels on both sides."""
    first, last = min(days).toordinal(), max(days).toordinal()
    span = max(last - first, _LEAST_SHOWN)
    middle = (first + last) / 2
    low, high = int(middle - span * 0.62), int(middle + span * 0.66)
    return max(low, 1), min(high, date.max.toordinal())


def ticks(first: int, last: int, words: Words, *, most: int = 7) -> list[tuple[int, str]]:
    """Beginnings of months, quarters or years with their names, at most `most` of them."""
    step = next((each for each in _STEPS if (last - first) / 30.44 / each <= most - 1), _STEPS[-1])
    days = [day for day in _beginnings(first, step) if first <= day.toordinal() <= last]
    return [(day.toordinal(), _name(day, step, words)) for day in days[:most]]


def _beginnings(first: int, step: int) -> Iterator[date]:
    year = date.fromordinal(first).year
    month = (year - year % max(step // 12, 1)) * 12
    for number in range(-1, 60):
        at = month + number * step
        if 12 <= at < 9999 * 12:
            yield date(at // 12, at % 12 + 1, 1)


def _name(day: date, step: int, words: Words) -> str:
    return str(day.year) if step >= 12 else words.month(day)
