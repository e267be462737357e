"""START HERE for the digest: what a stretch of time brought, found by a few questions to the ledger.

    window ─ new statements, ranked ┐
    links noticed in it ─ revised, contradicted, denied, met, missed ├─> Brought
    dues around its end ─ due soon, overdue ┘

A statement is what several articles may say (table `members`); each stands in one part only. Reads alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from db.changes import KEPT, outcome_of
from db.connection import reading
from db.plan import MATCHES, Plan
from db.ranking import Statement, rank, statements
from db.search import WAIT, Hit, Query, check, hits, parsed, plan_of
from db.seen import FIRST_SEEN
from db.sourcenews import Numbers, SourceNews, numbers, source_news
from db.states import moment
from extractors.claim import Status


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement by its earliest telling. `sources`: how many independent articles carry it."""

    hit: Hit
    statement: int
    thread: int
    sources: int


@dataclass(frozen=True, slots=True)
class Change:
    """A statement and the earlier one of its thread that it changes; `reason` in plain English words."""

    earlier: Entry
    later: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """The first of what belongs together, how many there are in all, and how many claims say them."""

    entries: tuple[Entry, ...] = ()
    total: int = 0
    claims: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """The same of changes; `later` are all later statements."""

    entries: tuple[Change, ...] = ()
    total: int = 0
    later: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Brought:
    """All that a window brought; `due` and `overdue` are the nearest first."""

    new: Part
    revised: Changes
    contradicted: Changes
    denied: Changes
    due: Part
    overdue: Part
    met: Changes
    missed: Changes
    sources: tuple[SourceNews, ...]
    numbers: Numbers

    @property
    def claimed(self) -> bool:
        """Whether there is any statement in it."""
        parts = (self.new, self.due, self.overdue)
        changes = (self.revised, self.contradicted, self.denied, self.met, self.missed)
        return any(part.total for part in (*parts, *changes))


# Days that "due soon" looks ahead.
AHEAD = 30


