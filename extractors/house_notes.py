"""Notes of research houses, "Larkfield Research | Devices": what "we" reckon there, the house says.

Of the annotated claims whose sentence so speaks for the house, nearly all are its expectation, whatever the
tense: it estimates what others shipped, too. What is expected there and said by nobody else, is its as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from extractors.mentions import Entity, EntityType
from extractors.name_words import word_set

if TYPE_CHECKING:
    from extractors.reading import Anchor, Context, Reading

_SEPARATOR = re.compile(r"\s[|·—–/]\s")
_LONGEST = 5  # words of a house's name
_REACH = 3  # words from "our" to "estimate", from "we" to "now expect"
_OFTEN = 2  # so often must it reckon whose name does not tell that it is a house
_HOUSES = frozenset({"analyst", "bank"})
REASON = "what 'we' reckon in the note of a research house"


def find_house(reading: Reading) -> Entity | None:
    """The house whose note an article is, by its first line and by what "we" do; None for any other."""
    body = [context for context in reading.contexts if not context.sentence.title]
    if not body or not body[0].sentence.heading:
        return None
    house = _in_head(reading, body[0])
    if house is None:
        return None
    reckoned = sum(bool(_reckoning(reading, context)) for context in body)
    named = house.name.split()[-1].lower() in word_set(reading.document.lang, "notes.houses")
    known = named or not _HOUSES.isdisjoint(house.roles)
    return house if reckoned >= (1 if known else _OFTEN) else None


def _in_head(reading: Reading, context: Context) -> Entity | None:
    """The party that the first part of the head line names, by the whole of that part."""
    sentence, text = context.sentence, reading.document.text
    head = _SEPARATOR.split(text[sentence.start : sentence.end])[0].rstrip()
    if len(head) == sentence.end - sentence.start or not 0 < len(head.split()) <= _LONGEST:
        return None
    for mention in context.mentions:
        entity = reading.parties.entities[mention.entity]
        if entity.type in (EntityType.COMPANY, EntityType.UNKNOWN) and mention.end == sentence.start + len(
            head
        ):
            return entity if entity.type is EntityType.COMPANY else replace(entity, name=head)
    return None


def named_house(reading: Reading) -> Entity | None:
    """The house, unless its note tells only of what sort it is: "EQUITY RESEARCH | Semiconductors"."""
    house = reading.house
    if house is None or house.name.split()[0].lower() in word_set(reading.document.lang, "notes.no_houses"):
        return None
    return house


def expects(reading: Reading, context: Context, subject: Entity) -> bool:
    """Is an expectation that nobody else utters the house's, about another party?"""
    return reading.house is not None and not context.quoted and reading.house.name != subject.name


def reckons(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """Is an amount what "we" of the article reckon: does nobody else speak between "we" and it?"""
    if reading.house is None:
        return False
    own = max((at for at in _reckoning(reading, context) if at < anchor.first), default=None)
    if own is None:
        return False
    said = (cue.first for cue in context.cues if cue.name in ("say", "according"))
    return not any(own + _REACH < first < anchor.first for first in said)


def _reckoning(reading: Reading, context: Context) -> list[int]:
    """The words at which "we estimate" or "our forecast" begins, outside quotations."""
    if context.quoted:
        return []
    words, last, tables = reading.document.words, context.sentence.last, _tables(reading.document.lang)
    found = []
    for index in range(context.sentence.first, last):
        wanted = tables.get(words[index].lower)
        if wanted and not wanted.isdisjoint(
            w.lower for w in words[index + 1 : min(index + 1 + _REACH, last)]
        ):
            found.append(index)
    return found


@cache
def _tables(lang: str) -> dict[str, frozenset[str]]:
    """By "we" and "our" the verbs and nouns of reckoning that may follow."""
    verbs, nouns = word_set(lang, "notes.verbs"), word_set(lang, "notes.nouns")
    return dict.fromkeys(word_set(lang, "notes.we"), verbs) | dict.fromkeys(
        word_set(lang, "notes.our"), nouns
    )
