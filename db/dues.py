"""What was announced for when: statements by the day they fall due, each once, whoever tells it.

A statement is due soon or open while its last day is not over, and overdue from then on; one that names only
a beginning ("from 2026") is open until then, and unknown afterwards: nothing says until when. Whether it
came true cannot be seen from one claim; who links claims with their outcomes changes `state_of` alone.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from db.carriers import SAME
from db.connection import reading
from db.plan import MATCHES, terms
from db.rows import day_of
from db.search import WAIT, Hit, Query, check, hits, parsed, plan_of
from extractors.claim import Due, Status


class DueState(StrEnum):
    """How a statement stands on a day."""

    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expected:
    """A statement with its newest claim; `days` from today to its last day, negative where that is over."""

    hit: Hit
    state: DueState
    days: int


AHEAD = frozenset({DueState.OPEN, DueState.SOON})
# Days within which something is due soon.
SOON = 30


def dues(
    path: Path,
    query: Query,
    *,
    today: date,
    within: int = SOON,
    states: Collection[DueState] = AHEAD,
) -> list[Expected]:
    """Planned and expected statements in these states: what lies ahead, nearest first, then what is over.

    `within`: days for `soon`. Raises BadQuery and, where the file cannot be read, LedgerError.
    """
    check(query)
    tree = parsed(query)
    with reading(path, wait=WAIT) as connection:
        plan = plan_of(connection, tree, query)
        where, values = plan.where()
        if plan.match is not None:
            where, values = f"{where} AND {MATCHES}", [*values, plan.match]
        chosen: list[int] = []
        for rows in (_ahead(connection, where, values, today), _over(connection, where, values, today)):
            wanted = (row for row in rows if state_of(_due(row), today, within) in states)
            chosen += _distinct(wanted, query.limit - len(chosen))
        found = hits(connection, chosen, tuple(terms(tree)))
    return [_expected(hit, today, within) for hit in found]


def state_of(due: Due, today: date, within: int) -> DueState:
    """How a statement with this due stands."""
    last = due.end or due.start
    if last is None or last < today:
        return DueState.OVERDUE if due.end else DueState.UNKNOWN
    return DueState.SOON if last <= today + timedelta(days=within) else DueState.OPEN


def _expected(hit: Hit, today: date, within: int) -> Expected:
    due = hit.claim.due
    if due is None:
        raise ValueError(f"claim {hit.id} has no due")
    last = due.end or due.start or today
    return Expected(hit, state_of(due, today, within), (last - today).days)


def _due(row: sqlite3.Row) -> Due:
    return Due(day_of(row["due_start"]), day_of(row["due_end"]))


_ROWS = f"""
    SELECT id, coalesce(due_end, due_start) AS last, {", ".join(SAME)} FROM claims
    WHERE status IN ('{Status.PLANNED}', '{Status.EXPECTED}') AND"""  # noqa: S608  all parts are constants
# Of equal claims, which have equal days, the newest comes first.
_NEWEST = "day DESC, id DESC"


def _ahead(
    connection: sqlite3.Connection, where: str, values: list[object], today: date
) -> Iterator[sqlite3.Row]:
    """What is not over, the nearest first; two indexes, read as far as needed."""
    day = today.isoformat()
    ends = f"{_ROWS} due_end >= ? AND {where} ORDER BY due_end, {_NEWEST}"
    starts = f"{_ROWS} due_end IS NULL AND due_start >= ? AND {where} ORDER BY due_start, {_NEWEST}"
    read = (connection.execute(query, [day, *values]) for query in (ends, starts))
    return heapq.merge(*read, key=lambda row: row["last"])


def _over(
    connection: sqlite3.Connection, where: str, values: list[object], today: date
) -> Iterator[sqlite3.Row]:
    """What is over, the latest first."""
    day = today.isoformat()
    ends = f"{_ROWS} due_end < ? AND {where} ORDER BY due_end DESC, {_NEWEST}"
    starts = f"{_ROWS} due_end IS NULL AND due_start < ? AND {where} ORDER BY due_start DESC, {_NEWEST}"
    read = (connection.execute(query, [day, *values]) for query in (ends, starts))
    return heapq.merge(*read, key=lambda row: row["last"], reverse=True)


def _distinct(rows: Iterator[sqlite3.Row], most: int) -> list[int]:
    """The ids of the first statements, each once."""
    found: dict[tuple[object, ...], int] = {}
    if most <= 0:
        return []
    for row in rows:
        found.setdefault(tuple(row[name] for name in SAME), row["id"])
        if len(found) >= most:
            break
    return list(found.values())