def brought(
    path: Path,
    start: datetime,
    end: datetime,
    *,
    query: Query | None = None,
    today: date,
    lapsed: tuple[date, date],
    most: int = 12,
) -> Brought:
    """What [start, end) brought of the claims that `query` leaves: `most` new ones, half as many of others.

    `today` is what dues count from; `lapsed` are the first and the last day due that became overdue in the
    window, which only the reader's zone can tell. Raises BadQuery and LedgerError.
    """
    query = query or Query()
    check(query)
    with reading(path, wait=WAIT) as connection:
        plan = plan_of(connection, parsed(query), query)
        asked = _Asked(connection, plan, moment(start), moment(end), most)
        changes = {name: _changed(asked, name) for name in _RELATIONS}
        told = frozenset[int]().union(*(part.later for part in changes.values()))
        new, statements_made = _new(asked, told)
        return Brought(
            new=new,
            due=_dues(asked, today, today + timedelta(days=AHEAD)),
            overdue=_dues(asked, *lapsed, latest_first=True),
            sources=source_news(connection, start),
            numbers=numbers(connection, start, end, statements=statements_made),
            **changes,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    connection: sqlite3.Connection
    plan: Plan
    start: str
    end: str
    most: int

    @property
    def less(self) -> int:
        """How many entries of a part that is not the first: half as many."""
        return (self.most + 1) // 2

    def fitting(self, ids: Iterable[int]) -> set[int]:
        """Those of the claims that the reader wants to hear of."""
        where, values = self.plan.where()
        if self.plan.match is not None:
            where, values = f"{where} AND {MATCHES}", [*values, self.plan.match]
        wanted = "SELECT claims.id FROM claims WHERE claims.id IN (SELECT value FROM json_each(?)) AND"
        rows = self.connection.execute(f"{wanted} {where}", [json.dumps(sorted(set(ids))), *values])
        return {int(row["id"]) for row in rows}


# New


def _new(asked: _Asked, told: frozenset[int]) -> tuple[Part, int]:
    """The statements that nobody had made before, the most important first; and how many there are in all.

    In all: also what the reader did not ask for, and what is told elsewhere in the mail.
    """
    rows = asked.connection.execute(_FETCHED, [asked.start, asked.end]).fetchall()
    wanted = asked.fitting(row["id"] for row in rows)
    numbers = {row["statement"] for row in rows}
    every = [one for one in statements(asked.connection, numbers) if one.seen >= asked.start]
    fitting = {row["statement"] for row in rows if row["id"] in wanted} - told
    found = [one for one in every if one.number in fitting]
    ranked = rank(asked.connection, found, since=asked.start, until=asked.end)
    return Part(_entries(asked, ranked[: asked.most]), len(ranked), len(wanted)), len(every)


_FETCHED = """
    SELECT claims.id, members.statement FROM versions
    JOIN claims ON claims.version_id = versions.id
    JOIN members ON members.claim_id = claims.id
    WHERE versions.fetched >= ? AND versions.fetched < ? AND versions.current
"""


def _entries(asked: _Asked, chosen: Sequence[Statement]) -> tuple[Entry, ...]:
    found = {hit.id: hit for hit in hits(asked.connection, (one.claim for one in chosen))}
    return tuple(Entry(found[one.claim], one.number, one.thread, one.sources) for one in chosen)


# Changed


# Words of `links.relation` by the part they belong to; what an outcome means is seen from its claims.
_RELATIONS = {
    "revised": "revision",
    "contradicted": "contradiction",
    "denied": "denial",
    "met": "outcome",
    "missed": "outcome",
}


def _changed(asked: _Asked, name: str) -> Changes:
    """The changes of a sort that were noticed in the window, those with the most sources first."""
    pairs = _pairs(asked, name)
    numbers = {number for pair in pairs for number in pair}
    known = {one.number: one for one in statements(asked.connection, numbers)}
    # Where one statement changes several, the latest of them is the one to be told.
    latest: dict[int, int] = {}
    for was, now in sorted(pairs, key=lambda pair: (known[pair[0]].day, pair[0])):
        latest[now] = was
    order = sorted(latest, key=lambda now: (-known[now].sources, -now))
    shown = {now: latest[now] for now in order[: asked.less]}
    wanted = sorted({*shown, *shown.values()})
    entries = {each.statement: each for each in _entries(asked, [known[number] for number in wanted])}
    told = tuple(Change(entries[was], entries[now], pairs[was, now]) for now, was in shown.items())
    return Changes(told, len(latest), frozenset(latest))


def _pairs(asked: _Asked, name: str) -> dict[tuple[int, int], str]:
    """The reasons of the links by the statements, earlier and later, that they join.

    A link may be noticed anew when a text is changed or read again: one of its claims must be new as well.
    """
    rows = [
        row
        for row in asked.connection.execute(_LINKED, [_RELATIONS[name], asked.start, asked.end])
        if any(asked.start <= row[seen] < asked.end for seen in ("earlier_seen", "later_seen"))
        and (_RELATIONS[name] != "outcome" or _kept(asked, row) == (name == "met"))
    ]
    wanted = asked.fitting(row["later"] for row in rows)
    return {(row["was"], row["now"]): row["reason"] for row in rows if row["later"] in wanted}


def _kept(asked: _Asked, row: sqlite3.Row) -> bool:
    """Whether a plan came true, by the rule that `claims due` and `claims record` go by."""
    plan, fact = hits(asked.connection, (row["earlier"], row["later"]))
    return outcome_of(plan.claim, fact.claim, fact.published) in KEPT


def _side(name: str) -> str:
    return f"""
        JOIN members AS {name}_member ON {name}_member.claim_id = links.{name}
        JOIN (SELECT claims.*, {FIRST_SEEN} AS seen FROM claims JOIN versions ON versions.id = version_id)
             AS {name} ON {name}.id = links.{name}"""  # noqa: S608  all parts are constants


_LINKED = f"""
    SELECT links.earlier, links.later, links.reason, earlier_member.statement AS was,
           later_member.statement AS now, earlier.seen AS earlier_seen, later.seen AS later_seen
    FROM links {_side("earlier")} {_side("later")}
    WHERE links.relation = ? AND links.noticed >= ? AND links.noticed < ?
      AND links.relation <> 'same'  -- true of all that is asked for; the index leaves the retellings out
"""  # noqa: S608


# Due


def _dues(asked: _Asked, first: date, last: date, *, latest_first: bool = False) -> Part:
    """What is to come true from the first to the last day, unless something later settles or changes it."""
    days = [first.isoformat(), last.isoformat()]
    rows = asked.connection.execute(_DUE, [*days, *days]).fetchall()
    wanted = asked.fitting(row["id"] for row in rows)
    ends = {row["statement"]: row["last"] for row in rows if row["id"] in wanted}
    found = statements(asked.connection, ends)
    found.sort(key=lambda one: (-one.sources, one.number))
    found.sort(key=lambda one: str(ends[one.number]), reverse=latest_first)
    return Part(_entries(asked, found[: asked.less]), len(found), len(ends))


_SETTLED = """
    EXISTS (SELECT 1 FROM members AS told JOIN links ON links.earlier = told.claim_id
            WHERE told.statement = members.statement
              AND links.relation IN ('revision', 'outcome', 'denial'))"""
_ENDING = f"""
    FROM claims JOIN members ON members.claim_id = claims.id
    WHERE claims.status IN ('{Status.PLANNED}', '{Status.EXPECTED}') AND NOT {_SETTLED}"""
_DUE = f"""
    SELECT claims.id, members.statement, due_end AS last {_ENDING} AND due_end BETWEEN ? AND ?
    UNION ALL
    SELECT claims.id, members.statement, due_start {_ENDING} AND due_end IS NULL AND due_start BETWEEN ? AND ?
"""
