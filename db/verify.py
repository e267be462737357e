"""Looks through a whole ledger, or a copy of one, and says what is wrong and what to do. Changes nothing.

file ─> rows that point nowhere ─> schema ─> rules (check.py) ─> digests of the texts ─> word index
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

from db.check import REGROUP, REINDEX, REREAD, RESTORE, Finding, broken_rules, damage, dangling, words
from db.connection import connect, open_writing, reading, transaction
from db.errors import LedgerCorrupt, LedgerLocked, LedgerReadOnly, rows_understood, understood
from db.rows import claim_of, index_columns
from db.standing import miscounted, settle
from db.states import moment
from db.writing import insert

__all__ = ["Finding", "regroup", "reindex", "verify"]

_PLACES = 3
# Claims that are grouped in one go, and those that are looked at.
_AT_ONCE = 1000
_SAMPLE = 500


def verify(path: Path, *, wait: float = 10.0) -> list[Finding]:
    """Everything that is wrong with the file; empty where all is well.

    Raises LedgerMissing, LedgerTooNew, LedgerTooOld and LedgerLocked, where nothing can be said.
    """
    try:
        with reading(path, wait=wait) as connection:
            found = damage(connection)
            if found:  # a damaged file cannot be asked further
                return found
            found = [*dangling(connection), *_schema(connection)]
            if not found or all("view" in finding.what for finding in found):
                found += [*broken_rules(connection), *_digests(connection), *_word_index(connection)]
                if not any(finding.todo == REGROUP for finding in found):
                    found += [*_threads(connection), *_standings(connection)]
        return [*found, *_inner_index(path, wait)]
    except LedgerCorrupt as error:
        return [Finding(str(error), RESTORE)]


def reindex(path: Path, *, wait: float = 10.0) -> int:
    """Make the word index anew from the claims, at once or not at all; returns how many claims it has."""
    with understood(path), closing(open_writing(path, wait=wait)) as connection, transaction(connection):
        # The whole table, not its rows: an index that is damaged cannot delete row by row.
        made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'claims_fts'").fetchone()[0]
        connection.execute("DROP TABLE claims_fts")
        connection.execute(made)
        number = 0
        with rows_understood(path):
            for claim_id, columns in _expected(connection):
                values = {"rowid": claim_id, **columns}
                connection.execute(insert("claims_fts", values), values)
                number += 1
    return number


def regroup(path: Path, *, now: datetime, wait: float = 10.0) -> int:
    """Group all current claims anew, at once or not at all; returns how many there are.

    When links were noticed is kept for those that come back.
    """
    from db.threads import Threads  # noqa: PLC0415  it loads the catalogue

    with ExitStack() as stack:
        stack.enter_context(understood(path))
        connection = stack.enter_context(closing(open_writing(path, wait=wait)))
        stack.enter_context(transaction(connection))
        stack.enter_context(rows_understood(path))
        query = "SELECT earlier, later, relation, noticed FROM links"
        noticed = [tuple(row) for row in connection.execute(query)]
        for table in ("links", "members", "blocks", "placed"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        threads, number = Threads(connection), 0
        while done := threads.catch_up(_AT_ONCE, moment(now)):
            number += done
        connection.executemany(
            "UPDATE links SET noticed = ?4 WHERE earlier = ?1 AND later = ?2 AND relation = ?3", noticed
        )
        settle(connection)
    return number


def _threads(connection: sqlite3.Connection) -> list[Finding]:
    """Claims that would be put elsewhere now, of the latest and of others across the ledger."""
    from db.threads import regrouped  # noqa: PLC0415  it loads the catalogue

    query = """SELECT claim_id FROM members JOIN placed USING (claim_id)
               ORDER BY (claim_id * 2654435761) % 4294967296 LIMIT ?"""
    sample = [row[0] for row in connection.execute(query, [_SAMPLE])]
    wrong = [f"claim {one.id}" for one in regrouped(connection, sample)]
    what = f"{len(wrong)} of {len(sample)} claims looked at belong to another statement or thread"
    return [Finding(what, REGROUP, tuple(wrong[:_PLACES]))] if wrong else []


def _standings(connection: sqlite3.Connection) -> list[Finding]:
    """Statements that are said to have other sources, tellings or days than they have."""
    wrong, asked = miscounted(connection, _SAMPLE)
    what = f"{len(wrong)} of {asked} statements looked at have other sources than is noted"
    return [Finding(what, REGROUP, tuple(f"statement {one}" for one in wrong[:_PLACES]))] if wrong else []


def _schema(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Tables, indexes, views and triggers that are not as the program makes them."""
    from db.schema import migrate  # noqa: PLC0415  sqlite-utils takes 0.4 s to import

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh)
        wanted = _objects(fresh)
    present = _objects(connection)
    for (kind, name), sql in wanted.items():
        if (kind, name) not in present:
            yield Finding(f"the {kind} {name} is missing", RESTORE)
        elif present[kind, name] != sql:
            yield Finding(f"the {kind} {name} is not as this program makes it", RESTORE)


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    # What SQLite and full-text indexes make for themselves differs from version to version.
    rows = connection.execute(
        """SELECT type, name, sql FROM sqlite_master AS made WHERE sql IS NOT NULL
           AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT LIKE '~_sqlite%' ESCAPE '~'
           AND NOT EXISTS (SELECT 1 FROM sqlite_master AS index_of WHERE index_of.sql LIKE 'CREATE VIRTUAL%'
                           AND substr(made.name, 1, length(index_of.name) + 1) = index_of.name || '_')"""
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _digests(connection: sqlite3.Connection) -> list[Finding]:
    """Texts that are not what was stored. What had to be made storable differs from its digest by right."""
    wrong = []
    query = """SELECT versions.id, digest, title, text FROM versions
               WHERE text_dropped IS NULL AND instr(title || text, char(65533)) = 0"""
    for row in connection.execute(query):
        digest = hashlib.sha256(f"{row['title']}\0{row['text']}".encode("utf-8", "replace")).hexdigest()
        if digest != row["digest"]:
            wrong.append(f"version {row['id']}")
    what = f"{len(wrong)} texts are not the ones that were stored"
    return [Finding(what, REREAD, tuple(wrong[:_PLACES]))] if wrong else []


def _word_index(connection: sqlite3.Connection) -> list[Finding]:
    """Entries of the word index that do not say what their claim says."""
    wrong = []
    for claim_id, columns in _expected(connection):
        row = connection.execute("SELECT * FROM claims_fts WHERE rowid = ?", [claim_id]).fetchone()
        if row is not None and any(row[name] != value for name, value in columns.items()):
            wrong.append(f"claim {claim_id}")
    what = f"{len(wrong)} claims are found by other words than their own"
    return [Finding(what, REINDEX, tuple(wrong[:_PLACES]))] if wrong else []


def _expected(connection: sqlite3.Connection) -> Iterator[tuple[int, dict[str, str]]]:
    """Each claim's number and what the word index should say of it."""
    evidence = "SELECT * FROM evidence WHERE claim_id = ? ORDER BY ordinal"
    claims = connection.execute(
        """SELECT claims.*, versions.title, articles.lang FROM claims
           JOIN versions ON versions.id = version_id JOIN articles ON articles.id = article_id
           ORDER BY claims.id"""
    )
    for row in claims:
        claim = claim_of(row, connection.execute(evidence, [row["id"]]))
        yield row["id"], index_columns(claim, row["title"], row["lang"])


def _inner_index(path: Path, wait: float) -> list[Finding]:
    """What FTS5 says of its own index. It takes the writer's lock to ask; where nothing may be written we
    go without, for the entries were compared already."""
    try:
        with understood(path), closing(connect(path, mode="rw", wait=wait)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                return words(connection)
            finally:
                connection.execute("ROLLBACK")
    except LedgerReadOnly:
        return []
    except LedgerLocked:
        what = "the word index could not be looked into: another process was writing all the time"
        return [Finding(what, "try again when no round is at work")]
