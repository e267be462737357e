"""What is remembered of the blocks that may come back on other pages of an outlet: marks, never texts.

Which blocks those are and what follows from them is the scraper's to say (scraper/segments.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.states import moment
from db.stems import clean


@dataclass(frozen=True, slots=True)
class Blocks:
    """Who holds which block of an outlet now; of the outlet's blocks the `limit` seen last are kept."""

    outlet: str
    held: Mapping[str, Sequence[str]]
    limit: int


def holders(connection: sqlite3.Connection, outlet: str, marks: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each of the marks that is known at an outlet, the marks of the articles that held it."""
    query = "SELECT articles FROM segments WHERE outlet = ? AND mark = ?"
    found: dict[str, tuple[str, ...]] = {}
    for mark in marks:
        row = connection.execute(query, [clean(outlet), mark]).fetchone()
        if row:
            found[mark] = tuple(row["articles"].split())
    return found


def remember(connection: sqlite3.Connection, blocks: Blocks, now: datetime) -> None:
    """Keep who holds which block, as seen now; the longest unseen go where an outlet has too many."""
    outlet = clean(blocks.outlet)
    rows = [(outlet, mark, " ".join(articles), moment(now)) for mark, articles in blocks.held.items()]
    connection.executemany("INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?)", rows)
    connection.execute(
        """DELETE FROM segments WHERE outlet = :outlet AND mark IN (
               SELECT mark FROM segments WHERE outlet = :outlet
               ORDER BY seen DESC, mark LIMIT -1 OFFSET :limit)""",
        {"outlet": outlet, "limit": blocks.limit},
    )
