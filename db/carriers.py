"""How many independent articles carry the same claim: its sources.

The same claim has the same kind, parties, product, amount and due; who says it and in which words does not
matter. An article counts once, however many texts it had.
"""

from __future__ import annotations

import sqlite3

# What two articles must differ in to be independent. Copies of one story have the same here.
STORY = """coalesce(
    (SELECT lead_id FROM stories WHERE stories.article_id = versions.article_id), versions.article_id)"""

# All that makes claims the same, in a row of `claims`.
SAME = ("subject", "low", "kind", "object", "high", "unit", "equivalent", "due_start", "due_end")


def carriers(connection: sqlite3.Connection, claim_id: int, *, most: int = -1) -> int:
    """How many independent articles say now what this claim says, at least 1.

    Not more than `most` claims are looked at, unless that is negative.
    """
    return max(1, int(connection.execute(_CARRIERS, [claim_id, most]).fetchone()[0]))


_CARRIERS = f"""
    SELECT count(DISTINCT story) FROM (
        SELECT {STORY} AS story FROM claims AS this
        CROSS JOIN claims AS other ON {" AND ".join(f"other.{name} IS this.{name}" for name in SAME)}
        JOIN versions ON versions.id = other.version_id
        WHERE this.id = ? AND other.current LIMIT ?)
"""  # noqa: S608  all parts are constants
