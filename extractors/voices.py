"""Who is heard without a name: "der Firmenchef", "a spokeswoman", "sagte er", "it said".

Found after the references to parties; each looks back for the person, or else the party, that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from extractors.addressees import speaks_to
from extractors.cues import Cue
from extractors.languages.lexicon import lexicon
from extractors.mentions import Entity, EntityType, Form, Mention
from extractors.name_words import word_set
from extractors.phrases import PhraseMatcher
from extractors.references import Reference, article_before, named_beside, noun_key

if TYPE_CHECKING:
    from extractors.reading import Context, Reading

_MAX_BACK = 12  # sentences, for an office
_PRONOUN_BACK = 5  # sentences, for a pronoun
_TITLE_REACH = 5  # words between an office and the name that it belongs to
_PEOPLE = (EntityType.PERSON,)
_PARTIES = (EntityType.COMPANY, EntityType.UNKNOWN)
_SAYING = frozenset({"say", "according", "forecast", "plan", "deny"})


@cache
def _offices(lang: str) -> PhraseMatcher[bool]:
    """Offices of persons; the value tells a mere mouthpiece, who stands for the party."""
    words = lexicon(lang)
    mouthpieces = words.words("names.mouthpieces")
    phrases = [(office, False) for office in words.words("names.person_titles")]
    phrases += [(f"*{suffix}", False) for suffix in words.words("names.person_suffixes")]
    phrases += [(word, True) for word in mouthpieces]
    return PhraseMatcher(phrases, words.words("names.inflections"))


def find_voices(reading: Reading) -> None:
    """Fill `voices` of every context, in order of the text."""
    offices = [list(_found(reading, context)) for context in reading.contexts]
    known: dict[int, set[str]] = {}
    people = [e for e in reading.parties.entities if e.type is EntityType.PERSON and e.mentions]
    alone = people[0] if len(people) == 1 else None
    for context, found in zip(reading.contexts, offices, strict=True):
        _learn_offices(reading, context, found, known)
    for context, found in zip(reading.contexts, offices, strict=True):
        voices = [*_described(reading, context, found, known), *_pronouns(reading, context, alone)]
        context.voices.extend(sorted(voices, key=lambda voice: voice.first))


def _found(reading: Reading, context: Context) -> Iterator[tuple[int, int, bool]]:
    """The longest offices, from left to right: (first word, word after the last, mouthpiece?)."""
    sentence, end = context.sentence, context.sentence.first
    found = _offices(reading.document.lang).find(reading.document.words, sentence.first, sentence.last)
    for first, last, mouthpiece in sorted(found, key=lambda one: (one[0], -one[1], not one[2])):
        if first >= end:
            yield first, last, mouthpiece
            end = last


def _learn_offices(
    reading: Reading, context: Context, found: Iterable[tuple[int, int, bool]], known: dict[int, set[str]]
) -> None:
    """The offices beside names: "Gründerin Ada Holm", "Ada Holm, the chief executive"."""
    words, lang = reading.document.words, reading.document.lang
    people = [m for m in context.mentions if _is_person(reading, m)]
    for first, last, _ in found:
        for mention in people:
            before, behind = mention.first - last, first - mention.last
            apposed = 0 < behind <= _TITLE_REACH and words[mention.last].text in ",("
            if before in (0, 1) or apposed or first <= mention.first < last:
                known.setdefault(mention.entity, set()).add(noun_key(words[last - 1].lower, lang))


def _is_person(reading: Reading, mention: Mention) -> bool:
    return reading.parties.entities[mention.entity].type is EntityType.PERSON


def _described(
    reading: Reading, context: Context, found: Iterable[tuple[int, int, bool]], known: dict[int, set[str]]
) -> Iterator[Reference]:
    words, lang = reading.document.words, reading.document.lang
    for first, last, mouthpiece in found:
        article = article_before(reading, context, first)
        if article is None and not mouthpiece:
            continue
        addressed = [m for m in context.mentions if speaks_to(reading, last, m)]
        if named_beside(context, first if article is None else article, last) and not addressed:
            continue
        entity = None
        if not mouthpiece:
            entity = _office_holder(reading, context, first, noun_key(words[last - 1].lower, lang), known)
        if entity is None:
            entity = _latest(reading, context, first, _MAX_BACK, person=False)
        if entity is None and mouthpiece:  # "Wie ein Sprecher der dpa sagte, streicht Bosch …"
            entity = _next_party(reading, context, last, {m.entity for m in addressed})
        if entity is not None:
            told = " ".join(word.text for word in words[first:last])
            yield Reference(first, last, Form.DESCRIPTION, entity.index, told)


def _office_holder(
    reading: Reading, context: Context, at: int, key: str, known: dict[int, set[str]]
) -> Entity | None:
    """Who holds the office by the text; else the person named last."""
    for mention in _before(reading, context, at, _MAX_BACK):
        if _is_person(reading, mention) and key in known.get(mention.entity, ()):
            return reading.parties.entities[mention.entity]
    return _latest(reading, context, at, _PRONOUN_BACK, person=True)


def _pronouns(reading: Reading, context: Context, alone: Entity | None) -> Iterator[Reference]:
    """Pronouns beside a word of saying. `alone`: the one person that the article has."""
    words, lang, sentence = reading.document.words, reading.document.lang, context.sentence
    persons, parties = word_set(lang, "names.personal_pronouns"), word_set(lang, "names.party_pronouns")
    for index in sorted({i for cue in context.cues if cue.name in _SAYING for i in _beside(cue)}):
        if not sentence.first <= index < sentence.last:
            continue
        lower, entity = words[index].lower, None
        if lower in persons:
            entity = _latest(reading, context, index, _PRONOUN_BACK, person=True)
            if entity is None and alone is not None and alone.mentions[0].last <= index:
                entity = alone
        if entity is None and lower in parties:
            entity = _latest(reading, context, index, _PRONOUN_BACK, person=False)
        if entity is not None:
            yield Reference(index, index + 1, Form.PRONOUN, entity.index, words[index].text)


def _beside(cue: Cue) -> tuple[int, int]:
    return cue.first - 1, cue.last


def _latest(reading: Reading, context: Context, at: int, back: int, *, person: bool) -> Entity | None:
    """The person, or the party, that was named last before a word."""
    for mention in _before(reading, context, at, back):
        entity = reading.parties.entities[mention.entity]
        if entity.type in (_PEOPLE if person else _PARTIES) and mention.form is Form.NAME:
            return entity
    return None


def _next_party(reading: Reading, context: Context, at: int, but: set[int]) -> Entity | None:
    """The party that the sentence names next."""
    for mention in context.mentions:
        entity = reading.parties.entities[mention.entity]
        if mention.first >= at and mention.entity not in but and entity.type in _PARTIES:
            return entity
    return None


def _before(reading: Reading, context: Context, at: int, back: int) -> Iterator[Mention]:
    """The mentions before a word, the nearest first."""
    index = context.sentence.index
    for number in range(index, max(-1, index - back - 1), -1):
        for mention in reversed(reading.contexts[number].mentions):
            if mention.last <= at:
                yield mention
