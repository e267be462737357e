"""Reads the catalogue's TOML files into records and checks every entry.

Each reader takes one parsed file and gives records in the file's order; anything unknown, missing or of the
wrong type raises CatalogueError, which names the file and the entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from extractors.catalogue.records import CatalogueError, Company, Family, Person, Product

COMPANIES, PRODUCTS, PEOPLE = "companies.toml", "products.toml", "people.toml"


def read_toml(folder: Path | Traversable, name: str) -> dict[str, Any]:
    """One file as a dictionary; raises CatalogueError where it is missing or no TOML."""
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(f"{name}: the file is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{name}: {error}") from error


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a file, read key by key; every complaint names the file and the entry."""

    file: str
    label: str
    data: dict[str, Any]

    def fail(self, problem: str) -> CatalogueError:
        """The error to raise for this entry."""
        return CatalogueError(f"{self.file}: {self.label!r}: {problem}")

    def only(self, keys: Collection[str]) -> None:
        """Raises where the entry has a key that nobody reads, most often a slip of the pen."""
        if unknown := sorted(set(self.data) - set(keys)):
            raise self.fail(f"unknown key {unknown[0]!r}")

    def text(self, key: str) -> str:
        """A required, non-empty string."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{key!r} must be a non-empty string")
        return value

    def optional(self, key: str) -> str | None:
        """A string or None."""
        return self.text(key) if key in self.data else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of non-empty strings; a missing key is an empty list."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(f"{key!r} must be a list of non-empty strings")
        return tuple(value)

    def day(self, key: str) -> date | None:
        """A TOML date or None."""
        value = self.data.get(key)
        if value is not None and type(value) is not date:
            raise self.fail(f"{key!r} must be a date such as 2025-03-18")
        return value

    def word(self, key: str, vocabulary: Collection[str]) -> str:
        """A required word of a fixed vocabulary."""
        value = self.text(key)
        if value not in vocabulary:
            raise self.fail(f"unknown {key} {value!r}")
        return value

    def common(self, forms: tuple[str, ...]) -> tuple[str, ...]:
        """The spellings marked as everyday words; each must be one of the entry's spellings."""
        words = self.texts("common")
        if stray := [word for word in words if word not in forms]:
            raise self.fail(f"'common' has {stray[0]!r}, which is neither its name nor an alias")
        return words


def entries(file: str, data: dict[str, Any], key: str) -> Iterator[Entry]:
    """The tables under a key of a file, each labelled by its name (or its pattern)."""
    tables = data.get(key)
    if not isinstance(tables, list):
        raise CatalogueError(f"{file}: no list {key!r}")
    for place, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise CatalogueError(f"{file}: {key} number {place} is no table")
        yield Entry(file, str(table.get("name") or table.get("pattern") or f"{key} number {place}"), table)


def vocabulary(file: str, data: dict[str, Any], key: str) -> tuple[str, ...]:
    """The fixed words that a file declares at its top."""
    words = Entry(file, key, data).texts(key)
    if not words:
        raise CatalogueError(f"{file}: the list {key!r} is missing or empty")
    return words


def varied(data: dict[str, Any]) -> tuple[str, ...]:
    """The classes of which a longer name is another model; they must be classes."""
    found, classes = vocabulary(PRODUCTS, data, "varied"), vocabulary(PRODUCTS, data, "classes")
    if strangers := [name for name in found if name not in classes]:
        raise CatalogueError(f"{PRODUCTS}: 'varied' names the class {strangers[0]!r}, which is none")
    return found


def chips(data: dict[str, Any]) -> tuple[str, ...]:
    """The classes, and plain nouns beside them, of which one may stand for the other; there may be none."""
    return Entry(PRODUCTS, "chips", data).texts("chips")


def companies(data: dict[str, Any]) -> tuple[Company, ...]:
    """The companies; owners must be companies, roles must be declared."""
    roles = vocabulary(COMPANIES, data, "roles")
    found = tuple(_company(entry, roles) for entry in entries(COMPANIES, data, "companies"))
    names = {company.name for company in found}
    for company in found:
        if company.owner is not None and company.owner not in names:
            raise CatalogueError(f"{COMPANIES}: {company.name!r}: unknown owner {company.owner!r}")
    return found


_COMPANY_KEYS = frozenset({"name", "aliases", "common", "roles", "country", "seat", "owner", "descriptions"})


