"""What `claims show` tells beside a claim: who else tells it, how it stands, and its thread's history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.connection import reading
from db.courses import Event, course, events
from db.search import WAIT
from db.standing import Standing, Told, standing, tellings


@dataclass(frozen=True, slots=True)
class Background:
    """`standing`: None for a claim that is in no thread, as of a text that was changed since."""

    standing: Standing | None
    tellings: tuple[Told, ...]
    history: tuple[Event, ...]


def background(path: Path, claim_id: int) -> Background:
    """All that the ledger knows of a claim beyond its article. Raises LedgerError."""
    with reading(path, wait=WAIT) as connection:
        told = tuple(tellings(connection, claim_id))
        thread = course(connection, claim_id)
        statement = thread.of_claim(claim_id) if thread.statements else claim_id
        found = standing(connection, [statement])
        return Background(found.get(statement), told, tuple(events(thread)))
