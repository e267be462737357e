"""Words that stand for a party named elsewhere: "der Konzern", "the chipmaker", "die Kalifornier", "it".

Found first, resolved afterwards: each description looks back for the party that fits it best by role,
country and nearness; a pronoun looks for the party that the sentence before was about.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from extractors.catalogue.names import catalogue
from extractors.catalogue.places import country_of_adjective, country_of_demonym, place, place_of_inhabitants
from extractors.document import stem
from extractors.languages.lexicon import lexicon
from extractors.mentions import Entity, EntityType, Form
from extractors.phrases import PhraseMatcher

if TYPE_CHECKING:
    from extractors.reading import Context, Reading

_MAX_BACK = 12  # sentences


@dataclass(frozen=True, slots=True)
class Reference:
    """A description or pronoun over the words [first, last) and the entity it was resolved to."""

    first: int
    last: int
    form: Form
    entity: int | None
    words: str


@dataclass(frozen=True, slots=True)
class _Noun:
    roles: frozenset[str]


@cache
def _nouns(lang: str) -> PhraseMatcher[_Noun]:
    words = lexicon(lang)
    merged: dict[str, set[str]] = {}
    for role, nouns in words.table("roles").items():
        for noun in nouns:
            merged.setdefault(noun.lower(), set()).add(role)
    for noun, roles in words.table("names.reference_nouns").items():
        merged.setdefault(noun.lower(), set()).update(roles)
    phrases = ((noun, _Noun(frozenset(roles))) for noun, roles in merged.items())
    return PhraseMatcher(phrases, words.words("names.inflections"))


@cache
def _definite(lang: str) -> frozenset[str]:
    return frozenset(lexicon(lang).words("cues.definite"))


def find_references(reading: Reading) -> None:
    """Fill `references` of every context, in order of the text."""
    for context in reading.contexts:
        _learn_introductions(reading, context)
    for context in reading.contexts:
        for first, last, noun in _descriptions(reading, context):
            entity = _resolve(reading, context, first, last, noun)
            words = " ".join(word.text for word in reading.document.words[first:last])
            context.references.append(Reference(first, last, Form.DESCRIPTION, entity, words))


def _learn_introductions(reading: Reading, context: Context) -> None:
    """What the text calls a party beside its name: "der Kieler Betreiber X", "X, a maker of …"."""
    document, sentence = reading.document, context.sentence
    nouns = list(_nouns(document.lang).find(document.words, sentence.first, sentence.last))
    for mention in context.mentions:
        entity = reading.parties.entities[mention.entity]
        if entity.type is EntityType.PERSON or mention.form is not Form.NAME:
            continue
        for first, last, noun in nouns:
            if last == mention.first or (
                last + 1 == mention.first and document.words[last].text in "\"„“«»'"
            ):
                entity.nouns.add(noun_key(document.words[last - 1].lower, document.lang))
                _learn_homes(reading, entity, first, sentence.first)
            elif _follows_as_apposition(reading, mention.last, first):
                entity.nouns.add(noun_key(document.words[last - 1].lower, document.lang))
                _learn_homes(reading, entity, first, mention.last)
            else:
                continue
            entity.hints.update("called " + role for role in noun.roles)


def _follows_as_apposition(reading: Reading, end: int, first: int) -> bool:
    words = reading.document.words
    if not (0 < first - end <= 6 and words[end].text in ",("):
        return False
    return all(word.text[0].isalnum() or word.text in "-'’" for word in words[end + 1 : first])


def _learn_homes(reading: Reading, entity: Entity, noun: int, low: int) -> None:
    """Adjectives of place before the noun that introduces a party."""
    for index in range(max(low, noun - 3), noun):
        entity.homes.update(_homes(reading.document.words[index].text))


def _homes(word: str) -> set[str]:
    """The country or town that an adjective or the name of inhabitants points to."""
    found = country_of_adjective(word) or country_of_demonym(word)
    if found:
        return {found}
    town = place_of_inhabitants(word)
    return {town.name, town.country} if town is not None else set()


def noun_key(lower: str, lang: str) -> str:
    """A noun without its inflection and gender."""
    key = stem(lower, lang)
    return key.removesuffix("in") if lang == "de" and len(key) > 6 else key


def _descriptions(reading: Reading, context: Context) -> list[tuple[int, int, _Noun]]:
    """Definite descriptions without a name beside them, and demonyms used as nouns."""
    document, sentence = reading.document, context.sentence
    found: dict[int, tuple[int, int, _Noun]] = {}
    for first, last, noun in _nouns(document.lang).find(document.words, sentence.first, sentence.last):
        article = article_before(reading, context, first)
        if article is None or named_beside(context, article, last):
            continue
        if first not in found or last > found[first][1]:
            found[first] = (first, last, noun)
    for index in range(sentence.first + 1, sentence.last):
        if document.words[index - 1].lower in _definite(document.lang) and index not in found:
            after = document.words[index + 1] if index + 1 < sentence.last else None
            homes = _homes(document.words[index].text)
            if homes and (document.lang == "en" or after is None or not after.capital):
                found[index] = (index, index + 1, _Noun(frozenset("home:" + home for home in homes)))
    return [found[key] for key in sorted(found)]


def article_before(reading: Reading, context: Context, index: int) -> int | None:
    """The definite article at most three words before a noun, with only adjectives between."""
    words = reading.document.words
    for back in range(1, 5):
        at = index - back
        if at < context.sentence.first:
            return None
        if words[at].lower in _definite(reading.document.lang):
            return at
        if not words[at].text[0].isalnum() and words[at].text not in "-'’":
            return None
    return None


def named_beside(context: Context, first: int, last: int) -> bool:
    """A name inside or directly behind the description makes it an apposition, not a reference."""
    return any(
        m.form is Form.NAME and (first <= m.first < last or last <= m.first <= last + 1)
        for m in context.mentions
    )


def _resolve(reading: Reading, context: Context, first: int, last: int, noun: _Noun) -> int | None:
    best: tuple[float, int] | None = None
    key = noun_key(reading.document.words[last - 1].lower, reading.document.lang)
    homes = {role[5:] for role in noun.roles if role.startswith("home:")}
    for index in range(max(context.sentence.first, first - 3), first):
        homes |= _homes(reading.document.words[index].text)
    for entity in _lately_named(reading, context):
        if entity.type is EntityType.PERSON or "weak" in entity.hints:
            continue
        score = _fit(reading, context, first, noun, entity, key, homes)
        if score is not None and (best is None or score > best[0]):
            best = (score, entity.index)
    return best[1] if best else None


def _lately_named(reading: Reading, context: Context) -> list[Entity]:
    """The entities that this sentence or one of the last `_MAX_BACK` names, in the article's order."""
    index = context.sentence.index
    near = reading.contexts[max(0, index - _MAX_BACK) : index + 1]
    found = {mention.entity for other in near for mention in other.mentions}
    return [reading.parties.entities[entity] for entity in sorted(found)]


