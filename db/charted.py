"""What was claimed for when, as a picture needs it: statements, each once, and what became of them.

A statement is what several articles say alike, and the links between statements are those of their thread:
`members` and `links`, which threads.py keeps. A claim that is no member yet stands for itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from db.connection import reading
from db.search import WAIT, Hit, Query, hits, search
from db.standing import standing


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement by its most exact claim. `first` is where it was told first.

    `tellings` of the claims looked at say it, at these `outlets`; `sources` are the independent ones of all.
    """

    number: int
    thread: int
    hit: Hit
    first: Hit
    tellings: int
    sources: int
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """From a statement to a later one of its thread, both by number; `relation` is a word of extractors."""

    earlier: int
    later: int
    relation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Course:
    """Statements, the first told first, and the steps between them."""

    statements: tuple[Statement, ...]
    steps: tuple[Step, ...]


# More claims than these are no picture any more; reading so many takes a second.
MOST_CLAIMS = 5_000


def course(path: Path, query: Query) -> Course:
    """What the claims that fit say. Raises BadQuery and, where the file cannot be read, LedgerError."""
    found = search(path, replace(query, limit=min(query.limit, MOST_CLAIMS)))
    with reading(path, wait=WAIT) as connection:
        return course_of(connection, found)


def thread(path: Path, number: int) -> Course:
    """All that a thread says. Raises LedgerError where the file cannot be read."""
    with reading(path, wait=WAIT) as connection:
        query = "SELECT claim_id FROM members WHERE thread = ? ORDER BY claim_id LIMIT ?"
        members = [row["claim_id"] for row in connection.execute(query, [number, MOST_CLAIMS])]
        return course_of(connection, hits(connection, members))


def course_of(connection: sqlite3.Connection, found: Sequence[Hit]) -> Course:
    """The statements that claims already found belong to, and the steps between them."""
    member = _members(connection, [hit.id for hit in found])
    told: dict[tuple[int, int], list[Hit]] = {}
    for hit in found:
        told.setdefault(member.get(hit.id, (hit.id, hit.id)), []).append(hit)
    standings = standing(connection, (number for _, number in told))
    statements = [
        _statement(*key, claims, standings[key[1]].sources if key[1] in standings else 1)
        for key, claims in told.items()
    ]
    statements.sort(key=lambda one: (_day(one.first), one.number))
    return Course(tuple(statements), tuple(_steps(connection, {one.number for one in statements})))


_MEMBERS = """
    SELECT claim_id, thread, statement FROM members WHERE claim_id IN (SELECT value FROM json_each(?))
"""


def _members(connection: sqlite3.Connection, ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = connection.execute(_MEMBERS, [json.dumps(ids)])
    return {row["claim_id"]: (row["thread"], row["statement"]) for row in rows}


def _statement(thread: int, number: int, told: Iterable[Hit], sources: int) -> Statement:
    claims = sorted(told, key=lambda hit: (_day(hit), hit.id))
    outlets = tuple(dict.fromkeys(hit.source or hit.url for hit in claims))
    return Statement(number, thread, min(claims, key=_vague), claims[0], len(claims), sources, outlets)


def _day(hit: Hit) -> date:
    return hit.published or date.max


def _vague(hit: Hit) -> tuple[int, ...]:
    """Lowest for the claim that says the most; of equals the one told first is taken."""
    amount, due = hit.claim.quantity, hit.claim.due
    ends = (amount.low is None) + (amount.high is None) if amount else 3
    days = (due.start is None) + (due.end is None) if due else 3
    return ends, days, int(bool(amount and amount.approx))


_STEPS = """
    SELECT one.statement AS earlier, other.statement AS later, links.relation, links.reason
    FROM members AS one JOIN links ON links.earlier = one.claim_id
    JOIN members AS other ON other.claim_id = links.later
    WHERE one.statement IN (SELECT value FROM json_each(?1))
      AND other.statement IN (SELECT value FROM json_each(?1)) AND one.statement <> other.statement
    ORDER BY links.earlier, links.later
"""


def _steps(connection: sqlite3.Connection, numbers: Iterable[int]) -> Iterable[Step]:
    rows = connection.execute(_STEPS, [json.dumps(sorted(numbers))])
    every = {(row["earlier"], row["later"], row["relation"]): row["reason"] for row in rows}
    return [Step(*key, reason) for key, reason in every.items()]
