"""Who sells: "at Newegg the card costs …", "beim Versender Ostwind kostet sie …". A price is the seller's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractors.mentions import Entity, EntityType, Form, Mention
from extractors.name_words import word_set

if TYPE_CHECKING:
    from extractors.reading import Anchor, Context, Reading

_KINDS = 2  # words between "beim" and the name: "Kölner Versender"


def may_sell(reading: Reading, context: Context, anchor: Anchor, parties: list[Entity]) -> list[Entity]:
    """Of these the one at whose shop the price holds, by the clause of the price; all where none is named."""
    sellers = [
        m for m in _sellers(reading, context) if context.clause(m.first) == context.clause(anchor.first)
    ]
    sellers = [
        m for m in sellers if m.last < anchor.first or m.first >= anchor.last
    ]  # no "Rs" of "at Rs 999"
    if not sellers:
        return parties
    nearest = min(sellers, key=lambda m: (abs(m.first - anchor.first), m.first))
    return [e for e in parties if e.index == nearest.entity] or parties


def _sellers(reading: Reading, context: Context) -> Iterator[Mention]:
    words, lang = reading.document.words, reading.document.lang
    at, kinds = word_set(lang, "sellers.at"), word_set(lang, "sellers.kinds")
    possessive, jobs = word_set(lang, "sellers.possessive"), word_set(lang, "sellers.jobs")
    for mention in context.mentions:
        entity = reading.parties.entities[mention.entity]
        if mention.form is not Form.NAME or entity.type not in (EntityType.COMPANY, EntityType.UNKNOWN):
            continue
        if mention.last < len(words) and words[mention.last].lower in possessive:
            continue  # "at Halvorsen's halls"
        first = max(context.sentence.first, mention.first - _KINDS - 2)
        before = [word.lower for word in words[first : mention.first]]
        direct = before[-1:] and before[-1] in at
        introduced = before[-1:] and before[-1] in kinds and not at.isdisjoint(before)
        if (direct or introduced) and jobs.isdisjoint(before):  # "Jocelyn Pang, analyst at Cedar Hill"
            yield mention
