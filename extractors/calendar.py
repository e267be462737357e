"""Computes with days: years, halves, quarters, seasons, months, weeks and parts of them, as closed intervals.

No words and no text here: `duegrammar.py` reads the words and asks this file what days they mean.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1950, 2100  # a four-digit number outside is no year
NEAR_DAY = 45  # days
WEEKDAY, NEXT_DAY, SAME = "weekday", "yesterday or tomorrow", "same period"  # rules named elsewhere
SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


class Grain(StrEnum):
    """How fine a time is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    SPAN = "span"


MONTHS_OF = {
    Grain.MONTH: 1,
    Grain.QUARTER: 3,
    Grain.SEASON: 3,
    Grain.HALF: 6,
    Grain.YEAR: 12,
    Grain.DECADE: 120,
}


@dataclass(frozen=True, slots=True)
class Period:
    """A closed interval of days and how it was said.

    `limit` is the last day of "by …" (June 30 for "by mid-2025", though "mid-2025" runs to August 31).
    `anchored`: it was reckoned from the day of publication or from an earlier mention.
    """

    start: date
    end: date
    grain: Grain
    rule: str
    limit: date
    anchored: bool = False
    fiscal: bool = False
    part: str | None = None


def period(start: date, end: date, grain: Grain, rule: str, *, anchored: bool = False) -> Period:
    """A period whose limit is its end."""
    return Period(start, end, grain, rule, end, anchored)


