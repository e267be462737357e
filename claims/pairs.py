"""Pairs of claims from JSON Lines, for `claims relate`: one pair a line, a bad line spoils no other.

A line is `{"id", "a", "b"}`; a and b are records in the fields of the guidelines with `lang`, `published`,
`sentence` and `title`. Only kind, subject and status must be there; what is missing counts as not said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from extractors.relate import RecordError, Relation, Statement, read_statement, relate


class BadPair(ValueError):
    """Why a line holds no pair of claims."""


@dataclass(frozen=True, slots=True)
class Related:
    """A pair by its id, as it was given, and how its second claim stands to the first."""

    name: str | int
    relation: Relation

    def record(self) -> dict[str, Any]:
        """The machine form."""
        return {"id": self.name, "relation": str(self.relation.relation), "reason": self.relation.reason}


def relate_lines(stream: IO[bytes], complain: Callable[[str], None]) -> Iterator[Related]:
    """Each line's id and relation; of a bad line `complain` is told the number and what is wrong."""
    for number, raw in enumerate(stream, 1):
        if not raw.strip():
            continue
        try:
            name, a, b = pair_of(raw)
        except BadPair as error:
            complain(f"line {number}: {error}")
        else:
            yield Related(name, relate(a, b))


def pair_of(raw: bytes) -> tuple[str | int, Statement, Statement]:
    """The id and the two statements of a line; raises BadPair."""
    try:
        row = json.loads(raw)
    except UnicodeDecodeError:
        raise BadPair("not text in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadPair(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadPair("not a JSON object")
    name = row.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise BadPair("no id" if name in (None, "") else "id must be a string or a whole number")
    return name, _statement(row, "a"), _statement(row, "b")


def _statement(row: dict[str, Any], side: str) -> Statement:
    record = row.get(side)
    if not isinstance(record, dict):
        raise BadPair(f"no {side}" if record is None else f"{side} must be an object")
    try:
        return read_statement(record)
    except RecordError as error:
        raise BadPair(f"{side}: {error}") from None