def _fit(
    reading: Reading, context: Context, at: int, noun: _Noun, entity: Entity, key: str, homes: set[str]
) -> float | None:
    """How well an entity fits a description; None where it cannot be meant."""
    earlier = bisect_left(entity.mentions, at, key=lambda mention: mention.first)
    if not earlier:
        return None
    latest = entity.mentions[earlier - 1]
    gap = context.sentence.index - reading.document.sentence_at(latest.start).index
    if gap > _MAX_BACK:
        return None
    score = -0.5 * gap + 0.3 * min(len(entity.mentions), 6)
    score += 0.6 * any(m.form is Form.NAME for m in islice(entity.mentions, earlier))
    score += 3.0 * (key in entity.nouns)
    own_homes = entity.homes | ({entity.country} if entity.country else set()) | _seat(entity)
    if homes:
        score += 3.0 if homes & own_homes else -1.5 if own_homes else -0.5
    roles = {role for role in noun.roles if not role.startswith("home:")}
    called = {hint[7:] for hint in entity.hints if hint.startswith("called ")} | set(entity.roles)
    if roles and called:
        score += 2.5 if roles & called else -2.5
    if entity.type is EntityType.PLACE:
        score -= 2
    return score - 1.5 * ("article" in entity.hints and not entity.known)


def _seat(entity: Entity) -> set[str]:
    """The town of a listed party's head office."""
    company = catalogue().company(entity.name) if entity.known else None
    town = place(company.seat) if company is not None and company.seat else None
    return {town.name, town.country} if town is not None else set()
