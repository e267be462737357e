"""Finds catalogue names in running text: an index of spellings by their words, longest match first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

from extractors.catalogue.names import Company, Person, Product, catalogue, fold
from extractors.declined_names import forms
from extractors.document import Document, Word, word_texts

Entry = TypeVar("Entry")


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """The catalogue's folding of one word; empty for marks."""
    return fold(text)


@dataclass(frozen=True, slots=True)
class Spelling(Generic[Entry]):
    """One way to write an entry's name; `rest` are its folded words after the first."""

    rest: tuple[str, ...]
    upper: bool  # all capitals: an abbreviation counts only as one
    capital: bool  # has a capital: the text must have one too
    entry: Entry


class NameIndex(Generic[Entry]):
    """Spellings by first word. A genitive or plural s at the end is allowed for."""

    def __init__(self, names: Iterable[tuple[str, Entry]]) -> None:
        self._by_first: dict[str, list[Spelling[Entry]]] = defaultdict(list)
        for text, entry in names:
            words = [w for w in map(folded, word_texts(text)) if w]
            if words:
                upper = text.isupper() and len(text) <= 4
                spelling = Spelling(tuple(words[1:]), upper, text != text.lower(), entry)
                self._by_first[words[0]].append(spelling)
        for spellings in self._by_first.values():
            spellings.sort(key=lambda spelling: -len(spelling.rest))

    def find(self, document: Document) -> Iterator[tuple[int, int, Entry]]:
        """Yield (first word, word after the last, entry), longest first, without overlaps."""
        stream = [(folded(word.text), i) for i, word in enumerate(document.words)]
        stream = [(text, i) for text, i in stream if text]
        position = 0
        heads = self._by_first
        while position < len(stream):
            text = stream[position][0]
            if text not in heads and not (text.endswith("s") and text[:-1] in heads):
                position += 1
                continue
            hit = self._longest(document.words, stream, position)
            if hit is None:
                position += 1
                continue
            length, entry = hit
            yield stream[position][1], stream[position + length - 1][1] + 1, entry
            position += length

    def _longest(
        self, words: tuple[Word, ...], stream: list[tuple[str, int]], at: int
    ) -> tuple[int, Entry] | None:
        first = stream[at][0]
        plural: tuple[int, Entry] | None = None  # "L40S" is no plural of "L40" where both are listed
        for key in (first, first[:-1] if first.endswith("s") else ""):
            for spelling in self._by_first.get(key, ()):
                length = 1 + len(spelling.rest)
                if at + length > len(stream) or (key != first and spelling.rest):
                    continue
                if plural is not None and length < plural[0]:
                    break
                if _rest_fits(spelling.rest, stream, at) and _case_fits(spelling, words, stream, at, key):
                    if not spelling.rest or stream[at + length - 1][0] == spelling.rest[-1]:
                        return length, spelling.entry
                    plural = plural or (length, spelling.entry)
            if plural is not None:
                return plural
        return None


def _rest_fits(rest: tuple[str, ...], stream: list[tuple[str, int]], at: int) -> bool:
    for offset, part in enumerate(rest, 1):
        text = stream[at + offset][0]
        if text != part and not (offset == len(rest) and text == part + "s"):
            return False
    return True


def _case_fits(
    spelling: Spelling[Entry], words: tuple[Word, ...], stream: list[tuple[str, int]], at: int, key: str
) -> bool:
    text = words[stream[at][1]].text
    if spelling.upper:
        return text[: len(key)].isupper() or not key.isalpha()
    return not spelling.capital or any(
        words[stream[at + k][1]].text != words[stream[at + k][1]].lower
        or not words[stream[at + k][1]].text.isalpha()
        for k in range(1 + len(spelling.rest))
    )


@cache
def company_index() -> NameIndex[Company]:
    """All companies by all their spellings, in all cases, and by what stands for them ("Facebook-Mutter")."""
    companies = catalogue().companies
    spellings = ((text, c) for c in companies for text in (c.name, *c.aliases))
    named = ((form, c) for text, c in spellings for form in dict.fromkeys((text, *forms(text))))
    described = (
        (text, c)
        for c in companies
        for texts in c.descriptions.values()
        for text in texts
        if catalogue().is_telling(text)
    )
    return NameIndex((*named, *described))


@cache
def product_index() -> NameIndex[Product]:
    """All products by all their spellings."""
    return NameIndex((text, p) for p in catalogue().products for text in (p.name, *p.aliases))


@cache
def person_index() -> NameIndex[Person]:
    """All people by their full names."""
    return NameIndex((p.name, p) for p in catalogue().people)
