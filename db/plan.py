"""A query's tree → how the ledger is asked: a full-text expression, conditions, and the index to begin with.

The cost must grow with the answer, not with the ledger. So of a million claims only some are looked at:
- words: the newest CANDIDATES that the full-text index gives, or, where a field leaves few, those few;
- no words: those that the rarest field leaves, where it leaves at most FEW, else one after the other from
  the newest on, until there are enough.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from db import fields
from db.fields import Asked, Condition
from db.match import Term, expression, phrase
from db.names import MOST_WORDS
from db.query import All, Any, Field, Node, Not, Words
from db.relevance import Leaf
from db.stems import words

# Weighing 1000 claims takes some 15 ms, most of it for reading their days.
CANDIDATES = 1000
# Looking at so many takes some 10 ms, and so does walking on until 20 are found of more.
FEW = 4_000
# Asking the full-text index about one claim takes 55 µs.
_FEW_TO_ASK = 500

MATCHES = "claims.id IN (SELECT rowid FROM claims_fts WHERE claims_fts MATCH ?)"
MATCHES_ONE = "EXISTS (SELECT 1 FROM claims_fts WHERE claims_fts MATCH ? AND rowid = claims.id)"


@dataclass(slots=True)
class Plan:
    """What is asked: `match` for the full-text index, and conditions that all must hold.

    `leaves`: the words by which what matches is weighed, where `candidates` gives the names with it.
    """

    match: str | None = None
    leaves: list[Leaf] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    def where(self) -> tuple[str, list[object]]:
        """All conditions but for `match`, to be read after WHERE."""
        parts = [condition.sql for condition in self.conditions]
        values = [value for condition in self.conditions for value in condition.values]
        return " AND ".join(parts) or "1", values

    def rarest(self, connection: sqlite3.Connection, most: int) -> Condition | None:
        """The condition that an index says leaves the fewest claims, where that is `most` at most."""
        counted = [(_count(connection, each, most), each) for each in self.conditions if each.ids]
        few = [entry for entry in counted if entry[0] <= most]
        return min(few, key=lambda entry: entry[0])[1] if few else None


def planned(tree: Node | None, further: Iterable[Condition], asked: Asked) -> Plan:
    """The plan for a tree and further conditions. Raises BadQuery."""
    parts = list(_conjuncts(tree)) if tree is not None else []
    texts = [part for part in parts if _is_text(part)]
    denied = [part.inner for part in parts if isinstance(part, Not) and _is_text(part.inner)]
    plan = Plan(conditions=list(further))
    for part in parts:
        if not _is_text(part) and not (texts and isinstance(part, Not) and _is_text(part.inner)):
            plan.conditions.append(_condition(part, asked))
    if texts:
        plan.leaves = [leaf for part in texts for leaf in _leaves(part)]
        names = [named for each in plan.conditions if (named := _names(each))]
        plan.match = _joined([*map(_text, texts), *names], "AND")
        if denied:
            plan.match = f"({plan.match} NOT {_joined(map(_text, denied), 'OR')})"
    return plan


def candidates(connection: sqlite3.Connection, plan: Plan, most: int) -> tuple[str, list[object]]:
    """A query for the claims to be weighed, with what orders them, and its values.

    Without words it gives the `most` newest in order. Asked of the index claim by claim, all count alike.
    """
    where, values = plan.where()
    if plan.match is None:
        return _newest(connection, plan, where, values, most)
    rarest = plan.rarest(connection, _FEW_TO_ASK)
    if rarest is not None and not _all_match(connection, plan.match):
        asked = f"{_PLAIN} WHERE claims.id IN ({rarest.ids}) AND {where} AND {MATCHES_ONE}"
        return asked, [*rarest.id_values, *values, plan.match]
    newest = f"ORDER BY claims_fts.rowid DESC LIMIT {max(most, CANDIDATES)}"
    return f"{_WEIGHED} AND {where} {newest}", [plan.match, *values]


def _newest(
    connection: sqlite3.Connection, plan: Plan, where: str, values: list[object], most: int
) -> tuple[str, list[object]]:
    rarest = plan.rarest(connection, FEW)
    if rarest is not None:
        few = f"{_PLAIN} WHERE claims.id IN ({rarest.ids}) AND {where} ORDER BY {NEWEST} LIMIT {most}"
        return few, [*rarest.id_values, *values]
    return f"{_PLAIN} INDEXED BY claims_day WHERE {where} ORDER BY {NEWEST} LIMIT {most}", values


NEWEST = "claims.day DESC, claims.version_id DESC, claims.ordinal"
_ORDER = "claims.day, claims.version_id, claims.ordinal"
_PLAIN = f"SELECT claims.id, {_ORDER} FROM claims"  # noqa: S608  all parts are constants
_WEIGHED = f"""
    SELECT claims.id, {_ORDER}, claims.subject, claims.object, claims.counterparty
    FROM claims_fts CROSS JOIN claims ON claims.id = claims_fts.rowid
    WHERE claims_fts MATCH ?"""  # noqa: S608


def _all_match(connection: sqlite3.Connection, match: str) -> bool:
    """Whether the full-text index alone leaves few enough to weigh them all."""
    rows = f"SELECT 1 FROM claims_fts WHERE claims_fts MATCH ? LIMIT {CANDIDATES + 1}"  # noqa: S608
    return int(connection.execute(f"SELECT count(*) FROM ({rows})", [match]).fetchone()[0]) <= CANDIDATES  # noqa: S608


def _count(connection: sqlite3.Connection, condition: Condition, most: int) -> int:
    rows = f"SELECT count(*) FROM ({condition.ids} LIMIT {most + 1})"  # noqa: S608  the query is ours
    return int(connection.execute(rows, condition.id_values).fetchone()[0])


def _conjuncts(tree: Node) -> Iterator[Node]:
    if isinstance(tree, All):
        for part in tree.parts:
            yield from _conjuncts(part)
    else:
        yield tree


def _is_text(node: Node) -> bool:
    """Whether the full-text index alone can tell: FTS5 denies only beside something that must hold."""
    if isinstance(node, Words):
        return True
    if isinstance(node, Any):
        return all(map(_is_text, node.parts))
    if isinstance(node, All):
        plain = [part for part in node.parts if not isinstance(part, Not)]
        inner = [part.inner for part in node.parts if isinstance(part, Not)]
        return bool(plain) and all(map(_is_text, [*plain, *inner]))
    return False


def _text(node: Node) -> str:
    """The full-text expression of a node for which `_is_text` holds."""
    if isinstance(node, Words):
        return expression(node.term, node.column)
    if isinstance(node, Any):
        return _joined(map(_text, node.parts), "OR")
    if isinstance(node, All):
        wanted = _joined([_text(part) for part in node.parts if not isinstance(part, Not)], "AND")
        denied = [_text(part.inner) for part in node.parts if isinstance(part, Not)]
        return f"({wanted} NOT {_joined(denied, 'OR')})" if denied else wanted
    raise TypeError(f"{node!r} is no matter of words")


def _joined(parts: Iterable[str], operator: str) -> str:
    every = list(parts)
    return every[0] if len(every) == 1 else f"({f' {operator} '.join(every)})"


def _names(condition: Condition) -> str | None:
    """The names of a field as words: they narrow the index's answer before any claim is read."""
    spelled = [tuple(words(name)) for name in condition.names]
    if not condition.columns or not spelled or not all(spelled) or sum(map(len, spelled)) > MOST_WORDS:
        return None
    return _joined((f"{condition.columns} : {phrase(each)}" for each in spelled), "OR")


