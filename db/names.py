"""The names in the ledger and their spellings: "facebook" finds Meta, "MI300" the whole family.

Searching may not load the catalogue (0.2 s): so every name's spellings are stored when the name first occurs,
and anew when the catalogue was changed. Standard library only, but for what is loaded to write.
"""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

import extractors
from db.errors import BadQuery
from db.stems import fold, words

COMPANY, PRODUCT, SPEAKER = "company", "product", "speaker"
MOST_WORDS = 64

# Writing


def spell(connection: sqlite3.Connection) -> None:
    """Store the spellings of the names that have none yet, inside the caller's transaction.

    All names are looked up again where the catalogue was changed since.
    """
    row = connection.execute("SELECT fingerprint FROM catalogue").fetchone()
    if row is None or row["fingerprint"] != _fingerprint():
        _forget(connection)
    for row in connection.execute("SELECT id, role, name FROM names WHERE NOT spelled").fetchall():
        rows = [(" ".join(key), row["id"]) for key in _keys(row["role"], row["name"])]
        connection.executemany("INSERT INTO spellings (words, name_id) VALUES (?, ?)", rows)
        connection.execute("UPDATE names SET spelled = 1 WHERE id = ?", [row["id"]])


def _forget(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM catalogue")
    connection.execute("INSERT INTO catalogue VALUES (?)", [_fingerprint()])
    connection.execute("DELETE FROM spellings")
    connection.execute("UPDATE names SET spelled = 0")


def _keys(role: str, name: str) -> list[tuple[str, ...]]:
    """The words of the name and of its aliases, folded, each once."""
    spelled = (_folded(text) for text in (name, *_aliases(role, name)))
    return [key for key in dict.fromkeys(spelled) if key]


def _aliases(role: str, name: str) -> tuple[str, ...]:
    from extractors.catalogue.names import catalogue  # noqa: PLC0415  only writing a new name needs it

    known = catalogue().company(name) if role == COMPANY else None
    known_product = catalogue().product(name) if role == PRODUCT else None
    entry = known or known_product
    return entry.aliases if entry is not None and entry.name == name else ()


@cache
def _fingerprint() -> str:
    folder = Path(str(extractors.__file__)).parent / "catalogue"
    files = ("companies.toml", "products.toml")
    return blake2b(b"\0".join((folder / file).read_bytes() for file in files), digest_size=12).hexdigest()


# Reading


def named(connection: sqlite3.Connection, role: str, typed: str, *, exact: bool) -> list[str]:
    """The names in the ledger that `typed` stands for, by whole words of any of their spellings.

    Unless `exact` a product that ends in a digit stands for its family too: "MI300" for the MI300X and the
    MI300A, but "H10" not for the H100. Raises BadQuery where nothing in it is a word.
    """
    key = _folded(typed)
    if not key:
        raise BadQuery(f"no name in {typed[:80]!r}: give at least one letter or digit")
    if len(key) > MOST_WORDS:
        raise BadQuery(f"a name of more than {MOST_WORDS} words: shorten it")
    family = role == PRODUCT and not exact and key[-1][-1].isdigit()
    found = connection.execute(_NAMED, [f'"{" ".join(key)}"{" *" if family else ""}', role])
    return list(dict.fromkeys(row["name"] for row in found if _stands_for(key, row["words"], family)))


_NAMED = """
    SELECT name, words FROM spellings JOIN names ON names.id = spellings.name_id
    WHERE spellings MATCH ? AND role = ? ORDER BY names.id
"""


def _stands_for(key: tuple[str, ...], spelled: str, family: bool) -> bool:
    """FTS5 found a beginning of some word; a family's members differ from it by letters only."""
    pattern = re.escape(" ".join(key)) + ("[^\\W\\d_]{0,3}" if family else "")
    return re.search(f"(?:^| ){pattern}(?: |$)", spelled) is not None


def like(connection: sqlite3.Connection, role: str, typed: str) -> list[str]:
    """Names with claims that are spelled nearly like `typed`, the nearest first, at most three."""
    wanted = " ".join(_folded(typed))
    rows = connection.execute(_SPELLED, [role, _MOST_COMPARED])
    spelled: dict[str, list[str]] = {}
    for row in rows:
        for key in _comparable(row["words"]):
            spelled.setdefault(key, []).append(row["name"])
    near = difflib.get_close_matches(wanted, spelled, n=6, cutoff=0.75)
    found = dict.fromkeys(name for key in near for name in spelled[key])
    return [name for name in found if _has_claims(connection, role, name)][:3]


_SPELLED = """
    SELECT name, words FROM names JOIN spellings ON spellings.name_id = names.id WHERE role = ? LIMIT ?
"""
# Comparing takes some ten microseconds a name, and only a search that found nothing does so.
_MOST_COMPARED = 20_000
_COLUMNS = {COMPANY: ("subject", "counterparty"), PRODUCT: ("object",), SPEAKER: ("speaker",)}


def _comparable(spelled: str) -> Iterator[str]:
    """The whole spelling, and each of its longer words: "Telecom" is meant for "Deutsche Telekom"."""
    yield spelled
    if " " in spelled:
        yield from (word for word in spelled.split() if len(word) > 4)


def _has_claims(connection: sqlite3.Connection, role: str, name: str) -> bool:
    return any(
        connection.execute(f"SELECT 1 FROM claims WHERE {column} = ? LIMIT 1", [name]).fetchone()  # noqa: S608
        for column in _COLUMNS[role]
    )


def condition(role: str, names: list[str]) -> tuple[str, list[object]]:
    """The condition on `claims` that one of the names stands in a column of that role."""
    columns = _COLUMNS[role]
    among = "IN (SELECT value FROM json_each(?))"
    parts = [f"claims.{column} {among}" for column in columns]
    return f"({' OR '.join(parts)})", [json.dumps(names)] * len(columns)


def ids(role: str, names: list[str]) -> tuple[str, list[object]]:
    """The same as a query for the ids of the claims, by index."""
    columns = _COLUMNS[role]
    parts = [
        f"SELECT id FROM claims WHERE {column} IN (SELECT value FROM json_each(?))"  # noqa: S608
        for column in columns
    ]
    return " UNION ALL ".join(parts), [json.dumps(names)] * len(columns)


def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(text))
