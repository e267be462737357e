"""Alerts: which new claims meet a search, whom they are told to, and what became of each message.

    begin          an alert's first sight: what the ledger holds by then is its past
    look           new texts → new statements → messages; one transaction with the place looked up to
    next_message   the oldest that waits for a receiver; the caller delivers it
    settle         done, to be tried again, refused, or the receiver is gone

So a crash between storing and looking loses nothing, since the next look begins where the last one ended; one
between looking and delivering neither, since the message waits; one between delivering and settling sends
the same message again, under the same key. Which claim has been told is noted by its number, not by a
reference: reading an article anew takes its claims away for a moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from db.connection import reading
from db.fields import Asked, Condition, condition
from db.ledger import Ledger
from db.plan import candidates, planned
from db.query import NAME_FIELDS, All, Any, Field, Node, Not, parse
from db.rows import SAME
from db.search import WAIT, Hit, hits
from db.states import moment, moment_of


class State(StrEnum):
    """What became of a message. `GONE`: its receiver said that it wants no more."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Watch:
    """An alert as the ledger needs it: its name, its search, the names of those told, messages a look."""

    name: str
    search: str
    receivers: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Message:
    """What a receiver is to be told. `body`: as `look` was given it; `tries`: how often in vain."""

    id: int
    alert: str
    claim_id: int
    receiver: str
    body: str
    tries: int
    found: datetime

    @property
    def key(self) -> str:
        """The same at each try, and no other message's."""
        return f"alert:{self.alert}:{self.claim_id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alert stands with one receiver. `said`: the last thing that went wrong."""

    alert: str
    receiver: str
    waiting: int
    done: int
    failed: int
    gone: int
    last_done: datetime | None
    next_try: datetime | None
    said: str


def check_search(text: str) -> None:
    """Raises BadQuery where a search means nothing. Names are not looked up: they may come later."""
    asked = Asked(sqlite3.connect(":memory:"), text, datetime.now(UTC).date())
    try:
        for field in _fields(parse(text)):
            if field.name not in NAME_FIELDS:
                condition(field, asked)
    finally:
        asked.connection.close()


def _fields(tree: Node) -> Iterable[Field]:
    if isinstance(tree, Field):
        yield tree
    elif isinstance(tree, Not):
        yield from _fields(tree.inner)
    elif isinstance(tree, All | Any):
        for part in tree.parts:
            yield from _fields(part)


# Looking


def begin(ledger: Ledger, watches: Sequence[Watch], now: datetime) -> list[str]:
    """Take alerts in that are new or ask something else now; forget those no longer asked for.

    Gives the names of the new ones: what the ledger holds by now is past to them. Raises LedgerError.
    """
    with ledger._writing() as connection:
        known = {row["name"]: row["search"] for row in connection.execute("SELECT name, search FROM alerts")}
        for name in known.keys() - {watch.name for watch in watches}:
            connection.execute("DELETE FROM alerts WHERE name = ?", [name])
        new = [watch for watch in watches if known.get(watch.name) != watch.search]
        last = _last(connection)
        for watch in new:
            connection.execute(
                "INSERT OR REPLACE INTO alerts (name, search, since, past, seen) VALUES (?, ?, ?, ?, ?)",
                [watch.name, watch.search, moment(now), last, last],
            )
    return [watch.name for watch in new]


def look(ledger: Ledger, watch: Watch, body: Callable[[Hit, int], str], now: datetime) -> int:
    """Find what is new since the last look and leave messages; returns how many statements are new.

    `body` writes the message of a claim; its number counts those beyond `most`, in the last message only.
    Raises LedgerError, and BadQuery where the search means nothing.
    """
    with ledger._writing() as connection:
        row = connection.execute("SELECT * FROM alerts WHERE name = ?", [watch.name]).fetchone()
        last = _last(connection)
        if row is None or row["seen"] == last:
            return 0
        # A ledger put back from a copy holds fewer texts than were seen: it goes on from there.
        seen, past = min(row["seen"], last), min(row["past"], last)
        found = _matches(connection, watch.search, seen, now.date())
        fresh = [claim for claim in found if _note(connection, watch.name, claim, past)]
        told, more = fresh[: watch.most], max(0, len(fresh) - watch.most)
        for hit in hits(connection, told):
            text = body(hit, more if hit.id == told[-1] else 0)
            _leave(connection, watch, hit.id, text, now)
        connection.execute("UPDATE alerts SET seen = ?, past = ? WHERE name = ?", [last, past, watch.name])
    return len(fresh)


