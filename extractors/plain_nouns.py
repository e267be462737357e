"""Plain things that a launch or a price may be of, by the noun alone ("a farm", "das Tagesticket"): common
nouns that the tables of classes and sites lack, unless a preposition puts them aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from extractors.counted_nouns import hyphened_from, noun_mention, singular
from extractors.document import Document, Sentence
from extractors.languages.lexicon import lexicon
from extractors.mentions import ProductMention
from extractors.name_words import word_set

_SHORTEST = 3
_MOST_WORDS = 4  # of a name for a thing; of a longer phrase the noun alone
_LONGEST = 8  # words of a phrase
_MOST = 30  # of a sentence; more is a list


@dataclass(frozen=True, slots=True)
class _Words:
    """The function words of a language that tell a noun's place."""

    before: frozenset[str]
    aside: frozenset[str]
    adjectives: tuple[str, ...]  # endings
    never: frozenset[str]


@cache
def _words(lang: str) -> _Words:
    return _Words(
        word_set(lang, "plain_nouns.before"),
        word_set(lang, "plain_nouns.aside"),
        lexicon(lang).words("quantities.adjective_endings"),
        word_set(lang, "plain_nouns.never"),
    )


@cache
def _ends() -> frozenset[str]:
    """The words at which an English phrase ends."""
    return word_set("en", "plain_nouns.ends") | word_set("en", "plain_nouns.aside")


@cache
def _contracted() -> frozenset[str]:
    """What is joined to an English verb: "isn't"."""
    return word_set("en", "plain_nouns.contracted")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sentence is known to hold, as words: names, times and amounts; nouns that a table has; cues."""

    names: frozenset[int]
    nouns: frozenset[int]
    cues: frozenset[int]


def plain_nouns(document: Document, sentence: Sentence, taken: Taken) -> Iterator[ProductMention]:
    """The plain nouns of a sentence, alone and with the words that belong to them.

    A noun that a table has is told by the words before it alone: "satellite service".
    """
    find = _german if document.lang == "de" else _english
    for first, last in islice(find(document, sentence, taken), _MOST):
        if last not in taken.nouns:
            yield noun_mention(document, last, last, "plain")
        if first < last:
            yield noun_mention(document, first, last, "plain")


def _german(document: Document, sentence: Sentence, taken: Taken) -> Iterator[tuple[int, int]]:
    """(first, last) word of each noun, told by its capital; a compound with hyphens is one."""
    words, tables = document.words, _words("de")
    for index in range(sentence.first, sentence.last):
        word = words[index]
        joined = index + 1 < sentence.last and words[index + 1].text == "-"
        if joined or index in taken.names or index in taken.nouns:
            continue
        if index == sentence.first and index + 1 < sentence.last and words[index + 1].capital:
            continue  # an adjective, with a capital for its place alone
        if word.capital and _is_noun(word.text, "de", tables):
            begin = hyphened_from(document, index, sentence.first)
            if not _put_aside(document, sentence, begin, tables):
                yield begin, index


def _put_aside(document: Document, sentence: Sentence, begin: int, tables: _Words) -> bool:
    """Does a preposition stand before the phrase of the noun that begins here?"""
    words, at = document.words, begin - 1
    while at >= sentence.first and _is_adjective(words[at].lower, words[at].text, tables):
        at -= 1
    if at >= sentence.first and words[at].lower in tables.before:
        at -= 1
    return at >= sentence.first and words[at].lower in tables.aside


def _is_noun(text: str, lang: str, tables: _Words) -> bool:
    """A thing; in German told by its base form where a sentence begins and every word has a capital."""
    base = singular(text, lang)
    if (
        len(text) < _SHORTEST
        or not text.isalpha()
        or not tables.never.isdisjoint((text.lower(), base.lower()))
    ):
        return False
    return lang != "de" or base[0].isupper()


def _is_adjective(lower: str, text: str, tables: _Words) -> bool:
    if lower in tables.before or lower in tables.aside:
        return False
    return text == lower and text.isalpha() and lower.endswith(tables.adjectives)


def _english(document: Document, sentence: Sentence, taken: Taken) -> Iterator[tuple[int, int]]:
    """(first, last) word of each phrase between an article and the next word of another sort."""
    words, tables = document.words, _words("en")
    for article in range(sentence.first, sentence.last - 1):
        aside = article > sentence.first and words[article - 1].lower in tables.aside
        if words[article].lower not in tables.before or aside:
            continue
        first = last = article + 1
        while last < sentence.last and last - first <= _LONGEST and _goes_on(document, first, last, taken):
            last += 1
        head = words[last - 1]
        if first < last <= first + _LONGEST and head.text == head.lower and _is_noun(head.text, "en", tables):
            yield (first if last <= first + _MOST_WORDS else last - 1), last - 1


def _goes_on(document: Document, first: int, index: int, taken: Taken) -> bool:
    """Does a word still belong to the phrase that begins at `first`? It may begin with a cue ("planned")."""
    word = document.words[index]
    if word.lower in _ends() or not (word.text[0].isalnum() or (word.text == "-" and index > first)):
        return False
    if document.text[word.end : word.end + 2] in _contracted():
        return False
    if index in taken.nouns:
        return True
    return index not in taken.names and (index == first or index not in taken.cues)
