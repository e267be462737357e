"""A speaker's or a company's record: what they promised, and what became of it.

A company promises what is planned with it as the subject, and what it says will come; a person, what that
person says will come. Each plan counts once: by its newest amount and due, with its history beside it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from db import names
from db.changes import Change
from db.connection import reading
from db.courses import Fate, course, fate, newest_promise, told_on
from db.dues import SOON, DueState, state_of
from db.search import WAIT, Hit
from extractors.claim import Status


class Kept(StrEnum):
    """What became of a promise."""

    MET = "met"
    BEATEN = "beaten"
    LATE = "late"
    MISSED = "missed"
    DENIED = "denied"
    OVERDUE = "overdue"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as it was last told, and its history in short."""

    hit: Hit
    kept: Kept
    fate: Fate


@dataclass(frozen=True, slots=True)
class Record:
    """`names`: whom the name asked for stands for in the ledger; the promises, the last told first."""

    names: tuple[str, ...]
    promises: tuple[Promise, ...]

    @property
    def counts(self) -> dict[Kept, int]:
        """How many promises ended each way; every way is there."""
        counted = Counter(promise.kept for promise in self.promises)
        return {kept: counted[kept] for kept in Kept}

    @property
    def delayed(self) -> int:
        """How many were moved to a later day."""
        return sum(promise.fate.moved is Change.DELAYED for promise in self.promises)


def record(path: Path, name: str, *, today: date) -> Record:
    """The record of whoever is called so, by any spelling; empty where the ledger knows nobody.

    Raises BadQuery where the name holds no word, and LedgerError.
    """
    with reading(path, wait=WAIT) as connection:
        companies = names.named(connection, names.COMPANY, name, exact=False)
        speakers = names.named(connection, names.SPEAKER, name, exact=False)
        found = _promises(connection, companies, speakers, today)
        ordered = sorted(found, key=lambda promise: told_on(promise.hit), reverse=True)
        return Record(tuple(dict.fromkeys([*companies, *speakers])), tuple(ordered))


def like(path: Path, name: str) -> list[str]:
    """Names that are spelled nearly so, for a name that the ledger lacks."""
    with reading(path, wait=WAIT) as connection:
        roles = (names.COMPANY, names.SPEAKER)
        near = [each for role in roles for each in names.like(connection, role, name)]
        return list(dict.fromkeys(near))[:3]


def _promises(
    connection: sqlite3.Connection, companies: list[str], speakers: list[str], today: date
) -> Iterator[Promise]:
    rows = connection.execute(_STATEMENTS, {"companies": _listed(companies), "speakers": _listed(speakers)})
    seen: set[int] = set()
    for row in rows.fetchall():
        thread = course(connection, row["id"])
        first = fate(thread, row["statement"])
        # Whoever revised it: what counts is the plan that took its place.
        statement = first.replaced_by.statement if first.replaced_by else row["statement"]
        plan = newest_promise(thread, statement)
        if plan is not None and statement not in seen:
            seen.add(statement)
            became = fate(thread, statement)
            yield Promise(plan, _kept(plan, became, today), became)


# What the party itself intends, and what it says will be; of a statement any of its claims.
_STATEMENTS = f"""
    SELECT min(claims.id) AS id, coalesce(members.statement, claims.id) AS statement
    FROM claims LEFT JOIN members ON members.claim_id = claims.id
    WHERE claims.current AND (
        (status = '{Status.PLANNED}' AND subject IN (SELECT value FROM json_each(:companies)))
        OR (status IN ('{Status.PLANNED}', '{Status.EXPECTED}')
            AND speaker IN (SELECT value FROM json_each(:speakers))))
    GROUP BY 2
"""  # noqa: S608  all parts are constants


def _listed(found: list[str]) -> str:

    return json.dumps(found)


def _kept(plan: Hit, became: Fate, today: date) -> Kept:
    if became.end is not None:
        return Kept(str(became.end))
    if plan.claim.due is None:
        return Kept.OPEN
    over = state_of(plan.claim.due, today, SOON) is DueState.OVERDUE
    return Kept.OVERDUE if over else Kept.OPEN
