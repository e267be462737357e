"""Names behind an article are those of things: in "a shop sells the Wren for $299" Wren sells nothing."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.document import Document
from extractors.mentions import Entity, EntityType, Form, Mention
from extractors.name_words import word_set

# What else shows a party: "the Harrowgate Trust", "the Treasury", "the start-up Nimbrix".
_PARTY_SIGNS = frozenset({"legal form", "organisation word", "apposition", "dateline"})


def without_things(document: Document, parties: Sequence[Entity]) -> list[Entity]:
    """The parties but for those that are named like things; all where nobody else is named.

    Of 330 such names in the annotated articles two were parties, both "the Treasury", which has a word now.
    """
    kept = [entity for entity in parties if not is_thing(document, entity)]
    return kept if any(entity.type is not EntityType.PLACE for entity in kept) else list(parties)


def is_thing(document: Document, entity: Entity) -> bool:
    """An unlisted name of one word that stands behind an article somewhere, with no noun behind it.

    A number behind it may make a model of its maker's name: "the Halden 7". Capitals alone are a body's
    initials as well: "das RKI".
    """
    name = entity.name
    if entity.known or entity.type is not EntityType.UNKNOWN or " " in name:
        return False
    if (name.isupper() and name.isalpha()) or not _PARTY_SIGNS.isdisjoint(entity.hints):
        return False
    return any(_behind_article(document, mention) for mention in entity.mentions)


def _behind_article(document: Document, mention: Mention) -> bool:
    words = document.words
    if mention.form is not Form.NAME or not mention.first:
        return False
    before, articles = words[mention.first - 1], word_set(document.lang, "proper_names.before_things")
    if before.lower not in articles or before.end + 1 != mention.start:
        return False
    if mention.last >= len(words):
        return True
    after = words[mention.last]
    if not after.text[0].isalnum():
        return after.text not in "-'’"
    return after.lower in word_set(document.lang, "names.count_ends")
