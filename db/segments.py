"""What is remembered of the blocks that may come back on other pages of an outlet: marks, never texts.

Which blocks those are and what follows from them is the scraper's to say (scraper/segments.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from db.states import moment
from db.stems import clean


def holders(connection: sqlite3.Connection, outlet: str, marks: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each of the marks that is known at an outlet, the marks of the articles that held it."""
    query = "SELECT articles FROM segments WHERE outlet = ? AND mark = ?"
    found: dict[str, tuple[str, ...]] = {}
    for mark in marks:
        row = connection.execute(query, [clean(outlet), mark]).fetchone()
        if row:
            found[mark] = tuple(row["articles"].split())
    return found


def remember(
    connection: sqlite3.Connection,
    outlet: str,
    held: Mapping[str, Sequence[str]],
    *,
    now: datetime,
    limit: int,
) -> None:
    """Keep who holds which block; the longest unseen go where an outlet has more than `limit`."""
    rows = [(clean(outlet), mark, " ".join(articles), moment(now)) for mark, articles in held.items()]
    connection.executemany("INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?)", rows)
    connection.execute(
        """DELETE FROM segments WHERE outlet = :outlet AND mark IN (
               SELECT mark FROM segments WHERE outlet = :outlet
               ORDER BY seen DESC, mark LIMIT -1 OFFSET :limit)""",
        {"outlet": clean(outlet), "limit": limit},
    )
