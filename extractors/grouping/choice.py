"""Where one claim belongs, given those before it: which statement it joins, and what it follows.

It joins a statement only if it says the same as each of that statement's representatives, so that no vague
claim bridges two plans. Where two statements would have it equally, and it names no amount to tell them
apart, it joins none: a wrong merge is worse than a missed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.grouping.beside import BESIDE, beside
from extractors.grouping.books import Books
from extractors.grouping.links import FOLLOWS, JOINED, SAYS_THE_SAME, Link
from extractors.grouping.nearness import AMOUNT, linked
from extractors.grouping.pairs import Pairs
from extractors.grouping.representatives import Representatives
from extractors.grouping.rulings import Rulings
from extractors.grouping.together import together
from extractors.grouping.told import Told, beside_key
from extractors.relating.relations import Relates

# Of the statements near to a claim so many are compared with it; the fields of the others agree less.
NEAREST = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """The statement that a claim joins, None for one of its own, and its links to earlier claims."""

    statement: int | None
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Option:
    """A statement near to the claim: how near, its nearest member, its representatives before the claim."""

    statement: int
    score: int
    nearest: Told
    representatives: tuple[Told, ...]


def choose(
    books: Books, representatives: Representatives, claim: Told, pairs: Pairs, rulings: Rulings
) -> Choice:
    """The choice for a claim; depends on claims before it alone."""
    return _Chooser(books, representatives, claim, pairs, rulings).choose()


class _Chooser:
    def __init__(
        self,
        books: Books,
        representatives: Representatives,
        claim: Told,
        pairs: Pairs,
        rulings: Rulings,
    ) -> None:
        self._books = books
        self._representatives = representatives
        self._claim = claim
        self._pairs = pairs
        self._rulings = rulings

    def choose(self) -> Choice:
        options = self._options()
        joined, links = self._joined(options)
        if joined is None or self._speaks_for(joined):
            links += self._followed([option for option in options if option.statement != joined], joined)
        found: dict[int, Link] = {}
        by_hand = self._by_hand()
        linked_with = [link.earlier for link in (*links, *by_hand)]
        for link in (*links, *self._beside(joined, linked_with), *by_hand):
            found.setdefault(link.earlier, link)
        return Choice(joined, tuple(found[earlier] for earlier in sorted(found)))

    # The statements that come into question

    def _options(self) -> list[_Option]:
        """The nearest statements, the most alike first."""
        best: dict[int, tuple[int, int, Told]] = {}
        for other in self._books.within_reach(self._claim, self._earlier()):
            score = self._pairs.near(other, self._claim)
            statement = None if score is None else self._books.statement(other.id)
            if statement is None or score is None:
                continue
            rank = (score, other.place, other)
            if statement not in best or rank[:2] > best[statement][:2]:
                best[statement] = rank
        ranked = sorted(best.items(), key=lambda item: item[1][:2], reverse=True)[:NEAREST]
        return [
            _Option(statement, score, nearest, self._representatives.of(statement, self._claim))
            for statement, (score, _, nearest) in ranked
        ]

    def _earlier(self) -> dict[int, None]:
        """The claims before it that share a key with it."""
        return dict.fromkeys(
            number for key in self._claim.keys for number in self._books.before(key, self._claim)
        )

    # Saying the same

    def _joined(self, options: Sequence[_Option]) -> tuple[int | None, list[Link]]:
        if forced := self._forced():
            return forced
        chosen = next((option for option in options if self._fits(option)), None)
        if chosen is None or self._torn(chosen, options):
            return None, []
        member = max(chosen.representatives, key=self._likeness)
        return chosen.statement, [self._link(member)]

    def _likeness(self, other: Told) -> tuple[int, int]:
        return self._pairs.near(other, self._claim) or 0, -other.place

    def _forced(self) -> tuple[int, list[Link]] | None:
        """The statement that a person put it into."""
        for number in sorted(self._rulings.same.get(self._claim.id, ())):
            statement = self._books.statement(number)
            if statement is not None and self._books.told(number).order < self._claim.order:
                return statement, [Link(number, self._claim.id, JOINED, _BY_HAND)]
        return None

    def _fits(self, option: _Option) -> bool:
        """Whether the claim says the same as all that stand for a statement."""
        # Asked for all members only where somebody decided: a statement may have a thousand.
        if self._rulings.apart and self._forbidden(self._books.all_members(option.statement), None, ()):
            return False
        # The nearest first: where it does not fit the others need not be asked.
        asked = dict.fromkeys((option.nearest, *option.representatives))
        return all(self._pairs.relation(other, self._claim).relation in SAYS_THE_SAME for other in asked)

    def _torn(self, chosen: _Option, options: Sequence[_Option]) -> bool:
        """Another statement would have it just as well, and nothing it says decides between them."""
        if chosen.score >= AMOUNT:
            return False
        rivals = [option for option in options if option.score == chosen.score and option is not chosen]
        return any(self._fits(option) for option in rivals)

    # Following

    def _speaks_for(self, statement: int) -> bool:
        """Whether its statement follows nothing yet, and the claim is the first that says it in its way."""
        before = self._representatives.of(statement, self._claim)
        if any(other.profile == self._claim.profile for other in before):
            return False
        return not any(follows(self._books, other.id) for other in before)

    def _followed(self, options: Sequence[_Option], own: int | None) -> list[Link]:
        """What its statement follows: the nearest, if what stands for that is not mostly unrelated to it."""
        by_hand = [link.earlier for link in self._by_hand()] if self._rulings.joined else []
        for option in options:
            earlier = self._followed_of(option)
            if earlier is None:
                continue
            asked = [self._pairs.relation(other, self._claim).relation for other in option.representatives]
            strangers = sum(one is Relates.UNRELATED for one in asked)
            if 2 * strangers > len(asked) or self._forbidden([earlier.id], own, by_hand):
                continue
            return [self._link(earlier)]
        return []

    def _followed_of(self, option: _Option) -> Told | None:
        """The claim of a statement that this one would follow; None where it follows none.

        Beside the new plan an article often repeats the old one, which is then the nearest and unrelated to
        it: what others told of the old one counts.
        """
        other: Told | None = option.nearest
        if option.nearest.article == self._claim.article:
            others = [one for one in option.representatives if one.article != self._claim.article]
            other = max(others, key=self._likeness, default=None)
        if other is None or self._pairs.relation(other, self._claim).relation not in FOLLOWS:
            return None
        return other if linked(other, self._claim) else None

    def _forbidden(self, others: Sequence[int], own: int | None, linked_with: Sequence[int]) -> bool:
        """Whether a person put apart what would then hang together."""
        if not self._rulings.apart:
            return False
        ours = [self._claim.id, *linked_with, *(self._books.all_members(own) if own is not None else ())]
        return self._rulings.forbid([self._claim.id, *self._ruled(ours)], self._ruled(others))

    def _ruled(self, claims: Sequence[int]) -> list[int]:
        """What was put apart from others, of all that hangs together with these claims before this one."""
        if not self._rulings.apart:
            return []
        return [
            number for number in together(self._books, claims, self._claim) if number in self._rulings.apart
        ]

    # By article, by hand

    def _beside(self, own: int | None, linked_with: Sequence[int]) -> list[Link]:
        """The other count of the same plan in its article."""
        links: list[Link] = []
        key = beside_key(self._claim.article)
        if key not in self._claim.keys:
            return []
        for number in self._books.before(key, self._claim):
            reason = beside(self._books.told(number), self._claim)
            if not reason or self._books.statement(number) is None:
                continue
            if not self._forbidden([number], own, [*linked_with, *(link.earlier for link in links)]):
                links.append(Link(number, self._claim.id, BESIDE, reason))
        return links

    def _by_hand(self) -> list[Link]:
        return [
            Link(number, self._claim.id, JOINED, _BY_HAND)
            for number in sorted(self._rulings.joined.get(self._claim.id, ()))
            if self._books.statement(number) is not None
            and self._books.told(number).order < self._claim.order
        ]

    def _link(self, other: Told) -> Link:
        relation = self._pairs.relation(other, self._claim)
        return Link(other.id, self._claim.id, str(relation.relation), relation.reason)


_BY_HAND = "put together by hand"


def follows(books: Books, claim: int) -> bool:
    """Whether a claim has a link to what it follows."""
    return any(link.relation in FOLLOWS for link in books.links(claim))
