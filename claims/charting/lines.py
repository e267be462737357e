"""A plot as lines of text for a terminal: a bar for each statement, in the order of what falls due first.

Bars and not points in a field of 80 by 24 characters: there two plans a tenth apart are one point, and labels
have no room; a bar is as exact as its line is wide, and everything stands behind it in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.charting import describe
from claims.charting.panels import STEPS, Panel, Plot, Point, statuses
from claims.charting.words import Words
from extractors.claim import Status

# How a status fills a bar; each differs from the others without any colour.
_FILLS = {Status.PLANNED: "░", Status.EXPECTED: "▒", Status.ACTUAL: "█", Status.DENIED: "╳"}
_PLAIN = {Status.PLANNED: "-", Status.EXPECTED: "~", Status.ACTUAL: "#", Status.DENIED: "x"}
_COLOURS = {Status.PLANNED: "34", Status.EXPECTED: "33", Status.ACTUAL: "32", Status.DENIED: "31"}
_LEAST = 40  # columns, below which nothing can be read any more


def lines(plot: Plot, words: Words, width: int, *, colour: bool, encoding: str) -> Iterator[str]:
    """The lines, each at most `width` columns wide (at least 40). `encoding`: what the terminal can show."""
    fills = _FILLS if _can_show("".join(_FILLS.values()), encoding) else _PLAIN
    width = max(width, _LEAST)
    yield describe.title(plot, words, width)
    yield describe.short(words("chart.caption"), width)
    for panel in plot.panels:
        yield ""
        yield describe.short(describe.heading(panel, words), width)
        yield from _bars(panel, words, width, fills, colour)
    yield ""
    there = statuses(point for panel in plot.panels for point in panel.points)
    yield "  ".join(_painted(fills[each] * 2, each, colour) + f" {words(f'status.{each}')}" for each in there)
    yield from _notes(plot, words, width)


def _can_show(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _notes(plot: Plot, words: Words, width: int) -> Iterator[str]:
    yield describe.short(describe.origin(plot, words), width)
    if plot.left_out:
        yield describe.short(words("chart.amountless", number=plot.left_out), width)


def _bars(panel: Panel, words: Words, width: int, fills: dict[Status, str], colour: bool) -> Iterator[str]:
    """Two lines a statement: when, how much and the bar; then of what, who said it, and what it revises."""
    order = sorted(panel.points, key=lambda point: (point.day, point.statement.first.published or point.day))
    whens = [_when(point, words) for point in order]
    amounts = [words.amount(point.claim.quantity) for point in order]
    left, middle = max(map(len, whens)), max(map(len, amounts))
    room = max(8, width - left - middle - 4)
    most = max([point.high or point.amount for point in panel.points] + [0.0]) or 1.0
    names = describe.series(panel, words)
    for point, when, amount in zip(order, whens, amounts, strict=True):
        bar = _painted(_bar(point, most, room, fills), point.status, colour)
        yield f"{when:<{left}}  {amount:>{middle}}  {bar}".rstrip()
        said = [names[point.series]] if names else []
        said += [describe.claimed(point, words), *_before(panel, point, words)]
        yield "    " + describe.short(" · ".join(said), width - 4)


def _when(point: Point, words: Words) -> str:
    """The due; of what names none the day it was told, in brackets."""
    return words.due(point.claim.due) or f"({words.day(point.day)})"


def _bar(point: Point, most: float, room: int, fills: dict[Status, str]) -> str:
    """As long as the amount; a range's bar ends in dots as far as it may reach."""
    sure = point.low if point.low is not None and point.high is not None else point.amount
    length = max(1, round(max(sure, 0.0) / most * room))
    further = round(max(point.high or 0.0, sure) / most * room) - length
    return fills[point.status] * length + "." * max(0, further)


def _painted(text: str, status: Status, colour: bool) -> str:
    return f"\x1b[{_COLOURS[status]}m{text}\x1b[0m" if colour else text


def _before(panel: Panel, point: Point, words: Words) -> Sequence[str]:
    """What it revises, denies or is the outcome of."""
    found = []
    for link in panel.links:
        if panel.points[link.later] is point and link.relation in STEPS:
            earlier = words.amount(panel.points[link.earlier].claim.quantity)
            found.append(words(f"before.{link.relation}", amount=earlier))
    return found
