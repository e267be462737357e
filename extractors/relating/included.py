"""What includes what, and what a currency is worth: the file relating.toml of the catalogue, checked.

Names of products must be known to products.toml, classes to its list or to a language, so that a slip of the
pen is told instead of never matching.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from extractors.catalogue import names
from extractors.catalogue.read import read_toml
from extractors.catalogue.records import CatalogueError

FILE = "relating.toml"
_TABLES = {"lines", "classes", "sites", "rates", "bodies", "continents"}


@dataclass(frozen=True, slots=True)
class Included:
    """Line → members, class → all wider ones, kind of site → families, currency → US dollars.

    `bodies`: what the name of a body begins with, folded → the same in every language. `continents`: the
    name of a continent → the codes of its countries.
    """

    lines: Mapping[str, frozenset[str]]
    wider: Mapping[str, frozenset[str]]
    sites: Mapping[str, frozenset[str]]
    rates: Mapping[str, float]
    bodies: Mapping[str, str]
    continents: Mapping[str, frozenset[str]]


@cache
def included() -> Included:
    """The file, read and checked once; raises CatalogueError."""
    return build(read_toml(resources.files(names.__package__ or ""), FILE))


def build(data: Mapping[str, Any]) -> Included:
    """The tables of a parsed file; raises CatalogueError."""
    if wrong := sorted(set(data) ^ _TABLES):
        raise CatalogueError(f"{FILE}: missing or unknown table {wrong[0]!r}")
    lines = {line: frozenset(_texts(data, "lines", line)) for line in data["lines"]}
    known = names.catalogue()
    for name in (*lines, *(member for members in lines.values() for member in members)):
        product = known.product(name)
        if product is None or product.name != name:
            raise CatalogueError(f"{FILE}: lines: {name!r} is no product of products.toml")
    families: dict[str, set[str]] = {}
    for family in data["sites"]:
        for kind in _texts(data, "sites", family):
            families.setdefault(kind, set()).add(family)
    rates = {code: _rate(code, value) for code, value in data["rates"].items()}
    bodies = {names.fold(head): body for body in data["bodies"] for head in _texts(data, "bodies", body)}
    kinds = {kind: frozenset(found) for kind, found in families.items()}
    continents = {name: frozenset(_texts(data, "continents", name)) for name in data["continents"]}
    return Included(lines, _closure(data), kinds, rates, bodies, continents)


def _closure(data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Each class with all wider ones, however many steps away."""
    direct = {name: _texts(data, "classes", name) for name in data["classes"]}
    wider: dict[str, frozenset[str]] = {}
    for name, nearest in direct.items():
        found: set[str] = set()
        left = list(nearest)
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += direct.get(one, ())
        wider[name] = frozenset(found)
    return wider


def _texts(data: Mapping[str, Any], table: str, key: str) -> tuple[str, ...]:
    value = data[table][key]
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise CatalogueError(f"{FILE}: {table}: {key!r} must be a list of strings")
    return tuple(value)


def _rate(code: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise CatalogueError(f"{FILE}: rates: {code} must be a number above zero")
    return float(value)
