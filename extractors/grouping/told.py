"""A claim among others: its place in the order of telling, and the keys under which others look for it.

The order is a matter of the claims alone, never of when they were stored: by day, plans before facts before
denials, by the minute, those without one last, and then by a digest of what is said where. Two claims that
may be related share a key.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from extractors.catalogue.names import catalogue, fold
from extractors.claim import Kind, Status
from extractors.relating.parties import identity, owners, product_of
from extractors.relating.statement import Statement

# Kinds of which one may tell the same thing as another: what is ordered is shipped and installed.
_GOODS = frozenset({Kind.ORDER, Kind.SHIPMENT, Kind.DEPLOYMENT})
_MONEY = frozenset({Kind.INVESTMENT, Kind.REVENUE})
# Of these a site or system may be the subject, and its operator the other's.
_SYSTEM_KINDS = frozenset({Kind.DEPLOYMENT, Kind.POWER, Kind.PERFORMANCE, Kind.LAUNCH})
_SYSTEMS = frozenset({"supercomputer", "data center", "AI system", "cluster"})
# Amounts share a bucket of one of two rows, laid half a bucket apart, if they differ by less than 5.8 %; what
# rounding explains is less (extractors/relating/amounts.py).
_BUCKET = math.log(1.12)
_RANK = {Status.PLANNED: 0, Status.EXPECTED: 0, Status.ACTUAL: 1, Status.DENIED: 2}
_PARTY_BITS, _KEY_BITS = 24, 39
_MINUTE_BITS, _DIGEST_BITS = 12, 27
# A day begins 14 hours earlier than in UTC somewhere, and ends 12 hours later: all that fits into 12 bits.
_EARLIEST = 14 * 60
_NO_MINUTE = (1 << _MINUTE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Told:
    """A statement somebody made. `id` is whatever number the keeper gave it; nothing depends on it."""

    id: int
    article: str
    statement: Statement
    place: int
    keys: tuple[int, ...]
    party: str
    parties: frozenset[str]  # the party and who owns or operates it
    likely: frozenset[str]  # who may be the same party by what the claim says: the other side, a system
    thing: str
    until: int | None  # the day of its due, as an ordinal number
    profile: tuple[object, ...]  # what its fields say; of one statement only the first of each is asked
    order: tuple[int, int]  # by place; the number decides only between claims word for word the same


def told(
    number: int,
    article: str,
    statement: Statement,
    *,
    at: datetime | None = None,
    kept: tuple[int, tuple[int, ...]] | None = None,
) -> Told:
    """A claim of an article, named by its address, with place and keys; `kept`: those that it has already.

    `at`: the moment of publication, where more than its day is known.
    """
    said, party = _said(statement), identity(statement.subject)
    place, keys = kept or (
        _place(article, statement, said, at),
        tuple(sorted(set(_keys(statement, article)))),
    )
    return Told(
        id=number,
        article=article,
        statement=statement,
        place=place,
        keys=keys,
        party=party,
        parties=frozenset((party, *owners(statement.subject))),
        likely=frozenset(_likely(statement)),
        thing=_thing(statement.object) if statement.object else "",
        until=_until(statement),
        profile=said,
        order=(place, number),
    )


def _until(statement: Statement) -> int | None:
    day = (statement.due.end or statement.due.start) if statement.due else None
    return day.toordinal() if day else None


def _said(statement: Statement) -> tuple[object, ...]:
    """The fields that tell one claim from another."""
    due = statement.due
    return (
        statement.kind,
        identity(statement.subject),
        fold(statement.object),
        statement.equivalent,
        statement.low,
        statement.high,
        statement.unit,
        (due.start, due.end) if due else None,
        statement.status,
    )


def _place(article: str, statement: Statement, said: tuple[object, ...], at: datetime | None) -> int:
    """63 bits that grow with the order of telling."""
    day = statement.published.toordinal() if statement.published else 0
    own = _digest(article, *map(str, said), statement.sentence) >> (64 - _DIGEST_BITS)
    place = (day << 2) | _RANK[statement.status]
    return (((place << _MINUTE_BITS) | _minute(day, at)) << _DIGEST_BITS) | own


def _minute(day: int, at: datetime | None) -> int:
    """Minutes since the day began somewhere; one that is not known is the last, so that it leads nobody."""
    if at is None or not day:
        return _NO_MINUTE
    utc = at.astimezone(UTC)
    minute = (utc.toordinal() - day) * 1440 + utc.hour * 60 + utc.minute + _EARLIEST
    return min(max(minute, 0), _NO_MINUTE - 1)


def _digest(*parts: str) -> int:
    data = "\0".join(parts).encode("utf-8", "replace")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


# Keys: a party's lie side by side in an index, so that storing an article touches few of its pages.


def _key(party: str, *parts: str) -> int:
    return (_party(party) << _KEY_BITS) | (_digest(party, *parts) >> (64 - _KEY_BITS))


@lru_cache(maxsize=50_000)
def _party(party: str) -> int:
    return _digest(party) >> (64 - _PARTY_BITS)


def _keys(statement: Statement, article: str) -> Iterator[int]:
    kind, first = str(statement.kind), identity(statement.subject)
    for party in (first, *owners(statement.subject)):
        yield _key(party, kind)
        if statement.object:
            yield _key(party, kind, "thing", _thing(statement.object))
        yield from _amounts(party, statement)
        yield from _dues(party, statement)
    # Parties that are only likely: the first word of a name, the other side of a deal, a system. Then all
    # else must be equal, and the amount is the rarest of it.
    for party in {*_likely(statement), *_first_word(statement)} - {first}:
        yield from _amounts(party, statement) if statement.measured else _dues(party, statement)
    if statement.unit == "units":
        yield beside_key(article)


def beside_key(article: str) -> int:
    """The key that counts and counts of equivalents of one article share."""
    return _key(article, "beside")


def _amounts(party: str, statement: Statement) -> Iterator[int]:
    for end in {statement.low, statement.high} - {None}:
        for row, bucket in enumerate(_buckets(end or 0.0)):
            yield _key(party, _group(statement.kind), statement.unit or "", str(row), str(bucket))


def _dues(party: str, statement: Statement) -> Iterator[int]:
    if statement.due is not None:
        day = statement.due.end or statement.due.start
        if day is not None:
            yield _key(party, str(statement.kind), "due", f"{day:%Y-%m}")


def _buckets(amount: float) -> tuple[int, int]:
    if amount <= 0:
        return 0, 0
    at = math.log(amount) / _BUCKET
    return math.floor(at), math.floor(at + 0.5)


def _group(kind: Kind) -> str:
    return "goods" if kind in _GOODS else "money" if kind in _MONEY else str(kind)


@lru_cache(maxsize=50_000)
def _thing(name: str) -> str:
    product = product_of(name)
    return fold(product.name) if product is not None else fold(name)


def _first_word(statement: Statement) -> tuple[str, ...]:
    """ "Umoja" of "Umoja Compute"; nothing for a name that the catalogue knows."""
    words = identity(statement.subject).split()
    listed = catalogue().company(statement.subject) or product_of(statement.subject)
    return () if listed or not words else (words[0],)


def _likely(statement: Statement) -> Iterator[str]:
    if statement.counterparty:
        yield identity(statement.counterparty)
    if statement.object and statement.kind in _SYSTEM_KINDS:
        product = product_of(statement.object)
        if product is None or product.product_class in _SYSTEMS:
            yield identity(statement.object)
