"""What the ledger tells of a source's past, read only."""

from __future__ import annotations

import sqlite3
from datetime import datetime

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
