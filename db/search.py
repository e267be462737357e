"""START HERE to find claims: query → hits. Reads only, beside any writer; loads nothing heavy.

what was typed ─ query.py ─> tree ─ fields.py, match.py, plan.py ─> claims to weigh ─ ranking ─> hits

With words the best match comes first: how well they match, how many independent articles carry the claim, how
new it is. Without words the newest article comes first.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path

from db import names
from db.connection import reading
from db.errors import BadQuery
from db.fields import Asked, Condition, published, reaching
from db.match import Term, marks
from db.plan import Plan, candidates, planned, terms
from db.query import NAME_FIELDS, RANGE_FIELDS, WORD_FIELDS, All, Any, Field, Node, of_option, parse
from db.relevance import relevance
from db.rows import claim_of, day_of
from db.standing import standing
from extractors.claim import Claim, Reason


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; whatever is left out does not matter, everything given must hold.

    `words` is a query as query.py reads it: words in any inflection, "phrases", beginn*, AND, OR, NOT,
    brackets and fields. The others that are texts are values of the fields of their names: "<2025" for `due`.
    `since`, `until`: the day published, both included. `due_before`: the last day due lies before it.
    `minimum`, `maximum`: the figure stated, in base units; a range counts where it reaches into theirs.
    `every_version`: also claims of texts that were changed since. `limit`: the most hits, from 1.
    `statements`: of claims that say the same, in any language, only the best.
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
    speaker: str | None = None
    due: str | None = None
    amount: str | None = None
    published: str | None = None
    seen: str | None = None
    relation: str | None = None
    sources: str | None = None
    statements: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A claim found. `version` counts the article's texts from 1; `current`: it is the latest.

    Articles with the same text share a `story`, which is the number of the earliest of them. Claims that say
    the same share a `statement`, those that belong to one history a `thread`; both bear the number of their
    first claim. `sources`: how many independent ones tell the statement, in so many `tellings`.
    `terms`: the words asked for, see `marked`.
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
    sources: int = 1
    tellings: int = 1
    statement: int = 0
    thread: int = 0
    terms: tuple[Term, ...] = field(default=(), repr=False)

    def marked(self, text: str) -> list[tuple[int, int]]:
        """Where the words asked for stand in a text of this hit's article."""
        return marks(text, self.terms, self.lang)


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
    check(query)
    tree = parsed(query)
    with reading(path, wait=WAIT) as connection:
        plan = plan_of(connection, tree, query)
        chosen = _ranked(connection, plan, min(query.limit, _MOST), each_once=query.statements)
        return hits(connection, chosen, tuple(terms(tree)))


def meant(path: Path, query: Query) -> list[str]:
    """A sentence for each name asked for that the ledger lacks: why a search may find nothing."""
    with reading(path, wait=WAIT) as connection:
        return [
            _meant(connection, asked)
            for asked in _wanted(parsed(query))
            if not names.named(connection, asked.name, asked.value, exact=asked.quoted)
        ]


def show(path: Path, claim_id: int) -> Shown | None:
    """One claim with its article and reasons, or None where there is no such claim. Raises LedgerError."""
    if not 0 < claim_id < _TOO_LARGE:
        return None
    with reading(path, wait=WAIT) as connection:
        for hit in hits(connection, [claim_id]):
            row = connection.execute(_TEXT, [claim_id]).fetchone()
            return Shown(hit, row["text"], hit.title, hit.claim.reasons, row["extractor"])
    return None


# Readers wait for nobody but one who has the whole file for himself: seconds.
WAIT = 5.0
# SQLite's integers end here.
_TOO_LARGE = 2**63
# Nobody reads more; it keeps the numbers in our statements small.
_MOST = 10_000_000

