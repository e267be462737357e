"""Sites by their place and name: "data center in Hanau", "Hanauer Campus", "HAN3".

Different words for one site are one site; another place is another site. An object that names no place
borrows those of its sentence, but never the place where somebody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from extractors.catalogue.names import catalogue, fold
from extractors.catalogue.places import (
    Place,
    PlaceKind,
    is_ambiguous,
    may_hold,
    place_of_adjective,
    place_of_inhabitants,
    places,
)
from extractors.document import Word
from extractors.languages.lexicon import available, lexicon
from extractors.phrases import PhraseMatcher
from extractors.relating.fit import SAME, Fit, Match, other
from extractors.relating.included import included
from extractors.relating.statement import Statement
from extractors.relating.wording import languages, lower_words, says, text_values, words_of
from extractors.vocabulary import is_everyday_compound, is_everyday_word

_LONGEST_NAME = 4  # words of a place's name, signs too: "Frankfurt (Oder)"
_NOUN_REACH = 3  # words between "spanische" and its "Rechenzentren"
_SPEECH_REACH = 4  # words between "said" and "in London"
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Site:
    """What a name tells of a site: its kinds, its places and the rest of its name."""

    kinds: frozenset[str]
    places: frozenset[Place]
    rest: frozenset[str]


@cache
def _nouns(lang: str) -> PhraseMatcher[str]:
    """The site nouns of a language, by their kind."""
    words = lexicon(lang)
    table = words.table("names.site_nouns")
    endings = words.words("names.inflections")
    return PhraseMatcher(((noun, kind) for kind, nouns in table.items() for noun in nouns), endings)


@lru_cache(maxsize=20_000)
def _spans(text: str, lang: str) -> tuple[tuple[int, int], ...]:
    """The first word of each site noun of a text, and the one behind its last."""
    words = words_of(text, lang)
    return tuple((first, last) for first, last, _ in _nouns(lang).find(words, 0, len(words)))


@cache
def _speech(lang: str) -> PhraseMatcher[bool]:
    return PhraseMatcher((word, True) for word in lexicon(lang).words("relating.spoken"))


@cache
def listed(lang: str, name: str) -> frozenset[str]:
    """The words of a list of a language."""
    return frozenset(lexicon(lang).words(name))


@cache
def _small(lang: str) -> frozenset[str]:
    words = lexicon(lang)
    lists = ("relating.place_prepositions", "cues.determiner", "cues.definite", "proper_names.joiners")
    return frozenset(word.lower() for name in lists for word in words.words(name))


@lru_cache(maxsize=20_000)
def read_site(name: str) -> Site:
    """The parts of a site's name, in whatever language it is written."""
    words = words_of(name, "en")
    kinds: set[str] = set()
    used: set[int] = set()
    for lang in available():
        own = words_of(name, lang)
        for first, last, kind in _nouns(lang).find(own, 0, len(own)):
            kinds.add(kind)
            used.update(range(first, last))
        used.update(index for index, word in enumerate(own) if word.lower in _small(lang))
    found, taken = _all_places(words)
    free = [word for index, word in enumerate(words) if index not in used | taken]
    rest = {fold(word.text) for word in free if word.text != word.lower or word.text[0].isdigit()}
    return Site(frozenset(kinds), found, frozenset(part for part in rest if part))


def is_site(name: str) -> bool:
    """Whether the name has a site's noun or a place in it."""
    site = read_site(name)
    return bool(site.kinds or site.places)


def _all_places(words: tuple[Word, ...]) -> tuple[frozenset[Place], set[int]]:
    """Every place in a name, the longest names first, and the words that they take."""
    found: set[Place] = set()
    taken: set[int] = set()
    for first in range(len(words)):
        for size in range(_LONGEST_NAME, 0, -1):
            part = words[first : first + size]
            if len(part) < size or taken & set(range(first, first + size)):
                continue
            if not part[0].capital:
                continue
            named = _named(_written(part), single=size == 1)
            if named:
                found.update(named)
                taken.update(range(first, first + size))
    return frozenset(found), taken


