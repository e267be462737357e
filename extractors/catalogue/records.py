"""The catalogue's records, its error, and the folding by which two spellings of a name count as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_NAME_ENDS = re.compile(r"s?(?!\w|[.,]\d)")


class CatalogueError(Exception):
    """A catalogue file is broken; the message names the file and the entry and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company, institution, government or service that can be the subject of a claim.

    `common` holds those of its spellings that are everyday words too ("Meta", "Block"): they need a capital
    letter and a context. `owner` is the canonical name of its parent. `descriptions` are per language the
    phrases that stand for it ("Facebook-Mutter").
    """

    name: str
    aliases: tuple[str, ...]
    common: tuple[str, ...]
    roles: tuple[str, ...]
    country: str | None
    seat: str | None
    owner: str | None
    descriptions: Mapping[str, tuple[str, ...]]

    @property
    def common_word(self) -> bool:
        """Whether any spelling is an everyday word."""
        return bool(self.common)


@dataclass(frozen=True, slots=True)
class Product:
    """A product or family of products; `maker` is a canonical name, `product_class` a plain noun."""

    name: str
    aliases: tuple[str, ...]
    common: tuple[str, ...]
    maker: str
    product_class: str

    @property
    def common_word(self) -> bool:
        """Whether any spelling is an everyday word."""
        return bool(self.common)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks for a company in a role, from `since` to `until` (both inclusive, None is open)."""

    name: str
    company: str
    role: str
    since: date | None = None
    until: date | None = None

    @property
    def surname(self) -> str:
        """The last word of the name; a particle stays with the first ones."""
        return self.name.rsplit(" ", 1)[-1]

    def serves(self, day: date | None) -> bool:
        """Whether the person holds the role on a day; without a day, whether they hold it still."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Family:
    """A known line of products whose next members no list has yet: "RTX 6090" → "NVIDIA GeForce RTX 6090"."""

    pattern: re.Pattern[str]
    template: str
    maker: str
    product_class: str
    mark: str = ""

    def member(self, text: str) -> Product | None:
        """The product that the whole text names in this line, or None."""
        if self.mark not in text:
            return None
        found = self.pattern.fullmatch(text)
        return self._product(found) if found else None

    def scan(self, text: str) -> Iterator[tuple[int, int, Product]]:
        """Every member named anywhere in the text: start, end (before a plural "s") and product."""
        if self.mark not in text:  # the pattern alone takes a hundred times as long to say so
            return
        for found in self.pattern.finditer(text):
            before = text[found.start() - 1] if found.start() else " "
            if not before.isalnum() and _NAME_ENDS.match(text, found.end()):
                yield found.start(), found.end(), self._product(found)

    def _product(self, found: re.Match[str]) -> Product:
        parts = {key: " ".join((value or "").split()) for key, value in found.groupdict().items()}
        name = " ".join(self.template.format(**parts).split())
        return Product(name, (), (), self.maker, self.product_class)


_MARKS = str.maketrans(
    {**dict.fromkeys("-‐‑‒–—/_", " "), **dict.fromkeys("'’‘`´,:\"“”„«»®™©()", "")},
)
# A point between digits belongs to the name (GPT-4.1); elsewhere it is an abbreviation's.
_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)")


# Names come again and again: looking one up takes a tenth of the time of folding it.
@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """A name without case, accents and punctuation: the key under which its spellings meet."""
    plain = text.translate(_MARKS).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if "." in plain:
        plain = _POINT.sub("", plain)
    return " ".join(plain.split())
