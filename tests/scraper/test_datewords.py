"""Written dates, one row each: what is read, and what must not be (R25, R26)."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.article import Origin, Precision
from scraper.datewords import read_date

# In the source's zone, Europe/Berlin; what comes out is UTC.
MINUTES = {
    "2026-11-17T08:00:00Z": "2026-11-17T08:00",
    "2026-11-17T08:00:00+01:00": "2026-11-17T07:00",
    "2026-11-17T08:00:00.123+0100": "2026-11-17T07:00",
    "2026-11-17T08:00": "2026-11-17T07:00",
    "2026-07-17T08:00": "2026-07-17T06:00",
    "2026-11-17 08:00:00 +0100": "2026-11-17T07:00",
    "Tue, 17 Nov 2026 08:00:00 +0100": "2026-11-17T07:00",
    "Tue, 17 Nov 2026 08:00:00 GMT": "2026-11-17T08:00",
    "Tue, 17 Nov 2026 08:00:00 EST": "2026-11-17T13:00",
    "Tue, 17 Nov 2026 08:00:00 CET": "2026-11-17T07:00",
    "Fri, 17 Jul 2026 08:00:00 MESZ": "2026-07-17T06:00",
    "Di, 17 Nov 2026 08:00:00 MEZ": "2026-11-17T07:00",
    "Di, 17 Nov 2026 08:00:00": "2026-11-17T07:00",
    "17.11.2026 08:00": "2026-11-17T07:00",
    "17.11.2026, 8:05 Uhr": "2026-11-17T07:05",
    "17.11.26 - 08:00": "2026-11-17T07:00",
    "17. November 2026 um 9.30 Uhr": "2026-11-17T08:30",
    "3. März 2026, 08:00 Uhr": "2026-03-03T07:00",
    "Dienstag, 17. November 2026, 00:05 Uhr": "2026-11-16T23:05",
    "November 17, 2026 3:05 pm": "2026-11-17T14:05",
    "Nov 17, 2026 12:00 a.m.": "2026-11-16T23:00",
    "Tue, 17 Nov 2026 23:59:60 GMT": "2026-11-17T23:59",
    # Both sides of the change to summer time, and the hour that comes twice.
    "2026-03-29T01:59:00": "2026-03-29T00:59",
    "2026-03-29T03:00:00": "2026-03-29T01:00",
    "2026-10-25T02:30:00": "2026-10-25T00:30",
    "2026-10-25T03:30:00": "2026-10-25T02:30",
}
DAYS = {
    "2026-11-17": date(2026, 11, 17),
    "20261117": date(2026, 11, 17),
    "17.11.2026": date(2026, 11, 17),
    "3. 7. 2026": date(2026, 7, 3),
    "Fr., 3. Jul. 2026": date(2026, 7, 3),
    "17. Jänner 2026": date(2026, 1, 17),
    "November 17, 2026": date(2026, 11, 17),
    "17th November 2026": date(2026, 11, 17),
}
NOTHING = [
    "", "   ", "gestern", "vor 3 Stunden", "32.13.2026", "2026-02-30", "2026-13-01", "0000-00-00",
    "1970-01-01", "0001-01-01T00:00:00Z", "17.11.", "November 2026", "2026", "2026-11-17T25:00:00Z", "17. Nonsense 2026",  # noqa: E501
    "1234567890", "x" * 10_000, "2026-11-17T08:00:00+99:99",
]  # fmt: skip


@pytest.mark.parametrize("text", MINUTES)
def test_minutes(text: str) -> None:
    found = read_date(text, "Europe/Berlin", Origin.FEED)
    assert found is not None
    assert found.at.isoformat()[:16] == MINUTES[text]
    assert (found.original, found.precision, found.origin) == (text, Precision.MINUTE, Origin.FEED)


@pytest.mark.parametrize("text", DAYS)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def test_days_are_the_same_day_everywhere(text: str, zone: str) -> None:
    found = read_date(text, zone, Origin.META)
    assert found is not None
    assert (found.day, found.precision) == (DAYS[text], Precision.DAY)


@pytest.mark.parametrize("text", NOTHING, ids=lambda text: text[:20] or "empty")
def test_nothing(text: str) -> None:
    assert read_date(text, "Europe/Berlin", Origin.META) is None


def test_an_unknown_zone_counts_as_utc() -> None:
    found = read_date("2026-11-17T08:00", "Nowhere/Land", Origin.META)
    assert found is not None
    assert found.at.hour == 8
