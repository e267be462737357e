"""Which names of an article are swapped: every listed company and product, and what the annotation adds.

Persons, places, governments and plain classes ("GPU") stay. A name is swapped word by word, so that "Nvidia"
and "Nvidia Corp." still belong together; words that many names share ("Cloud", "Pro") stay too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import simplemma

from benchmarks.swapping.invent import Inventor, listed_words
from benchmarks.training.gold import reading_of
from extractors.catalogue.names import catalogue, fold
from extractors.catalogue.places import country_of_adjective, place
from extractors.catalogue.records import Company, Product
from extractors.languages.lexicon import lexicon
from extractors.mentions import EntityType, Mention, ProductMention
from extractors.reading import Reading

Record = dict[str, Any]

INSTITUTIONS = frozenset({"government", "ministry", "agency", "association", "university"})
SHARED = 3  # a word in so many entries is no name of its own
NAME_FIELDS = ("subject", "object", "speaker", "counterparty")
_TOKEN = re.compile(r"[^\W_]+")
_PERIOD = re.compile(r"(?:[QH][1-4]|FY\d+)")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Names:
    """The spellings that are swapped in one article; `companies` are those of companies."""

    companies: frozenset[str]
    others: frozenset[str]
    words: frozenset[str]  # case-folded: those words of the spellings that change

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of the spellings, longest first."""
        return spellings_pattern(self.companies | self.others)

    def swapped(self, text: str, invent: Callable[[str], str]) -> Iterator[tuple[int, int, str]]:
        """Every change to a text: start, end, new word."""
        for name in self.pattern.finditer(text):
            for token in _TOKEN.finditer(text, name.start("name"), name.end("name")):
                word, ending = self._without_ending(token.group())
                if word.casefold() in self.words:
                    yield token.start(), token.end(), invent(word) + ending

    def _without_ending(self, token: str) -> tuple[str, str]:
        """A word and its plural or genitive s, where the word without it is known: "H100s" stays a plural."""
        stem = token.removesuffix("s")
        if stem != token and stem.casefold() in self.words:
            return stem, token[len(stem) :]
        return token, ""


def spellings_pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    """Finds spellings as names in a text; a plural or genitive s may follow."""
    forms = [_form(text) for text in sorted(spellings, key=lambda text: (-len(text), text))]
    return re.compile(rf"(?<![^\W_])(?P<name>{'|'.join(forms) or '(?!)'})s?(?![^\W_])")


def _form(spelling: str) -> str:
    """A spelling as a pattern: marks between its words may differ, and its case where that cannot mislead."""
    tokens = _TOKEN.findall(spelling)
    body = r"[^\w\n]{0,3}".join(re.escape(token) for token in tokens)
    loose = len(spelling) > 4 and not catalogue().is_common(spelling) and not _everyday(spelling)
    if loose:
        return f"(?i:{body})"
    return f"(?:{body}|{re.escape(spelling.upper())})" if len(spelling) > 3 else body


def names_of(article: Record) -> Names:
    """The names of an annotated article that are swapped."""
    reading = reading_of(article)
    companies = set(_listed_companies(article, reading))
    others = {text for text in _listed_products(reading) if text not in companies}
    words = {word for text in (*companies, *others) for word in changing_words(text)}
    unlisted = set(_annotated(article, reading)) - companies - others
    for text in sorted(unlisted):
        tokens = _TOKEN.findall(text)
        words |= {
            t.casefold() for t in tokens if _is_name_word(t) and t.removesuffix("s").casefold() not in words
        }
        others.add(text)
        others |= {f"{left} {right}" for left, right in pairwise(tokens) if right.isdigit()}
    return Names(frozenset(companies), frozenset(others), frozenset(words))


def is_company(company: Company) -> bool:
    """Whether a catalogue's entry is a company or service, not a state's body."""
    return not INSTITUTIONS & set(company.roles[:1])


