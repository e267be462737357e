"""The mention records: what the layers below the claims find in a document, all by offset and word index."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class EntityType(StrEnum):
    """What a name stands for."""

    COMPANY = "company"
    PERSON = "person"
    PLACE = "place"
    SITE = "site"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """How a mention names its entity."""

    NAME = "name"
    MODIFIER = "modifier"  # in a compound: "Nvidia-Chips", "the Nvidia chips"
    DESCRIPTION = "description"  # "der Chiphersteller", "the company"
    PRONOUN = "pronoun"  # "sagte er", "it said"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named, over the words [first, last)."""

    entity: int
    first: int
    last: int
    start: int
    end: int
    form: Form
    cue: str = ""  # what introduced it: an apposition noun, a title, a legal form …


@dataclass(slots=True)
class Entity:
    """A party, person, place or site of one article, with all its mentions in order."""

    index: int
    name: str
    type: EntityType
    known: bool
    roles: tuple[str, ...] = ()
    country: str | None = None
    employer: int | None = None  # the entity index of the party that a person speaks for
    aliases: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    hints: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)  # stems of the nouns by which the text introduces it
    homes: set[str] = field(default_factory=set)  # places and countries that the text gives it


LISTED = frozenset({"listed", "family", "short"})
"""Grades of products that the catalogue knows, by name, by line or for short."""
NAMELESS = frozenset({"class", "site", "town", "place", "noun", "plain", "service"})
"""Grades of products that say what a thing is, or where; not how it is called."""


@dataclass(frozen=True, slots=True)
class ProductMention:
    """A product, family, plain class or site over the words [first, last).

    `name` is canonical; `grade` tells how it was found: "listed", "family", "built" (maker + name),
    "class" (a plain class noun), "site" (a place that opens) or "name" (an unknown proper name).
    """

    name: str
    first: int
    last: int
    start: int
    end: int
    grade: str
    maker: str | None = None
    product_class: str | None = None
    entity: int | None = None  # the unlisted name that it is made of