def _condition(node: Node, asked: Asked) -> Condition:
    """The condition of any node, words within it included."""
    if isinstance(node, Field):
        return fields.condition(node, asked)
    if isinstance(node, Not):
        return _denied(node.inner, asked)
    if _is_text(node):
        return Condition(MATCHES, (_text(node),))
    if not isinstance(node, All | Any):
        raise TypeError(f"{node!r} is no part of a query")
    parts = [_condition(part, asked) for part in node.parts]
    joined = " OR " if isinstance(node, Any) else " AND "
    values = tuple(value for part in parts for value in part.values)
    return Condition(f"({joined.join(part.sql for part in parts)})", values)


def _denied(node: Node, asked: Asked) -> Condition:
    """Not so; what is not known of a claim is not so either."""
    if _is_text(node):
        return Condition(f"NOT {MATCHES_ONE}", (_text(node),))
    inner = _condition(node, asked)
    return Condition(f"NOT coalesce({inner.sql}, 0)", inner.values)


def _leaves(node: Node, *, must: bool = True) -> Iterator[Leaf]:
    """The words that must or may stand in a claim, as far as the full-text index is asked for them."""
    if isinstance(node, Words):
        yield Leaf(node.term, node.column, must)
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from _leaves(part, must=must and isinstance(node, All))


def terms(tree: Node | None) -> Iterator[Term]:
    """The words that must or may hold: what to mark in a hit."""
    if isinstance(tree, Words):
        yield tree.term
    elif isinstance(tree, All | Any):
        for part in tree.parts:
            yield from terms(part)
