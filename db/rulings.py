"""What a person decided about threads, and which claims that concerns now.

A claim is known again by its article, one of its evidence sentences, its kind and, where several would do,
its amount: `claims reextract` gives claims other numbers, and rulings must outlive that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from extractors.threads import Ruling, Rulings, Verb


def rulings_of(connection: sqlite3.Connection) -> Rulings:
    """All rulings about claims that are there, in the order in which they were made."""
    rows = connection.execute(
        """SELECT rulings.id, verb, side, claim_id FROM rulings JOIN ruled ON ruling = rulings.id
           JOIN claims ON claims.id = claim_id WHERE claims.current ORDER BY rulings.id"""
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
            """INSERT INTO ruled SELECT ?, ?, articles.url,
                   coalesce(
                       (SELECT text FROM evidence WHERE claim_id = claims.id ORDER BY ordinal LIMIT 1), ''),
                   kind, low, high, claims.id
               FROM claims JOIN versions ON versions.id = version_id JOIN articles ON articles.id = article_id
               WHERE claims.id = ?""",
            [(number, side, claim) for claim in sorted(claims)],
        )
    return number


def find_again(connection: sqlite3.Connection, article_id: int) -> None:
    """Point what was decided about claims of an article to the claims that it has now."""
    rows = connection.execute(
        "SELECT rowid AS id, * FROM ruled WHERE url = (SELECT url FROM articles WHERE id = ?)", [article_id]
    ).fetchall()
    for row in rows:
        found = _claim_of(connection, article_id, row)
        if found != row["claim_id"]:
            query = "UPDATE ruled SET claim_id = ? WHERE rowid = ?"
            connection.execute(query, [found, row["id"]])


def _claim_of(connection: sqlite3.Connection, article_id: int, row: sqlite3.Row) -> int | None:
    """The current claim that rests on the sentence; of several the one with the amount, else none."""
    claims = connection.execute(
        """SELECT claims.id, low, high FROM claims JOIN versions ON versions.id = version_id
           WHERE article_id = ? AND claims.current AND kind = ? AND EXISTS
               (SELECT 1 FROM evidence WHERE claim_id = claims.id
                AND (instr(text, ?) OR (instr(?, text) AND length(text) > 20)))
           ORDER BY ordinal""",
        [article_id, row["kind"], row["sentence"], row["sentence"]],
    ).fetchall()
    amount = [claim["id"] for claim in claims if (claim["low"], claim["high"]) == (row["low"], row["high"])]
    if amount:
        return int(amount[0])
    return int(claims[0]["id"]) if len(claims) == 1 else None
