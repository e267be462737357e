"""Which articles tell the same story in the same words: kept with each article, read beside its claims.

    version ─ place() ─> fingerprint, sampled shingles ─> copies within the window ─> story (its lead)
    story_of ─> what `claims show` says of it

A story is a connected set of articles, each a copy of another one in it, whichever came first; its lead is
the one published earliest. An article that is nobody's copy has no row. Whether two versions are copies
depends on them alone, so the order in which articles are stored changes nothing; a text that is read again is
taken out and put back.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from db.connection import reading
from db.rows import day_of
from db.states import moment
from scraper.article import Precision
from scraper.duplicates import (
    RECIPE,
    WINDOW,
    agencies,
    are_copies,
    may_be_copies,
    sample,
    shingles,
)

WAIT = 5.0  # seconds, as for searching
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Texts of one window: far more than the outlets that print one story, so that no story is lost by it.
_COMMON = 400


@dataclass(frozen=True, slots=True)
class Place:
    """An article of a story. `lead`: the earliest; `agencies`: whose text it says it is."""

    article_id: int
    url: str
    title: str
    source: str
    published: date | None
    lead: bool
    agencies: frozenset[str]


# Writing, inside the ledger's transactions


def place(connection: sqlite3.Connection, version_id: int) -> None:
    """Note a version's fingerprint, join its article with those it is a copy of. Again: nothing changes."""
    version = connection.execute(f"{_VERSION} WHERE versions.id = ?", [version_id]).fetchone()
    every = shingles(version["text"])
    sampled = sample(every)
    _forget(connection, version_id)
    _keep(connection, version_id, sampled, _when(version))
    copies = _copies(connection, version, every, sampled)
    if copies:
        _join(connection, copies | {int(version["article_id"])})


def displace(connection: sqlite3.Connection, version_id: int) -> set[int]:
    """Forget a version's fingerprint, before its text changes, and dissolve its article's story.

    Returns the versions that have to be placed again.
    """
    version = connection.execute(f"{_VERSION} WHERE versions.id = ?", [version_id]).fetchone()
    _forget(connection, version_id)
    members = _members(connection, {int(version["article_id"])})
    listed = [json.dumps(sorted(members))]
    connection.execute("DELETE FROM stories WHERE article_id IN (SELECT value FROM json_each(?))", listed)
    query = "SELECT id FROM versions WHERE article_id IN (SELECT value FROM json_each(?))"
    rows = connection.execute(query, listed)
    return {int(row["id"]) for row in rows}


def unplaced(connection: sqlite3.Connection, limit: int) -> list[int]:
    """Versions without a fingerprint of the present recipe, as an earlier program left them."""
    query = """SELECT versions.id FROM versions LEFT JOIN fingerprints ON version_id = versions.id
               WHERE recipe IS NOT ? ORDER BY versions.id LIMIT ?"""
    return [int(row["id"]) for row in connection.execute(query, [RECIPE, limit])]


_VERSION = """
    SELECT versions.id, versions.article_id, versions.text, versions.fetched, published_at,
           published_precision, articles.source_id
    FROM versions JOIN articles ON articles.id = versions.article_id
"""


_FOUND = """
    SELECT versions.id, versions.article_id, articles.source_id, sampled,
           coalesce(lead_id, versions.article_id) AS story
    FROM versions JOIN fingerprints ON version_id = versions.id
    JOIN articles ON articles.id = versions.article_id
    LEFT JOIN stories ON stories.article_id = versions.article_id
"""


_TOLD_ABOUT_THEN = """
    WHERE fingerprints.at BETWEEN ? AND ? AND articles.id <> ?
      AND versions.id IN (SELECT value FROM json_each(?)) ORDER BY versions.id
"""


def _when(version: sqlite3.Row) -> datetime:
    """When it was told. Of a whole day its end counts: whoever names the minute comes before."""
    fetched = datetime.fromisoformat(version["fetched"])
    if version["published_at"] is None:
        return fetched
    published = datetime.fromisoformat(version["published_at"])
    if version["published_precision"] == Precision.DAY:
        published += timedelta(days=1)
    return min(published, fetched)


def _keep(connection: sqlite3.Connection, version_id: int, sampled: frozenset[int], at: datetime) -> None:
    connection.execute(
        "INSERT INTO fingerprints (version_id, recipe, sampled, at) VALUES (?, ?, ?, ?)",
        [version_id, RECIPE, len(sampled), moment(at)],
    )
    connection.execute(
        "INSERT INTO shingles (day, hash, version_id) SELECT ?, value, ? FROM json_each(?)",
        [_day(at), version_id, json.dumps(sorted(sampled))],
    )


def _forget(connection: sqlite3.Connection, version_id: int) -> None:
    query = f"SELECT at, text FROM fingerprints JOIN ({_VERSION}) AS found ON id = version_id WHERE id = ?"  # noqa: S608
    row = connection.execute(query, [version_id]).fetchone()
    if row is None:
        return
    connection.execute("DELETE FROM fingerprints WHERE version_id = ?", [version_id])
    connection.execute(
        "DELETE FROM shingles WHERE version_id = ? AND day = ? AND hash IN (SELECT value FROM json_each(?))",
        [
            version_id,
            _day(datetime.fromisoformat(row["at"])),
            json.dumps(sorted(sample(shingles(row["text"])))),
        ],
    )