def matching(path: Path, search: str, *, since: datetime, today: date) -> list[Hit]:
    """What an alert would have told of the texts fetched since then, a statement once, the latest first."""
    with reading(path, wait=WAIT) as connection:
        query = "SELECT coalesce(min(id), 0) FROM versions WHERE fetched >= ?"
        first = int(connection.execute(query, [moment(since)]).fetchone()[0])
        found = _matches(connection, search, first - 1, today) if first else []
        chosen: dict[tuple[object, ...], int] = {}
        for claim in found:
            chosen.setdefault(_statement(connection, claim), claim)
        return hits(connection, reversed(chosen.values()))


def _last(connection: sqlite3.Connection) -> int:
    """The number of the newest text."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM versions").fetchone()[0])


def _matches(connection: sqlite3.Connection, search: str, seen: int, today: date) -> list[int]:
    """The current claims that meet the search in texts above `seen`, in the order they came in."""
    later = "SELECT id FROM claims WHERE version_id > ?"
    further = [
        Condition("claims.current", ()),
        Condition("claims.version_id > ?", (seen,), later, (seen,)),
    ]
    plan = planned(parse(search), further, Asked(connection, search, today))
    return sorted(row["id"] for row in connection.execute(*candidates(connection, plan, _ALL)))


# More than a ledger holds.
_ALL = 10_000_000


def _note(connection: sqlite3.Connection, alert: str, claim: int, past: int) -> bool:
    """Note that the claim was seen; whether its statement is new to the alert.

    Retellings are noted as well: the claim told first may leave the statement when its article changes.
    """
    known = connection.execute(_KNOWN, {"claim": claim, "alert": alert, "past": past}).fetchone()
    connection.execute("INSERT OR IGNORE INTO alert_claims (alert, claim_id) VALUES (?, ?)", [alert, claim])
    return known is None


_ALIKE = " AND ".join(f"other.{name} IS this.{name}" for name in (*SAME, "status"))
_NOTED = "(other.version_id <= :past OR other.id IN (SELECT claim_id FROM alert_claims WHERE alert = :alert))"
# Told before: a claim of the same words, or of the same statement, that was noted or is past.
_KNOWN = f"""
    SELECT 1 FROM claims AS this CROSS JOIN claims AS other ON {_ALIKE}
    WHERE this.id = :claim AND other.id <> :claim AND {_NOTED}
    UNION ALL
    SELECT 1 FROM members AS mine
    JOIN members AS theirs ON theirs.statement = mine.statement AND theirs.claim_id <> mine.claim_id
    JOIN claims AS other ON other.id = theirs.claim_id
    WHERE mine.claim_id = :claim AND {_NOTED}
    UNION ALL
    SELECT 1 FROM alert_claims WHERE alert = :alert AND claim_id = :claim
    LIMIT 1
"""  # noqa: S608  all parts are constants


def _statement(connection: sqlite3.Connection, claim: int) -> tuple[object, ...]:
    """What retellings have in common: the statement's number, else all that the claim says."""
    row = connection.execute("SELECT statement FROM members WHERE claim_id = ?", [claim]).fetchone()
    if row:
        return (row["statement"],)
    names = ", ".join((*SAME, "status"))
    return tuple(connection.execute(f"SELECT {names} FROM claims WHERE id = ?", [claim]).fetchone())  # noqa: S608


# Telling


def _leave(connection: sqlite3.Connection, watch: Watch, claim: int, body: str, now: datetime) -> None:
    """A message for each receiver. One that is gone gets none delivered, but it is counted."""
    query = "SELECT receiver FROM alert_messages WHERE alert = ? AND state = 'gone'"
    gone = {row["receiver"] for row in connection.execute(query, [watch.name])}
    for receiver in watch.receivers:
        state = State.GONE if receiver in gone else State.WAITING
        connection.execute(
            "INSERT OR IGNORE INTO alert_messages (alert, claim_id, receiver, body, state, found, next_try)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [watch.name, claim, receiver, body, str(state), moment(now), moment(now)],
        )


def next_message(ledger: Ledger, alert: str, receiver: str, now: datetime) -> Message | None:
    """The oldest message that waits for a receiver, if its time has come.

    One that failed holds back those behind it: a receiver that is down is asked once, not once a message.
    """
    with ledger._reading() as connection:
        row = connection.execute(_OLDEST, [alert, receiver]).fetchone()
    # A time that is further away than any pause was written by a clock that was wrong.
    if row is None or now < datetime.fromisoformat(row["next_try"]) <= now + 2 * _LONGEST:
        return None
    found = datetime.fromisoformat(row["found"])
    return Message(row["id"], alert, row["claim_id"], receiver, row["body"], row["tries"], found)


