"""The statements of a picture as rows, for whoever wants the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims import wording
from claims.listings import HIT_NAMES, hit_record
from claims.present import Column, Listing

if TYPE_CHECKING:
    from db.charted import Course, Statement, Step


@dataclass(frozen=True, slots=True)
class Told:
    """A statement and the steps that lead to it."""

    statement: Statement
    steps: tuple[Step, ...]


def rows(course: Course) -> Iterator[Told]:
    """The statements in the order in which they were told."""
    for one in course.statements:
        yield Told(one, tuple(step for step in course.steps if step.later == one.number))


def _record(told: Told) -> dict[str, Any]:
    """The stable machine form: that of its claim, and what joins it to others."""
    one = told.statement
    return {
        "thread": one.thread,
        "statement": one.number,
        "first": one.first.published.isoformat() if one.first.published else None,
        "tellings": one.tellings,
        "sources": one.sources,
        "outlets": list(one.outlets),
        "after": [f"{step.relation} {step.earlier}" for step in told.steps],
        **hit_record(one.hit),
    }


STATEMENTS: Listing[Told] = Listing(
    columns=(
        Column("Due", lambda told: wording.due(told.statement.hit.claim.due)),
        Column("Status", lambda told: str(told.statement.hit.claim.status), keep=True),
        Column("Subject", lambda told: told.statement.hit.claim.subject),
        Column(
            "Amount",
            lambda told: wording.amount(told.statement.hit.claim.quantity),
            right=True,
            aligned=True,
            name="amount",
        ),
        Column("Of", lambda told: wording.thing(told.statement.hit.claim), name="of"),
        Column("Says", lambda told: told.statement.first.claim.speaker or "", wide=True, name="says"),
        Column("First told", lambda told: str(told.statement.first.published or ""), keep=True, wide=True),
        Column("Sources", lambda told: str(told.statement.sources), right=True, keep=True, wide=True),
        Column("Statement", lambda told: str(told.statement.number), right=True, keep=True),
        Column("After", lambda told: ", ".join(f"{s.relation} {s.earlier}" for s in told.steps), wide=True),
    ),
    record=_record,
    sentence=lambda told: f"[{told.statement.number}] {wording.sentence(told.statement.hit.claim)}",
    names=("thread", "statement", "first", "tellings", "sources", "outlets", "after", *HIT_NAMES),
)
