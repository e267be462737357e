"""How well a statement is sourced: its independent sources, when it was first and last told, and by whom.

    a claim is stored ─ note() ─> its outlet and whom that names as its source (claims.origins)
    members or stories change ─ triggers ─> settle() counts the statement anew, in the same transaction
      (an open ledger does so with what it remembers, see recount.py)
    standing() ─> the counted numbers, for many statements at once    tellings() ─> each telling, and why

A statement is what several claims say alike, in either language (table `members`); a claim that is no member,
as of a text that was changed since, stands alone. Standard library only, for the read side.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from db.rows import claim_of, day_of

if TYPE_CHECKING:
    from db.independence import Telling
    from extractors.claim import Claim
    from scraper.article import Article


@dataclass(frozen=True, slots=True)
class Standing:
    """`sources`: independent ones, of so many `tellings`; the days are the first and the last telling's."""

    sources: int
    tellings: int
    first_seen: date | None
    last_seen: date | None
    first_source: str


@dataclass(frozen=True, slots=True)
class Told:
    """One article that tells a statement. `why` it is no source of its own: empty where it is one.

    `origins`: whom it names as its source.
    """

    claim_id: int
    article_id: int
    url: str
    source: str
    lang: str
    day: date | None
    origins: tuple[str, ...]
    why: str


# Writing, inside the caller's transaction


def origins_of(article: Article, claims: Iterable[Claim]) -> list[str]:
    """What stands in `claims.origins` for each claim of an article: the outlet, and whom it retells."""
    from extractors.origins import (  # noqa: PLC0415  only writing needs the catalogue
        article_origins,
        claim_origins,
        own_outlet,
    )

    outlet, whole = own_outlet(article), article_origins(article)
    return ["\n".join([outlet, *claim_origins(article, claim, whole)]) for claim in claims]


def unsourced(connection: sqlite3.Connection, limit: int) -> list[int]:
    """Versions with claims of which an earlier program did not look for the origin."""
    query = "SELECT DISTINCT version_id FROM claims WHERE origins IS NULL LIMIT ?"
    return [row[0] for row in connection.execute(query, [limit])]


def note(connection: sqlite3.Connection, version_id: int, article: Article) -> None:
    """Look for the origins of a version's claims as they stand in the ledger."""
    rows = connection.execute("SELECT * FROM claims WHERE version_id = ?", [version_id]).fetchall()
    evidence = "SELECT * FROM evidence WHERE claim_id = ? ORDER BY ordinal"
    claims = [claim_of(row, connection.execute(evidence, [row["id"]])) for row in rows]
    for row, origins in zip(rows, origins_of(article, claims), strict=True):
        connection.execute("UPDATE claims SET origins = ? WHERE id = ?", [origins, row["id"]])
        connection.execute(_COUNT_AGAIN, [row["id"]])


_COUNT_AGAIN = """
    UPDATE standings SET sources = NULL
    WHERE statement = (SELECT statement FROM members WHERE claim_id = ?)
"""


def settle(connection: sqlite3.Connection) -> None:
    """Count the statements anew whose members, or whose stories, changed."""
    asked = waiting(connection)
    if asked:
        found = _counted(connection, asked)
        counted_anew(connection, {statement: found.get(statement) for statement in asked})


def waiting(connection: sqlite3.Connection) -> list[int]:
    """The statements that are to be counted anew."""
    return [row[0] for row in connection.execute("SELECT statement FROM standings WHERE sources IS NULL")]


def counted_anew(connection: sqlite3.Connection, found: Mapping[int, Standing | None]) -> None:
    """Keep these counts; a statement that one claim makes needs none."""
    for statement, one in found.items():
        if one is None or one.tellings < 2:
            connection.execute("DELETE FROM standings WHERE statement = ?", [statement])
        else:
            days = (day and day.isoformat() for day in (one.first_seen, one.last_seen))
            connection.execute(_SETTLED, [one.sources, one.tellings, *days, one.first_source, statement])


_SETTLED = """
    UPDATE standings SET (sources, tellings, first_day, last_day, first_source) = (?, ?, ?, ?, ?)
    WHERE statement = ?
"""


# Reading, beside any writer


def miscounted(connection: sqlite3.Connection, limit: int) -> tuple[list[int], int]:
    """Of up to so many statements those whose kept numbers are not what counting gives; and of how many."""
    query = """SELECT statement FROM (SELECT statement FROM members GROUP BY statement HAVING count(*) > 1)
               ORDER BY (statement * 2654435761) % 4294967296 LIMIT ?"""
    asked = [row[0] for row in connection.execute(query, [limit])]
    counted, kept = _counted(connection, asked), standing(connection, asked)
    return [one for one in asked if counted.get(one) != kept.get(one)], len(asked)


def standing(connection: sqlite3.Connection, statements: Iterable[int]) -> dict[int, Standing]:
    """How these statements stand, by their numbers; those that have no member are left out."""
    rows = connection.execute(_STANDINGS, [json.dumps(sorted(set(statements)))]).fetchall()
    found = {row["statement"]: _standing_of(row) for row in rows if row["counted"]}
    return found | _counted(connection, [row["statement"] for row in rows if not row["counted"]])


