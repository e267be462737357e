"""Who is only spoken to: the outlet in "a spokesperson told Reuters", "sagte ein Sprecher der dpa".

Unless nobody is heard in the sentence but the outlet: "people familiar with the matter told Reuters".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractors.mentions import Entity, EntityType, Mention
from extractors.name_words import word_set

if TYPE_CHECKING:
    from extractors.reading import Context, Reading

_REACH = 8  # words between who speaks and who is spoken to
_RIGHT_BEHIND = 3
_OUTLET = "media"


def is_spoken_to(reading: Reading, context: Context, entity: Entity) -> bool:
    """Is a party named in the sentence only as the one that somebody else talks to?"""
    mentions = [m for m in context.mentions if m.entity == entity.index]
    if not mentions or entity.type is EntityType.PERSON:
        return False
    heard = list(_heard(reading, context))
    return all(
        any(speaks_to(reading, last, m) for _, last in heard)
        or (_led_in(reading, m) and any(_near(reading, first, last, m) for first, last in heard))
        for m in mentions
    )


def speaks_to(reading: Reading, last: int, mention: Mention) -> bool:
    """Does a mention right behind the words for who speaks, up to `last`, name who is spoken to?"""
    words, lang = reading.document.words, reading.document.lang
    if not 0 < mention.first - last <= _RIGHT_BEHIND:
        return False
    between = [word.lower for word in words[last : mention.first]]
    if between[0] in word_set(lang, "names.addressing"):
        return True
    outlet = _OUTLET in reading.parties.entities[mention.entity].roles
    return outlet and len(between) == 1 and between[0] in word_set(lang, "names.addressing_articles")


def _led_in(reading: Reading, mention: Mention) -> bool:
    """Does "told" or "gegenüber" stand before the name, perhaps with an article between?"""
    words, lang, before = reading.document.words, reading.document.lang, mention.first - 1
    if before > 0 and words[before].lower in word_set(lang, "names.addressing_articles"):
        before -= 1
    return before >= 0 and words[before].lower in word_set(lang, "names.addressing")


def _near(reading: Reading, first: int, last: int, mention: Mention) -> bool:
    return 0 <= mention.first - last <= _REACH or 0 <= first - mention.last <= _REACH


def _heard(reading: Reading, context: Context) -> Iterator[tuple[int, int]]:
    """The words over which somebody is named who can speak: persons, spokespeople; with "gegenüber" all."""
    entities = reading.parties.entities
    before = word_set(reading.document.lang, "names.addressing_all")
    words = reading.document.words
    led = {m.entity for m in context.mentions if m.first and words[m.first - 1].lower in before}
    for mention in context.mentions:
        person = entities[mention.entity].type is EntityType.PERSON
        if person or (led and mention.entity not in led):
            yield mention.first, mention.last
    for voice in context.voices:
        yield voice.first, voice.last
