"""Words that stand for a party named elsewhere: "der Konzern", "the chipmaker", "die Kalifornier", "it".

Found first, resolved afterwards: each description looks back for the party that fits it best by role,
country and nearness; a pronoun looks for the party that the sentence before was about.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from extractors.catalogue.places import country_of_demonym
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
        for first, last, noun in _descriptions(reading, context):
            entity = _resolve(reading, context, first, noun)
            words = " ".join(word.text for word in reading.document.words[first:last])
            context.references.append(Reference(first, last, Form.DESCRIPTION, entity, words))


def _descriptions(reading: Reading, context: Context) -> list[tuple[int, int, _Noun]]:
    """Definite descriptions without a name beside them, and demonyms used as nouns."""
    document, sentence = reading.document, context.sentence
    found: dict[int, tuple[int, int, _Noun]] = {}
    for first, last, noun in _nouns(document.lang).find(document.words, sentence.first, sentence.last):
        article = _article_before(reading, context, first)
        if article is None or _named_beside(context, article, last):
            continue
        if first not in found or last > found[first][1]:
            found[first] = (first, last, noun)
    for index in range(sentence.first + 1, sentence.last):
        country = country_of_demonym(document.words[index].text, document.lang)
        if country and document.words[index - 1].lower in _definite(document.lang) and index not in found:
            found[index] = (index, index + 1, _Noun(frozenset({"country:" + country})))
    return [found[key] for key in sorted(found)]


def _article_before(reading: Reading, context: Context, index: int) -> int | None:
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


def _named_beside(context: Context, first: int, last: int) -> bool:
    """A name inside or directly behind the description makes it an apposition, not a reference."""
    return any(
        m.form is Form.NAME and (first <= m.first < last or last <= m.first <= last + 1) for m in context.mentions
    )


def _resolve(reading: Reading, context: Context, at: int, noun: _Noun) -> int | None:
    best: tuple[float, int] | None = None
    for entity in reading.parties.entities:
        if entity.type is EntityType.PERSON:
            continue
        score = _fit(reading, context, at, noun, entity)
        if score is not None and (best is None or score > best[0]):
            best = (score, entity.index)
    return best[1] if best else None


def _fit(reading: Reading, context: Context, at: int, noun: _Noun, entity: Entity) -> float | None:
    """How well an entity fits a description; None where it cannot be meant."""
    earlier = [m for m in entity.mentions if m.first < at]
    if not earlier:
        return None
    gap = context.sentence.index - reading.document.sentence_at(earlier[-1].start).index
    if gap > _MAX_BACK:
        return None
    score = -0.5 * gap + 0.3 * min(len(entity.mentions), 6)
    score += 0.6 * any(m.form is Form.NAME for m in earlier)
    countries = {role[8:] for role in noun.roles if role.startswith("country:")}
    if countries:
        if entity.country is not None:
            return score + 3 if entity.country in countries else None
        return score - 1
    if noun.roles and entity.known:
        return score + 3 if noun.roles & set(entity.roles) else score - 3
    if entity.type is EntityType.PLACE:
        return score - 2
    return score + ("apposition" in " ".join(entity.hints)) * 0.5
