"""How a source is doing: pure functions over what is remembered of it. They read no clock.

**Silent** means no new article in five times the usual gap, seen at the last successful poll: a source that
was not asked, or that fails, is not silent.

**The usual gap** is the mean gap between two articles that a moment picked at random falls into: the sum of
the squared gaps over the sum of the gaps. A plain mean or median would call a paper silent every night and
every weekend; here the long gaps count for as long as they last, and bursts for next to nothing. It needs
ten gaps over a week at least, so that a weekend is among them, and looks back 60 days from the last article.
For a paper with an article every 50 minutes from 7 to 23 o'clock, Monday to Friday, it is about 23 hours; for
one a day exactly a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from scraper.article import FetchState
from scraper.schedule import is_muted, is_muted_by_hand

TIMES_THE_GAP = 5
LEAST_GAPS = 10
LEAST_SPAN = timedelta(days=7)
HISTORY = timedelta(days=60)
_DEGRADED = "degraded"


class Health(StrEnum):
    """How a source is doing, best first but for the first two."""

    OFF = "off"
    NEW = "never asked"
    OK = "ok"
    DEGRADED = "degraded"
    SILENT = "silent"
    FAILING = "failing"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Condition:
    """How a source is doing and why, in a sentence; empty where there is nothing to say.

    `gap` is its usual time between two articles, where enough is known; `newest` its last one.
    """

    health: Health
    why: str = ""
    gap: timedelta | None = None
    newest: datetime | None = None


def usual_gap(times: Iterable[datetime]) -> timedelta | None:
    """The usual time between two articles, from their instants in any order; None where too few are known."""
    known = sorted(times)
    if not known:
        return None
    recent = [at for at in known if at >= known[-1] - HISTORY]
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(recent)]
    total = sum(gaps)
    if len(gaps) < LEAST_GAPS or total < LEAST_SPAN.total_seconds():
        return None
    return timedelta(seconds=sum(gap * gap for gap in gaps) / total)


def silent_for(times: Iterable[datetime], asked: datetime | None) -> timedelta | None:
    """How long there has been nothing new, where that is longer than it should be; `asked`: last success."""
    known = list(times)
    gap = usual_gap(known)
    if gap is None or asked is None:
        return None
    silence = asked - max(known)
    return silence if silence > gap * TIMES_THE_GAP else None


def condition(state: FetchState, times: Iterable[datetime] = (), *, enabled: bool = True) -> Condition:
    """How a source is doing. `times` are the instants of its articles."""
    known = list(times)
    health, why = _judged(state, known, enabled)
    return Condition(health, why, usual_gap(known), max(known, default=None))


def _judged(state: FetchState, times: list[datetime], enabled: bool) -> tuple[Health, str]:
    """The worst that holds; a source that is off, muted or failing is not judged by its articles."""
    said = f"{state.last_status}: {state.last_message}".removesuffix(": ")
    if not enabled:
        return Health.OFF, "enabled = false in the configuration"
    if is_muted(state):
        return Health.MUTED, "by hand" if is_muted_by_hand(state) else f"after {said}"
    if state.failures:
        return Health.FAILING, f"{said} (failures weigh {state.failures:g})"
    silence, repaired = silent_for(times, state.last_success), state.extra.get(_DEGRADED, "")
    if silence is not None:
        gap = usual_gap(times) or silence
        return Health.SILENT, f"nothing new for {span(silence)}; usually within {span(gap)}"
    if repaired:
        return Health.DEGRADED, f"its markup had to be repaired: {repaired}"
    return (Health.OK if state.checked else Health.NEW), ""


def marked(extra: Mapping[str, str], degraded: str) -> dict[str, str]:
    """The extra of a state with the mark of a feed whose markup had to be repaired (R14), or without it."""
    rest = {name: value for name, value in extra.items() if name != _DEGRADED}
    return {**rest, _DEGRADED: degraded} if degraded else rest


def span(time: timedelta) -> str:
    """A stretch of time in its largest fitting unit: "3 days", "5 hours", "20 minutes"."""
    seconds = time.total_seconds()
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        number = round(seconds / size)
        if number >= 2 or size == 60 or abs(seconds - size) < size / 10:
            return f"{number} {unit}" + ("" if number == 1 else "s")
    return ""
