"""The ledger → records that can be carried elsewhere. `importing.py` reads them back.

    head ─ sources ─ articles, each with its versions, their claims and evidence ─ what a person decided
      about threads ─ end, which counts them

One record an article, so that a line is whole in itself; the counts at the end tell a file that was cut off.
Everything is read in one look at the ledger: a round that writes meanwhile changes nothing in it. What is
made from the rest (word index, groups) or tells of this ledger alone (rounds) is left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.connection import reading
from db.rows import claim_of, day_of
from db.search import WAIT, Query, search
from db.states import PUBLISHED
from extractors.claim import Claim

FORMAT = 1
STATE = (
    "etag",
    "last_modified",
    "checked",
    "next_check",
    "failures",
    "last_status",
    "last_message",
    "last_success",
    "body_digest",
)
# How a ruling names a claim: by what it rests on, and on which side it stands.
RULED = ("side", "url", "sentence", "kind", "low", "high", "subject", "object")
# More hits than there are ids.
_ALL = 2**62


def records(path: Path, query: Query | None = None) -> Iterator[dict[str, Any]]:
    """The records of an export, in order. With a query: the articles that hold a claim found, whole.

    Sources then come without what the scraper remembers of them: whoever has not all articles of a source
    must ask it anew. Raises BadQuery and LedgerError.
    """
    wanted = None if query is None else sorted({hit.article_id for hit in _found(path, query)})
    with reading(path, wait=WAIT) as connection:
        yield {"type": "ledger", "format": FORMAT, "whole": query is None}
        counts = dict.fromkeys(("sources", "articles", "versions", "claims", "rulings"), 0)
        for record in _sources(connection, wanted):
            counts["sources"] += 1
            yield record
        for record in _articles(connection, wanted):
            counts["articles"] += 1
            counts["versions"] += len(record["versions"])
            counts["claims"] += sum(len(version["claims"]) for version in record["versions"])
            yield record
        for record in _rulings(connection, wanted):
            counts["rulings"] += 1
            yield record
        yield {"type": "end", **counts}


def rows(path: Path, query: Query | None = None) -> Iterator[dict[str, Any]]:
    """Claims as flat as the stable machine form, for tables, in order of their numbers.

    Without a query: the claims of current texts. Raises BadQuery and LedgerError.
    """
    condition, values = "WHERE versions.current", []
    if query is not None:
        condition = "WHERE claims.id IN (SELECT value FROM json_each(?))"
        values = [json.dumps([hit.id for hit in _found(path, query)])]
    with reading(path, wait=WAIT) as connection:
        for row in connection.execute(f"{_CLAIMS} {condition} ORDER BY claims.id", values):
            day = day_of(row["published_day"])
            yield {
                "id": row["id"],
                **_claim(connection, row).record(),
                "article": row["url"],
                "title": row["title"],
                "lang": row["lang"],
                "published": day and day.isoformat(),
                "source": row["source"],
                "version": row["number"],
                "current": bool(row["current"]),
            }


_CLAIMS = """
    SELECT claims.*, versions.number, versions.current, versions.title, versions.published_day,
           articles.url, articles.lang, coalesce(sources.name, '') AS source
    FROM claims
    JOIN versions ON versions.id = claims.version_id
    JOIN articles ON articles.id = versions.article_id
    LEFT JOIN sources ON sources.id = articles.source_id
"""


def _found(path: Path, query: Query) -> Sequence[Any]:
    return search(path, replace(query, limit=_ALL))


def _sources(connection: sqlite3.Connection, wanted: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    if wanted is None:
        found = connection.execute("SELECT * FROM sources ORDER BY id")
    else:
        query = """SELECT * FROM sources WHERE id IN (SELECT source_id FROM articles
                   WHERE id IN (SELECT value FROM json_each(?))) ORDER BY id"""
        found = connection.execute(query, [json.dumps(wanted)])
    for row in found:
        about = {name: row[name] for name in ("name", "url", "lang", "zone")}
        state = {name: row[name] for name in STATE} | {"extra": json.loads(row["extra"])}
        yield {"type": "source", **about} | ({"state": state} if wanted is None else {})


def _articles(connection: sqlite3.Connection, wanted: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    query = """SELECT articles.*, sources.name AS source FROM articles
               LEFT JOIN sources ON sources.id = source_id"""
    if wanted is None:
        found = connection.execute(f"{query} ORDER BY articles.id")
    else:
        these = "WHERE articles.id IN (SELECT value FROM json_each(?))"
        found = connection.execute(f"{query} {these} ORDER BY articles.id", [json.dumps(wanted)])
    addresses = "SELECT url FROM addresses WHERE article_id = ? ORDER BY url"
    versions = "SELECT * FROM versions WHERE article_id = ? ORDER BY number"
    for row in found:
        yield {
            "type": "article",
            **{name: row[name] for name in ("url", "lang", "source", "first_seen")},
            "addresses": [address["url"] for address in connection.execute(addresses, [row["id"]])],
            "versions": [
                _version(connection, version) for version in connection.execute(versions, [row["id"]])
            ],
        }


def _version(connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    claims = "SELECT * FROM claims WHERE version_id = ? ORDER BY ordinal"
    return {
        "current": bool(row["current"]),
        **{name: row[name] for name in ("digest", "title", "text", "text_dropped", "fetched_url")},
        "authors": json.loads(row["authors"]),
        "paywalled": bool(row["paywalled"]),
        "published": (
            {name: row[f"published_{name}"] for name in PUBLISHED if name != "day"}
            if row["published_at"]
            else None
        ),
        **{name: row[name] for name in ("fetched", "extractor")},
        "claims": [_whole_claim(connection, claim) for claim in connection.execute(claims, [row["id"]])],
    }


def _whole_claim(connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """The stable machine form, and what that rounds or leaves out."""
    return {
        "id": row["id"],
        **_claim(connection, row).record(),
        "confidence": row["confidence"],
        "reasons": json.loads(row["reasons"]),
        "extractor": row["extractor"],
    }


def _claim(connection: sqlite3.Connection, row: sqlite3.Row) -> Claim:
    query = "SELECT * FROM evidence WHERE claim_id = ? ORDER BY ordinal"
    return claim_of(row, connection.execute(query, [row["id"]]))


def _rulings(connection: sqlite3.Connection, wanted: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    """What was split and joined by hand; of an export of some articles: what is about them alone."""
    rulings = "SELECT * FROM rulings ORDER BY id"
    ruled = f"SELECT {', '.join(RULED)} FROM ruled WHERE ruling = ? ORDER BY rowid"  # noqa: S608  our own names
    articles = "SELECT url FROM articles WHERE id IN (SELECT value FROM json_each(?))"
    urls = {row["url"] for row in connection.execute(articles, [json.dumps(wanted or [])])}
    for row in connection.execute(rulings):
        claims = [dict(claim) for claim in connection.execute(ruled, [row["id"]])]
        if wanted is None or urls.issuperset(claim["url"] for claim in claims):
            yield {"type": "ruling", "verb": row["verb"], "made": row["made"], "claims": claims}
