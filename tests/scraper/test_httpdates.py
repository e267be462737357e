"""R3, R5, R25: what headers say about time, read relative to the server's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.httpdates import freshness, http_date, retry_after

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = {"date": "Sun, 22 Nov 2026 10:00:00 GMT"}  # this server's clock is two hours slow


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("31536000", 31_536_000),
        ("0", 0),
        ("-5", None),
        ("+5", None),
        ("5.5", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
        ("9" * 400, None),
        ("Sun, 22 Nov 2026 10:05:00 GMT", 300),
        ("Sunday, 22-Nov-26 10:05:00 GMT", 300),
        ("Sun Nov 22 10:05:00 2026", 300),
        ("Sun, 22 Nov 2026 09:00:00 GMT", None),
        ("Sun, 99 Nov 2026 09:00:00 GMT", None),
        ("Sun, 22 Nov 99999 09:00:00 GMT", None),
        ("\ud800", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    """R5: seconds or a date; a negative one is ignored, one in the past too. R25: by the server's clock."""
    assert retry_after({**DATE, "retry-after": text}, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=300"}, 300),
        ({"cache-control": 'public, Max-Age = "300"'}, 300),
        ({"cache-control": "max-age=300, no-cache"}, None),
        ({"cache-control": "no-store", "expires": "Sun, 22 Nov 2026 11:00:00 GMT"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=60", "expires": "Sun, 22 Nov 2026 11:00:00 GMT"}, 60),
        ({"expires": "Sun, 22 Nov 2026 11:00:00 GMT"}, 3600),
        ({"expires": "Sun, 22 Nov 2026 12:00:00 +0100"}, 3600),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({}, None),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    """R3: max-age before Expires, `no-cache` voids both, Expires relative to the response's `Date`."""
    assert freshness({**DATE, **headers}, NOW) == seconds


def test_without_a_date_our_clock_counts() -> None:
    """R3, R25."""
    later = "Sun, 22 Nov 2026 12:10:00 GMT"
    assert retry_after({"retry-after": later}, NOW) == 600
    assert freshness({"expires": later, "date": "nonsense"}, NOW) == 600


def test_dates_are_instants_in_utc() -> None:
    """R25: with a zone or without one."""
    assert http_date("Sun, 22 Nov 2026 13:00:00 +0100") == NOW
    assert http_date("Sun, 22 Nov 2026 12:00:00 -0000") == NOW
    assert http_date("Sun, 22 Nov 2026 12:00:00") == NOW
    assert http_date(None) is None
    odd = http_date("Sun, 22 Nov 2026 12:00:00 +2359")
    assert odd is None or abs(odd - NOW) <= timedelta(days=1)
