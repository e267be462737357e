"""What the ledger tells of its sources and rounds: its counts, and a source's past. Read only."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from scraper.article import FetchState

_LATEST = 2000  # articles: sixty days of a source with thirty a day, which is what its health looks at


def article_times(connection: sqlite3.Connection, source: str) -> list[datetime]:
    """When the source's latest articles appeared, newest first: published where that is known."""
    rows = connection.execute(
        """SELECT coalesce(versions.published_at, articles.first_seen) AS at
           FROM sources JOIN articles ON articles.source_id = sources.id
           LEFT JOIN versions ON versions.article_id = articles.id AND versions.current
           WHERE sources.name = ? ORDER BY at DESC LIMIT ?""",
        [source, _LATEST],
    )
    return [datetime.fromisoformat(row["at"]) for row in rows]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the ledger knows it. `claims`: those of current texts; `newest`: the last day published."""

    name: str
    url: str
    lang: str
    state: FetchState
    articles: int
    claims: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are; versions and claims include those no longer current."""

    articles: int
    versions: int
    claims: int
    evidence: int
    sources: int


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round. `ended` is None while it runs, and for good where it was cut off."""

    id: int
    started: datetime
    ended: datetime | None
    articles: int
    claims: int
    errors: int
