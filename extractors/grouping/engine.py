"""Grouping step by step: each claim chooses by those before it, and again when what it chose by has changed.

So adding and taking out claims in any order leads to what choosing all in order of telling would lead to:

    a claim comes or goes ─> it, and the later ones that may look at it, choose (again), in order
    a choice has changed  ─> the later ones that look at a statement which looks otherwise now choose again

What a claim sees of a statement is its representatives before the claim, and which of them follow something.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence

from extractors.grouping.books import WINDOW, Books
from extractors.grouping.choice import choose, follows
from extractors.grouping.links import Link
from extractors.grouping.pairs import Pairs
from extractors.grouping.representatives import Representatives
from extractors.grouping.rulings import Rulings
from extractors.grouping.together import together
from extractors.grouping.told import Told, beside_key

Sight = tuple[tuple[int, bool], ...]


class Grouping:
    """Keeps statements and links of some books right while claims come and go."""

    def __init__(self, books: Books, rulings: Rulings | None = None) -> None:
        self._books = books
        self._representatives = Representatives(books)
        self.rulings = rulings or Rulings()
        self._pairs = Pairs()
        self._waiting: list[tuple[tuple[int, int], int]] = []
        self._queued: set[int] = set()
        # Statements whose lookers wait since an earlier claim chose, as do those of all who joined since.
        self._alarmed: set[int] = set()
        self._changed = False  # since the claims that were put apart were last seen to

    def forget(self) -> None:
        """Nothing is remembered of any pair: numbers may mean other claims now."""
        self._pairs.forget()

    def add(self, claims: Iterable[Told]) -> None:
        """Claims come; `settle` then lets them choose."""
        self._changed = True
        for claim in claims:
            self._books.enter(claim)
            self._queue([claim, *self._lookers(claim), *self._ruled_with(claim)])

    def remove(self, claims: Iterable[Told]) -> None:
        """Claims go; `settle` then lets those choose again that looked at them."""
        going = list(claims)
        self._changed = True
        for claim in going:
            statement = self._books.statement(claim.id)
            sight = self._sight(statement)
            self._queue([*self._lookers(claim), *self._ruled_with(claim)])
            self._books.leave(claim)
            if statement is not None and sight != self._sight(statement):
                self._queue_lookers_at(statement, claim)
        gone = {claim.id for claim in going}
        self._waiting = [entry for entry in self._waiting if entry[1] not in gone]
        heapq.heapify(self._waiting)
        self._queued -= gone

    def again(self, claims: Iterable[int]) -> None:
        """These choose again, since somebody decided about them."""
        self._queue(self._books.told(number) for number in claims)

    def settle(self) -> None:
        """Let all that wait choose, in order of telling."""
        self._let_choose()
        while self._changed and self.rulings.apart:
            self._changed = False
            self._queue_around_what_is_apart()
            self._let_choose()

    def _let_choose(self) -> None:
        self._alarmed.clear()
        while self._waiting:
            _, number = heapq.heappop(self._waiting)
            self._queued.discard(number)
            self._settle(self._books.told(number))

    def _queue_around_what_is_apart(self) -> None:
        """All that hangs together with claims put apart, and all that look at it: any link may join two."""
        for number in sorted(together(self._books, self.rulings.apart)):
            claim = self._books.told(number)
            self._queue([claim, *self._lookers(claim)])

    def settled(self, claim: Told) -> bool:
        """Whether a claim would choose again what it chose."""
        before, after, links = self._chosen(claim)
        return after == before and links == tuple(self._books.links(claim.id))

    def _chosen(self, claim: Told) -> tuple[int | None, int, tuple[Link, ...]]:
        """The statement that a claim is in, the one it belongs in, and its links."""
        before = self._books.statement(claim.id)
        choice = choose(self._books, self._representatives, claim, self._pairs, self.rulings)
        after = choice.statement
        if after is None and before is not None and self._leads(claim, before):
            after = before
        return before, self._books.free_mark(claim.id) if after is None else after, choice.links

    def _settle(self, claim: Told) -> None:
        before, after, links = self._chosen(claim)
        if after == before and links == tuple(self._books.links(claim.id)):
            return
        self._changed = True
        if before is None and not self._books.members(after):
            # Nobody sees it yet but those that wait since it came.
            self._books.assign(claim.id, after)
            self._books.link(claim.id, links)
        elif before is not None and after != before and self._leads_more(claim, before, after):
            self._take_in(claim, before, after, links)
        else:
            self._move(claim, before, after, links)

    def _move(self, claim: Told, before: int | None, after: int, links: Sequence[Link]) -> None:
        """Put a claim from one statement into another, and have those choose again that see them."""
        seen = {s: self._sight(s) for s in (before, after) if s is not None and s not in self._alarmed}
        if after != before:
            self._books.assign(claim.id, after)
        self._books.link(claim.id, links)
        if after != before:
            self._queue(self._lookers(claim))
        for statement, sight in seen.items():
            if sight != self._sight(statement) or claim.id in self.rulings.apart:
                self._alarmed.add(statement)
                self._queue_lookers_at(statement, claim)

    def _leads_more(self, claim: Told, before: int, after: int) -> bool:
        """Whether a claim stands at the head of a statement of more members than the one it belongs in."""
        return self._leads(claim, before) and len(self._books.members(before)) > len(
            self._books.members(after)
        )

    def _take_in(self, claim: Told, own: int, other: int, links: Sequence[Link]) -> None:
        """Bring the members of the other statement into the claim's own: its followers mostly come along.

        So an earlier telling of what many tell does not move each of them. All of them choose again.
        """
        for number in self._books.all_members(other):
            self._books.assign(number, own)
        self._books.link(claim.id, links)
        self._alarmed.add(own)
        self._queue_lookers_at(own, claim)

    def _leads(self, claim: Told, statement: int) -> bool:
        members = self._books.members(statement)
        return bool(members) and members[0] == claim.id

    # Who looks at what

    def _ruled_with(self, claim: Told) -> list[Told]:
        """The claims that a person put together with this one, or apart from it, as far as they are there."""
        kinds = (self.rulings.apart, self.rulings.joined, self.rulings.same)
        numbers = {number for kind in kinds for number in kind.get(claim.id, ())}
        return [self._books.told(n) for n in sorted(numbers) if self._books.statement(n) is not None]

    def _sight(self, statement: int | None) -> Sight:
        """What a later claim may see of a statement."""
        if statement is None:
            return ()
        found = self._representatives.of(statement)
        return tuple((member.id, follows(self._books, member.id)) for member in found)

    def _lookers(self, claim: Told) -> Iterator[Told]:
        """The later claims, but for those that wait, that see this one or another one because it is there."""
        rows = [(key, self._books.after(key, claim)) for key in claim.keys]
        self._books.gather({number for _, behind in rows for number in behind})
        together = beside_key(claim.article)
        seen: set[int] = set()
        for key, behind in rows:
            ahead: Sequence[int] | None = None
            for index, number in enumerate(behind):
                if number in self._queued or number in seen:
                    continue
                later = self._books.told(number)
                sees = key == together or self._pairs.near(claim, later) is not None
                if not sees:
                    # The claim that falls out of its window when this one comes in.
                    ahead = self._books.before(key, claim) if ahead is None else ahead
                    last = WINDOW - 1 - index
                    sees = last < len(ahead) and self._near(ahead[last], later)
                if sees:
                    seen.add(number)
                    yield later

    def _near(self, number: int, later: Told) -> bool:
        return self._pairs.near(self._books.told(number), later) is not None

    def _queue_lookers_at(self, statement: int, since: Told) -> None:
        """All claims behind one that may look at a statement or are members of it."""
        members = [self._books.told(number) for number in self._books.all_members(statement)]
        self._queue(member for member in members if member.order > since.order)
        for member in members:
            self._queue(later for later in self._lookers(member) if later.order > since.order)

    def _queue(self, claims: Iterable[Told]) -> None:
        for claim in claims:
            if claim.id not in self._queued:
                self._queued.add(claim.id)
                heapq.heappush(self._waiting, (claim.order, claim.id))
