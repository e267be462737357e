"""What a person decided about threads, and which claims that concerns now.

A claim is known again by its article, one of its evidence sentences, its kind and, where several would do,
its amount, party and thing: `claims reextract` gives claims other numbers, and rulings must outlive that.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.connection import open_writing, reading, transaction
from db.errors import RecordRefused, rows_understood, understood
from db.standing import settle
from db.states import moment
from extractors.threads import Ruling, Rulings, Verb

__all__ = ["Decided", "Verb", "decide", "undo"]


@dataclass(frozen=True, slots=True)
class Decided:
    """A ruling that was made or taken back: the claims it names, and the threads they are in now."""

    verb: Verb
    claims: tuple[int, ...]
    threads: tuple[int, ...]


def decide(path: Path, verb: Verb, claims: Collection[int], *, now: datetime, wait: float = 10.0) -> Decided:
    """Split claims off the rest of their threads, or put them together. Raises RecordRefused, LedgerError."""
    from db.threads import Threads  # noqa: PLC0415  it needs this module

    with _writing(path, wait) as connection:
        chosen = sorted(set(claims))
        groups = _groups(connection, verb, chosen)
        keep(connection, verb, *groups, moment(now))
        Threads(connection).decided({*groups[0], *groups[1]}, moment(now))
        return Decided(verb, tuple(chosen), _threads(connection, chosen))


def undo(path: Path, *, now: datetime, wait: float = 10.0) -> Decided | None:
    """Take the latest ruling back; None where there is none. Raises LedgerError."""
    from db.threads import Threads  # noqa: PLC0415  it needs this module

    with _writing(path, wait) as connection:
        row = connection.execute("SELECT id, verb FROM rulings ORDER BY id DESC LIMIT 1").fetchone()
        if row is None:
            return None
        query = "SELECT claim_id, side FROM ruled WHERE ruling = ? AND claim_id IS NOT NULL"
        named = connection.execute(query, [row["id"]]).fetchall()
        connection.execute("DELETE FROM rulings WHERE id = ?", [row["id"]])
        Threads(connection).decided({one["claim_id"] for one in named}, moment(now))
        verb = Verb(row["verb"])
        own = sorted(one["claim_id"] for one in named if one["side"] == 0 or verb is not Verb.SPLIT)
        return Decided(verb, tuple(own), _threads(connection, own))


@contextmanager
def _writing(path: Path, wait: float) -> Iterator[sqlite3.Connection]:
    """A transaction on a ledger that is there."""
    with reading(path, wait=wait, older=True):
        pass
    with ExitStack() as stack:
        stack.enter_context(understood(path))
        connection = stack.enter_context(closing(open_writing(path, wait=wait)))
        stack.enter_context(transaction(connection))
        stack.enter_context(rows_understood(path))
        yield connection
        settle(connection)


def _groups(connection: sqlite3.Connection, verb: Verb, claims: list[int]) -> tuple[set[int], set[int]]:
    """The two sides of a ruling; raises RecordRefused where it would change nothing."""
    query = (
        "SELECT claim_id, thread, statement FROM members WHERE claim_id IN (SELECT value FROM json_each(?))"
    )
    found = {row["claim_id"]: row for row in connection.execute(query, [json.dumps(claims)])}
    if missing := [claim for claim in claims if claim not in found]:
        raise RecordRefused(
            f"there is no claim {missing[0]} among those of current texts: claims search shows the numbers"
        )
    if verb is not Verb.SPLIT:
        column = "statement" if verb is Verb.SAME else "thread"
        if len({row[column] for row in found.values()}) < 2:
            raise RecordRefused(f"these claims are in one {column} already: there is nothing to join")
        return {claims[0]}, set(claims[1:])
    query = """SELECT claim_id FROM members WHERE thread IN
               (SELECT thread FROM members WHERE claim_id IN (SELECT value FROM json_each(?)))"""
    others = {row[0] for row in connection.execute(query, [json.dumps(claims)])} - set(claims)
    if not others:
        raise RecordRefused("nothing else is in their thread: there is nothing to split off from")
    return set(claims), others


def _threads(connection: sqlite3.Connection, claims: Iterable[int]) -> tuple[int, ...]:
    query = """SELECT DISTINCT thread FROM members WHERE claim_id IN (SELECT value FROM json_each(?))
               ORDER BY thread"""
    return tuple(row[0] for row in connection.execute(query, [json.dumps(sorted(claims))]))


def rulings_of(connection: sqlite3.Connection) -> Rulings:
    """All rulings about claims that are there, in the order in which they were made."""
    # CROSS JOIN: there are few rulings, and none at all in most ledgers.
    rows = connection.execute(
        """SELECT rulings.id, verb, side, claim_id FROM rulings CROSS JOIN ruled ON ruling = rulings.id
           CROSS JOIN claims ON claims.id = claim_id WHERE claims.current ORDER BY rulings.id"""
    ).fetchall()
    verbs: dict[int, Verb] = {}
    sides: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        verbs[row["id"]] = Verb(row["verb"])
        sides.setdefault((row["id"], row["side"]), set()).add(row["claim_id"])
    return Rulings.of(
        Ruling(verb, frozenset(sides.get((number, 0), ())), frozenset(sides.get((number, 1), ())))
        for number, verb in verbs.items()
    )


def keep(
    connection: sqlite3.Connection, verb: Verb, ones: Iterable[int], others: Iterable[int], made: str
) -> int:
    """Note a ruling about two groups of claims; returns its number."""
    cursor = connection.execute("INSERT INTO rulings (verb, made) VALUES (?, ?)", [str(verb), made])
    number = int(cursor.lastrowid or 0)
    for side, claims in enumerate((ones, others)):
        connection.executemany(
            """INSERT INTO ruled (ruling, side, url, sentence, kind, low, high, subject, object, claim_id)
               SELECT ?, ?, articles.url,
                   coalesce(
                       (SELECT text FROM evidence WHERE claim_id = claims.id ORDER BY ordinal LIMIT 1), ''),
                   kind, low, high, subject, coalesce(object, ''), claims.id
               FROM claims JOIN versions ON versions.id = version_id JOIN articles ON articles.id = article_id
               WHERE claims.id = ?""",
            [(number, side, claim) for claim in sorted(claims)],
        )
    return number


def take_over(
    connection: sqlite3.Connection, verb: str, made: str, claims: Collection[tuple[object, ...]]
) -> int | None:
    """Note a ruling of another ledger, its claims as export.py writes them; None where it is here already.

    Which claims of this ledger it is about `find_again` tells, article by article.
    """
    query = "SELECT side, url, sentence, kind, low, high, subject, object FROM ruled WHERE ruling = ?"
    for row in connection.execute("SELECT id FROM rulings WHERE verb = ? AND made = ?", [verb, made]):
        here = [tuple(one) for one in connection.execute(query, [row["id"]])]
        # An earlier program did not note whose claims they are: what it did note decides.
        told = len(claims) and all(claim[_WHOSE] is not None for claim in (*claims, *here))
        parts = slice(None) if told else slice(_WHOSE)
        if Counter(claim[parts] for claim in here) == Counter(claim[parts] for claim in claims):
            return None
    cursor = connection.execute("INSERT INTO rulings (verb, made) VALUES (?, ?)", [verb, made])
    number = int(cursor.lastrowid or 0)
    connection.executemany(
        """INSERT INTO ruled (ruling, side, url, sentence, kind, low, high, subject, object)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(number, *claim) for claim in claims],
    )
    return number


