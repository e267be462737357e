"""Which claims say the same, and which belong to one thread: a matter of the set of claims alone.

START HERE: `group(claims)` takes claims in any order and gives each its statement, its thread and its links.

    claim ─ told.py ─> place in the order of telling, keys ─> the earlier ones with a key in common (books.py)
      ─ nearness.py ─> those whose fields allow it ─ relate ─> the statement it joins, what it follows
      (choice.py) ─> again for the later ones that this concerns (engine.py)

A *statement* is what several claims say alike, in whatever words and languages. A *thread* is a statement
with those that revise, contradict, fulfil or deny it, and with its other count where one article counts one
plan in units and in equivalents (beside.py). What relates is not transitive: a claim is compared with several
members of a statement before it joins, and a statement follows at most one other. The ledger runs the same
steps over its tables, so that it need not look at all claims when some come (db/threads.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extractors.grouping.beside import BESIDE
from extractors.grouping.books import FIRST, WINDOW, Books, Shelf
from extractors.grouping.engine import Grouping
from extractors.grouping.links import FOLLOWS, JOINED, SAYS_THE_SAME, Link
from extractors.grouping.nearness import out_of_reach
from extractors.grouping.rulings import Ruling, Rulings, Verb
from extractors.grouping.told import Told, told
from extractors.relating.statement import Days, Statement

__all__ = [
    "BESIDE",
    "FIRST",
    "FOLLOWS",
    "JOINED",
    "RECIPE",
    "SAYS_THE_SAME",
    "WINDOW",
    "Books",
    "Days",
    "Grouped",
    "Grouping",
    "Link",
    "Ruling",
    "Rulings",
    "Shelf",
    "Statement",
    "Told",
    "Verb",
    "connected",
    "group",
    "out_of_reach",
    "told",
]

# To be raised when places, keys or rules change: what was grouped by another recipe is grouped anew.
RECIPE = 8


@dataclass(frozen=True, slots=True)
class Grouped:
    """By a claim's number its statement and its thread, each named by its smallest number; and all links."""

    statement: dict[int, int]
    thread: dict[int, int]
    links: tuple[Link, ...]


def group(claims: Iterable[Told], rulings: Rulings | None = None) -> Grouped:
    """Statements, threads and links of a set of claims; their order is no matter."""
    shelf = Shelf()
    grouping = Grouping(shelf, rulings)
    # In order of telling every claim chooses once.
    for claim in sorted(claims, key=lambda one: one.order):
        grouping.add([claim])
        grouping.settle()
    marks, links = shelf.statements(), tuple(shelf.every_link())
    statement = named(marks)
    return Grouped(statement, connected(statement, links), links)


def named(marks: Mapping[int, int]) -> dict[int, int]:
    """Each claim with the smallest number that bears the same mark."""
    least: dict[int, int] = {}
    for claim, mark in marks.items():
        least[mark] = min(claim, least.get(mark, claim))
    return {claim: least[mark] for claim, mark in marks.items()}


def connected(statement: Mapping[int, int], links: Iterable[Link]) -> dict[int, int]:
    """Each claim's thread: what hangs together by statements and links, named by its smallest number."""
    root = dict(statement)

    def find(claim: int) -> int:
        while root[claim] != claim:
            root[claim] = root[root[claim]]
            claim = root[claim]
        return claim

    for link in links:
        if link.earlier in root and link.later in root:
            one, two = sorted((find(link.earlier), find(link.later)))
            root[two] = one
    return {claim: find(claim) for claim in statement}
