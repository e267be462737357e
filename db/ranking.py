"""Statements with what makes one more important than another.

    weight = (log2(1 + sources) + 2 · size + novelty) · confidence

`sources` are the independent articles that carry it. `size` tells how much its amount is for its kind and
unit: the share of the newest claims of that kind that state less, a half where too few are known. `novelty`
is one for the first statement of a thread, a half for a further one, and fades with the age of the article: a
source that is read for the first time brings old news.
"""

from __future__ import annotations

import json
import math
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db.seen import FIRST_SEEN
from db.standing import standing


@dataclass(frozen=True, slots=True)
class Statement:
    """What several claims say. `claim` is its earliest telling, which the other fields are of.

    `seen` is when any of them was first seen, `day` the day the earliest counts from, both as stored.
    """

    number: int
    thread: int
    claim: int
    article: int
    sources: int
    seen: str
    day: str
    kind: str
    unit: str | None
    amount: float | None
    confidence: float


def statements(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[Statement]:
    """The statements of these numbers, in no particular order."""
    wanted = sorted(set(numbers))
    rows = connection.execute(_TOLD, [json.dumps(wanted)])
    told: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        told[row["statement"]].append(row)
    counted = standing(connection, wanted)
    return [_statement(number, claims, counted[number].sources) for number, claims in told.items()]


_TOLD = f"""
    SELECT members.statement, members.thread, claims.id, claims.day, claims.kind, claims.unit,
           claims.confidence, coalesce(claims.high, claims.low) AS amount, versions.article_id,
           {FIRST_SEEN} AS seen
    FROM members JOIN claims ON claims.id = members.claim_id
    JOIN versions ON versions.id = claims.version_id
    WHERE members.statement IN (SELECT value FROM json_each(?))
"""  # noqa: S608  all parts are constants


def _statement(number: int, claims: list[sqlite3.Row], sources: int) -> Statement:
    first = min(claims, key=lambda row: (row["day"], row["id"]))
    return Statement(
        number=number,
        thread=first["thread"],
        claim=first["id"],
        article=first["article_id"],
        sources=sources,
        seen=min(row["seen"] for row in claims),
        day=first["day"],
        kind=first["kind"],
        unit=first["unit"],
        amount=first["amount"],
        confidence=max(row["confidence"] for row in claims),
    )


def rank(
    connection: sqlite3.Connection, found: list[Statement], *, since: str, until: str
) -> list[Statement]:
    """The most important first; the third and further ones of an article come after all others.

    `since` and `until`: the window as stored instants. The same ledger always gives the same order.
    """
    usual = _Usual(connection)
    known = _known_threads(connection, {one.thread for one in found}, since)
    until_day = date.fromisoformat(until[:10])

    def weight(one: Statement) -> float:
        new = 0.5 if one.thread in known else 1.0
        novelty = new * _fresh(date.fromisoformat(one.day), until_day)
        return (math.log2(1 + one.sources) + 2 * usual.size(one) + novelty) * one.confidence

    ordered = sorted(found, key=lambda one: (-weight(one), one.number))
    first: list[Statement] = []
    rest: list[Statement] = []
    taken: Counter[int] = Counter()
    for one in ordered:
        taken[one.article] += 1
        (first if taken[one.article] <= _OF_ONE_ARTICLE else rest).append(one)
    return first + rest


# A report of a quarter has twenty figures: the other articles of the week must not drown in them.
_OF_ONE_ARTICLE = 2


def _fresh(day: date, until: date) -> float:
    """One in the week of its article, a half a month later."""
    return float(0.5 ** (max(0, (until - day).days - 7) / 30))


def _known_threads(connection: sqlite3.Connection, threads: set[int], since: str) -> set[int]:
    """Those of which something was said before."""
    rows = connection.execute(_BEFORE, [json.dumps(sorted(threads)), since])
    return {int(row["thread"]) for row in rows}


_BEFORE = """
    SELECT DISTINCT members.thread FROM members JOIN claims ON claims.id = members.claim_id
    JOIN versions ON versions.id = claims.version_id
    WHERE members.thread IN (SELECT value FROM json_each(?)) AND versions.fetched < ?
"""


class _Usual:
    """The amounts that are usual, by kind and unit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._known: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for row in connection.execute(_AMOUNTS, [_NEWEST]):
            self._known[row["kind"], row["unit"]].append(row["amount"])
        for amounts in self._known.values():
            amounts.sort()

    def size(self, one: Statement) -> float:
        """The share of what is usual that is less; a half where nothing can be said."""
        amounts = self._known.get((one.kind, one.unit or ""), ())
        if one.amount is None or len(amounts) < _FEW:
            return 0.5
        return bisect_left(amounts, one.amount) / len(amounts)


_AMOUNTS = """
    SELECT kind, unit, coalesce(high, low) AS amount FROM claims INDEXED BY claims_day
    WHERE current AND unit IS NOT NULL ORDER BY day DESC LIMIT ?
"""
# What is usual is seen from so many of the newest claims: enough for every kind, and read in 20 ms.
_NEWEST = 20_000
_FEW = 8
