"""START HERE to find claims: query → hits. Reads only, beside any writer; loads nothing heavy.

words, names ─ match.py ─> full-text expression ┐
days, amounts, kinds … ─> plain conditions      ┴─> rows ─> claims with their evidence ─> hits

With words the best match comes first, newer articles before older ones that match as well; without words the
newest article comes first.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from db.connection import reading
from db.errors import BadQuery
from db.match import anywhere, named
from db.rows import claim_of, day_of
from db.stems import clean
from extractors.claim import Claim, Reason


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; whatever is left out does not matter, everything given must hold.

    `words`: all must occur, in any inflection; "in double quotes" as written; beginn* for beginnings.
    `company`: subject or counterparty, `product`: object, both by whole words in any case.
    `since`, `until`: the day published, both included. `due_before`: the last day due lies before it.
    `minimum`, `maximum`: the figure stated, in base units; a range counts where it reaches into theirs.
    `unit` as in Quantity. `every_version`: also claims of texts that were changed since.
    `limit`: the most hits, from 1.
    """

    words: str = ""
    company: str | None = None
    product: str | None = None
    kind: str | None = None
    status: str | None = None
    lang: str | None = None
    since: date | None = None
    until: date | None = None
    due_before: date | None = None
    minimum: float | None = None
    maximum: float | None = None
    source: str | None = None
    limit: int = 20
    unit: str | None = None
    every_version: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A claim found. `version` counts the article's texts from 1; `current`: it is the latest.

    Articles with the same text share a `story`, which is the number of the earliest of them.
    """

    id: int
    claim: Claim
    article_id: int
    url: str
    title: str
    lang: str
    published: date | None
    source: str
    version: int
    current: bool
    story: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim with the text it was read in and the reasons that made it."""

    hit: Hit
    article_text: str
    article_title: str
    reasons: tuple[Reason, ...]
    extractor: str


def search(path: Path, query: Query) -> list[Hit]:
    """The claims that fit, best first. Raises BadQuery and, where the file cannot be read, LedgerError."""
    _check(query)
    condition, values = _conditions(query)
    order = _BY_MATCH if query.words.strip() else _BY_DAY
    index = _INDEX if values["match"] is not None else ""
    statement = f"{_SELECT} {index} {condition} ORDER BY {order} LIMIT :limit"
    with reading(path, wait=WAIT) as connection:
        rows = connection.execute(statement, values).fetchall()
        return _hits(connection, rows)


def show(path: Path, claim_id: int) -> Shown | None:
    """One claim with its article and reasons, or None where there is no such claim. Raises LedgerError."""
    if not 0 < claim_id < _TOO_LARGE:
        return None
    statement = f"{_SELECT} WHERE claims.id = :id"
    with reading(path, wait=WAIT) as connection:
        rows = connection.execute(statement, {"id": claim_id}).fetchall()
        for row, hit in zip(rows, _hits(connection, rows), strict=True):
            text = connection.execute(
                "SELECT text FROM versions WHERE id = ?", [row["version_id"]]
            ).fetchone()
            return Shown(hit, text["text"], hit.title, hit.claim.reasons, row["extractor"])
    return None


# Readers wait for nobody but one who has the whole file for himself: seconds.
WAIT = 5.0
# SQLite's integers end here.
_TOO_LARGE = 2**63

_SELECT = """
    SELECT claims.*, versions.article_id, versions.number, versions.current, versions.title,
           versions.published_day, articles.url, articles.lang, coalesce(sources.name, '') AS source,
           coalesce(stories.lead_id, articles.id) AS story
    FROM claims
    JOIN versions ON versions.id = claims.version_id
    JOIN articles ON articles.id = versions.article_id
    LEFT JOIN sources ON sources.id = articles.source_id
    LEFT JOIN stories ON stories.article_id = articles.id
"""
_INDEX = "JOIN claims_fts ON claims_fts.rowid = claims.id"