def _listed_companies(article: Record, reading: Reading) -> Iterator[str]:
    found = [catalogue().company(e.name) for e in reading.parties.entities if e.type is EntityType.COMPANY]
    found += [catalogue().company(name) for name in annotated_names(article)]
    found += [catalogue().company(p.maker) for p in reading.products if p.maker]
    named = _named(reading, reading.parties.mentions)
    named |= {fold(name) for name in annotated_names(article)}
    for company in found:
        if company is not None and is_company(company):
            yield from _sure_spellings(company, named)


def _listed_products(reading: Reading) -> Iterator[str]:
    mentions = [*reading.products, *(p for context in reading.contexts for p in context.products)]
    named = _named(reading, mentions)
    for mention in mentions:
        if mention.grade in ("listed", "family", "built"):
            product = catalogue().product(mention.name)
            if product is not None:
                yield from _sure_spellings(product, named)
            yield reading.document.text[mention.start : mention.end]


def _named(reading: Reading, mentions: Iterable[Mention | ProductMention]) -> set[str]:
    """What the article calls its parties or products, folded; a German noun with a capital may be no name."""
    texts = {reading.document.text[m.start : m.end] for m in mentions}
    german = reading.document.lang == "de"
    return {fold(text) for text in texts if not (german and simplemma.is_known(text, "de"))}


def _sure_spellings(entry: Company | Product, named: set[str]) -> Iterator[str]:
    """All spellings; those that are everyday words too only where the article uses them as names."""
    for text in (entry.name, *entry.aliases):
        if not catalogue().is_common(text) or fold(text) in named:
            yield text


def annotated_names(article: Record) -> Iterator[str]:
    """Every name in the claims; plain classes are none."""
    for claim in article["claims"]:
        plain = claim.get("object") in lexicon(article["lang"]).table("classes")
        for field in NAME_FIELDS:
            if field == "object" and plain:
                continue
            yield from filter(None, (claim.get(field), *claim.get(f"{field}_aliases", [])))


def _annotated(article: Record, reading: Reading) -> Iterator[str]:
    """Names that only the annotation tells, persons and places aside."""
    people = {fold(e.name) for e in reading.parties.entities if e.type is EntityType.PERSON}
    for name in annotated_names(article):
        entry = catalogue().company(name)
        stays = catalogue().person(name) or place(name) or (entry is not None and not is_company(entry))
        if not stays and fold(name) not in people and not catalogue().surname(name):
            yield name


def changing_words(spelling: str) -> set[str]:
    """The words of a listed spelling that are swapped, case-folded; at least one is."""
    tokens = [token for token in _TOKEN.findall(spelling) if not _YEAR.fullmatch(token)]
    if len(tokens) == 1:
        return {tokens[0].casefold()}
    own = [token for token in tokens if not _is_shared(token)]
    if not any(any(letter.isalpha() for letter in token) for token in own):
        own += [token for token in tokens if token[0].isupper()][:1] or tokens[:1]
    return {token.casefold() for token in own}


def _is_shared(token: str) -> bool:
    """A word that stays inside a name: a legal form, a place, or one that many names have."""
    key = fold(token)
    if key in catalogue().company_index or any(letter.isdigit() for letter in token):
        return False
    if key in catalogue().legal_forms or token.islower() or listed_words().get(key, 0) >= SHARED:
        return True
    return place(token) is not None or country_of_adjective(token) is not None


def _is_name_word(token: str) -> bool:
    """Whether a word of a name that no list has is a name itself, not an everyday word or a class."""
    if token.islower() or token.isdigit() or _is_shared(token) or len(token) < 3 or _PERIOD.fullmatch(token):
        return False
    return any(letter.isdigit() for letter in token) or not (token.isupper() or _everyday(token))


def _everyday(text: str) -> bool:
    forms = (text, text.lower(), text.title())
    return any(simplemma.is_known(form, lang) for form in forms for lang in ("de", "en"))


def inventor(article: Record) -> Inventor:
    """The article's own inventor of words."""
    return Inventor(article["id"], f"{article['title']} {article['text']}")