def _written(words: Sequence[Word]) -> str:
    """The words as the text has them: "Sachsen-Anhalt" is three."""
    gaps = ["", *(" " if after.start > before.end else "" for before, after in pairwise(words))]
    return "".join(gap + word.text for gap, word in zip(gaps, words, strict=True)) if words else ""


def _named(text: str, single: bool) -> tuple[Place, ...]:
    named = places(text)
    if not named and single:
        adjective = place_of_adjective(text) or place_of_inhabitants(text)
        named = (adjective,) if adjective else ()
    return named


@lru_cache(maxsize=20_000)
def places_told(text: str, lang: str) -> frozenset[Place]:
    """The places at which a sentence says that something is: "in Ohio", "spanische Rechenzentren"."""
    found: set[Place] = set()
    for code in languages(lang):
        words = words_of(text, code)
        if not listed(code, "relating.place_prepositions").isdisjoint(lower_words(text, code)):
            found |= _behind_prepositions(words, code)
        if spans := _spans(text, code):
            found |= _before_nouns(words, spans)
    return frozenset(found)


def _behind_prepositions(words: tuple[Word, ...], lang: str) -> set[Place]:
    before, speech = listed(lang, "relating.place_prepositions"), _speech(lang)
    articles = listed(lang, "cues.definite")
    found: set[Place] = set()
    for index, word in enumerate(words[:-1]):
        if word.lower not in before:
            continue
        at = index + 1 + (words[index + 1].lower in articles)  # "in the United States"
        if (
            at == len(words)
            or not words[at].capital
            or any(True for _ in speech.find(words, max(0, index - _SPEECH_REACH), index))
        ):
            continue
        if not _only_near(words, at, lang):
            found.update(_longest_place(words, at) or _around_town(words, at))
    return found


def _only_near(words: tuple[Word, ...], first: int, lang: str) -> bool:
    """ "In the Phoenix area", "im Raum Leipzig": somewhere there, under whatever name."""
    around = listed(lang, "relating.around")
    return any(word.lower in around for word in words[first : first + 3])


def _around_town(words: tuple[Word, ...], first: int) -> tuple[Place, ...]:
    """The place that a town which no list has lies in: "Franklin Township, Indianapolis"."""
    end = first
    while end < min(first + _LONGEST_NAME, len(words)) and words[end].capital:
        end += 1
    if end + 1 >= len(words) or words[end].text != "," or not words[end + 1].capital:
        return ()
    return _longest_place(words, end + 1)


def _longest_place(words: tuple[Word, ...], first: int) -> tuple[Place, ...]:
    """The places of the longest name that begins at a word; none for a company's ("New York Times")."""
    for size in range(_LONGEST_NAME, 0, -1):
        name = _written(words[first : first + size])
        if catalogue().company(name) is not None:
            return ()
        if named := places(name):
            return named
    return ()


def _before_nouns(words: tuple[Word, ...], spans: tuple[tuple[int, int], ...]) -> set[Place]:
    """Adjectives and names directly before a site's noun."""
    found: set[Place] = set()
    for first, _ in spans:
        for word in words[max(0, first - _NOUN_REACH) : first]:
            adjective = place_of_adjective(word.text) or place_of_inhabitants(word.text)
            if adjective:
                found.add(adjective)
            elif word.capital and not is_ambiguous(word.text):
                found.update(places(word.text))
    return found


@lru_cache(maxsize=20_000)
def unlisted_places(text: str, lang: str) -> frozenset[str]:
    """Names behind "in" or "at" that no list has and that are no everyday word: "at Torvaldsnes"."""
    found: set[str] = set()
    for code in languages(lang):
        words = words_of(text, code)
        before, speech = listed(code, "relating.near_prepositions"), _speech(code)
        if before.isdisjoint(lower_words(text, code)):
            continue
        for index, word in enumerate(words[:-1]):
            after = words[index + 1]
            if word.lower not in before:
                continue
            town = word.lower in listed(code, "relating.place_leads") and _sounds_like_place(after, code)
            if not (town or is_name(after, code)):
                continue
            if not any(True for _ in speech.find(words, max(0, index - _SPEECH_REACH), index)):
                found.add(fold(words[index + 1].text))
    return frozenset(found)


