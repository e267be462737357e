"""A written date → Instant. Reads ISO 8601, RFC 822 and German spellings; never guesses what is not written.

Feeds say `CET`, `MESZ`, `Di, 17 Nov 2026 …` and `17.11.2026 08:00`; common libraries read the first two as
UTC and drop the others. Month names and zone abbreviations stand in `dates.toml`.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.article import Instant, Origin, Precision

_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
    r"(?:[T ]\s*(?P<clock>\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?)"
    r"\s*(?P<zone>Z|[A-Za-z]{2,5}|[+-]\d{2}:?\d{0,2})?)?\s*",
    re.IGNORECASE,
)
_REST = (
    r"(?:(?:\s*[,\-–|]\s*|\s+)(?P<clock>\d{1,2}[:.]\d{2}(?::\d{2})?)(?:\s*(?P<half>[ap]\.?m\.?)\b)?"
    r"(?:\s*\(?(?P<zone>[A-Za-z]{1,5}|(?:GMT|UTC)?[+-]\d{2}:?\d{2})\)?)?)?\s*\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WORDS = re.compile(
    rf"(?:[^\W\d_]+\.?,?\s+)?{_DAY}\.?[\s-]+(?P<month>[^\W\d_]+)\.?,?[\s-]+(?P<year>\d{{4}}|\d{{2}}){_REST}",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    rf"(?:[^\W\d_]+\.?,\s+)?(?P<month>[^\W\d_]+)\.?\s+{_DAY},?\s+(?P<year>\d{{4}}){_REST}", re.IGNORECASE
)
_POINTS = re.compile(
    rf"(?:[^\W\d_]+\.?,?\s+)?(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}|\d{{2}}){_REST}",
    re.IGNORECASE,
)
_EARLIEST = 1990  # the web's first year; anything before is a default or a mistake


def zone_of(name: str) -> ZoneInfo:
    """A zone by its IANA name; UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def read_date(text: str, zone: str, origin: Origin) -> Instant | None:
    """The instant that a text names as a whole, or None. Without a zone of its own, `zone` counts."""
    if not text or len(text) > 120:
        return None
    text = " ".join(text.split())
    filler = _tables()["filler"]
    bare = " ".join(word for word in text.split() if word.lower() not in filler)
    for pattern in (_ISO, _POINTS, _WORDS, _ENGLISH):
        match = pattern.fullmatch(bare)
        if match is not None:
            return _instant(match, text, zone, origin)
    return None


# A date inside a line, with its time; what may stand before and after the time are the table's fillers.
_DATE_INSIDE = (
    r"(?<![\w.])(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})(?!\d)"
    r"|\d{1,2}\.?\s[^\W\d_]{3,9}\.?,?\s\d{4}|[^\W\d_]{3,9}\.?\s\d{1,2},\s\d{4})"
)


@cache
def _inside() -> re.Pattern[str]:
    filler = "|".join(_tables()["filler"])
    return re.compile(
        rf"{_DATE_INSIDE}(?P<rest>(?:\s?[,|–-]\s?|\s(?:{filler})\s|\s|T)\d{{1,2}}[:.]\d{{2}}"
        rf"(?:\s?(?:[ap]\.?m\b\.?|(?:{filler})\b))?)?",
        re.IGNORECASE,
    )


def find_date(text: str, zone: str, origin: Origin) -> tuple[Instant | None, str, float]:
    """The first date inside a short text, what stands before it, and the share of the text that it fills."""
    text = " ".join(text[:400].split())
    for match in _inside().finditer(text):
        whole = match[0]
        for part in (whole, whole.removesuffix(match["rest"] or "")):
            found = read_date(part, zone, origin)
            if found is not None:
                return found, text[: match.start()].strip(" :,|–-"), len(part) / len(text)
    return None, "", 0.0


def is_date_label(text: str) -> bool:
    """Whether the words before a date say that it is the day of publication."""
    words = [word for word in re.split(r"[\s:,|]+", text.lower()) if word]
    return bool(words) and words[0] in _tables()["labels"] and len(words) <= 4


def _instant(match: re.Match[str], text: str, zone: str, origin: Origin) -> Instant | None:
    parts = match.groupdict()
    month = _month(parts["month"])
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    try:
        day = date(year, month or 0, int(parts["day"]))
        clock = _clock(parts["clock"], parts.get("half")) if parts["clock"] else None
    except ValueError:
        return None
    if year < _EARLIEST:
        return None
    if clock is None:
        at = datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)
        return Instant(at, text, Precision.DAY, origin, zone_of(zone).key)
    try:
        at = datetime.combine(day, clock, _offset(parts["zone"]) or zone_of(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Instant(at, text, Precision.MINUTE, origin, zone_of(zone).key)


def _month(text: str) -> int | None:
    return int(text) if text.isdigit() else _tables()["months"].get(text.lower())


def _clock(text: str, half: str | None) -> time:
    """Hours, minutes and seconds; fractions are dropped, a leap second is the one before."""
    match = re.match(r"(\d{1,2}?)[:.]?(\d{2})(?:[:.]?(\d{2}))?(?![:\d])", text)
    if match is None:
        raise ValueError(f"no time: {text}")
    hour = int(match[1])
    if half:
        hour = hour % 12 + (12 if half[0].lower() == "p" else 0)
    return time(hour, int(match[2]), min(int(match[3] or 0), 59))


def _offset(text: str | None) -> tzinfo | None:
    """A zone written in the date itself; None for names that nobody knows, so the source's zone counts."""
    if not text:
        return None
    numbers = re.fullmatch(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})?", text, re.IGNORECASE)
    if numbers:
        minutes = int(numbers[2]) * 60 + int(numbers[3] or 0)
        return timezone(timedelta(minutes=minutes if numbers[1] == "+" else -minutes))
    known = _tables()["zones"].get(text.lower())
    return timezone(timedelta(minutes=known)) if known is not None else None


@cache
def _tables() -> dict[str, dict[str, int]]:
    file = resources.files(__package__) / "dates.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
