"""The course of a thread: its statements in order, what each did to an earlier one, and how a plan ended.

    course() ─> statements with their claims, and the links between them (tables `members`, `links`)
    events()  each statement once, by the day it was first told: the history that `claims show` prints
    fate()    of one plan: replaced by a newer one, met, late, missed, denied, or still to come

A revision replaces a plan, a contradiction does not: who contradicts is somebody else. What came true counts
for every plan of the two kinds, each by its own amount and due.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db.changes import Change, change_of, moved_by, outcome_of
from db.search import Hit, hits
from extractors.claim import Status

PROMISES = frozenset({Status.PLANNED, Status.EXPECTED})


@dataclass(frozen=True, slots=True)
class Link:
    """Why a claim stands in the thread: its relation to an earlier claim, in the words of `Relates`."""

    earlier: int
    later: int
    relation: str
    reason: str

    def turned(self) -> Link:
        """The same from the other side."""
        return Link(self.later, self.earlier, self.relation, self.reason)


@dataclass(frozen=True, slots=True)
class Course:
    """A thread. `statements`: the claims of each, in order of their days, by the statement's number."""

    statements: dict[int, tuple[Hit, ...]]
    links: tuple[Link, ...]

    def of_claim(self, claim_id: int) -> int:
        """The statement of a claim in this thread."""
        return next(
            number for number, told in self.statements.items() if any(hit.id == claim_id for hit in told)
        )


@dataclass(frozen=True, slots=True)
class Event:
    """A statement, by the claim that told it first. `change`: what it does to claim `to`, for `reason`."""

    hit: Hit
    change: Change | None = None
    to: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a plan. `end`: None while it is to come; told by `hit`, for `reason`.

    `since`: the day it was first told, in whatever form. `replaced_by`: a newer plan counts in its place.
    `before`: the plan that it replaced, by another due; `moved` tells which way.
    """

    end: Change | None = None
    hit: Hit | None = None
    reason: str = ""
    since: date | None = None
    replaced_by: Hit | None = None
    before: Hit | None = None
    moved: Change | None = None


def course(connection: sqlite3.Connection, claim_id: int) -> Course:
    """The thread of a claim; of one that is no member, that claim alone."""
    ids = [row["claim_id"] for row in connection.execute(_MEMBERS, [claim_id])] or [claim_id]
    statements: dict[int, tuple[Hit, ...]] = {}
    for hit in sorted(hits(connection, ids), key=told_on):
        statements[hit.statement] = (*statements.get(hit.statement, ()), hit)
    rows = connection.execute(_LINKS, [claim_id]).fetchall() if len(statements) > 1 else []
    links = (Link(row["earlier"], row["later"], row["relation"], row["reason"]) for row in rows)
    return Course(statements, tuple(links))


_MEMBERS = """
    SELECT claim_id FROM members WHERE thread = (SELECT thread FROM members WHERE claim_id = ?)
"""
_LINKS = """
    SELECT links.* FROM members JOIN links ON links.later = members.claim_id
    WHERE members.thread = (SELECT thread FROM members WHERE claim_id = ?) ORDER BY earlier, later
"""


def told_on(hit: Hit) -> tuple[date, int]:
    """What orders claims in time: the day, those without one last; of one day the claim stored first."""
    return hit.published or date.max, hit.id


def events(thread: Course) -> list[Event]:
    """The thread's statements, each as it was first told, the earliest first."""
    ordered = sorted((told[0] for told in thread.statements.values()), key=told_on)
    return [_event(thread, hit, {one.statement for one in ordered[:n]}) for n, hit in enumerate(ordered)]


def _event(thread: Course, hit: Hit, before: set[int]) -> Event:
    """What a statement does to an earlier one. `before`: the statements told until then."""
    claims = {one.id: one for told in thread.statements.values() for one in told}
    both_ways = [*_between(thread), *(link.turned() for link in _between(thread) if link.relation in _MUTUAL)]
    into = [
        link
        for link in both_ways
        if claims[link.later].statement == hit.statement
        and (link.relation not in _MUTUAL or claims[link.earlier].statement in before)
    ]
    if not into:
        return Event(hit)
    link = min(into, key=lambda link: (_WEIGHT.get(link.relation, len(_WEIGHT)), -link.earlier))
    later = claims[link.later]
    change = change_of(link.relation, claims[link.earlier].claim, later.claim, later.published)
    return Event(hit, change, link.earlier, link.reason)


