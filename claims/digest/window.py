"""The stretch of time that a digest tells of, and for whom. Weeks are ISO weeks in a named zone."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from claims.errors import InputError

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to just before `end`; both need a zone."""

    start: datetime
    end: datetime

    def days(self, zone: tzinfo) -> tuple[date, date]:
        """Its first and its last day there."""
        last = self.end - timedelta(microseconds=1)
        return self.start.astimezone(zone).date(), last.astimezone(zone).date()

    def week(self, zone: tzinfo) -> tuple[int, int] | None:
        """Year and number of the week that it is, or None."""
        first, last = self.days(zone)
        year, number, _ = first.isocalendar()
        return (year, number) if week_of(year, number, zone) == self and last > first else None

    def lapsed(self, zone: tzinfo) -> tuple[date, date]:
        """The first and last day due of what became overdue in it: at the midnight after that day."""
        ends = (self.start, self.end)
        first, after = (_midnight_from(end.astimezone(zone)) for end in ends)
        return first - _DAY, after - 2 * _DAY


def _midnight_from(at: datetime) -> date:
    """The day that begins at that instant, or is the next to begin."""
    return at.date() if at.time() == time.min else at.date() + _DAY


def week_of(year: int, number: int, zone: tzinfo) -> Window:
    """That ISO week, from midnight to midnight there. Raises ValueError where the year has no such week."""
    monday = date.fromisocalendar(year, number, 1)
    start, end = (datetime.combine(day, time.min, zone) for day in (monday, monday + timedelta(days=7)))
    return Window(start, end)


def week_named(text: str, zone: tzinfo) -> Window:
    """The week of "2026-W47". Raises InputError."""
    match = _WEEK.fullmatch(text.strip())
    if not match:
        raise InputError(f"{text!r} is no week: write 2026-W47")
    try:
        return week_of(int(match[1]), int(match[2]), zone)
    except (ValueError, OverflowError):
        raise InputError(f"there is no week {text!r}") from None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the mail, and what of. An empty filter leaves everything; `language` of the mail's own words.

    `companies` and `products` by any of their names, `kinds` and `lang` (of the articles) as in a search.
    """

    address: str
    companies: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    language: str | None = None

    @property
    def query(self) -> str:
        """The filters in the query language; empty where there are none."""
        fields = {"company": self.companies, "product": self.products, "kind": self.kinds, "lang": self.lang}
        return " ".join(_field(name, values) for name, values in fields.items() if values)


def _field(name: str, values: tuple[str, ...]) -> str:
    written = [value if _PLAIN.fullmatch(value) else f'"{value}"' for value in values]
    return f"{name}:{written[0]}" if len(written) == 1 else f"{name}:({' OR '.join(written)})"


# What needs no quotation marks; the words that combine others do.
_PLAIN = re.compile(r"(?!(?:AND|OR|NOT)$)\w[\w.&+'-]*")


def command(name: str, *parts: str, options: str = "") -> str:
    """A line for the shell: `claims search 'seen:2026-11-16..2026-11-22 kind:power' --limit 100`."""
    query = " ".join(part for part in parts if part)
    return " ".join(word for word in ("claims", name, shlex.quote(query) if query else "", options) if word)
