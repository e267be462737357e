"""Which stretch of time a digest tells of: whole days in a named zone, from where the last one ended.

Weeks are ISO weeks, from Monday to Sunday. Instants are aware; a period is [start, end).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from zoneinfo import ZoneInfo

_FIRST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, in UTC."""

    start: datetime
    end: datetime


def next_period(last_end: datetime | None, now: datetime, zone: str, schedule: str = "") -> Period | None:
    """What the next digest tells of; None where the last one told of all that is complete.

    It is complete with the beginning of the last day that the schedule, a cron expression, names: by default
    a Monday. So it does not matter at which hour of that day, or how often, somebody asks. The first digest
    tells of seven days.
    """
    day = _last_day(now, zone, schedule)
    end = _midnight(day, zone)
    start = last_end or _midnight(day - _FIRST, zone)
    return Period(start, end) if start < end else None


def week(text: str, zone: str) -> Period:
    """The ISO week that is written as 2026-W47; raises ValueError where there is none such."""
    found = re.fullmatch(r"(\d{4})-?W(\d{2})", text.strip(), re.ASCII | re.IGNORECASE)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or not 1970 <= monday.year <= 9000:
        raise ValueError(f"{text!r} is no week such as 2026-W47")
    return Period(_midnight(monday, zone), _midnight(monday + _FIRST, zone))


def name_of(period: Period, zone: str) -> str:
    """2026-W47 for a whole week, else its first and last day."""
    first = period.start.astimezone(ZoneInfo(zone)).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    year, number, day = first.isocalendar()
    if day == 1 and period == Period(_midnight(first, zone), _midnight(first + _FIRST, zone)):
        return f"{year}-W{number:02}"
    return f"{first} to {last}"


def _midnight(day: date, zone: str) -> datetime:
    """Where a day begins; the clocks may change at any hour of it, so that a day is no 24 hours."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _last_day(now: datetime, zone: str, schedule: str) -> date:
    """The last day up to today that the schedule names."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if not schedule or find_spec("claims.daemon") is None:
        return today - timedelta(days=today.weekday())
    clock = import_module("claims.daemon").wall_clock(schedule, zone)
    tomorrow = _midnight(today + timedelta(days=1), zone)
    # From near to far: a schedule may name one day in years.
    for back in (8, 40, 400, 3_000):
        before = tomorrow - timedelta(days=back)
        at, last = clock.get_next_fire_time(None, before), None
        while at is not None and at < tomorrow:
            last, at = at, clock.get_next_fire_time(at, at)
        if last is not None:
            found: date = last.astimezone(ZoneInfo(zone)).date()
            return found
    return today - timedelta(days=today.weekday())