def _sounds_like_place(word: Word, lang: str) -> bool:
    """A name made of two everyday words, as towns have: "Feuerbach"."""
    endings = tuple(listed(lang, "relating.place_endings"))
    if not word.capital or not word.lower.endswith(endings) or is_everyday_word(word.text, lang):
        return False
    return is_everyday_compound(word.text, lang) and not places(word.text)


def is_name(word: Word, lang: str) -> bool:
    """A capitalised word that is no everyday word and that the catalogue does not know."""
    text = word.text
    if not word.capital or not text.isalpha() or text.isupper() or len(text) < 4:
        return False
    if is_everyday_word(text, lang) or is_everyday_compound(text, lang) or places(text):
        return False
    known = catalogue()
    return known.company(text) is None and known.product(text) is None and not known.surname(text)


@lru_cache(maxsize=20_000)
def system_names(text: str, lang: str) -> frozenset[str]:
    """Names that no list has beside the noun of a site or system: "the Jeroboam cluster"."""
    found: set[str] = set()
    for code in languages(lang):
        for first, last in _spans(text, code):
            words = words_of(text, code)
            beside = (*words[max(0, first - _NOUN_REACH) : first], *words[last : last + 1])
            found.update(fold(word.text) for word in beside if is_name(word, code))
            headline = 2 * sum(word.capital for word in words) > len(words)  # there each word has a capital
            directly = () if headline else words[max(1, first - 1) : first]
            found.update(fold(word.text) for word in directly if _is_title(word, code))
    return frozenset(found)


def _is_title(word: Word, lang: str) -> bool:
    """An everyday word that has a capital where only names have one: "the Jeroboam cluster"."""
    text, known = word.text, catalogue()
    if lexicon(lang).value("dues.noun_capitals") or not word.capital or not text.isalpha() or text.isupper():
        return False
    free = known.company(text) is None and known.product(text) is None and not known.surname(text)
    return free and is_everyday_word(text, lang) and not places(text)


@lru_cache(maxsize=20_000)
def told_as_system(name: str, text: str, lang: str) -> bool:
    """Whether a text has something in it ("in Steinadler") or calls it a site or system ("the machine …")."""
    key = fold(name).split()
    for code in languages(lang):
        words = words_of(text, code)
        before = listed(code, "relating.near_prepositions")
        spans = _spans(text, code)
        for index in range(len(words) - len(key) + 1):
            if [fold(word.text) for word in words[index : index + len(key)]] != key:
                continue
            end = index + len(key)
            if index and words[index - 1].lower in before:
                return True
            if any(last <= index <= last + 1 or 0 <= first - end <= _NOUN_REACH for first, last in spans):
                return True
    return False


def related(one: Iterable[Place], two: Iterable[Place]) -> bool:
    """Whether a place of the one may hold or be a place of the other."""
    return any(_related(x, y) for x in one for y in two)


def _related(x: Place, y: Place) -> bool:
    if x == y:
        return True
    if not x.country or not y.country or "EU" in (x.country, y.country):
        return True  # a continent may hold anything
    if x.country != y.country or x.kind is y.kind:
        return False
    kinds = {x.kind: x, y.kind: y}
    if PlaceKind.COUNTRY in kinds:
        return True
    return may_hold(kinds[PlaceKind.REGION], kinds[PlaceKind.CITY])


def site_places(statement: Statement) -> frozenset[Place]:
    """The places of its object; of its sentence where the object names none."""
    named = frozenset(place for name in statement.things for place in read_site(name).places)
    return named or places_told(statement.text, statement.lang)