_WHOSE = 6  # the place of the party among the columns of a claim that a ruling names


def find_again(connection: sqlite3.Connection, article_id: int | None = None) -> None:
    """Point what was decided about claims of an article, or of all, to the claims that are there now."""
    if article_id is None:
        query = "SELECT id FROM articles WHERE url IN (SELECT url FROM ruled)"
        for (number,) in connection.execute(query).fetchall():
            find_again(connection, number)
        return
    rows = connection.execute(
        "SELECT rowid AS id, * FROM ruled WHERE url = (SELECT url FROM articles WHERE id = ?)", [article_id]
    ).fetchall()
    for row in rows:
        found = _claim_of(connection, article_id, row)
        if found != row["claim_id"]:
            query = "UPDATE ruled SET claim_id = ? WHERE rowid = ?"
            connection.execute(query, [found, row["id"]])


def _claim_of(connection: sqlite3.Connection, article_id: int, row: sqlite3.Row) -> int | None:
    """The current claim that rests on the sentence; of several the one with all that is known."""
    claims = connection.execute(
        """SELECT claims.id, low, high, subject, coalesce(object, '') AS object
           FROM claims JOIN versions ON versions.id = version_id
           WHERE article_id = ? AND claims.current AND kind = ? AND EXISTS
               (SELECT 1 FROM evidence WHERE claim_id = claims.id
                AND (instr(text, ?) OR (instr(?, text) AND length(text) > 20)))
           ORDER BY ordinal""",
        [article_id, row["kind"], row["sentence"], row["sentence"]],
    ).fetchall()
    named = [("low", "high", "subject", "object"), ("low", "high", "subject"), ("low", "high")]
    if row["subject"] is None:
        named = [("low", "high")]
    for names in named:
        alike = [claim for claim in claims if all(claim[name] == row[name] for name in names)]
        if alike and (len(alike) == 1 or row["subject"] is None):
            return int(alike[0]["id"])
    return int(claims[0]["id"]) if len(claims) == 1 else None