_OLDEST = """
    SELECT * FROM alert_messages WHERE alert = ? AND receiver = ? AND state = 'waiting' ORDER BY id LIMIT 1
"""
# The first pause after a failure, four times as long each time, and the longest.
_PAUSE = timedelta(minutes=1)
_LONGEST = timedelta(days=1)
_USUAL = timedelta(hours=6)
# After so long without success a message is given up.
PATIENCE = timedelta(days=3)


def settle(
    ledger: Ledger, message: Message, state: State, said: str, now: datetime, *, pause: float | None = None
) -> tuple[State, str]:
    """Note what became of a message; returns its state and what is to be said of it. Raises LedgerError.

    WAITING: it is tried again, after `pause` seconds at least, or given up after three days. GONE: so are all
    others that wait for the receiver.
    """
    if state is State.WAITING and message.tries and now - message.found > PATIENCE:
        state, said = State.FAILED, f"given up after {message.tries + 1} tries: {said}"
    grown = min(_PAUSE * 4 ** min(message.tries, 10), _USUAL)
    wished = timedelta(seconds=min(pause or 0.0, _LONGEST.total_seconds()))
    values = {
        "id": message.id,
        "state": str(state),
        "said": "" if state is State.DONE else said[:500],
        "next": moment(now + max(grown, wished)),
        "done": moment(now) if state is State.DONE else None,
    }
    with ledger._writing() as connection:
        connection.execute(_SETTLE, values)
        if state is State.GONE:
            query = "UPDATE alert_messages SET state = 'gone' WHERE alert = ? AND receiver = ? AND state = ?"
            connection.execute(query, [message.alert, message.receiver, str(State.WAITING)])
    return state, said


# What has been told needs its text no longer.
_SETTLE = """
    UPDATE alert_messages SET state = :state, said = :said, tries = tries + 1, next_try = :next, done = :done,
        body = CASE WHEN :state = 'done' THEN '' ELSE body END
    WHERE id = :id
"""


def revive(ledger: Ledger, alert: str, now: datetime) -> int:
    """Try again what was given up, refused, or meant for a receiver that was gone; returns how many."""
    with ledger._writing() as connection:
        cursor = connection.execute(
            "UPDATE alert_messages SET state = 'waiting', tries = 0, found = ?, next_try = ?"
            " WHERE alert = ? AND state IN ('failed', 'gone')",
            [moment(now), moment(now), alert],
        )
        connection.execute(
            "UPDATE alert_messages SET next_try = ? WHERE alert = ? AND state = 'waiting'",
            [moment(now), alert],
        )
        return cursor.rowcount


# How it stands


def first_sights(path: Path) -> dict[str, datetime]:
    """Since when each alert has been watched."""
    with reading(path, wait=WAIT) as connection:
        rows = connection.execute("SELECT name, since FROM alerts")
        return {row["name"]: datetime.fromisoformat(row["since"]) for row in rows}


def standings(path: Path) -> list[Standing]:
    """How each alert stands with each receiver that was ever told anything, by name. Raises LedgerError."""
    with reading(path, wait=WAIT) as connection:
        return [_standing(row) for row in connection.execute(_STANDINGS)]


_STANDINGS = """
    SELECT alert, receiver, sum(state = 'waiting') AS waiting, sum(state = 'done') AS done,
           sum(state = 'failed') AS failed, sum(state = 'gone') AS gone, max(done) AS last_done,
           min(CASE WHEN state = 'waiting' THEN next_try END) AS next_try,
           (SELECT said FROM alert_messages AS other WHERE other.alert = alert_messages.alert
            AND other.receiver = alert_messages.receiver AND other.state <> 'done' AND said <> ''
            ORDER BY id DESC LIMIT 1) AS said
    FROM alert_messages GROUP BY alert, receiver ORDER BY alert, receiver
"""


def _standing(row: sqlite3.Row) -> Standing:
    return Standing(
        alert=row["alert"],
        receiver=row["receiver"],
        waiting=row["waiting"],
        done=row["done"],
        failed=row["failed"],
        gone=row["gone"],
        last_done=moment_of(row["last_done"]),
        next_try=moment_of(row["next_try"]),
        said=row["said"] or "",
    )
