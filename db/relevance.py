"""How well the words of a query fit each claim: where in it they stand, and how rare they are.

Not by FTS5's bm25: that counts all claims that have a word to learn how rare it is, which at a million claims
takes 50 ms for a common one. Here the index is asked for what matches alone, down to the oldest claim that is
weighed, and names are read from the claims' own columns.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from db.match import Term, expression
from db.stems import fold, folded, words

# What a term adds where a name has it as typed, beside 1 for standing in the claim in whatever inflection.
_NAMES, _COUNTERPARTY = 4.0, 2.0
# Words that stand in more claims than these are all common: counting on would tell little and take long.
_COMMON = 4_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """Words of a query, and the one column in which, if any; `must`: whatever matches has them."""

    term: Term
    column: str | None
    must: bool


Names = tuple[str, str | None, str | None]
"""The subject, object and counterparty of a claim."""


def relevance(
    connection: sqlite3.Connection, match: str, leaves: Sequence[Leaf], named: Mapping[int, Names]
) -> dict[int, float]:
    """A weight for each claim by its id; more is better. `match`: the expression that all of them fit."""
    weights = dict.fromkeys(named, 0.0)
    oldest = min(weights, default=0)
    for leaf in leaves:
        whole = expression(leaf.term, leaf.column)
        rare = _rarity(connection, whole) if len(leaves) > 1 else 1.0
        for claim in weights if leaf.must else _having(connection, f"({match}) AND {whole}", oldest):
            if claim in weights:
                weights[claim] += rare
        typed = _typed(leaf.term)
        for claim, names in named.items() if leaf.column is None else ():
            weights[claim] += rare * _in_names(typed, names)
    return weights


@lru_cache(maxsize=20_000)
def _in_names(typed: str, names: Names) -> float:
    subject, thing, counterparty = map(_said, names)
    if typed in subject or typed in thing:
        return _NAMES
    return _COUNTERPARTY if typed in counterparty else 0.0


def _typed(term: Term) -> str:
    """The term as it would stand in a name: whole words, of a beginning the last one open."""
    return f" {' '.join(map(fold, term.words))}{'' if term.prefix else ' '}"


@lru_cache(maxsize=20_000)
def _said(name: str | None) -> str:
    return f" {folded(words(name))} " if name else ""


def _having(connection: sqlite3.Connection, asked: str, oldest: int) -> Iterable[int]:
    query = "SELECT rowid FROM claims_fts WHERE claims_fts MATCH ? AND rowid >= ?"
    return (row[0] for row in connection.execute(query, [asked, oldest]))


def _rarity(connection: sqlite3.Connection, asked: str) -> float:
    """From 0.7 for a common term to 8 for one that stands in a single claim."""
    rows = f"SELECT 1 FROM claims_fts WHERE claims_fts MATCH ? LIMIT {_COMMON}"  # noqa: S608  a number of ours
    count = int(connection.execute(f"SELECT count(*) FROM ({rows})", [asked]).fetchone()[0])  # noqa: S608
    return math.log(1 + _COMMON / max(1, count))
