"""What may be wrong with a ledger, found by asking it, and what to do about each finding.

`problems` is what the ledger says of itself; `verify.py` looks further: at digests, schema and word index.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `what`, what to do, and up to three places where it is so."""

    what: str
    todo: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    """A query for the rows that break a rule which the schema alone cannot hold; its column is a place."""

    what: str
    todo: str
    query: str


RESTORE = (
    "stop the rounds and put the latest whole backup in its place (claims verify BACKUP says whether one is);"
    " without one, move the file away and import what claims export can still read"
)
REREAD = (
    "the claims may be right, but cannot be shown in their article: put back a backup from before, or have"
    " the articles read again"
)
REINDEX = "claims verify --reindex makes the word index anew from the claims"
REGROUP = "claims verify --regroup forgets all threads and groups the claims anew; what you decided is kept"
REIMPORT = (
    "claims export it and claims import the export into a new ledger: what belongs to nothing stays behind"
)

_RULES = (
    _Rule(
        "{count} articles have no current text",
        REIMPORT,
        """SELECT url FROM articles
           WHERE NOT EXISTS (SELECT 1 FROM versions WHERE article_id = articles.id AND current)""",
    ),
    _Rule(
        "{count} articles are not known by their own address",
        "the next round stores them again under the same number: let it run",
        """SELECT url FROM articles WHERE NOT EXISTS
           (SELECT 1 FROM addresses WHERE addresses.url = articles.url)""",
    ),
    _Rule(
        "{count} articles belong to a story without its lead",
        REIMPORT,
        """SELECT 'article ' || article_id FROM stories AS one WHERE NOT EXISTS
           (SELECT 1 FROM stories WHERE article_id = one.lead_id AND lead_id = one.lead_id)""",
    ),
    _Rule(
        "{count} claims of texts that are no longer current are still in a thread",
        REGROUP,
        "SELECT 'claim ' || claim_id FROM members JOIN claims ON id = claim_id WHERE NOT current",
    ),
    _Rule(
        "{count} claims have a place without a thread, or a thread without a place",
        REGROUP,
        """SELECT 'claim ' || claim_id FROM placed WHERE claim_id NOT IN (SELECT claim_id FROM members)
           UNION SELECT 'claim ' || claim_id FROM members
           WHERE claim_id NOT IN (SELECT claim_id FROM placed)""",
    ),
    _Rule(
        "{count} statements or threads do not bear the number of their first claim",
        REGROUP,
        """SELECT 'statement ' || statement FROM members GROUP BY statement HAVING min(claim_id) <> statement
           UNION SELECT 'thread ' || thread FROM members GROUP BY thread HAVING min(claim_id) <> thread
           UNION SELECT 'statement ' || statement FROM members GROUP BY statement
           HAVING min(thread) <> max(thread)""",
    ),
    _Rule(
        "{count} links lead out of their thread",
        REGROUP,
        """SELECT 'claim ' || later FROM links LEFT JOIN members AS a ON a.claim_id = earlier
           LEFT JOIN members AS b ON b.claim_id = later WHERE a.thread IS NOT b.thread""",
    ),
    _Rule(
        "{count} keys of claims belong to no claim in a thread",
        REGROUP,
        "SELECT 'claim ' || claim_id FROM blocks WHERE claim_id NOT IN (SELECT claim_id FROM placed)",
    ),
    _Rule(
        "{count} claims have no evidence",
        REREAD,
        """SELECT 'claim ' || id FROM claims
           WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE claim_id = claims.id)""",
    ),
    _Rule(
        "{count} evidence sentences do not stand in their article",
        REREAD,
        """SELECT 'claim ' || claim_id FROM evidence
           JOIN claims ON claims.id = claim_id JOIN versions ON versions.id = version_id
           WHERE (place = 'title' OR text_dropped IS NULL)
             AND evidence.text <> substr(CASE place WHEN 'title' THEN title ELSE versions.text END,
                                         "start" + 1, "end" - "start")""",
    ),
    _Rule(
        "{count} claims cannot be found by their words",
        REINDEX,
        "SELECT 'claim ' || id FROM claims WHERE id NOT IN (SELECT rowid FROM claims_fts)",
    ),
    _Rule(
        "{count} entries of the word index belong to no claim",
        REINDEX,
        "SELECT 'entry ' || rowid FROM claims_fts WHERE rowid NOT IN (SELECT id FROM claims)",
    ),
)
_PLACES = 3


def problems(connection: sqlite3.Connection) -> list[str]:
    """One sentence for each problem; empty where all is well. Needs the writer's lock."""
    # A damaged file cannot be asked further.
    found = damage(connection) or [*dangling(connection), *words(connection), *broken_rules(connection)]
    return [finding.what for finding in found]


def damage(connection: sqlite3.Connection) -> list[Finding]:
    """What SQLite itself says of the file's pages, tables and indexes."""
    rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [] if rows == ["ok"] else [Finding(f"the file is damaged: {row}", RESTORE) for row in rows]


def dangling(connection: sqlite3.Connection) -> list[Finding]:
    """Rows that point to nothing."""
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    pairs = dict.fromkeys((str(row[0]), str(row[2])) for row in rows)
    return [
        Finding(f"a row of {table} points to a row of {parent} that is not there", REIMPORT)
        for table, parent in pairs
    ]


def words(connection: sqlite3.Connection) -> list[Finding]:
    """Whether the word index is whole in itself. Needs the writer's lock, though it changes nothing."""
    try:
        connection.execute("INSERT INTO claims_fts (claims_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return [Finding("the word index does not fit the claims: some searches find too little", REINDEX)]
    return []


def broken_rules(connection: sqlite3.Connection) -> list[Finding]:
    """The rules that only we know, each asked for by a query."""
    return [
        finding
        for rule in _RULES
        if (finding := finding_of(connection.execute(rule.query), rule.what, rule.todo)) is not None
    ]


def finding_of(rows: sqlite3.Cursor, what: str, todo: str) -> Finding | None:
    """The finding about these rows, counted; None where there are none."""
    places: list[str] = []
    count = 0
    for row in rows:
        count += 1
        if count <= _PLACES:
            places.append(str(row[0]))
    return Finding(what.format(count=count), todo, tuple(places)) if count else None
