"""Cron expressions as crontabs mean them, for those who mean them otherwise. Reads no clock."""

from __future__ import annotations

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def alternatives(expression: str) -> list[str]:
    """An expression with the days of the week by name, and each sort of day on its own where both are given.

    A crontab means either of them, schedulers mean both at once. Raises ValueError.
    """
    fields = expression.lower().split()
    if len(fields) != 5:
        raise ValueError(f"it has {len(fields)} fields, not 5")
    *before, day, month, weekday = fields
    week = ",".join(weekdays(weekday)) if weekday != "*" else "*"
    if day == "*" or week == "*":
        return [" ".join([*before, day, month, week])]
    return [" ".join([*before, day, month, "*"]), " ".join([*before, "*", month, week])]


def weekdays(field: str) -> list[str]:
    """`1-5`, `mon,thu`, `*/2` as names; both 0 and 7 are Sunday. Raises ValueError."""
    found = set()
    for part in field.lower().split(","):
        days, _, step = part.partition("/")
        first, dash, last = ("0", "-", "6") if days == "*" else days.partition("-")
        begin = _number(first)
        end = _number(last) if dash else begin
        end += 7 if end < begin else 0
        found |= {day % 7 for day in range(begin, end + 1, int(step or 1))}
    return [_DAYS[day] for day in sorted(found)]


def _number(word: str) -> int:
    if word[:3] in _DAYS:
        return _DAYS.index(word[:3])
    if not word.isdigit() or int(word) > 7:
        raise ValueError(f"{word!r} is no day of the week")
    return int(word)
