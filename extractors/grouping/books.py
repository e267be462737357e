"""What grouping must know of the claims that are there: a protocol, and a keeper in memory.

The ledger keeps the same in tables (db/placing.py), so that both run through one grouping.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Protocol

from extractors.grouping.links import Link
from extractors.grouping.told import Told

WINDOW = 16
"""Of the claims that share a key with a claim so many before it are looked at, the nearest in order."""
FIRST = 48
"""Of a statement's members so many are looked at, the earliest."""


class Books(Protocol):
    """The claims that are there, by key and by statement."""

    def told(self, claim: int) -> Told:
        """A claim that is there."""

    def gather(self, claims: Iterable[int]) -> None:
        """Hint that these will be asked for."""

    def within_reach(self, claim: Told, others: Iterable[int]) -> list[Told]:
        """Those of the others that are worth comparing with a claim; none that is near to it is left out."""

    def free_mark(self, claim: int) -> int:
        """A mark for a statement of a claim's own, which no statement bears."""

    def before(self, key: int, place: Told) -> Sequence[int]:
        """Up to WINDOW claims with this key before that place, the nearest first."""

    def after(self, key: int, place: Told) -> Sequence[int]:
        """Up to WINDOW claims with this key behind that place, the nearest first."""

    def statement(self, claim: int) -> int | None:
        """The mark of its statement; None where it has none yet."""

    def members(self, statement: int) -> Sequence[int]:
        """Up to FIRST claims of a statement, the earliest first; another object when they are others."""

    def all_members(self, statement: int) -> Sequence[int]:
        """All claims of a statement."""

    def links(self, later: int) -> Sequence[Link]:
        """The links of a claim to earlier ones."""

    def followers(self, earlier: int) -> Sequence[int]:
        """The claims that have a link to this one."""

    def enter(self, claim: Told) -> None:
        """Add a claim, in no statement yet."""

    def leave(self, claim: Told) -> None:
        """Take a claim out, with its links to earlier ones."""

    def assign(self, claim: int, statement: int) -> None:
        """Put a claim into a statement."""

    def link(self, later: int, links: Sequence[Link]) -> None:
        """Put these links in the place of a claim's links to earlier ones."""


class Shelf:
    """Books in memory."""

    def __init__(self) -> None:
        self._told: dict[int, Told] = {}
        self._keys: dict[int, list[tuple[int, int]]] = {}
        self._statement: dict[int, int] = {}
        self._members: dict[int, list[tuple[int, int]]] = {}
        self._first: dict[int, list[int]] = {}
        self._links: dict[int, tuple[Link, ...]] = {}

    def told(self, claim: int) -> Told:
        """A claim that is there."""
        return self._told[claim]

    def gather(self, claims: Iterable[int]) -> None:
        """All are at hand."""

    def within_reach(self, claim: Told, others: Iterable[int]) -> list[Told]:
        """All: to compare them costs no reading."""
        return [self._told[other] for other in others]

    def free_mark(self, claim: int) -> int:
        """Its own number, unless others still bear it."""
        for mark in (claim, -claim):
            if not self._members.get(mark):
                return mark
        return min(self._members) - 1

    def before(self, key: int, place: Told) -> list[int]:
        """The nearest before."""
        row = self._keys.get(key, [])
        at = bisect_left(row, place.order)
        return [claim for _, claim in reversed(row[max(0, at - WINDOW) : at])]

    def after(self, key: int, place: Told) -> list[int]:
        """The nearest behind."""
        row = self._keys.get(key, [])
        at = bisect_left(row, (place.place, place.id + 1))
        return [claim for _, claim in row[at : at + WINDOW]]

    def statement(self, claim: int) -> int | None:
        """The statement's mark."""
        return self._statement.get(claim)

    def members(self, statement: int) -> list[int]:
        """The first ones."""
        if statement not in self._first:
            self._first[statement] = [claim for _, claim in self._members.get(statement, [])[:FIRST]]
        return self._first[statement]

    def all_members(self, statement: int) -> list[int]:
        """All."""
        return [claim for _, claim in self._members.get(statement, [])]

    def links(self, later: int) -> tuple[Link, ...]:
        """The links of a claim."""
        return self._links.get(later, ())

    def followers(self, earlier: int) -> list[int]:
        """Those that link to a claim: all are looked through."""
        return sorted({link.later for link in self.every_link() if link.earlier == earlier})

    def enter(self, claim: Told) -> None:
        """Add a claim."""
        self._told[claim.id] = claim
        for key in claim.keys:
            insort(self._keys.setdefault(key, []), claim.order)

    def leave(self, claim: Told) -> None:
        """Take a claim out."""
        for key in claim.keys:
            self._keys[key].remove(claim.order)
        self._unassign(claim.id)
        self._links.pop(claim.id, None)
        del self._told[claim.id]

    def assign(self, claim: int, statement: int) -> None:
        """Put a claim into a statement."""
        self._unassign(claim)
        self._statement[claim] = statement
        self._first.pop(statement, None)
        insort(self._members.setdefault(statement, []), self._told[claim].order)

    def _unassign(self, claim: int) -> None:
        before = self._statement.pop(claim, None)
        if before is not None:
            self._first.pop(before, None)
            self._members[before].remove(self._told[claim].order)

    def link(self, later: int, links: Sequence[Link]) -> None:
        """The links of a claim."""
        self._links[later] = tuple(links)

    def every_link(self) -> Iterable[Link]:
        """All links that there are."""
        return (link for links in self._links.values() for link in links)

    def statements(self) -> dict[int, int]:
        """Each claim's statement."""
        return dict(self._statement)
