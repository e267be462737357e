"""What an amount counts by its own noun ("5,000 electric tractors", "120.000 Zellen"): plain things that
the tables of classes lack, in the singular."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from extractors.document import Document, Sentence
from extractors.languages.lexicon import lexicon
from extractors.mentions import ProductMention
from extractors.name_words import word_set
from extractors.vocabulary import base_form

_REACH = 4  # words behind the number, the noun among them
_SHORTEST = 3
_FAR, _MOST_ADJECTIVES = 80, 2  # letters behind a number, adjectives before its noun
_SIBILANTS = ("ches", "shes", "sses", "xes", "zes")


@cache
def _fillers(lang: str) -> frozenset[str]:
    """Words that may stand between number and noun."""
    return frozenset(lexicon(lang).words("names.count_fillers"))


@cache
def count_ends(lang: str) -> frozenset[str]:
    """Words behind a number at which no noun that it counts can follow."""
    return frozenset(lexicon(lang).words("names.count_ends"))


def described_noun_follows(text: str, end: int, lang: str) -> bool:
    """Do German adjectives and a noun follow, which the number before counts: "80 neue Leute"?"""
    endings, ends = lexicon(lang).words("quantities.adjective_endings"), count_ends(lang)
    for number, word in enumerate(text[end : end + _FAR].split()[: _MOST_ADJECTIVES + 1]):
        if word[0].isupper():
            return number > 0
        declined = word.isalpha() and len(word) > _SHORTEST and word.endswith(endings)
        if not declined or not all(endings) or word in ends:
            return False
    return False


def counted_nouns(document: Document, sentence: Sentence, last: int) -> Iterator[ProductMention]:
    """The noun behind an amount that ends before word `last`, with and without the words before it."""
    fillers, ends = _fillers(document.lang), count_ends(document.lang)
    first = last
    while first < sentence.last and document.words[first].lower in fillers:
        first += 1
    for index in range(first, min(first + _REACH, sentence.last)):
        word = document.words[index]
        if word.lower in ends or not (word.text[0].isalpha() or word.text == "-"):
            return
        if _is_noun(document, index, sentence):
            yield noun_mention(document, index, index, "noun")
            begin = _compound(document, index, first)
            if begin < index:
                yield noun_mention(document, begin, index, "noun")
            return


def _is_noun(document: Document, index: int, sentence: Sentence) -> bool:
    word = document.words[index]
    joined = index + 1 < sentence.last and document.words[index + 1].text == "-"
    if joined or len(word.text) < _SHORTEST:
        return False
    if document.lang == "de":
        return word.capital
    return word.lower.endswith("s") and not word.lower.endswith(("ss", "us", "is"))


def _compound(document: Document, index: int, first: int) -> int:
    """Where the words that belong to the noun begin: all behind the number, in German a hyphened compound."""
    return first if document.lang == "en" else hyphened_from(document, index, first)


def hyphened_from(document: Document, index: int, first: int) -> int:
    """Where a compound with hyphens begins that ends in a word, at `first` at the earliest: "E-Gespann"."""
    while index - 2 >= first and document.words[index - 1].text == "-":
        index -= 2
    return index


def noun_mention(document: Document, first: int, last: int, grade: str) -> ProductMention:
    """A plain thing over the words from `first` to `last`, the noun, which is told in the singular."""
    start, end = document.words[first].start, document.words[last].end
    head = document.words[last]
    name = document.text[start : head.start] + singular(head.text, document.lang)
    return ProductMention(" ".join(name.split()), first, last + 1, start, end, grade)


@lru_cache(maxsize=50_000)
def singular(noun: str, lang: str) -> str:
    """The singular of a counted noun, as far as the word list or the ending tells."""
    lower = noun.lower()
    if lower in word_set(lang, "quantities.plural_only"):
        return noun
    if lang == "de":
        return base_form(noun, lang)
    if lower.endswith("ies"):
        return noun[:-3] + "y"
    if lower.endswith(_SIBILANTS):
        return noun[:-2]
    return noun[:-1] if lower.endswith("s") else noun
