"""What a field's value means: a condition on `claims`, and, where an index helps, the ids that it leaves.

company, product, speaker   names, by any of their spellings: names.py
kind, status, lang, source, unit   one word of a known list, in any case
relation   how it stands to an earlier claim of its thread: revision, denial, outcome …
due, published, seen   a day, month, quarter, half-year or year: "<2025", "2025..2026", ">=2025-06", "2025-Q3"
amount   a number as people write it, in base units: ">100k", "1,5 Mrd", "1k..2k"

sources   how many independent ones tell the statement: ">2", "1..3"

An amount that is a range counts where it reaches into the one asked for, and so does a due.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from db import names
from db.errors import BadQuery
from db.query import NAME_FIELDS, Field, pointed
from db.seen import FIRST_SEEN
from db.stems import clean
from db.values import Days, amount, period
from extractors.claim import Kind, Status


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over a row of `claims`. `ids`: whom an index finds for it; `names`: those it asks for."""

    sql: str
    values: tuple[object, ...]
    ids: str | None = None
    id_values: tuple[object, ...] = ()
    columns: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a value is read with: the ledger, the query's text for messages, and today."""

    connection: sqlite3.Connection
    text: str
    today: date


def condition(field: Field, asked: Asked) -> Condition:
    """The condition of a field. Raises BadQuery, which points at the value."""
    try:
        if field.name in NAME_FIELDS:
            return _name(field, asked)
        return _READERS[field.name](field, asked)
    except ValueError as error:
        if field.place < 0:
            raise BadQuery(f"{field.name}: {error}") from error
        raise pointed(f"{field.name}: {error}", asked.text, field.place) from error


def _name(field: Field, asked: Asked) -> Condition:
    found = names.named(asked.connection, field.name, field.value, exact=field.quoted)
    sql, values = names.condition(field.name, found)
    ids, id_values = names.ids(field.name, found)
    columns = {"company": "{subject counterparty}", "product": "object"}.get(field.name, "")
    return Condition(sql, tuple(values), ids, tuple(id_values), columns, tuple(found))


