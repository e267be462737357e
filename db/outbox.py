"""Mail on its way: one row a mail and recipient, kept through crashes, sent once.

    planned ─> rendered ─> sending ─> sent
       └─> empty   ^          ├─> failed     the server will never take it, or it was tried for too long
                   └──────────┤              not now: again at `next_attempt`
                              └─> unknown    the server may have it: the connection or we broke off

`sending` is written just before the byte that makes the server take the mail, so that a crash before it
leaves the mail due, and one after it leaves it in doubt. What is in doubt is never sent again unasked.
A mail is known by its key and recipient: putting it in again changes nothing. Its Message-ID never changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from db.errors import RecordRefused
from db.ledger import Ledger
from db.states import moment, moment_of
from db.stems import clean

# A mail server that is down comes back within minutes or hours; after days the news is old.
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=4)
_GIVE_UP = timedelta(days=5)
# How long what was sent can be looked at and sent again as it was; about 100 kB a digest and recipient.
_KEPT = timedelta(days=90)
_LONGEST_ERROR = 500  # characters


class State(StrEnum):
    """Where a mail is on its way."""

    PLANNED = "planned"
    RENDERED = "rendered"
    EMPTY = "empty"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mail:
    """A row. `run`: the digest run it belongs to. `message`: what goes over the wire."""

    id: int
    key: str
    recipient: str
    run: int | None
    message_id: str
    message: bytes | None
    state: State
    attempts: int
    next_attempt: datetime | None
    last_error: str
    created: datetime
    sent: datetime | None


@contextmanager
def changing(at: Ledger | sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction of its own in a ledger, or the caller's."""
    if isinstance(at, Ledger):
        with at._writing() as connection:
            yield connection
    else:
        yield at


def enqueue(
    at: Ledger | sqlite3.Connection,
    *,
    key: str,
    recipient: str,
    message: bytes,
    message_id: str,
    now: datetime,
) -> bool:
    """Put a finished mail in, due at once; False where that key and recipient were in already.

    Raises RecordRefused for a mail without key, recipient, content or Message-ID.
    """
    if not (key and recipient and message and message_id):
        raise RecordRefused("a mail needs key, recipient, content and Message-ID")
    with changing(at) as connection:
        row = (key, recipient, None, message_id, message, State.RENDERED, moment(now))
        return _insert(connection, row, now)


def plan(
    connection: sqlite3.Connection, key: str, run: int, mails: Iterable[tuple[str, str]], now: datetime
) -> None:
    """Recipients of a digest with the Message-ID each will have; those that are in stay as they are."""
    for recipient, message_id in mails:
        _insert(connection, (key, recipient, run, message_id, None, State.PLANNED, None), now)


def _insert(connection: sqlite3.Connection, row: tuple[object, ...], now: datetime) -> bool:
    values = [clean(value) if isinstance(value, str) else value for value in row]
    cursor = connection.execute(
        "INSERT INTO outbox (key, recipient, run_id, message_id, message, state, next_attempt, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key, recipient) DO NOTHING",
        [*values, moment(now)],
    )
    return cursor.rowcount == 1


def render(ledger: Ledger, mail: int, message: bytes | None, now: datetime) -> None:
    """A planned mail is written, and due at once; None: there is nothing to say to this recipient."""
    state, due = (State.EMPTY, None) if message is None else (State.RENDERED, moment(now))
    with ledger._writing() as connection:
        connection.execute(
            "UPDATE outbox SET state = ?, message = ?, next_attempt = ? WHERE id = ? AND state = 'planned'",
            [state, message, due, mail],
        )


def due(ledger: Ledger, now: datetime) -> list[Mail]:
    """What may be tried now: what was tried least comes first, so that one bad mail holds up no other."""
    query = "SELECT * FROM outbox WHERE state = 'rendered' AND next_attempt <= ? ORDER BY attempts, id"
    with ledger._reading() as connection:
        return [mail_of(row) for row in connection.execute(query, [moment(now)])]


def begin_sending(ledger: Ledger, mail: int) -> None:
    """The next byte may make the server take it. Raises RecordRefused where it is not due any more."""
    with ledger._writing() as connection:
        cursor = connection.execute(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1"
            " WHERE id = ? AND state = 'rendered'",
            [mail],
        )
        if not cursor.rowcount:
            raise RecordRefused(f"mail {mail} is not waiting to be sent")


def mark_sent(ledger: Ledger, mail: int, now: datetime) -> None:
    """The server has taken it."""
    with ledger._writing() as connection:
        connection.execute(
            "UPDATE outbox SET state = 'sent', sent = ?, next_attempt = NULL, last_error = ''"
            " WHERE id = ? AND state = 'sending'",
            [moment(now), mail],
        )