# Without a row in `standings` a statement has but one claim, whose number it bears.
_STANDINGS = """
    SELECT asked.value AS statement, standings.statement IS NULL OR standings.sources IS NOT NULL AS counted,
           coalesce(standings.sources, 1) AS independent, coalesce(standings.tellings, 1) AS tellings,
           coalesce(first_day, claims.day) AS first_day, coalesce(last_day, claims.day) AS last_day,
           coalesce(first_source, sources.name, claims.origins, '') AS first_source
    FROM json_each(?) AS asked
    JOIN members ON members.claim_id = asked.value
    JOIN claims ON claims.id = members.claim_id
    JOIN versions ON versions.id = claims.version_id
    JOIN articles ON articles.id = versions.article_id
    LEFT JOIN sources ON sources.id = articles.source_id
    LEFT JOIN standings ON standings.statement = asked.value
"""


def _standing_of(row: sqlite3.Row) -> Standing:
    first = row["first_source"].partition("\n")[0]
    return Standing(
        row["independent"], row["tellings"], day_of(row["first_day"]), day_of(row["last_day"]), first
    )


def tellings(connection: sqlite3.Connection, claim_id: int) -> list[Told]:
    """Every article that tells what a claim says, the earliest first; its own where it stands alone."""
    row = connection.execute("SELECT statement FROM members WHERE claim_id = ?", [claim_id]).fetchone()
    if row is None:
        return list(_told(connection.execute(f"{_ALONE} WHERE claims.id = ?", [claim_id]).fetchall()))
    return list(_told(rows_of(connection, [row["statement"]])))


_COLUMNS = """
    claims.id, claims.day, claims.origins, versions.article_id, articles.url, articles.lang, stories.lead_id,
    coalesce(sources.name, '') AS source, coalesce(stories.lead_id, versions.article_id) AS story,
    coalesce(fingerprints.at, claims.day) AS at
"""
_PLACES = """
    JOIN versions ON versions.id = claims.version_id
    JOIN articles ON articles.id = versions.article_id
    LEFT JOIN sources ON sources.id = articles.source_id
    LEFT JOIN stories ON stories.article_id = versions.article_id
    LEFT JOIN fingerprints ON fingerprints.version_id = versions.id
"""
_ALONE = f"SELECT {_COLUMNS} FROM claims {_PLACES}"  # noqa: S608  all parts are constants
_OF_STATEMENTS = f"""
    SELECT members.statement, {_COLUMNS}
    FROM members JOIN claims ON claims.id = members.claim_id {_PLACES}
    WHERE members.statement IN (SELECT value FROM json_each(?)) ORDER BY members.statement
"""  # noqa: S608  the same
OF_CLAIMS = f"{_ALONE} WHERE claims.id IN (SELECT value FROM json_each(?))"  # noqa: S608  the same
"""The query for the rows of claims, by a JSON list of their numbers: see `witness`."""


def rows_of(connection: sqlite3.Connection, statements: Iterable[int]) -> list[sqlite3.Row]:
    """A row for each claim of these statements, those of one statement together."""
    return connection.execute(_OF_STATEMENTS, [json.dumps(list(statements))]).fetchall()


def _counted(connection: sqlite3.Connection, statements: list[int]) -> dict[int, Standing]:
    if not statements:
        return {}
    return {
        statement: _summed(list(_told(list(members))))
        for statement, members in groupby(rows_of(connection, statements), itemgetter("statement"))
    }


def _summed(told: list[Told]) -> Standing:
    days = sorted(one.day for one in told if one.day)
    sources = sum(not one.why for one in told)
    first, last = (days[0], days[-1]) if days else (None, None)
    return Standing(sources, len(told), first, last, told[0].source)


def _told(rows: list[sqlite3.Row]) -> Iterator[Told]:
    """The articles of these rows, the earliest first, each once."""
    from db.independence import judged  # noqa: PLC0415  a settled statement needs none

    of_articles: dict[int, sqlite3.Row] = {}
    for row in sorted(rows, key=itemgetter("id")):
        of_articles.setdefault(row["article_id"], row)
    witnesses = {article: witness(row) for article, row in of_articles.items()}
    articles: Mapping[int, int] = {id(one): article for article, one in witnesses.items()}
    for verdict in judged(witnesses.values()):
        row = of_articles[articles[id(verdict.telling)]]
        origins = verdict.telling.origins
        source = row["source"] or verdict.telling.outlet
        day = day_of(row["day"])
        yield Told(row["id"], row["article_id"], row["url"], source, row["lang"], day, origins, verdict.why)


def witness(row: sqlite3.Row) -> Telling:
    """A claim's row as a telling."""
    from db.independence import Telling  # noqa: PLC0415  the same

    outlet, *origins = (row["origins"] or row["source"] or row["url"]).split("\n")
    moment = (row["day"] or "", row["at"] or "", row["url"])
    return Telling(outlet, row["story"], tuple(origins), row["lang"], moment)
