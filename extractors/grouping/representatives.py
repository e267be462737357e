"""Who stands for a statement: the first members that its fields tell apart."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.grouping.books import Books
from extractors.grouping.told import Told

# So many members stand for a statement.
MOST = 5
# Statements that are remembered; each is a list that the books have anyway, and up to MOST of its members.
_REMEMBERED = 20_000


class Representatives:
    """The representatives of the statements of some books, sought anew only where members came or went."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._known: dict[int, tuple[Sequence[int], tuple[Told, ...]]] = {}

    def of(self, statement: int, before: Told | None = None) -> tuple[Told, ...]:
        """The first member of each profile, as far as they stand before a claim."""
        members = self._books.members(statement)
        known = self._known.get(statement)
        if known is None or known[0] is not members:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[statement] = (members, self._found(members))
        found = known[1]
        if before is None or not found or found[-1].order < before.order:
            return found
        return tuple(member for member in found if member.order < before.order)

    def _found(self, members: Sequence[int]) -> tuple[Told, ...]:
        found: dict[tuple[object, ...], Told] = {}
        for number in members:
            if len(found) == MOST:
                break
            member = self._books.told(number)
            found.setdefault(member.profile, member)
        return tuple(found.values())
