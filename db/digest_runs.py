"""Which periods a digest told of: a chain of windows without gap or overlap, and those beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from db.errors import RecordRefused
from db.ledger import Ledger
from db.outbox import Mail, State, mail_of, plan
from db.states import moment, moment_of


@dataclass(frozen=True, slots=True)
class Run:
    """A digest's period [start, end). `completed`: when all its mails stood in the outbox; None: not yet.

    `regular`: the next period begins where the last of these ended. `mails`: how many are in which state.
    """

    id: int
    start: datetime
    end: datetime
    regular: bool
    created: datetime
    completed: datetime | None
    mails: dict[State, int]


def key_of(start: datetime, end: datetime) -> str:
    """What the outbox knows a period's mails by."""
    return f"digest:{moment(start)}/{moment(end)}"


def begin(
    ledger: Ledger,
    start: datetime,
    end: datetime,
    recipients: Iterable[tuple[str, str]],
    *,
    regular: bool,
    now: datetime,
) -> Run:
    """The run of that period with a mail planned for each recipient, at once or not at all.

    `recipients`: address and Message-ID. Where there is one of that period, those missing are added.
    Raises RecordRefused for a period that ends before it begins.
    """
    if not start < end:
        raise RecordRefused(f"a digest's period must begin before it ends, not {start} to {end}")
    with ledger._writing() as connection:
        connection.execute(
            'INSERT INTO digest_runs (start, "end", regular, created) VALUES (?, ?, ?, ?)'
            ' ON CONFLICT (start, "end") DO UPDATE SET regular = max(regular, excluded.regular)',
            [moment(start), moment(end), int(regular), moment(now)],
        )
        row = connection.execute(
            'SELECT * FROM digest_runs WHERE start = ? AND "end" = ?', [moment(start), moment(end)]
        ).fetchone()
        plan(connection, key_of(start, end), row["id"], recipients, now)
        return _run_of(connection, row)


def complete(ledger: Ledger, run: int, now: datetime) -> None:
    """All mails of the run are written. Raises RecordRefused where one is not."""
    with ledger._writing() as connection:
        query = "SELECT count(*) FROM outbox WHERE run_id = ? AND state = 'planned'"
        if connection.execute(query, [run]).fetchone()[0]:
            raise RecordRefused(f"digest run {run} has mails that are not written yet")
        query = "UPDATE digest_runs SET completed = ? WHERE id = ? AND completed IS NULL"
        connection.execute(query, [moment(now), run])


def unfinished(ledger: Ledger) -> list[Run]:
    """Runs that a crash left before all their mails were written, the earliest first."""
    planned = "SELECT 1 FROM outbox WHERE run_id = digest_runs.id AND state = 'planned'"
    return _runs(ledger, f'WHERE completed IS NULL OR EXISTS ({planned}) ORDER BY "end", id')


def last_end(ledger: Ledger) -> datetime | None:
    """Where the last regular run that was completed ended; None before the first."""
    with ledger._reading() as connection:
        query = 'SELECT max("end") FROM digest_runs WHERE regular AND completed IS NOT NULL'
        return moment_of(connection.execute(query).fetchone()[0])


def runs(ledger: Ledger, limit: int = 20) -> list[Run]:
    """The latest runs, the newest first."""
    return _runs(ledger, "ORDER BY id DESC LIMIT ?", limit)


def run_with(ledger: Ledger, number: int) -> Run | None:
    """The run of that number."""
    return next(iter(_runs(ledger, "WHERE id = ?", number)), None)


def run_of(ledger: Ledger, start: datetime, end: datetime) -> Run | None:
    """The run of that period."""
    return next(iter(_runs(ledger, 'WHERE start = ? AND "end" = ?', moment(start), moment(end))), None)


def mails(ledger: Ledger, run: int) -> list[Mail]:
    """A run's mails, in the order in which they were planned."""
    with ledger._reading() as connection:
        rows = connection.execute("SELECT * FROM outbox WHERE run_id = ? ORDER BY id", [run])
        return [mail_of(row) for row in rows]


def _runs(ledger: Ledger, which: str, *values: int | str) -> list[Run]:
    with ledger._reading() as connection:
        rows = connection.execute(f"SELECT * FROM digest_runs {which}", values).fetchall()  # noqa: S608
        return [_run_of(connection, row) for row in rows]


def _run_of(connection: sqlite3.Connection, row: sqlite3.Row) -> Run:
    query = "SELECT state, count(*) AS number FROM outbox WHERE run_id = ? GROUP BY state ORDER BY state"
    counts = {State(each["state"]): each["number"] for each in connection.execute(query, [row["id"]])}
    start, end, created = (datetime.fromisoformat(row[name]) for name in ("start", "end", "created"))
    return Run(row["id"], start, end, bool(row["regular"]), created, moment_of(row["completed"]), counts)