_TEXT = """
    SELECT versions.text, claims.extractor FROM claims JOIN versions ON versions.id = version_id
    WHERE claims.id = ?
"""
_SELECT = """
    SELECT claims.*, versions.article_id, versions.number, versions.title, versions.published_day,
           articles.url, articles.lang, coalesce(sources.name, '') AS source,
           coalesce(stories.lead_id, articles.id) AS story,
           coalesce(members.statement, claims.id) AS statement, coalesce(members.thread, claims.id) AS thread,
           standings.statement IS NULL OR standings.sources IS NOT NULL AS counted,
           coalesce(standings.sources, 1) AS independent, coalesce(standings.tellings, 1) AS tellings
    FROM claims
    JOIN versions ON versions.id = claims.version_id
    JOIN articles ON articles.id = versions.article_id
    LEFT JOIN sources ON sources.id = articles.source_id
    LEFT JOIN stories ON stories.article_id = articles.id
    LEFT JOIN members ON members.claim_id = claims.id
    LEFT JOIN standings ON standings.statement = members.statement
    WHERE claims.id = ?
"""


def parsed(query: Query) -> Node | None:
    """The tree of all that is asked in the query language; None where nothing is."""
    typed = [parse(query.words)] if query.words.strip() else []
    for name in _AS_FIELDS:
        value = getattr(query, name)
        if value is not None:
            typed.append(of_option(name, str(value)))
    return All(tuple(typed)) if typed else None


_AS_FIELDS = (*NAME_FIELDS, *WORD_FIELDS, *RANGE_FIELDS)


def plan_of(connection: sqlite3.Connection, tree: Node | None, query: Query) -> Plan:
    """How the ledger is asked. Raises BadQuery."""
    asked = Asked(connection, query.words, datetime.now(UTC).date())
    return planned(tree, _further(query), asked)


def _further(query: Query) -> Iterator[Condition]:
    if not query.every_version:
        yield Condition("claims.current", ())
    for value, test in ((query.since, "day >= ?"), (query.until, "day <= ?")):
        if value is not None:
            yield published(test, (value,))
    if query.due_before is not None:
        test, values = "claims.due_end < ?", (query.due_before.isoformat(),)
        yield Condition(test, values, f"SELECT id FROM claims WHERE {test}", values)  # noqa: S608
    if query.minimum is not None or query.maximum is not None:
        yield reaching("..", query.minimum, query.maximum)


# Ranking


def _ranked(connection: sqlite3.Connection, plan: Plan, limit: int, *, each_once: bool) -> list[int]:
    """The ids of the best claims, best first. `each_once`: one of each statement."""
    if plan.match is None:
        # The newest come one by one: with `each_once` nobody knows how many must be looked at.
        rows = connection.execute(*candidates(connection, plan, _MOST if each_once else limit))
        found = (int(row["id"]) for row in rows)
        return list(islice(_distinct(connection, found) if each_once else found, limit))
    weighed = connection.execute(*candidates(connection, plan, limit)).fetchall()
    # Sorting is stable: of equal ones the newer stays first, of one day the one with the lower number.
    weighed.sort(key=itemgetter("id"))
    weighed.sort(key=itemgetter("day"), reverse=True)
    weights = _fitting(connection, plan, weighed)
    best = _best(connection, weighed, weights, limit)
    return list(islice(_distinct(connection, best) if each_once else best, limit))


def _fitting(connection: sqlite3.Connection, plan: Plan, rows: list[sqlite3.Row]) -> dict[int, float]:
    """How well the words fit each claim; all alike where the plan says so."""
    if plan.match is None or not rows or "subject" not in rows[0].keys():  # noqa: SIM118  a row is no mapping
        return {row["id"]: 1.0 for row in rows}
    columns = itemgetter("subject", "object", "counterparty")
    return relevance(connection, plan.match, plan.leaves, {row["id"]: columns(row) for row in rows})


def _best(
    connection: sqlite3.Connection, rows: list[sqlite3.Row], fitting: dict[int, float], limit: int
) -> list[int]:
    """By relevance and age first; the best of these are weighed anew by their sources."""
    latest = _latest(connection)
    fresh = {day: freshness(latest, day) for day in {row["day"] for row in rows}}
    weights = {int(row["id"]): fitting[row["id"]] * fresh[row["day"]] for row in rows}
    ordered = sorted(weights, key=lambda one: -weights[one])
    first = ordered[: min(max(_WEIGHED_BY_SOURCES[0], 2 * limit), _WEIGHED_BY_SOURCES[1])]
    told = {row["claim_id"]: row["sources"] for row in connection.execute(_SOURCES, [json.dumps(first)])}
    best = sorted(first, key=lambda one: -weights[one] * trust(told.get(one, 1)))
    return [*best, *ordered[len(first) :]]