def mark_failed(ledger: Ledger, mail: int, error: str) -> None:
    """The server will never take it: it said so before or after its content."""
    _end(ledger, mail, State.FAILED, error)


def mark_unknown(ledger: Ledger, mail: int, error: str) -> None:
    """The server may have taken it."""
    _end(ledger, mail, State.UNKNOWN, error)


def _end(ledger: Ledger, mail: int, state: State, error: str) -> None:
    with ledger._writing() as connection:
        connection.execute(
            "UPDATE outbox SET state = ?, next_attempt = NULL, last_error = ?,"
            " attempts = attempts + (state = 'rendered') WHERE id = ? AND state IN ('rendered', 'sending')",
            [state, _short(error), mail],
        )


def put_off(ledger: Ledger, mail: int, error: str, now: datetime) -> bool:
    """Not now: again after a wait that doubles each time. False: tried for too long, failed."""
    with ledger._writing() as connection:
        row = connection.execute("SELECT * FROM outbox WHERE id = ?", [mail]).fetchone()
        attempts = row["attempts"] + (row["state"] == State.RENDERED)
        wait = min(_FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20), _LONGEST_WAIT)
        last = datetime.fromisoformat(row["created"]) + _GIVE_UP
        again: bool = now + wait < last or attempts <= 1
        state, at = (State.RENDERED, moment(now + wait)) if again else (State.FAILED, None)
        connection.execute(
            "UPDATE outbox SET state = ?, attempts = ?, next_attempt = ?, last_error = ?"
            " WHERE id = ? AND state IN ('rendered', 'sending')",
            [state, attempts, at, _short(error), mail],
        )
        return again


def recover(ledger: Ledger) -> list[Mail]:
    """Mails that a crash left between sending and its result: from now on in doubt. Only under the lock."""
    with ledger._writing() as connection:
        rows = connection.execute("SELECT * FROM outbox WHERE state = 'sending' ORDER BY id").fetchall()
        error = "the program ended while the server was taking it"
        connection.execute(
            "UPDATE outbox SET state = 'unknown', last_error = ? WHERE state = 'sending'", [error]
        )
        return [mail_of(row) for row in rows]


def again(ledger: Ledger, mails: Iterable[int], now: datetime) -> None:
    """Due at once whatever became of them, with the same content and Message-ID; planned where it is gone."""
    with ledger._writing() as connection:
        for mail in mails:
            # The five days of trying begin anew; a mail that is empty may have something to say by now.
            connection.execute(
                "UPDATE outbox SET state = iif(message IS NULL, 'planned', 'rendered'), next_attempt = :now,"
                " created = :now, attempts = 0, last_error = '' WHERE id = :id AND state <> 'sending'",
                {"now": moment(now), "id": mail},
            )


def tally(ledger: Ledger) -> dict[State, int]:
    """How many mails are in each state; a state that none is in is left out."""
    with ledger._reading() as connection:
        rows = connection.execute("SELECT state, count(*) AS number FROM outbox GROUP BY state")
        return {State(row["state"]): row["number"] for row in rows}


def in_trouble(ledger: Ledger, limit: int = 5) -> list[Mail]:
    """The latest mails that failed, are in doubt, or were put off."""
    query = """SELECT * FROM outbox
               WHERE state IN ('failed', 'unknown') OR state = 'rendered' AND attempts > 0
               ORDER BY id DESC LIMIT ?"""
    with ledger._reading() as connection:
        return [mail_of(row) for row in connection.execute(query, [limit])]


def forget_contents(ledger: Ledger, now: datetime) -> int:
    """Drop what was sent long ago; that it was sent stays. Returns how many there were."""
    with ledger._writing() as connection:
        query = "UPDATE outbox SET message = NULL WHERE state = 'sent' AND sent < ? AND message IS NOT NULL"
        return connection.execute(query, [moment(now - _KEPT)]).rowcount


def mail_of(row: sqlite3.Row) -> Mail:
    """A row as a record."""
    return Mail(
        row["id"],
        row["key"],
        row["recipient"],
        row["run_id"],
        row["message_id"],
        row["message"],
        State(row["state"]),
        row["attempts"],
        moment_of(row["next_attempt"]),
        row["last_error"],
        datetime.fromisoformat(row["created"]),
        moment_of(row["sent"]),
    )


def _short(error: str) -> str:
    return clean(error)[:_LONGEST_ERROR]
