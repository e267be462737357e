"""Dropping old texts: the claims stay with their evidence sentences, titles and addresses.

A text that is gone cannot be read again by a better extractor. Its digest stays, so that the same text is
still known when it is met again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.connection import open_writing, reading, transaction
from db.errors import understood
from db.states import moment

# Texts in one transaction: a few milliseconds, so that a round beside waits for next to nothing.
_AT_ONCE = 200
_OLD = "FROM versions WHERE fetched < ? AND text_dropped IS NULL AND text <> ''"


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many texts were dropped, or would be, and how many characters they had."""

    texts: int
    characters: int


def droppable(path: Path, before: datetime, *, wait: float = 10.0) -> Dropped:
    """What `drop_texts` would drop. Raises LedgerError."""
    with reading(path, wait=wait) as connection:
        row = connection.execute(f"SELECT count(*), coalesce(sum(length(text)), 0) {_OLD}", [moment(before)])
        return Dropped(*row.fetchone())


def drop_texts(path: Path, before: datetime, *, now: datetime, wait: float = 10.0) -> Dropped:
    """Drop the texts that were fetched before that moment, current ones too. Raises LedgerError.

    Some at a time: when it is interrupted the rest is left for the next time.
    """
    with understood(path), closing(open_writing(path, wait=wait)) as connection:
        # What is dropped shall not be found in the file's free pages either.
        connection.execute("PRAGMA secure_delete = ON")
        parts = list(_drop(connection, moment(before), moment(now)))
        if parts:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Dropped(sum(part.texts for part in parts), sum(part.characters for part in parts))


def _drop(connection: sqlite3.Connection, before: str, now: str) -> Iterator[Dropped]:
    some = f"SELECT id, length(text) AS characters {_OLD} ORDER BY id LIMIT {_AT_ONCE}"
    while True:
        with transaction(connection):
            rows = connection.execute(some, [before]).fetchall()
            connection.executemany(
                "UPDATE versions SET text = '', text_dropped = ? WHERE id = ?",
                [(now, row["id"]) for row in rows],
            )
            connection.executemany(
                "UPDATE readings SET text = NULL WHERE version_id = ?", [(row["id"],) for row in rows]
            )
        if not rows:
            return
        yield Dropped(len(rows), sum(row["characters"] for row in rows))


def compact(path: Path, *, wait: float = 10.0) -> int:
    """Give the disk back what the file no longer uses; returns by how many bytes it shrank.

    Takes up to twice the file's size on the disk meanwhile. Raises LedgerLocked beside another writer.
    """
    before = path.stat().st_size if path.exists() else 0
    with understood(path), closing(open_writing(path, wait=wait)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return before - path.stat().st_size
