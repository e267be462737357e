"""What a round says of its sources' health, beside their problems: muted, moved, silent, repaired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scraper.article import FetchState, Source
from scraper.health import Health, condition
from scraper.moves import adopted


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about a source. An `event` happens once; what is none holds until something changes."""

    text: str
    event: bool = False


def notices(source: Source, before: FetchState, after: FetchState, times: Iterable[datetime]) -> list[Notice]:
    """What a person should know of a source after it was asked."""
    was, now = condition(before).health, condition(after, times)
    found = []
    if now.health is Health.MUTED and was is not Health.MUTED:
        ask = f"`claims sources unmute {source.name}` asks it again"
        found.append(Notice(f"{source.name}: muted {now.why}; {ask}", event=True))
    moved = adopted(after)
    if moved is not None and moved != adopted(before):
        found.append(Notice(f"{source.name}: has moved for good and is now asked at {moved.to}", event=True))
    if now.health is Health.SILENT:
        found.append(Notice(f"{source.name}: silent: {now.why}"))
    if now.health is Health.DEGRADED:
        found.append(Notice(f"{source.name}: degraded: {now.why}", event=was is not Health.DEGRADED))
    return found
