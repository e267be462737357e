"""Who is who and what is what: companies, products and people by any of their spellings.

START HERE: `catalogue()` loads the three TOML files once, checks them and gives lookups. Words stand in the
files, never here. A name of one kind may belong to one entry only; a company and a product may share one
("ChatGPT" is a service with users and a product that is launched).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from extractors.catalogue import read
from extractors.catalogue.records import CatalogueError, Company, Family, Person, Product, fold

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Company",
    "Family",
    "Person",
    "Product",
    "catalogue",
    "fold",
    "load",
]

# A letter with digits behind the name of a line; those of a quarter or half are none.
_MODEL = re.compile(r"[A-GI-PR-Z]\d{1,2}[A-Z]?")
Named = TypeVar("Named", Company, Product)


@dataclass(frozen=True)
class Catalogue:
    """All records and the indices over them; every index key is folded (see `fold`)."""

    companies: tuple[Company, ...]
    products: tuple[Product, ...]
    people: tuple[Person, ...]
    families: tuple[Family, ...]
    legal_forms: frozenset[str]
    relations: frozenset[str]  # "maker" in "ChatGPT maker"
    company_index: Mapping[str, Company]
    product_index: Mapping[str, Product]
    people_index: Mapping[str, tuple[Person, ...]]
    description_index: Mapping[str, Company]
    common_words: frozenset[str]
    chief_roles: tuple[str, ...]
    varied: frozenset[str]  # classes of which a longer name is another model
    chips: frozenset[str]  # classes that one word may stand for: "chips" of a GPU
    suffixes: frozenset[str]  # words that make a name so
    short_models: frozenset[str]  # what a model is called for short: "the Max"

    def company(self, text: str) -> Company | None:
        """The company of a spelling, with or without its legal form ("Nvidia Corp.")."""
        key = fold(text)
        return self.company_index.get(key) or self.company_index.get(self.without_legal_form(key))

    def product(self, text: str) -> Product | None:
        """The product of a spelling, of its plural ("H100s") or, unlisted, of a known line ("RTX 6090")."""
        key = fold(text)
        listed = self.product_index.get(key)
        if listed is None and key.endswith("s"):
            listed = self.product_index.get(key[:-1])
        return listed or self.family_member(text) or self._model_of_line(text)

    def family_member(self, text: str) -> Product | None:
        """The member of a known line that the whole text names, listed or not."""
        plain = " ".join(text.split())
        forms = dict.fromkeys((plain, plain.removesuffix("s")))
        members = (family.member(form) for family in self.families for form in forms)
        return self._listed(next(filter(None, members), None))

    def model(self, line: Product, rest: str) -> Product:
        """The model of a listed line that has more words behind its name."""
        return replace(line, name=f"{line.name} {rest}", aliases=(), common=())

    def is_suffix(self, word: str) -> bool:
        """Whether a word behind a line's name makes it a model's: "Pro", "A8"; "Q3" is a quarter."""
        return word in self.suffixes or _MODEL.fullmatch(word) is not None

    def _model_of_line(self, text: str) -> Product | None:
        """ "Pico 4 Ultra" by its line, "Pico 4"."""
        words = text.split()
        size = len(words)
        while size > 1 and self.is_suffix(words[size - 1]):
            size -= 1
            line = self.product_index.get(fold(" ".join(words[:size])))
            if line is not None and line.product_class in self.varied:
                return self.model(line, " ".join(words[size:]))
        return None

    def scan_families(self, text: str) -> list[tuple[int, int, Product]]:
        """Members of known lines in running text: start, end, product; of overlaps the longest."""
        found = [span for family in self.families for span in family.scan(text)]
        kept: list[tuple[int, int, Product]] = []
        for start, end, product in sorted(found, key=lambda span: span[0] - span[1]):
            if all(end <= other[0] or other[1] <= start for other in kept):
                kept.append((start, end, self._listed(product) or product))
        return sorted(kept, key=lambda span: span[0])

    def person(self, text: str, day: date | None = None) -> Person | None:
        """The person of a full name; of several offices the one held on the day, else the first listed."""
        offices = self.people_index.get(fold(text), ())
        return next((person for person in offices if person.serves(day)), offices[0] if offices else None)

    def people_of(self, company: str, day: date | None = None) -> tuple[Person, ...]:
        """Who holds an office at a company (canonical name) on a day, or today where no day is given."""
        return tuple(person for person in self.people if person.company == company and person.serves(day))

    def chief(self, company: str, day: date | None = None) -> Person | None:
        """Who "the Nvidia chief" is on a day: the holder of the first chief role that the file ranks."""
        held = {person.role: person for person in reversed(self.people_of(company, day))}
        return next((held[role] for role in self.chief_roles if role in held), None)

    def surname(self, text: str) -> tuple[Person, ...]:
        """Everybody of a surname; a caller decides by the companies in its text."""
        key = fold(text)
        return tuple(person for person in self.people if fold(person.surname) == key)

    def described(self, text: str) -> Company | None:
        """The company that a description of any language stands for ("Facebook-Mutter", "ChatGPT maker")."""
        return self.description_index.get(fold(text))

    def is_telling(self, text: str) -> bool:
        """Is a description a listed name and what owns or makes it: "ChatGPT maker", not "Nvidia rival"?"""
        for name, relation in (
            text.rpartition("-")[::2],
            text.rpartition(" ")[::2],
            text.partition(" of ")[::-2],
        ):
            if relation in self.relations and (self.company(name) or self.product(name)) is not None:
                return True
        return False

    def is_common(self, text: str) -> bool:
        """Whether a spelling is an everyday word too, so that it needs a capital letter and a context."""
        return fold(text) in self.common_words

    def parent(self, company: Company) -> Company:
        """The head of the group that a company or service belongs to, which may be itself."""
        seen = {company.name}
        while company.owner is not None and company.owner not in seen:
            seen.add(company.owner)
            company = self.company_index[fold(company.owner)]
        return company

    def without_legal_form(self, folded: str) -> str:
        """A folded name without its trailing legal forms; at least one word is left."""
        words = folded.split()
        while len(words) > 1 and words[-1] in self.legal_forms:
            words.pop()
        return " ".join(words)

    def _listed(self, product: Product | None) -> Product | None:
        """The listed entry of a family's member, where there is one."""
        return product and self.product_index.get(fold(product.name), product)


