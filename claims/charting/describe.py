"""A plot in words: its title, where it comes from, and what stands instead of it for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable

from claims.charting.panels import Panel, Plot, Point
from claims.charting.words import SCALED, Words
from claims.terminal import one_line

_MOST_TOLD = 8  # points: whoever listens to an alternative text cannot skip


def short(text: str, most: int) -> str:
    """The text on one line of at most `most` characters, cut with dots; nothing in it is obeyed."""
    plain = one_line(text)
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def _points(plot: Plot) -> list[Point]:
    return [point for panel in plot.panels for point in panel.points]


def _several(names: Iterable[str], words: Words, most: int) -> str:
    every = [short(name, 40) for name in dict.fromkeys(names) if name]
    rest = len(every) - most
    return ", ".join([*every[:most], *([words("chart.further", number=rest)] if rest > 0 else [])])


def title(plot: Plot, words: Words, most: int = 72) -> str:
    """Whom and what it is about."""
    claims = [point.claim for point in _points(plot)]
    who = _several((claim.subject for claim in claims), words, 3)
    what = _several((claim.object or "" for claim in claims), words, 2)
    return short(f"{who}: {what}" if what else who, most)


def heading(panel: Panel, words: Words) -> str:
    """The kind of claim and its unit, where the marks of the axis do not say it."""
    kind, unit = words(f"kind.{panel.kind}"), words(f"unit.{panel.unit}")
    return kind if panel.unit in SCALED or kind.lower() == unit.lower() else f"{kind}, {unit}"


def series(panel: Panel, words: Words, most: int = 34) -> list[str]:
    """What each colour stands for; what all have in common is left out. Empty where there is but one."""
    if len(panel.series) < 2:
        return []
    parties = {claim.subject for claim in panel.series}
    things = {(claim.object, claim.equivalent) for claim in panel.series}
    names = []
    for claim in panel.series:
        parts = [claim.subject] if len(parties) > 1 else []
        parts += [words.thing(claim)] if len(things) > 1 else []
        names.append(short(": ".join(filter(None, parts)) or claim.subject, most))
    return names


def origin(plot: Plot, words: Words) -> str:
    """How many statements of how many sources, told when."""
    points = _points(plot)
    sources = {outlet for point in points for outlet in point.statement.outlets}
    days = sorted(day for point in points if (day := point.statement.first.published))
    told = words("chart.period", first=words.day(days[0]), last=words.day(days[-1])) if days else ""
    return words(
        "chart.told",
        statements=words("chart.statements", number=len(points)),
        sources=words("chart.sources", number=len(sources)),
        period=(told if len(set(days)) > 1 else words.day(days[0])) if days else words("chart.undated"),
    )


def claimed(point: Point, words: Words, most: int = 30) -> str:
    """Who said it and when, and how many independent texts tell it where there are several."""
    day = words.day(point.statement.first.published)
    said = words("chart.claimed", who=short(point.who, most), day=day)
    sources = point.statement.sources
    return f"{said} ({words('chart.sources', number=sources)})" if sources > 1 else said


def alternative(plot: Plot, words: Words) -> str:
    """The picture's alternative text."""
    points = sorted(_points(plot), key=lambda point: point.day)
    told = [
        words(
            "chart.point",
            amount=words.amount(point.claim.quantity),
            due=words.due(point.claim.due) or words.day(point.day),
            status=words(f"status.{point.status}"),
            who=short(point.who, 40),
            told=words.day(point.statement.first.published),
        )
        for point in points[:_MOST_TOLD]
    ]
    if len(points) > _MOST_TOLD:
        told.append(words("chart.further", number=len(points) - _MOST_TOLD))
    return words("chart.alt", title=title(plot, words), points="; ".join(told))
