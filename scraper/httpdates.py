"""What HTTP headers say about time: dates, ages, and how long to stay away. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(text: str | None) -> datetime | None:
    """An HTTP date as an aware UTC instant, or None where there is none or it is broken."""
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """`Retry-After` in seconds, from a number or a date; None where it is missing, broken or in the past."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}", text):
        return float(text)
    seconds = _seconds_until(text, headers, now)
    return seconds if seconds is not None and seconds > 0 else None


def freshness(headers: Mapping[str, str], now: datetime) -> float | None:
    """How many seconds the server calls its answer fresh: max-age before Expires; `no-cache` voids both."""
    directives = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(cache|store)\b", directives):
        return None
    age = re.search(r"\bmax-age\s*=\s*\"?(\d{1,12})", directives)
    if age:
        return float(age[1])
    seconds = _seconds_until(headers.get("expires"), headers, now)
    return seconds if seconds is not None and seconds > 0 else None


def _seconds_until(text: str | None, headers: Mapping[str, str], now: datetime) -> float | None:
    """Read relative to the server's own clock, which is often wrong, but the same in both headers."""
    at = http_date(text)
    if at is None:
        return None
    return (at - (http_date(headers.get("date")) or now)).total_seconds()