def _day(at: datetime) -> int:
    """Days since 1970, in UTC: the index is read for the days of the window alone."""
    return (at - _EPOCH) // timedelta(days=1)


def _copies(
    connection: sqlite3.Connection, version: sqlite3.Row, every: frozenset[int], sampled: frozenset[int]
) -> set[int]:
    """Articles with a version that is a copy of this one, told at about the same time: one of each story."""
    at = _when(version)
    shared = _shared(connection, sampled, _day(at - WINDOW), _day(at + WINDOW))
    found = connection.execute(
        f"{_FOUND} {_TOLD_ABOUT_THEN}",
        [moment(at - WINDOW), moment(at + WINDOW), version["article_id"], json.dumps(list(shared))],
    )
    # Many share a phrase, few share enough: only their texts are looked at.
    likely = [row for row in found if may_be_copies(shared[row["id"]], row["sampled"], len(sampled))]
    copies: dict[int, int] = {}  # by story: what one copy in it proves, the others need not prove again
    for row in likely:
        if row["story"] not in copies and _is_copy(connection, row, version, every):
            copies[row["story"]] = int(row["article_id"])
    return set(copies.values())


def _shared(connection: sqlite3.Connection, sampled: frozenset[int], first: int, last: int) -> Counter[int]:
    """By version of these days: how many of the sampled shingles it has, too.

    What very many texts share is a notice or a template, which says nothing of a story, and counting it for
    each new text would cost more with every text.
    """
    # Day by day: of each only the pages that hold the shingles are read, of those to come none.
    newest = connection.execute("SELECT max(day) FROM shingles").fetchone()[0]
    days = range(first, min(last, newest or 0) + 1)
    asked = ", ".join("?" * len(days))
    query = f"SELECT version_id FROM shingles WHERE day IN ({asked}) AND hash = ? LIMIT {_COMMON}"  # noqa: S608
    shared: Counter[int] = Counter()
    for one in sampled:
        rows = connection.execute(query, [*days, one]).fetchall()
        if rows and len(rows) < _COMMON:
            shared.update(row[0] for row in rows)
    return shared


def _is_copy(
    connection: sqlite3.Connection, found: sqlite3.Row, version: sqlite3.Row, every: frozenset[int]
) -> bool:
    other = connection.execute("SELECT text FROM versions WHERE id = ?", [found["id"]]).fetchone()
    same_outlet = found["source_id"] == version["source_id"]
    return are_copies(every, shingles(other["text"]), same_outlet=same_outlet)


def _join(connection: sqlite3.Connection, articles: set[int]) -> None:
    """One story of these articles and all whose stories they are in."""
    members = json.dumps(sorted(_members(connection, articles)))
    # The address decides between articles of the same moment, never the order in which they were stored.
    lead = connection.execute(
        """SELECT articles.id FROM articles JOIN versions ON versions.article_id = articles.id
            JOIN fingerprints ON version_id = versions.id
            WHERE articles.id IN (SELECT value FROM json_each(?)) ORDER BY at, articles.url LIMIT 1""",
        [members],
    ).fetchone()["id"]
    connection.execute(
        "INSERT OR REPLACE INTO stories (article_id, lead_id) SELECT value, ? FROM json_each(?)",
        [lead, members],
    )


def _members(connection: sqlite3.Connection, articles: set[int]) -> set[int]:
    """These articles and all that share a story with one of them."""
    rows = connection.execute(
        """SELECT article_id FROM stories WHERE lead_id IN
            (SELECT lead_id FROM stories WHERE article_id IN (SELECT value FROM json_each(?)))""",
        [json.dumps(sorted(articles))],
    )
    return articles | {int(row["article_id"]) for row in rows}


# Reading, beside any writer


def story_of(path: Path, article_id: int) -> list[Place]:
    """The places of the article's story, the lead first; none where it is nobody's copy."""
    with reading(path, wait=WAIT) as connection:
        return _places(connection, article_id)


# Beginning and end of a text are enough to find an agency's mark.
_PLACES = """
    SELECT articles.id AS article_id, articles.url, versions.title, coalesce(sources.name, '') AS source,
           published_day, stories.lead_id, authors,
           CASE WHEN length(text) <= 600 THEN text
                ELSE substr(text, 1, 300) || char(10) || substr(text, -300) END AS edges
    FROM articles
    JOIN versions ON versions.article_id = articles.id AND versions.current
    LEFT JOIN sources ON sources.id = articles.source_id
    LEFT JOIN stories ON stories.article_id = articles.id
"""


_SAME_STORY = """
    WHERE stories.lead_id = (SELECT lead_id FROM stories WHERE article_id = ?)
    ORDER BY articles.id <> stories.lead_id, articles.first_seen, articles.url
"""


def _places(connection: sqlite3.Connection, article_id: int) -> list[Place]:
    rows = connection.execute(
        f"{_PLACES} {_SAME_STORY}",
        [article_id],
    )
    return [_place(row) for row in rows]


def _place(row: sqlite3.Row) -> Place:
    return Place(
        article_id=row["article_id"],
        url=row["url"],
        title=row["title"],
        source=row["source"],
        published=day_of(row["published_day"]),
        lead=row["article_id"] == row["lead_id"],
        agencies=_agencies(row),
    )


def _agencies(row: sqlite3.Row) -> frozenset[str]:
    return agencies(row["edges"], json.loads(row["authors"]))
