"""What may be wrong with a ledger, found by asking it."""

from __future__ import annotations

import sqlite3

# Each query counts the rows that break a rule which the schema alone cannot hold.
_RULES = {
    "{count} articles have no current text": """
        SELECT count(*) FROM articles
        WHERE NOT EXISTS (SELECT 1 FROM versions WHERE article_id = articles.id AND current)""",
    "{count} articles belong to a story without its lead": """
        SELECT count(*) FROM stories AS one WHERE NOT EXISTS
        (SELECT 1 FROM stories WHERE article_id = one.lead_id AND lead_id = one.lead_id)""",
    "{count} claims have no evidence": """
        SELECT count(*) FROM claims WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE claim_id = claims.id)""",
    "{count} evidence sentences do not stand in their article": """
        SELECT count(*) FROM evidence
        JOIN claims ON claims.id = claim_id JOIN versions ON versions.id = version_id
        WHERE evidence.text <> substr(CASE place WHEN 'title' THEN title ELSE versions.text END,
                                      "start" + 1, "end" - "start")""",
    "{count} claims cannot be found by their words": """
        SELECT count(*) FROM claims WHERE id NOT IN (SELECT rowid FROM claims_fts)""",
    "{count} entries of the word index belong to no claim": """
        SELECT count(*) FROM claims_fts WHERE rowid NOT IN (SELECT id FROM claims)""",
}


def problems(connection: sqlite3.Connection) -> list[str]:
    """One sentence for each problem; empty where all is well. Needs the writer's lock."""
    # A damaged file cannot be asked further.
    return _damage(connection) or [*_dangling(connection), *_words(connection), *_broken_rules(connection)]


def _damage(connection: sqlite3.Connection) -> list[str]:
    rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [] if rows == ["ok"] else [f"the file is damaged: {row}" for row in rows]


def _dangling(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [f"a row of {row[0]} points to a row of {row[2]} that is not there" for row in rows]


def _words(connection: sqlite3.Connection) -> list[str]:
    try:
        connection.execute("INSERT INTO claims_fts (claims_fts) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return ["the word index does not fit the claims: some searches find too little"]
    return []


def _broken_rules(connection: sqlite3.Connection) -> list[str]:
    counted = {sentence: connection.execute(query).fetchone()[0] for sentence, query in _RULES.items()}
    return [sentence.format(count=count) for sentence, count in counted.items() if count]
