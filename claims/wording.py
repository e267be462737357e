"""A claim in words: "350,000 NVIDIA H100", "10 bn USD", "by 2024-12-31"."""

from __future__ import annotations

from datetime import date, timedelta

from extractors.claim import Claim, Due, Evidence, Quantity

PREFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_MONEY = ((1e9, "bn "), (1e6, "m "))
MEASURED = {"W", "FLOPS"}
COUNTED = {"units", "users", "jobs"}


def amount(quantity: Quantity | None) -> str:
    """The quantity as people write it, with its unit where the unit is not a plain count."""
    if quantity is None:
        return ""
    low, high = (_scaled(end, quantity.unit) for end in (quantity.low, quantity.high))
    if quantity.low is None:
        text = f"≤ {' '.join(high)}"
    elif quantity.high is None:
        text = f"≥ {' '.join(low)}"
    elif low == high:
        text = " ".join(low)
    else:
        text = " ".join(low[:1] if low[1:] == high[1:] else low) + "–" + " ".join(high)
    return f"~{text}" if quantity.approx else text


def _scaled(value: float | None, unit: str) -> tuple[str, ...]:
    """The digits and what stands behind them: nothing for counts, "GW", "bn EUR"."""
    if value is None:
        return ()
    if unit in COUNTED:
        return (_grouped(value),)
    steps = PREFIXES if unit in MEASURED else _MONEY
    size, word = next((step for step in steps if value >= step[0]), (1.0, ""))
    return _grouped(value / size), f"{word}{unit}"


def _grouped(value: float) -> str:
    """At most three digits after the point, none where they are zero."""
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def counted(number: int, thing: str) -> str:
    """ "1 claim", "2 claims"; the plural is the thing with an s."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def due(period: Due | None) -> str:
    """The period in the shortest true form: a year, a quarter, a month, a day, or its ends."""
    if period is None:
        return ""
    if period.start is None:
        return f"by {period.end}"
    if period.end is None:
        return f"from {period.start}"
    return _named(period.start, period.end) or f"{period.start} to {period.end}"


def _named(start: date, end: date) -> str:
    shape, number = stretch(start, end)
    names = {
        "day": start.isoformat(),
        "month": f"{start:%Y-%m}",
        "quarter": f"Q{number} {start.year}",
        "half": f"H{number} {start.year}",
        "year": str(start.year),
    }
    return names.get(shape, "")


def stretch(start: date, end: date) -> tuple[str, int]:
    """What these days are, and its number: a day, month, quarter, half or year; else "" and 0."""
    if start == end:
        return "day", start.day
    last = end + timedelta(days=1) if end < date.max else end
    months = (last.year - start.year) * 12 + last.month - start.month
    if start.day != 1 or last.day != 1:
        return "", 0
    if months == 12 and start.month == 1:
        return "year", start.year
    if months == 6 and start.month in {1, 7}:
        return "half", 1 + start.month // 7
    if months == 3 and start.month % 3 == 1:
        return "quarter", 1 + start.month // 3
    return ("month", start.month) if months == 1 else ("", 0)


def sentence(claim: Claim) -> str:
    """The claim on one line, for people."""
    what = " ".join(part for part in (amount(claim.quantity), thing(claim)) if part)
    when = due(claim.due)
    parts = [f"{claim.subject}: {what}" if what else claim.subject, when]
    extra = [str(claim.kind), str(claim.status)]
    if claim.counterparty:
        extra.append(f"with {claim.counterparty}")
    if claim.speaker and claim.speaker != claim.subject:
        extra.append(f"says {claim.speaker}")
    return " ".join(part for part in parts if part) + f" ({', '.join(extra)})"


def thing(claim: Claim) -> str:
    """What the amount is of; a count of people names them."""
    unit = claim.quantity.unit if claim.quantity else ""
    thing = claim.object or (unit if unit in {"users", "jobs"} else "")
    return f"{thing} equivalents" if thing and claim.equivalent else thing


def around(text: str, start: int, end: int, most: int = 90) -> str:
    """Some words before and after a span, no more than `most` characters; cut parts are marked by dots."""
    first = max(0, start - (most - (end - start)) // 3)
    last = min(len(text), first + most)
    first = max(0, min(first, last - most))
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        last = max(text.rfind(" ", end, last), end) if " " in text[end:last] else last
    return f"{'…' if first else ''}{text[first:last].strip()}{'…' if last < len(text) else ''}"


def paragraph_of(text: str, evidence: Evidence) -> tuple[str, str, str]:
    """The evidence's paragraph as (before, sentence, after); paragraphs are separated by a blank line."""
    start = text.rfind("\n\n", 0, evidence.start) + 2 if "\n\n" in text[: evidence.start] else 0
    end = text.find("\n\n", evidence.end)
    stop = len(text) if end < 0 else end
    return text[start : evidence.start], text[evidence.start : evidence.end], text[evidence.end : stop]