def _company(entry: Entry, known_roles: Collection[str]) -> Company:
    entry.only(_COMPANY_KEYS)
    name, aliases, roles = entry.text("name"), entry.texts("aliases"), entry.texts("roles")
    if not roles or (unknown := [role for role in roles if role not in known_roles]):
        raise entry.fail(f"unknown role {unknown[0]!r}" if roles else "needs at least one role")
    country = entry.optional("country")
    if country is not None and not re.fullmatch("[A-Z]{2}", country):
        raise entry.fail(f"country {country!r} is no ISO 3166 code of two letters")
    common = entry.common((name, *aliases))
    seat, owner = entry.optional("seat"), entry.optional("owner")
    return Company(name, aliases, common, roles, country, seat, owner, _descriptions(entry))


def _descriptions(entry: Entry) -> dict[str, tuple[str, ...]]:
    value = entry.data.get("descriptions", {})
    if not isinstance(value, dict):
        raise entry.fail("'descriptions' must be a table of languages to lists")
    table = Entry(entry.file, entry.label, value)
    return {lang: table.texts(lang) for lang in value}


def products(data: dict[str, Any], makers: Collection[str]) -> tuple[Product, ...]:
    """The products of all groups, variants written out."""
    classes = vocabulary(PRODUCTS, data, "classes")
    found: list[Product] = []
    for group in entries(PRODUCTS, data, "group"):
        group.only({"maker", "class", "products"})
        defaults = {key: group.data[key] for key in ("maker", "class") if key in group.data}
        for entry in entries(PRODUCTS, group.data, "products"):
            whole = Entry(PRODUCTS, entry.label, defaults | entry.data)
            found.extend(_variants(whole, classes, makers))
    return tuple(found)


_PRODUCT_KEYS = frozenset({"name", "aliases", "common", "maker", "class", "variants"})


def _variants(entry: Entry, classes: Collection[str], makers: Collection[str]) -> Iterator[Product]:
    """One product, or one for each variant with "{}" filled in."""
    entry.only(_PRODUCT_KEYS)
    name, aliases = entry.text("name"), entry.texts("aliases")
    maker, product_class = entry.word("maker", makers), entry.word("class", classes)
    variants = entry.texts("variants")
    if bool(variants) != ("{}" in name):
        raise entry.fail("'variants' and '{}' in the name belong together")
    spelled = [tuple(form.replace("{}", item) for form in (name, *aliases)) for item in variants or ("",)]
    common = entry.common(tuple(form for forms in spelled for form in forms))
    for forms in spelled:
        own = tuple(form for form in common if form in forms)
        yield Product(forms[0], forms[1:], own, maker, product_class)


def families(data: dict[str, Any], makers: Collection[str]) -> tuple[Family, ...]:
    """The patterns of known lines; a template may use only the pattern's named groups."""
    classes = vocabulary(PRODUCTS, data, "classes")
    return tuple(_family(entry, classes, makers) for entry in entries(PRODUCTS, data, "family"))


def _family(entry: Entry, classes: Collection[str], makers: Collection[str]) -> Family:
    entry.only({"pattern", "mark", "name", "maker", "class"})
    template, mark = entry.text("name"), entry.optional("mark") or ""
    if mark not in entry.text("pattern"):
        raise entry.fail(f"the mark {mark!r} does not stand in the pattern")
    maker, product_class = entry.word("maker", makers), entry.word("class", classes)
    try:
        pattern = re.compile(entry.text("pattern"))
        template.format(**dict.fromkeys(pattern.groupindex, ""))
    except re.error as error:
        raise entry.fail(f"the pattern is no regular expression: {error}") from error
    except (KeyError, IndexError, ValueError) as error:
        raise entry.fail(f"the template does not fit the pattern's named groups: {error}") from error
    return Family(pattern, template, maker, product_class, mark)


def people(data: dict[str, Any], known_companies: Collection[str]) -> tuple[Person, ...]:
    """The people; one who changed companies may stand there more than once, with days."""
    roles = vocabulary(PEOPLE, data, "roles")
    return tuple(_person(entry, roles, known_companies) for entry in entries(PEOPLE, data, "people"))


def _person(entry: Entry, roles: Collection[str], known_companies: Collection[str]) -> Person:
    entry.only({"name", "company", "role", "since", "until"})
    company, role = entry.word("company", known_companies), entry.word("role", roles)
    return Person(entry.text("name"), company, role, entry.day("since"), entry.day("until"))