def same_listed_place(a: Statement, b: Statement) -> Match:
    """OTHER where both tell a listed place and these exclude each other."""
    ours, theirs = site_places(a), site_places(b)
    if not ours and not theirs and says(a, "there") and says(b, "there"):  # the headlines tell where
        ours, theirs = (places_told(statement.title, statement.lang) for statement in (a, b))
    if ours and theirs and not related(ours, theirs):
        return other(f"another place, {told_places(theirs)} and not {told_places(ours)}")
    return SAME


def same_place(a: Statement, b: Statement) -> Match:
    """OTHER where both tell a place and these exclude each other."""
    if (place := same_listed_place(a, b)).other:
        return place
    ours, theirs = site_places(a), site_places(b)
    if ours or theirs:
        return SAME
    for names in (unlisted_places, system_names):
        one, two = (_foreign(names(s.text, s.lang), a, b) for s in (a, b))
        if one and two and not one & two:
            return other(f"another site, {'/'.join(sorted(two))} and not {'/'.join(sorted(one))}")
    return SAME


def another_town(a: Statement, b: Statement) -> Match:
    """OTHER where one tells a listed city and the other only a town that no list has."""
    ours, theirs = site_places(a), site_places(b)
    for found, silent in ((ours, b), (theirs, a)):
        cities = {place for place in found if place.kind is PlaceKind.CITY}
        towns = _foreign(unlisted_places(silent.text, silent.lang), a, b) if cities else set()
        if towns and not (ours and theirs):
            return other(f"another place, {'/'.join(sorted(towns))} beside {told_places(cities)}")
    return SAME


def _foreign(names: frozenset[str], a: Statement, b: Statement) -> set[str]:
    """Without the words of the parties' and the speakers' own names."""
    own = " ".join((*a.names, *b.names, a.speaker, b.speaker, a.counterparty, b.counterparty))
    return set(names) - set(fold(own).split()) - {part + "s" for part in fold(own).split()}


def told_places(found: Iterable[Place]) -> str:
    """Places in words, as a reason names them."""
    return " or ".join(sorted({place.name for place in found}))


def same_site(a: Statement, b: Statement) -> Match:
    """Two sites by place, kind and name."""
    if (place := same_place(a, b)).other:
        return place
    one, two = read_site(a.object), read_site(b.object)
    shared = {fold(name) for name in a.things} & {fold(name) for name in b.things}
    ordinals = [text_values(s.object, s.lang, "ordinal") for s in (a, b)]
    apart = bool(ordinals[0] and ordinals[1] and not ordinals[0] & ordinals[1])
    if apart or _two_sites(one, two, named_alike=bool(shared)):
        return other(f"another site, {b.object} and not {a.object}")
    if shared or (one.places and two.places):
        return SAME
    if (one.rest or one.places) and (two.rest or two.places) and not one.rest & two.rest:
        return Match(Fit.UNSURE, f"{b.object} and {a.object} may be one site")
    return Match(Fit.SAME, "the site is told by one side only")


def _two_sites(one: Site, two: Site, *, named_alike: bool) -> bool:
    """Whether kinds, numbers or names of two sites exclude each other."""
    if one.kinds and two.kinds and not _kinds_fit(one.kinds, two.kinds):
        return True
    if named_alike or not one.rest or not two.rest:
        return False
    apart = not one.rest & two.rest and not (one.places and two.places)
    return apart or _numbers(one.rest) != _numbers(two.rest)


def _numbers(parts: Iterable[str]) -> set[str]:
    return {part for part in parts if any(letter.isdigit() for letter in part)}


def _kinds_fit(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether two kinds of site can be one site; a kind that belongs to no family can be any."""
    families = included().sites
    for x in one:
        for y in two:
            ours, theirs = families.get(x), families.get(y)
            if x == y or ours is None or theirs is None or ours & theirs:
                return True
    return False
