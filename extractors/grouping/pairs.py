"""What was found out about pairs of claims, remembered by their numbers."""

from __future__ import annotations

from extractors.grouping.nearness import near
from extractors.grouping.told import Told
from extractors.relate import relate
from extractors.relating.relations import Relation

# Pairs that are remembered of each sort, some 100 bytes each.
_REMEMBERED = 100_000


class Pairs:
    """How near two claims are and how they relate; a claim that chooses again asks for the same pairs."""

    def __init__(self) -> None:
        self._nearness: dict[tuple[int, int], int | None] = {}
        self._relations: dict[tuple[int, int], Relation] = {}

    def near(self, earlier: Told, later: Told) -> int | None:
        """How much their fields agree; None where they cannot be related (nearness.py)."""
        pair = (earlier.id, later.id)
        if pair not in self._nearness:
            if len(self._nearness) >= _REMEMBERED:
                self._nearness.clear()
            self._nearness[pair] = near(earlier, later)
        return self._nearness[pair]

    def relation(self, earlier: Told, later: Told) -> Relation:
        """The relation of the later one to the earlier."""
        pair = (earlier.id, later.id)
        if pair not in self._relations:
            if len(self._relations) >= _REMEMBERED:
                self._relations.clear()
            self._relations[pair] = relate(earlier.statement, later.statement)
        return self._relations[pair]

    def forget(self) -> None:
        """Nothing is remembered: numbers may mean other claims now."""
        self._nearness.clear()
        self._relations.clear()