def shift_months(day: date, months: int) -> date:
    """The same day some months on, or the month's last day where it is shorter."""
    index = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_days(day: date, days: int) -> date:
    """The day some days on, kept inside what a date can hold."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def lasts(period: Period, months: int) -> bool:
    """Is it exactly so many months long, from the first of one to the last of another?"""
    return shift_months(period.start, months) == shift_days(period.end, 1)


def months_from(first: date, months: int, grain: Grain, rule: str) -> Period:
    """Whole months that begin with `first`."""
    return period(first, shift_days(shift_months(first, months), -1), grain, rule)


def months_until(last: date, months: int, rule: str) -> Period:
    """The months up to a day: three up to July 27 begin on April 28."""
    following = shift_days(last, 1)
    grain = {3: Grain.QUARTER, 6: Grain.HALF, 12: Grain.YEAR}.get(months, Grain.SPAN)
    start = shift_months(following, -months)
    if start.day < following.day:  # the month before is shorter: April 30 for the three months up to July 30
        start = shift_days(start, 1)
    return period(start, last, grain, rule)


def year(number: int) -> Period:
    """A calendar year."""
    return months_from(date(number, 1, 1), 12, Grain.YEAR, "year")


def half(number: int, which: int) -> Period:
    """The first or second half of a year."""
    return months_from(date(number, 6 * which - 5, 1), 6, Grain.HALF, "half")


def quarter(number: int, which: int) -> Period:
    """A quarter of a year, 1 to 4."""
    return months_from(date(number, 3 * which - 2, 1), 3, Grain.QUARTER, "quarter")


def month(number: int, which: int) -> Period:
    """A month of a year, 1 to 12."""
    return months_from(date(number, which, 1), 1, Grain.MONTH, "month")


def season(number: int, name: str) -> Period:
    """A season by its months; winter is the one that begins in December of the year."""
    return months_from(date(number, SEASON_STARTS[name], 1), 3, Grain.SEASON, "season")


def decade(day: date) -> Period:
    """The decade of a day, 2020 to 2029."""
    return months_from(date(day.year // 10 * 10, 1, 1), 120, Grain.DECADE, "decade")


def day(when: date, rule: str = "day") -> Period:
    """One day."""
    return period(when, when, Grain.DAY, rule)


def week(when: date) -> Period:
    """Monday to Sunday around a day."""
    monday = shift_days(when, -when.weekday())
    return period(monday, shift_days(monday, 6), Grain.WEEK, "week")


def unit_at(when: date, grain: Grain, offset: int) -> Period:
    """The calendar unit that holds a day, some units on: the next quarter, last year."""
    if grain in (Grain.DAY, Grain.WEEK):
        days = offset * (7 if grain is Grain.WEEK else 1)
        moved = shift_days(when, days)
        return week(moved) if grain is Grain.WEEK else day(moved)
    moved = shift_months(when.replace(day=1), offset * MONTHS_OF[grain])
    if grain is Grain.MONTH:
        return month(moved.year, moved.month)
    if grain is Grain.QUARTER:
        return quarter(moved.year, (moved.month + 2) // 3)
    if grain is Grain.HALF:
        return half(moved.year, 1 if moved.month < 7 else 2)
    return decade(moved) if grain is Grain.DECADE else year(moved.year)


def moved(base: Period, months: int) -> Period:
    """The same period some months on; a period of whole months stays one."""
    last = shift_days(shift_months(shift_days(base.end, 1), months), -1)
    first = shift_months(base.start, months)
    if first.day == 1 and last.day >= monthrange(last.year, last.month)[1] - 1:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    if base.grain is Grain.DAY:
        last = first = shift_months(base.end, months)
    return replace(base, start=first, end=last, limit=last, anchored=True, rule=f"{base.rule}, moved")


def part(base: Period, name: str) -> Period:
    """The early, mid or late part: of a year by the guidelines' table, of a half or quarter its months.

    The guidelines know nothing between a month and a day: a part of a month is the month, and only
    "by the middle of March" ends earlier.
    """
    rule = f"{name} {base.grain}"
    start, end, limit = base.start, base.end, base.end
    if base.grain is Grain.YEAR:
        after = {"early": (0, 3), "mid": (4, 8), "late": (9, 12)}[name]
        start, end = (shift_months(base.start, after[0]), shift_days(shift_months(base.start, after[1]), -1))
        limit = shift_days(shift_months(base.start, 6), -1) if name == "mid" else end
    elif base.grain is Grain.DECADE:
        after = {"early": (0, 36), "mid": (36, 84), "late": (84, 120)}[name]
        start, end = (shift_months(base.start, after[0]), shift_days(shift_months(base.start, after[1]), -1))
        limit = shift_days(shift_months(base.start, 60), -1) if name == "mid" else end
    elif base.grain is Grain.MONTH:
        limit = {"early": shift_days(start, 9), "mid": shift_days(start, 14), "late": end}[name]
    elif base.grain in (Grain.QUARTER, Grain.HALF, Grain.SEASON):
        third = MONTHS_OF[base.grain] // 3
        at = {"early": 0, "mid": 1, "late": 2}[name]
        start = shift_months(base.start, at * third)
        limit = end = shift_days(shift_months(start, third), -1)
    return replace(base, start=start, end=end, limit=limit, part=name, rule=rule)


def nearest(make: Callable[[int], Period], published: date, tense: int) -> Period:
    """Of a period that returns each year, the one that is meant.

    tense -1: the last that has begun by then · +1: the first that has not ended · 0: the one that runs,
    else the coming one, unless the past one is less than half as far away.
    """
    candidates = [replace(make(published.year + offset), anchored=True) for offset in (-2, -1, 0, 1, 2)]
    soon = next((found for found in candidates if NEAR_DAY > (found.start - published).days > 0), None)
    if tense < 0 and soon is not None and soon.grain is Grain.DAY:
        return soon  # "the date given was May 22", ten days before it: nobody means the day a year ago
    if tense < 0:
        return [found for found in candidates if found.start <= published][-1]
    coming = next(found for found in candidates if found.end >= published)
    if tense > 0 or coming.start <= published:
        return coming
    gone = [found for found in candidates if found.end < published][-1]
    return gone if (published - gone.end) * 2 < (coming.start - published) else coming


def weekday(number: int, published: date, tense: int) -> Period:
    """Monday is 0. News speaks of the last such day, today included, unless it is to come."""
    back = (published.weekday() - number) % 7
    when = shift_days(published, -back) if tense <= 0 or back == 0 else shift_days(published, 7 - back)
    return replace(day(when, WEEKDAY), anchored=True)


def united(first: Period, second: Period, rule: str) -> Period:
    """From the beginning of one to the end of the other; the order they were named in does not matter."""
    low, high = (first, second) if first.start <= second.start else (second, first)
    end = max(low.end, high.end)
    limit = max(low.limit, high.limit)
    both = first.anchored or second.anchored
    return Period(low.start, end, Grain.SPAN, rule, limit, both, first.fiscal or second.fiscal)
