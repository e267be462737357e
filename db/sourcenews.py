"""What the sources did in a window, and how much came in."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from db.history import article_times
from db.states import moment, state_of
from scraper.health import Condition, Health, condition


@dataclass(frozen=True, slots=True)
class SourceNews:
    """A source that is not well. `status` and `message` are its last answer, `success` the last good one."""

    name: str
    condition: Condition
    status: str
    message: str
    success: datetime | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What came in: articles and claims that were not there before, and how many sources gave some.

    `statements`: how many of the claims nobody had made before; the last two count as long a time before.
    """

    articles: int
    claims: int
    sources: int
    statements: int
    articles_before: int
    claims_before: int


# What a reader must know of; a source that was never asked or is off is as somebody wanted it.
_UNWELL = (Health.FAILING, Health.MUTED, Health.SILENT, Health.DEGRADED)


def source_news(connection: sqlite3.Connection, since: datetime) -> tuple[SourceNews, ...]:
    """The sources that were asked since then and are not well, the worst first."""
    asked = "SELECT * FROM sources WHERE checked >= ? ORDER BY name COLLATE NOCASE"
    found = []
    for row in connection.execute(asked, [moment(since)]).fetchall():
        state = state_of(row)
        now = condition(state, article_times(connection, row["name"]))
        if now.health in _UNWELL:
            found.append(
                SourceNews(row["name"], now, state.last_status, state.last_message, state.last_success)
            )
    return tuple(sorted(found, key=lambda one: _UNWELL.index(one.condition.health)))


def numbers(connection: sqlite3.Connection, start: datetime, end: datetime, *, statements: int) -> Numbers:
    """How much came in from `start` to `end`."""
    now = connection.execute(_CAME, [moment(start), moment(end)]).fetchone()
    before = connection.execute(_CAME, [moment(start - (end - start)), moment(start)]).fetchone()
    return Numbers(
        now["articles"], now["claims"], now["sources"], statements, before["articles"], before["claims"]
    )


# The first text of an article is the article; what a later text says anew is no new article's.
_CAME = """
    SELECT count(*) AS articles, count(DISTINCT articles.source_id) AS sources,
           coalesce(sum((SELECT count(*) FROM claims WHERE version_id = versions.id)), 0) AS claims
    FROM versions JOIN articles ON articles.id = versions.article_id
    WHERE versions.fetched >= ? AND versions.fetched < ? AND versions.number = 1
"""