# What two statements are to each other, whichever came first.
_MUTUAL = {"beside", "joined"}
# Of several links the one that says most.
_WEIGHT = {
    name: place
    for place, name in enumerate(("outcome", "denial", "revision", "contradiction", "beside", "joined"))
}


def _between(thread: Course) -> Iterator[Link]:
    """The links between two statements of the thread."""
    of = {hit.id: number for number, told in thread.statements.items() for hit in told}
    for link in thread.links:
        ends = of.get(link.earlier), of.get(link.later)
        if None not in ends and ends[0] != ends[1]:
            yield link


def fate(thread: Course, statement: int) -> Fate:
    """What became of the plan that a statement tells."""
    plans = [number for number in _reached(thread, statement, {"revision"}) if _promise(thread, number)]
    ordered = sorted(plans, key=lambda number: told_on(thread.statements[number][0]))
    place = ordered.index(statement) if statement in ordered else 0
    plan = newest_promise(thread, statement)
    newest = newest_promise(thread, ordered[-1]) if ordered else None
    replaced_by = newest if newest is not None and newest.statement != statement else None
    before, moved = _moved(thread, ordered[:place], plan)
    end, hit, reason = _end(thread, statement, plan)
    since = thread.statements[ordered[0] if ordered else statement][0].published
    return Fate(end, hit, reason, since, replaced_by, before, moved)


def newest_promise(thread: Course, statement: int) -> Hit | None:
    """The last claim of a statement that promises; one that names a due goes before one that does not."""
    promising = [hit for hit in thread.statements[statement] if hit.claim.status in PROMISES]
    return max(promising, key=lambda hit: (hit.claim.due is not None, told_on(hit)), default=None)


def _promise(thread: Course, statement: int) -> bool:
    return newest_promise(thread, statement) is not None


def _moved(thread: Course, earlier: list[int], plan: Hit | None) -> tuple[Hit | None, Change | None]:
    """The last plan before with another due, and which way it was moved."""
    for number in reversed(earlier):
        before = newest_promise(thread, number)
        if before is None or plan is None or before.claim.due is None or plan.claim.due is None:
            continue
        if moved := moved_by(before.claim.due, plan.claim.due):
            return before, moved
    return None, None


def _end(thread: Course, statement: int, plan: Hit | None) -> tuple[Change | None, Hit | None, str]:
    """The last fact or denial about the plan, or about one that it contradicts or revises."""
    if plan is None:
        return None, None, ""
    since = thread.statements[statement][0]
    kin = _reached(thread, statement, {"revision", "contradiction"})
    claims = {one.id: one for told in thread.statements.values() for one in told}
    found: list[tuple[Hit, str]] = []
    for link in _between(thread):
        later = claims[link.later]
        about_it = link.relation in _ENDING and claims[link.earlier].statement in kin
        if about_it and later.statement not in kin and told_on(later) >= told_on(since):
            found.append((later, link.reason))
    if not found:
        return None, None, ""
    fact, reason = max(found, key=lambda one: told_on(one[0]))
    fact = _corrected(thread, fact)
    return outcome_of(plan.claim, fact.claim, fact.published), fact, reason


_ENDING = {"outcome", "denial"}


def _corrected(thread: Course, fact: Hit) -> Hit:
    """The last statement of the fact's own: a figure may have been corrected."""
    told = [thread.statements[number][0] for number in _reached(thread, fact.statement, {"revision"})]
    return max((hit for hit in told if hit.claim.status not in PROMISES), key=told_on, default=fact)


def _reached(thread: Course, statement: int, relations: set[str]) -> set[int]:
    """The statements that links of these relations join with this one, itself included."""
    of = {hit.id: number for number, told in thread.statements.items() for hit in told}
    pairs = [(of[link.earlier], of[link.later]) for link in _between(thread) if link.relation in relations]
    found, waiting = {statement}, [statement]
    while waiting:
        here = waiting.pop()
        beside = {b if a == here else a for a, b in pairs if here in (a, b)} - found
        found |= beside
        waiting += beside
    return found
