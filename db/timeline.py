"""One thread as it can be told: its statements in order, each with its claims, and what links them.

Standard library only.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from db.connection import reading
from db.search import WAIT, Hit, hits


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim of a thread. `relation` to `earlier`, which it came in by; none for the first ones."""

    hit: Hit
    thread: int
    statement: int
    relation: str | None
    earlier: int | None
    reason: str


def timeline(path: Path, claim_id: int) -> list[Entry]:
    """The claims of a claim's thread, the earliest first; none where it is no member. Raises LedgerError."""
    if not 0 < claim_id < 2**63:  # SQLite's integers end there
        return []
    with reading(path, wait=WAIT) as connection:
        rows = connection.execute(
            """SELECT claim_id, thread, statement FROM members JOIN claims ON claims.id = claim_id
               WHERE thread = (SELECT thread FROM members WHERE claim_id = ?) ORDER BY day, claim_id""",
            [claim_id],
        ).fetchall()
        found = {hit.id: hit for hit in hits(connection, [row["claim_id"] for row in rows], ())}
        links = _links(connection, [row["claim_id"] for row in rows])
    return [
        Entry(found[row["claim_id"]], row["thread"], row["statement"], *links.get(row["claim_id"], _NONE))
        for row in rows
    ]


_NONE = (None, None, "")


def _links(connection: sqlite3.Connection, claims: list[int]) -> dict[int, tuple[str, int, str]]:
    """The telling link of each claim: what it follows, before that it says the same, or stands beside."""
    found: dict[int, tuple[str, int, str]] = {}
    query = """SELECT earlier, relation, reason FROM links WHERE later = ?
               ORDER BY relation = 'beside', relation IN ('same', 'refinement'), earlier LIMIT 1"""
    for claim in claims:
        row = connection.execute(query, [claim]).fetchone()
        if row is not None:
            found[claim] = (row["relation"], row["earlier"], row["reason"])
    return found
