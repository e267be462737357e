"""What a ledger in use needs now and then, and what is asked of it to say how it is doing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db.connection import open_writing, reading
from db.errors import understood
from db.states import moment_of, state_of
from scraper.article import FetchState


@dataclass(frozen=True, slots=True)
class LastRound:
    """The latest round. `ended` is None while it runs, and for good where it was cut off."""

    started: datetime
    ended: datetime | None
    articles: int
    claims: int
    errors: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A ledger at a glance. `states`: by a source's name its address and what is kept of it.

    `outbox`: how many mails are in each state, `failed` and `unknown` being those that a person must look at.
    `waiting`: since when the oldest mail that was put off waits.
    """

    articles: int
    claims: int
    last: LastRound | None
    states: dict[str, tuple[str, FetchState]]
    outbox: dict[str, int]
    last_digest: datetime | None
    waiting: datetime | None = None


def overview(path: Path, *, wait: float = 10.0) -> Overview:
    """Look at the ledger without changing it. Raises LedgerError."""
    with reading(path, wait=wait) as connection:
        articles, claims = connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM claims)"
        ).fetchone()
        rows = connection.execute("SELECT * FROM sources")
        states = {row["name"]: (row["url"] or "", state_of(row)) for row in rows}
        last_round = _last_round(connection)
        return Overview(articles, claims, last_round, states, *_mail(connection))


def _mail(connection: sqlite3.Connection) -> tuple[dict[str, int], datetime | None, datetime | None]:
    """What lies in the outbox, when the last digest was sent, since when mail that was put off waits."""
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('outbox', 'digest_runs')"
    if connection.execute(tables).fetchone()[0] < 2:
        return {}, None, None
    counted = connection.execute("SELECT state, count(*) AS mails FROM outbox GROUP BY state")
    sent = connection.execute("SELECT max(sent) FROM outbox WHERE run_id IS NOT NULL").fetchone()[0]
    put_off = "SELECT min(created) FROM outbox WHERE state = 'rendered' AND attempts > 0"
    waiting = connection.execute(put_off).fetchone()[0]
    return {row["state"]: row["mails"] for row in counted}, moment_of(sent), moment_of(waiting)


def _last_round(connection: sqlite3.Connection) -> LastRound | None:
    row = connection.execute("SELECT * FROM rounds ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return None
    started = datetime.fromisoformat(row["started"])
    return LastRound(
        started.astimezone(UTC), moment_of(row["ended"]), row["articles"], row["claims"], row["errors"]
    )


def tend(path: Path, *, wait: float = 10.0) -> None:
    """Renew what SQLite knows of the tables' contents, and write its log back. Raises LedgerError.

    The log is left as long as somebody reads from it; the next time will do.
    """
    with understood(path), closing(open_writing(path, wait=wait)) as connection:
        # 0x10002: also tables that this connection has not used yet, as SQLite's manual says for long runs.
        connection.execute("PRAGMA optimize = 0x10002").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
