"""Which window the next digest tells of: whole days in a named zone, from where the last one ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from claims.digest.window import Window

_FIRST = timedelta(days=7)


def next_window(
    last_end: datetime | None, now: datetime, zone: ZoneInfo, schedule: str = ""
) -> Window | None:
    """What the next digest tells of; None where the last one told of all that is complete.

    It is complete with the beginning of the last day that the schedule, a cron expression, names: without
    one a Monday. So it does not matter at which hour of that day, or how often, somebody asks. The first
    digest tells of seven days.
    """
    day = _last_day(now, zone, schedule)
    end = _midnight(day, zone)
    start = last_end or _midnight(day - _FIRST, zone)
    return Window(start, end) if start < end else None


def name_of(window: Window, zone: ZoneInfo) -> str:
    """2026-W47 for a whole week, else its first and last day."""
    if week := window.week(zone):
        return f"{week[0]}-W{week[1]:02}"
    first, last = window.days(zone)
    return f"{first} to {last}"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Where a day begins; the clocks may change at any hour of it, so that a day is no 24 hours."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _last_day(now: datetime, zone: ZoneInfo, schedule: str) -> date:
    """The last day up to today that the schedule names."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    if not schedule.strip():
        return monday
    from claims.daemon import wall_clock

    clock = wall_clock(schedule, zone.key)
    tomorrow = _midnight(today + timedelta(days=1), zone)
    # From near to far: a schedule may name one day in years.
    for back in (8, 40, 400, 3_000):
        at, last = clock.get_next_fire_time(None, tomorrow - timedelta(days=back)), None
        while at is not None and at < tomorrow:
            last, at = at, clock.get_next_fire_time(at, at)
        if last is not None:
            return last.astimezone(zone).date()
    return monday
