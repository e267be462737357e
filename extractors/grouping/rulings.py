"""What a person decided about claims: these belong together, those do not. It goes before every rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Verb(StrEnum):
    """What a ruling does."""

    SPLIT = "split"  # the first group and the second belong to two threads
    JOIN = "join"  # they belong to one thread
    SAME = "same"  # they say the same


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision about two groups of claims."""

    verb: Verb
    ones: frozenset[int]
    others: frozenset[int]


@dataclass(slots=True)
class Rulings:
    """All rulings, resolved to pairs; of two about one pair the later one counts."""

    apart: dict[int, set[int]] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    same: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, rulings: Iterable[Ruling]) -> Rulings:
        """In the order in which they were made."""
        made = cls()
        for ruling in rulings:
            for one in ruling.ones:
                for other in ruling.others - {one}:
                    made._note(ruling.verb, one, other)
        return made

    def _note(self, verb: Verb, one: int, other: int) -> None:
        for a, b in ((one, other), (other, one)):
            for kept in (self.apart, self.joined, self.same):
                kept.get(a, set()).discard(b)
            if verb is Verb.SPLIT:
                self.apart.setdefault(a, set()).add(b)
            else:
                (self.same if verb is Verb.SAME else self.joined).setdefault(a, set()).add(b)

    def forbid(self, ones: Iterable[int], others: Iterable[int]) -> bool:
        """Whether some claim of the one group was put apart from some claim of the other."""
        if not self.apart:
            return False
        found = set(others)
        return any(self.apart.get(one, frozenset()) & found for one in ones)

    @property
    def involved(self) -> frozenset[int]:
        """All claims that somebody decided about."""
        return frozenset(self.apart) | frozenset(self.joined) | frozenset(self.same)