# An article without a day counts from the day it was fetched.
_DAY = "coalesce(versions.published_day, substr(versions.fetched, 1, 10))"
_BY_DAY = f"{_DAY} DESC, claims.version_id DESC, claims.ordinal"
# bm25 is negative, lower is better; columns as in schema.py: a name that is searched is mostly a party or
# product. Age takes a quarter off a match in half a year, half in the long run: news first, but a good match
# stays. It is counted from the last fetch, not from today: the same ledger always gives the same order.
_BY_MATCH = f"""
    bm25(claims_fts, 4.0, 4.0, 2.0, 1.0, 1.0, 1.0, 1.0) * (0.5 + 0.5 / (1.0 + max(0.0,
        julianday((SELECT max(fetched) FROM versions)) - julianday({_DAY})) / 180.0)),
    {_BY_DAY}
"""  # noqa: S608  all parts are constants


def _check(query: Query) -> None:
    """Conditions that no claim can meet are mistakes of the asker."""
    if query.limit < 1:
        raise BadQuery(f"the limit is {query.limit}: ask for at least one hit")
    if query.since and query.until and query.since > query.until:
        raise BadQuery(f"since {query.since} is after until {query.until}: exchange them")
    if any(bound is not None and math.isnan(bound) for bound in (query.minimum, query.maximum)):
        raise BadQuery("minimum or maximum is no number: give one, or leave it out")
    if query.minimum is not None and query.maximum is not None and query.minimum > query.maximum:
        raise BadQuery(f"the minimum {query.minimum:g} exceeds the maximum {query.maximum:g}: exchange them")


def _conditions(query: Query) -> tuple[str, dict[str, object]]:
    values: dict[str, object] = {
        "kind": _text(query.kind),
        "status": _text(query.status),
        "lang": _text(query.lang),
        "source": _text(query.source),
        "unit": _text(query.unit),
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "due_before": query.due_before and query.due_before.isoformat(),
        "minimum": query.minimum,
        "maximum": query.maximum,
        "match": _expression(query),
    }
    asked = [condition for name, condition in _CONDITIONS.items() if values[name] is not None]
    if not query.every_version:
        asked.append("versions.current")
    limit = {"limit": min(query.limit, _TOO_LARGE - 1)}
    return f"WHERE {' AND '.join(asked)}" if asked else "", values | limit


_CONDITIONS = {
    "match": "claims_fts MATCH :match",
    "kind": "claims.kind = lower(:kind)",
    "status": "claims.status = lower(:status)",
    "lang": "articles.lang = lower(:lang)",
    "source": "sources.name = :source COLLATE NOCASE",
    "unit": "claims.unit = :unit COLLATE NOCASE",
    "since": "versions.published_day >= :since",
    "until": "versions.published_day <= :until",
    "due_before": "claims.due_end < :due_before",
    "minimum": "coalesce(claims.high, claims.low) >= :minimum",
    "maximum": "coalesce(claims.low, claims.high) <= :maximum",
}


def _expression(query: Query) -> str | None:
    """All that the full-text index is asked, or None."""
    parts = []
    if query.words.strip():
        parts.append(anywhere(query.words))
    if query.company is not None:
        parts.append(named(query.company, "subject counterparty"))
    if query.product is not None:
        parts.append(named(query.product, "object"))
    return " AND ".join(parts) or None


def _text(value: str | None) -> str | None:
    return None if value is None else clean(value)


def _hits(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[Hit]:
    query = "SELECT * FROM evidence WHERE claim_id = ? ORDER BY ordinal"
    return [_hit(row, claim_of(row, connection.execute(query, [row["id"]]))) for row in rows]


def _hit(row: sqlite3.Row, claim: Claim) -> Hit:
    return Hit(
        id=row["id"],
        claim=claim,
        article_id=row["article_id"],
        url=row["url"],
        title=row["title"],
        lang=row["lang"],
        published=day_of(row["published_day"]),
        source=row["source"],
        version=row["number"],
        current=bool(row["current"]),
        story=row["story"],
    )
