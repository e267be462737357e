"""Given names of persons from all over the world, and which of them are also everyday words."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from extractors.catalogue.read import read_toml
from extractors.catalogue.records import CatalogueError

FILE = "given_names.toml"


@cache
def given_names() -> frozenset[str]:
    """All given names as written; raises CatalogueError where the file is wrong."""
    return _names("names")


@cache
def ambiguous_given_names() -> frozenset[str]:
    """The given names that are also everyday words, towns or brands ("Will", "Rose")."""
    ambiguous = _names("ambiguous")
    if strangers := sorted(ambiguous - given_names()):
        raise CatalogueError(f"{FILE}: {strangers[0]!r} is ambiguous but not in the list of names")
    return ambiguous


def is_given_name(word: str) -> bool:
    """Whether a word is a given name; for a double name ("Hans-Peter") one known part is enough."""
    known = given_names()
    return word in known or ("-" in word and word.split("-", 1)[0] in known)


@cache
def _data() -> dict[str, Any]:
    return read_toml(resources.files(__package__), FILE)


def _names(key: str) -> frozenset[str]:
    value = _data().get(key)
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise CatalogueError(f"{FILE}: {key!r} must be a list of names")
    if len(set(value)) < len(value):
        twice = next(name for name in value if value.count(name) > 1)
        raise CatalogueError(f"{FILE}: {twice!r} stands twice in {key!r}")
    return frozenset(value)
