"""What was announced for when: statements by the day they fall due, each once, whoever tells it.

A statement is due soon or open while its last day is not over, and overdue from then on; one that names only
a beginning ("from 2026") is open until then, and unknown afterwards: nothing says until when. Where its
thread knows how it ended, it is met or missed instead, with the claim that says so (courses.py); a plan that
was replaced by a newer one is left out, and the newer one says what it was moved from.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path

from db.changes import KEPT, Change
from db.connection import reading
from db.courses import Fate, course, fate
from db.match import Term
from db.plan import MATCHES, terms
from db.rows import SAME, day_of
from db.search import WAIT, Hit, Query, check, hits, parsed, plan_of
from extractors.claim import Due, Status


class DueState(StrEnum):
    """How a statement stands on a day."""

    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expected:
    """A statement with its newest claim; `days` from today to its last day, negative where that is over.

    `fate`: how it ended, as told by which claim, and from when it was moved.
    """

    hit: Hit
    state: DueState
    days: int
    fate: Fate = field(default_factory=Fate)


AHEAD = frozenset({DueState.OPEN, DueState.SOON})
ENDED = frozenset({DueState.MET, DueState.MISSED})
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
        if set(states) <= ENDED:
            where = f"{where} AND {_WITH_ENDS}"
        parts = [_ahead, _over] if set(states) & (AHEAD | ENDED) else [_over]
        judge = _Judge(connection, (where, values), tuple(terms(tree)), today, within, frozenset(states))
        with ExitStack() as opened:
            # What is not read to its end must be closed before the ledger is.
            rows = [opened.enter_context(closing(part(connection, where, values, today))) for part in parts]
            return list(islice(judge.each_once(chain.from_iterable(rows)), query.limit))


def state_of(due: Due, today: date, within: int, end: Change | None = None) -> DueState:
    """How a statement with this due stands; `end`: what became of it."""
    if end is not None:
        return DueState.MET if end in KEPT else DueState.MISSED
    last = due.end or due.start
    if last is None or last < today:
        return DueState.OVERDUE if due.end else DueState.UNKNOWN
    return DueState.SOON if last <= today + timedelta(days=within) else DueState.OPEN


@dataclass(frozen=True, slots=True)
class _Judge:
    """Makes of rows what is expected: each statement once, with its newest claim that fits the query."""

    connection: sqlite3.Connection
    asked: tuple[str, list[object]]
    terms: tuple[Term, ...]
    today: date
    within: int
    states: frozenset[DueState]

    def each_once(self, rows: Iterable[sqlite3.Row]) -> Iterator[Expected]:
        seen: set[object] = set()
        for row in rows:
            if not self._may_be_wanted(row):
                continue
            statement = row["statement"] or tuple(row[name] for name in SAME)
            if statement in seen:
                continue
            seen.add(statement)
            # Of a statement told with several dues the newest counts, which may stand elsewhere in the list.
            newest = self._newest(row["statement"]) if row["statement"] else row["id"]
            expected = self._expected(newest)
            if expected is not None and expected.state in self.states:
                yield expected

    def _may_be_wanted(self, row: sqlite3.Row) -> bool:
        """By its due alone: reading the claim and its thread takes a hundred times as long."""
        return bool(self.states & ENDED) or state_of(_due(row), self.today, self.within) in self.states

    def _newest(self, statement: int) -> int:
        where, values = self.asked
        query = f"{_OF_STATEMENT} AND {where} ORDER BY {_NEWEST} LIMIT 1"
        return int(self.connection.execute(query, [statement, *values]).fetchone()["id"])

    def _expected(self, claim_id: int) -> Expected | None:
        """None where a newer plan counts in its place."""
        [hit] = hits(self.connection, [claim_id], self.terms)
        due = hit.claim.due
        if due is None:
            raise ValueError(f"claim {hit.id} has no due")
        became = self._fate(hit)
        if became.replaced_by is not None:
            return None
        last = due.end or due.start or self.today
        state = state_of(due, self.today, self.within, became.end)
        return Expected(hit, state, (last - self.today).days, became)

    def _fate(self, hit: Hit) -> Fate:
        if not self.connection.execute(_HAS_COURSE, [hit.thread, hit.thread]).fetchone():
            return Fate()
        return fate(course(self.connection, hit.id), hit.statement)


def _due(row: sqlite3.Row) -> Due:
    return Due(day_of(row["due_start"]), day_of(row["due_end"]))


_PROMISED = f"status IN ('{Status.PLANNED}', '{Status.EXPECTED}')"
_ROWS = f"""
    SELECT claims.id, coalesce(due_end, due_start) AS last, {", ".join(SAME)},
           (SELECT statement FROM members WHERE claim_id = claims.id) AS statement
    FROM claims WHERE {_PROMISED} AND"""  # noqa: S608  all parts are constants
_OF_STATEMENT = f"""
    SELECT claims.id FROM claims
    WHERE id IN (SELECT claim_id FROM members WHERE statement = ?) AND {_PROMISED}
    AND (due_end IS NOT NULL OR due_start IS NOT NULL)"""  # noqa: S608  the same
# A thread of more than one statement.
_HAS_COURSE = "SELECT 1 FROM members WHERE thread = ? AND statement <> ?"
_WITH_ENDS = """
    claims.id IN (SELECT claim_id FROM members WHERE thread IN (
        SELECT thread FROM links JOIN members ON members.claim_id = links.later
        WHERE relation IN ('outcome', 'denial')))"""
# Of equal claims, which have equal days, the newest comes first.
_NEWEST = "day DESC, id DESC"


def _ahead(
    connection: sqlite3.Connection, where: str, values: list[object], today: date
) -> Generator[sqlite3.Row, None, None]:
    """What is not over, the nearest first; two indexes, read as far as needed."""
    day = today.isoformat()
    ends = f"{_ROWS} due_end >= ? AND {where} ORDER BY due_end, {_NEWEST}"
    starts = f"{_ROWS} due_end IS NULL AND due_start >= ? AND {where} ORDER BY due_start, {_NEWEST}"
    read = (connection.execute(query, [day, *values]) for query in (ends, starts))
    yield from heapq.merge(*read, key=lambda row: row["last"])


def _over(
    connection: sqlite3.Connection, where: str, values: list[object], today: date
) -> Generator[sqlite3.Row, None, None]:
    """What is over, the latest first."""
    day = today.isoformat()
    ends = f"{_ROWS} due_end < ? AND {where} ORDER BY due_end DESC, {_NEWEST}"
    starts = f"{_ROWS} due_end IS NULL AND due_start < ? AND {where} ORDER BY due_start DESC, {_NEWEST}"
    read = (connection.execute(query, [day, *values]) for query in (ends, starts))
    yield from heapq.merge(*read, key=lambda row: row["last"], reverse=True)
