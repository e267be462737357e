"""When a claim was first seen: the first fetch of a text of its article that carried it.

An article that is edited gets a new text with claims of its own, most of which say what the old ones said:
they are as old as those.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from db.connection import reading
from db.rows import IDENTITY

WAIT = 5.0  # seconds, as for searching

# For rows of `claims` beside their rows of `versions`.
FIRST_SEEN = f"""
    CASE WHEN versions.number = 1 THEN versions.fetched ELSE (
        SELECT min(other.fetched) FROM versions AS other JOIN claims AS told ON told.version_id = other.id
        WHERE other.article_id = versions.article_id
          AND {" AND ".join(f"told.{name} IS claims.{name}" for name in IDENTITY)}) END
"""  # noqa: S608  all parts are constants


def first_seen(path: Path, ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these claims was first seen. Raises LedgerError."""
    with reading(path, wait=WAIT) as connection:
        return instants(connection, ids)


def instants(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, datetime]:
    """The same over an open ledger; numbers that no claim has are left out."""
    rows = connection.execute(
        f"""SELECT claims.id, {FIRST_SEEN} AS seen FROM claims JOIN versions ON versions.id = version_id
            WHERE claims.id IN (SELECT value FROM json_each(?))""",  # noqa: S608
        [json.dumps(sorted(set(ids)))],
    )
    return {int(row["id"]): datetime.fromisoformat(row["seen"]) for row in rows}