def _listed(column: str, known: tuple[str, ...]) -> Callable[[Field, Asked], Condition]:
    def read(field: Field, _: Asked) -> Condition:
        value = field.value.strip().lower()
        if value not in known:
            near = get_close_matches(value, known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(f"there is no {field.name} {field.value!r}; {hint}known: {', '.join(known)}")
        return Condition(f"claims.{column} = ?", (value,))

    return read


def _word(column: str, table: str) -> Callable[[Field, Asked], Condition]:
    def read(field: Field, _: Asked) -> Condition:
        return Condition(f"{table.format(f'{column} = ? COLLATE NOCASE')}", (clean(field.value.strip()),))

    return read


_OF_ARTICLE = """
    EXISTS (SELECT 1 FROM versions JOIN articles ON articles.id = versions.article_id
            LEFT JOIN sources ON sources.id = articles.source_id
            WHERE versions.id = claims.version_id AND {})"""

_BOUND = re.compile(r"(?P<sign>[<>]=?|=)?(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A range as typed: `sign` with one end, or `low` .. `high` of which one may be missing."""

    sign: str
    low: str
    high: str


def _bounds(value: str) -> _Bounds:
    bound = _BOUND.fullmatch(value.strip())
    sign, text = (bound["sign"] or "", bound["value"].strip()) if bound else ("", value)
    low, between, high = text.partition("..")
    if not between:
        return _Bounds(sign or "=", text, text)
    if sign or not (low.strip() or high.strip()):
        raise ValueError("write a range as 1..2, 1.. or ..2, without a sign")
    return _Bounds("..", low.strip(), high.strip())


def _due(field: Field, asked: Asked) -> Condition:
    """Closed intervals overlap; one with an open end counts as the day that it names."""
    low, high, sign = _days(field, asked)
    if sign == "<":
        return _by_index("claims.due_end < ?", low.first)
    if sign == "<=":
        return _by_index("claims.due_end <= ?", low.last)
    named = "(claims.due_start IS NOT NULL OR claims.due_end IS NOT NULL)"
    if sign in {">", ">="}:
        day = low.last if sign == ">" else low.first
        return Condition(f"({named} AND coalesce(claims.due_end, '9999') {sign} ?)", (_iso(day),))
    ends = (
        "coalesce(claims.due_end, claims.due_start) >= ? AND coalesce(claims.due_start, claims.due_end) <= ?"
    )
    sql = f"({named} AND {ends})"
    first, last = _iso(low.first), _iso(high.last)
    return Condition(sql, (first, last))


def _by_index(sql: str, day: date) -> Condition:
    return Condition(f"({sql})", (_iso(day),), f"SELECT id FROM claims WHERE {sql}", (_iso(day),))  # noqa: S608


def _published(field: Field, asked: Asked) -> Condition:
    low, high, sign = _days(field, asked)
    tests: dict[str, tuple[str, tuple[date, ...]]] = {
        "<": ("day < ?", (low.first,)),
        "<=": ("day <= ?", (low.last,)),
        ">": ("day > ?", (low.last,)),
        ">=": ("day >= ?", (low.first,)),
    }
    return published(*tests.get(sign, ("day BETWEEN ? AND ?", (low.first, high.last))))


def published(test: str, days: tuple[date, ...]) -> Condition:
    """The article's own day passes the test; an article without one passes none."""
    values = tuple(_iso(day) for day in days)
    dated = _OF_VERSION.format("published_day IS NOT NULL")
    return Condition(f"(claims.{test} AND {dated})", values, f"SELECT id FROM claims WHERE {test}", values)  # noqa: S608


def _seen(field: Field, asked: Asked) -> Condition:
    """The day, in UTC, on which the claim's article was first fetched with it."""
    low, high, sign = _days(field, asked)
    ends: dict[str, tuple[date, date]] = {
        "<": (date.min, low.first),
        "<=": (date.min, _after(low.last)),
        ">": (_after(low.last), date.max),
        ">=": (low.first, date.max),
    }
    first, end = map(_iso, ends.get(sign, (low.first, _after(high.last))))
    # Instants begin with their day, so that texts compare as days. What was first seen in a time was fetched
    # then or, where the text was changed since, later.
    later = (
        "SELECT claims.id FROM versions JOIN claims ON version_id = versions.id WHERE versions.fetched >= ?"
    )
    test = f"{FIRST_SEEN} >= ? AND {FIRST_SEEN} < ?"
    return Condition(_OF_VERSION.format(test), (first, end), later, (first,))


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day


def _relation(field: Field, _: Asked) -> Condition:
    value = field.value.strip().lower()
    if value not in LINKED:
        near = get_close_matches(value, LINKED, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"there is no relation {field.value!r}; {hint}known: {', '.join(LINKED)}")
    ids = "SELECT later FROM links WHERE relation = ?"
    return Condition(f"claims.id IN ({ids})", (value,), ids, (value,))


# The relations that make a claim news beside an earlier one of its thread.
LINKED = ("refinement", "revision", "contradiction", "outcome", "denial")


_OF_VERSION = "EXISTS (SELECT 1 FROM versions WHERE versions.id = claims.version_id AND {})"


def _days(field: Field, asked: Asked) -> tuple[Days, Days, str]:
    bounds = _bounds(field.value)
    low = period(bounds.low, asked.today) if bounds.low else Days(date.min, date.min)
    high = period(bounds.high, asked.today) if bounds.high else Days(date.max, date.max)
    if low.first > high.last:
        raise ValueError(f"{bounds.low} is after {bounds.high}: exchange them")
    return low, high, bounds.sign


def _amount(field: Field, _: Asked) -> Condition:
    bounds = _bounds(field.value)
    low, high = (amount(text) if text else None for text in (bounds.low, bounds.high))
    if low is not None and high is not None and low > high:
        raise ValueError(f"{bounds.low} is more than {bounds.high}: exchange them")
    return reaching(bounds.sign, low, high)


def reaching(sign: str, low: float | None, high: float | None) -> Condition:
    """The amount stated reaches into the range; with a sign, beyond `low`."""
    stated = "claims.unit IS NOT NULL"
    if sign in {">", ">="}:
        test = f"coalesce(high, low) {sign} ?"
        return Condition(f"({stated} AND {test})", (low,), f"{_AMOUNTS} AND {test}", (low,))
    if sign in {"<", "<="}:
        return Condition(f"({stated} AND coalesce(claims.low, claims.high) {sign} ?)", (low,))
    parts, values = [stated], []
    if low is not None:
        parts.append("coalesce(high, low) >= ?")
        values.append(low)
    if high is not None:
        parts.append("coalesce(claims.low, claims.high) <= ?")
        values.append(high)
    ids = f"{_AMOUNTS} AND coalesce(high, low) >= ?" if low is not None else None
    return Condition(f"({' AND '.join(parts)})", tuple(values), ids, (low,) if ids else ())


_AMOUNTS = "SELECT id FROM claims WHERE unit IS NOT NULL"


def _sources(field: Field, _: Asked) -> Condition:
    """Without a row in `standings` there is one source; then no index tells which claims these are."""
    bounds = _bounds(field.value)
    low, high = (_whole(text) if text else None for text in (bounds.low, bounds.high))
    if low is not None and high is not None and low > high:
        raise ValueError(f"{bounds.low} is more than {bounds.high}: exchange them")
    if bounds.sign == "..":
        ends = [(">=", low), ("<=", high)]
    elif bounds.sign == "=":
        ends = [("=", low)]
    else:
        ends = [(bounds.sign, low)]
    tests = [(sign, number) for sign, number in ends if number is not None]
    sql = " AND ".join(f"{_TOLD_BY} {sign} ?" for sign, _ in tests)
    values = tuple(number for _, number in tests)
    ids = next((pair for pair in tests if _beyond_one(*pair)), None)
    found = f"{_WELL_TOLD} {ids[0]} ?" if ids else None
    return Condition(f"({sql})", values, found, (ids[1],) if ids else ())


_TOLD_BY = """coalesce((SELECT standings.sources FROM members JOIN standings USING (statement)
    WHERE members.claim_id = claims.id), 1)"""
_WELL_TOLD = "SELECT claim_id FROM members JOIN standings USING (statement) WHERE standings.sources"


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError(f"{text!r} is no number of sources; write 3, >2 or 2..5")
    return int(text)


def _beyond_one(sign: str, number: int) -> bool:
    """Whether one source is too few, so that every claim that passes has a row."""
    return (sign in {">=", "="} and number > 1) or (sign == ">" and number > 0)


def _iso(day: date) -> str:
    return day.isoformat()


_READERS: dict[str, Callable[[Field, Asked], Condition]] = {
    "kind": _listed("kind", tuple(map(str, Kind))),
    "status": _listed("status", tuple(map(str, Status))),
    "lang": _word("articles.lang", _OF_ARTICLE),
    "source": _word("sources.name", _OF_ARTICLE),
    "unit": _word("claims.unit", "{}"),
    "due": _due,
    "published": _published,
    "seen": _seen,
    "relation": _relation,
    "amount": _amount,
    "sources": _sources,
}
