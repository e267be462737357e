"""Names that begin with an adjective, which in German changes with the case: "der Technischen Universität X".

And public bodies that are named by nothing but their country and their kind ("the Dutch army", "die
britische Steuerbehörde") or by what they are for ("Bundesamt für Statistik").
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from extractors.catalogue.places import place_of_adjective
from extractors.document import Document, Sentence
from extractors.languages.lexicon import available, lexicon
from extractors.name_words import word_set
from extractors.phrases import PhraseMatcher

_SHORTEST_STEM = 6  # "Irisch", but "Fisch" of "Fischer" is none


@cache
def _stems(lang: str) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Adjectives that names begin with, how others of them end, and all endings of cases."""
    words = lexicon(lang)
    lists = words.words("declined.stem_endings"), words.words("declined.endings")
    return frozenset(words.words("declined.stems")), *lists


@cache
def _genders(lang: str) -> dict[str, str]:
    """By the gender's own ending of the adjective, the nouns behind it: "e" of "Technische Universität"."""
    table = lexicon(lang).table("declined.nominatives")
    return {noun.lower(): ending for ending, nouns in table.items() for noun in nouns}


def stem_of(word: str, lang: str) -> str | None:
    """ "Technisch" of "Technischen"; None for a word that names do not begin with."""
    known, stem_endings, endings = _stems(lang)
    for ending in sorted(endings, key=len, reverse=True):
        stem = word.removesuffix(ending)
        long = len(stem) >= _SHORTEST_STEM and stem.lower().endswith(stem_endings)
        if stem != word and (long or stem.lower() in known):
            return stem
    return None


def forms(name: str) -> Iterator[str]:
    """A name of several words with its first one in all cases: "Deutschen Bank", "Deutscher Bank" …"""
    first, _, rest = name.partition(" ")
    for lang in available():
        stem = stem_of(first, lang) if rest and first[:1].isupper() else None
        if stem is not None:
            yield from (f"{stem}{ending} {rest}" for ending in _stems(lang)[2])


def nominative(name: str, lang: str) -> str:
    """A name as it stands in a list: "Technische Universität Elbtal". Others come back as they are."""
    first, _, rest = name.partition(" ")
    plural = lexicon(lang).table("declined.datives").get(first) or _office(first, rest, lang)
    if rest and plural:
        return f"{plural} {rest}"
    stem = stem_of(first, lang) if rest else None
    ending = _genders(lang).get(rest.split()[0].lower()) if stem is not None else None
    return name if stem is None or ending is None else f"{stem}{ending} {rest}"


def _office(first: str, rest: str, lang: str) -> str | None:
    """ "Bundesamt" of "Bundesamtes für Statistik"."""
    if rest.partition(" ")[0] not in word_set(lang, "names.office_links"):
        return None
    forms = (first.removesuffix(ending) for ending in ("es", "s"))
    return next((form for form in forms if form.lower() in word_set(lang, "names.offices")), None)


@cache
def _bodies(lang: str) -> PhraseMatcher[str]:
    endings = lexicon(lang).words("names.inflections")
    return PhraseMatcher(((body, body) for body in lexicon(lang).words("names.public_bodies")), endings)


def public_bodies(document: Document, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The words [first, last) of each "Dutch army" in a sentence."""
    for first, last, _ in _bodies(document.lang).find(document.words, sentence.first + 1, sentence.last):
        before = document.words[first - 1]
        if document.words[first].start == before.end + 1 and place_of_adjective(before.text) is not None:
            yield first - 1, last


def _is_office(word: str, heads: frozenset[str]) -> bool:
    return any(form in heads for form in (word, word.removesuffix("s"), word.removesuffix("es")))


def offices(document: Document, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The words [first, last) of each "Bundesamt für Statistik" or "Landesagentur für digitale Dienste"."""
    lang, words = document.lang, document.words
    heads, links = word_set(lang, "names.offices"), word_set(lang, "names.office_links")
    if not heads:
        return
    for first in range(sentence.first, sentence.last - 2):
        if words[first + 1].lower not in links or not _is_office(words[first].lower, heads):
            continue
        if first > sentence.first and words[first - 1].lower in word_set(lang, "proper_names.indefinite"):
            continue
        if first and words[first - 1].text == "-":  # "Fraunhofer-Institut"
            continue
        last = first + 2
        described = words[last].text.endswith(("e", "en")) and last + 1 < sentence.last
        last += described and (words[last].text.islower() or words[last + 1].capital)
        if words[last].capital and words[last].text.isalpha():
            yield first, last + 1