@cache
def catalogue() -> Catalogue:
    """The project's own catalogue, loaded once; raises CatalogueError where a file is broken."""
    return load(resources.files(__package__))


def load(folder: Path | Traversable) -> Catalogue:
    """Reads and checks companies.toml, products.toml and people.toml of a folder."""
    company_data = read.read_toml(folder, read.COMPANIES)
    product_data = read.read_toml(folder, read.PRODUCTS)
    people_data = read.read_toml(folder, read.PEOPLE)
    companies = read.companies(company_data)
    names = {company.name for company in companies}
    products = read.products(product_data, names)
    people = read.people(people_data, names)
    marked: tuple[Company | Product, ...] = (*companies, *products)
    common = {fold(word) for entry in marked for word in entry.common}
    legal = {fold(form) for form in read.vocabulary(read.COMPANIES, company_data, "legal_forms")}
    return Catalogue(
        companies=companies,
        products=products,
        people=people,
        families=read.families(product_data, names),
        legal_forms=frozenset(legal),
        relations=frozenset(read.vocabulary(read.COMPANIES, company_data, "relations")),
        company_index=_index(read.COMPANIES, companies, _spellings),
        product_index=_index(read.PRODUCTS, products, _spellings),
        people_index=_offices(people),
        description_index=_index(read.COMPANIES, companies, _descriptions),
        common_words=frozenset(common),
        chief_roles=read.vocabulary(read.PEOPLE, people_data, "chief_roles"),
        varied=frozenset(read.varied(product_data)),
        chips=frozenset(read.chips(product_data)),
        suffixes=frozenset(read.vocabulary(read.PRODUCTS, product_data, "suffixes")),
        short_models=frozenset(read.vocabulary(read.PRODUCTS, product_data, "short_models")),
    )


def _spellings(entry: Company | Product) -> Iterator[str]:
    yield entry.name
    yield from entry.aliases


def _descriptions(entry: Company) -> Iterator[str]:
    for phrases in entry.descriptions.values():
        yield from phrases


def _index(
    file: str, records: Iterable[Named], spellings: Callable[[Named], Iterable[str]]
) -> Mapping[str, Named]:
    """Folded spelling → record; raises where one spelling would name two records."""
    index: dict[str, Named] = {}
    for record in records:
        for text in spellings(record):
            other = index.setdefault(fold(text), record)
            if other is not record:
                raise CatalogueError(f"{file}: {text!r} names both {other.name!r} and {record.name!r}")
    return MappingProxyType(index)


def _offices(people: Iterable[Person]) -> Mapping[str, tuple[Person, ...]]:
    """Folded full name → offices; two offices at once in one company would leave the speaker's open."""
    index: dict[str, tuple[Person, ...]] = {}
    for person in people:
        key = fold(person.name)
        earlier = index.get(key, ())
        if any(other.company == person.company and other.role == person.role for other in earlier):
            raise CatalogueError(f"{read.PEOPLE}: {person.name!r} has the same office twice")
        index[key] = (*earlier, person)
    return MappingProxyType(index)
