"""Reading a version again: its text and claims give way to better ones, and what they were is kept aside.

A version is what an outlet published; how it was read is ours. So a better reading takes the place of the
old one in the same version: one set of claims is searched, nothing stands there twice, and the article is not
said to have changed. The old reading goes to the table `readings`, whole, as JSON.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from db import stories, writing
from db.connection import reading
from db.errors import RecordRefused
from db.rows import claim_of
from db.states import moment, version_columns
from db.stems import clean
from extractors.claim import Claim
from scraper.article import Article


@dataclass(frozen=True, slots=True)
class Version:
    """A stored text and the claims read in it, to be compared with another reading.

    `fetched` is when it was stored, `zone` counts for dates without one, `extractor` read the claims.
    """

    id: int
    article: Article
    claims: tuple[Claim, ...]
    fetched: datetime
    zone: str
    extractor: str


def versions(
    connection: sqlite3.Connection, since: date | None, source: str | None, after: int, limit: int
) -> list[Version]:
    """The versions with a number above `after` that were stored since then, in order of their numbers."""
    rows = connection.execute(
        """SELECT versions.id, versions.fetched, versions.extractor,
                  coalesce(published_zone, sources.zone, 'UTC') AS zone
           FROM versions JOIN articles ON articles.id = versions.article_id
           LEFT JOIN sources ON sources.id = articles.source_id
           WHERE versions.id > :after AND (:since IS NULL OR versions.fetched >= :since)
             AND (:source IS NULL OR sources.name = :source COLLATE NOCASE)
             AND text_dropped IS NULL
           ORDER BY versions.id LIMIT :limit""",
        {
            "after": after,
            "since": since and since.isoformat(),
            "source": source and clean(source),
            "limit": limit,
        },
    ).fetchall()
    return [
        Version(
            row["id"],
            writing.article_in(connection, row["id"]),
            tuple(claims_of(connection, row["id"])),
            datetime.fromisoformat(row["fetched"]),
            row["zone"],
            row["extractor"],
        )
        for row in rows
    ]


def count(connection: sqlite3.Connection, since: date | None, source: str | None) -> int:
    """How many versions there are to read again."""
    query = """SELECT count(*) FROM versions JOIN articles ON articles.id = versions.article_id
               LEFT JOIN sources ON sources.id = articles.source_id
               WHERE (:since IS NULL OR versions.fetched >= :since)
                 AND (:source IS NULL OR sources.name = :source COLLATE NOCASE) AND text_dropped IS NULL"""
    values = {"since": since and since.isoformat(), "source": source and clean(source)}
    return int(connection.execute(query, values).fetchone()[0])


def claims_of(connection: sqlite3.Connection, version_id: int) -> list[Claim]:
    """The claims of a version in their order."""
    evidence = "SELECT * FROM evidence WHERE claim_id = ? ORDER BY ordinal"
    rows = connection.execute("SELECT * FROM claims WHERE version_id = ? ORDER BY ordinal", [version_id])
    return [claim_of(row, connection.execute(evidence, [row["id"]])) for row in rows.fetchall()]


def reread(
    connection: sqlite3.Connection,
    version_id: int,
    article: Article,
    claims: Sequence[Claim],
    extractor: str,
    now: datetime,
) -> None:
    """Put a new reading in the place of a version's old one; equal claims keep their numbers.

    Raises RecordRefused for a version that is not there, for evidence that does not stand in the new text,
    and where another version of the article has that text already.
    """
    writing.check_evidence(article, claims)
    before = writing.article_in(connection, version_id)
    if _other_has(connection, version_id, article.digest):
        raise RecordRefused(f"{article.url} has another version with the same text: nothing to replace")
    _keep_aside(connection, version_id, before, moved=before.digest != article.digest, now=now)
    again = stories.displace(connection, version_id) if before.text != article.text else set()
    columns = version_columns(article) | {"extractor": clean(extractor)}
    # Where it was fetched from does not depend on how it is read.
    del columns["fetched_url"]
    updates = ", ".join(f"{name} = :{name}" for name in columns)
    spoken = (
        "UPDATE articles SET lang = ? WHERE id = (SELECT article_id FROM versions WHERE id = ? AND current)"
    )
    connection.execute(spoken, [clean(article.lang), version_id])
    connection.execute(f"UPDATE versions SET {updates} WHERE id = :id", columns | {"id": version_id})  # noqa: S608
    numbers = writing.remove_claims(connection, version_id)
    writing.add_claims(connection, version_id, article, claims, clean(extractor), numbers=numbers)
    for one in sorted(again):
        stories.place(connection, one)


def superseded(path: Path, claim_id: int) -> datetime | None:
    """When the claim of this number gave way to another reading; None where none did. Raises LedgerError."""
    query = """SELECT max(replaced) AS replaced FROM readings WHERE EXISTS
               (SELECT 1 FROM json_each(readings.claims) WHERE json_extract(value, '$.id') = ?)"""
    if not 0 < claim_id < 2**63:  # SQLite's integers end there
        return None
    with reading(path, wait=5.0) as connection:
        row = connection.execute(query, [claim_id]).fetchone()
    return datetime.fromisoformat(row["replaced"]) if row["replaced"] else None


def _other_has(connection: sqlite3.Connection, version_id: int, digest: str) -> bool:
    query = """SELECT 1 FROM versions WHERE digest = ? AND id <> ? AND article_id =
               (SELECT article_id FROM versions WHERE id = ?)"""
    return connection.execute(query, [digest, version_id, version_id]).fetchone() is not None


def _keep_aside(
    connection: sqlite3.Connection, version_id: int, before: Article, *, moved: bool, now: datetime
) -> None:
    """The old reading as it stood; its text only where that changes."""
    query = "SELECT * FROM claims WHERE version_id = ? ORDER BY ordinal"
    evidence = 'SELECT place, "start", "end", text FROM evidence WHERE claim_id = ? ORDER BY ordinal'
    claims = [
        {**dict(row), "evidence": [dict(one) for one in connection.execute(evidence, [row["id"]])]}
        for row in connection.execute(query, [version_id]).fetchall()
    ]
    columns = {
        "version_id": version_id,
        "replaced": moment(now),
        "title": clean(before.title) if moved else None,
        "text": clean(before.text) if moved else None,
        "claims": json.dumps(claims, ensure_ascii=False),
    }
    connection.execute(writing.insert("readings", columns), columns)