# Those told by one source alone have no row.
_SOURCES = """
    SELECT claim_id, coalesce(sources, 1) AS sources FROM members JOIN standings USING (statement)
    WHERE claim_id IN (SELECT value FROM json_each(?))
"""


def _distinct(connection: sqlite3.Connection, chosen: Iterable[int]) -> Iterator[int]:
    """The first claim of each statement."""
    seen: set[int] = set()
    for claim_id in chosen:
        row = connection.execute("SELECT statement FROM members WHERE claim_id = ?", [claim_id]).fetchone()
        statement = row["statement"] if row else claim_id
        if statement not in seen:
            seen.add(statement)
            yield claim_id


def _latest(connection: sqlite3.Connection) -> date:
    """The day of the last fetch."""
    row = connection.execute("SELECT max(fetched) AS latest FROM versions").fetchone()
    return date.fromisoformat((row["latest"] or "1970-01-01")[:10])


# So many are weighed by their sources at least and at most; each takes some 2 µs.
_WEIGHED_BY_SOURCES = (300, 5000)
# More sources than these say no more.
_TRUSTED = 16


def freshness(latest: date, day: str | None) -> float:
    """What its age leaves of a match: three quarters after half a year, half in the long run.

    News first, but a good match stays. Age is counted from the last fetch, not from today: the same ledger
    always gives the same order.
    """
    age = (latest - date.fromisoformat(day)).days if day else 0
    return 0.5 + 0.5 / (1.0 + max(0, age) / 180.0)


def trust(sources: int) -> float:
    """What independent sources add to a match: a quarter for each doubling, and no more from 16 on."""
    return 1.0 + 0.25 * math.log2(min(max(sources, 1), _TRUSTED))


# Names that are not there


def _wanted(tree: Node | None) -> Iterator[Field]:
    """The names that must or may hold."""
    if isinstance(tree, Field) and tree.name in NAME_FIELDS:
        yield tree
    elif isinstance(tree, All | Any):
        for part in tree.parts:
            yield from _wanted(part)


def _meant(connection: sqlite3.Connection, asked: Field) -> str:
    near = names.like(connection, asked.name, asked.value)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no {asked.name} {asked.value!r} in the ledger{hint}"


# Hits


def hits(connection: sqlite3.Connection, chosen: Iterable[int], asked: Sequence[Term] = ()) -> list[Hit]:
    """The claims of these ids, in this order."""
    evidence = "SELECT * FROM evidence WHERE claim_id = ? ORDER BY ordinal"
    found = []
    for claim_id in chosen:
        if row := connection.execute(_SELECT, [claim_id]).fetchone():
            found.append(_hit(row, claim_of(row, connection.execute(evidence, [claim_id])), tuple(asked)))
            if not row["counted"]:
                found[-1] = _counted(connection, found[-1])
    return found


def _counted(connection: sqlite3.Connection, hit: Hit) -> Hit:
    """A statement that a writer has not counted yet is counted here."""
    now = standing(connection, [hit.statement])[hit.statement]
    return replace(hit, sources=now.sources, tellings=now.tellings)


def _hit(row: sqlite3.Row, claim: Claim, asked: tuple[Term, ...]) -> Hit:
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
        sources=row["independent"],
        tellings=row["tellings"],
        statement=row["statement"],
        thread=row["thread"],
        terms=asked,
    )


def check(query: Query) -> None:
    """Conditions that no claim can meet are mistakes of the asker."""
    if query.limit < 1:
        raise BadQuery(f"the limit is {query.limit}: ask for at least one hit")
    if query.since and query.until and query.since > query.until:
        raise BadQuery(f"since {query.since} is after until {query.until}: exchange them")
    if any(bound is not None and math.isnan(bound) for bound in (query.minimum, query.maximum)):
        raise BadQuery("minimum or maximum is no number: give one, or leave it out")
    if query.minimum is not None and query.maximum is not None and query.minimum > query.maximum:
        raise BadQuery(f"the minimum {query.minimum:g} exceeds the maximum {query.maximum:g}: exchange them")
