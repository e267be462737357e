"""Two lists told together: "Google and Microsoft installed 750,000 and 600,000 servers, respectively"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from extractors.mentions import NAMELESS, Entity, EntityType, Mention, ProductMention
from extractors.name_words import word_set
from extractors.reading import Anchor, Context, Reading
from extractors.shared_amounts import lists

Named = TypeVar("Named", Mention, ProductMention)


def given_respectively(
    reading: Reading, context: Context, anchor: Anchor, parties: Sequence[Entity]
) -> list[Entity]:
    """Of these the party whose place in its list is the amount's; all where there are no such lists."""
    own = _party(reading, context, anchor)
    return [party for party in parties if own is not None and party.index == own.entity] or list(parties)


def told_respectively(
    reading: Reading, context: Context, anchor: Anchor, products: Sequence[ProductMention]
) -> list[ProductMention]:
    """The same of products: "the A and the B cost $499 and $599 respectively"."""
    if _party(reading, context, anchor) is not None:
        return list(products)
    named = [product for product in context.products if product.grade not in NAMELESS]
    own = _counterpart(reading, context, anchor, named)
    return [product for product in products if own is not None and product == own] or list(products)


def _party(reading: Reading, context: Context, anchor: Anchor) -> Mention | None:
    entities = reading.parties.entities
    named = [m for m in context.mentions if entities[m.entity].type is not EntityType.PERSON]
    return _counterpart(reading, context, anchor, named)


def _counterpart(reading: Reading, context: Context, anchor: Anchor, named: Sequence[Named]) -> Named | None:
    """Of the nearest list of as many names before the amounts the one in the amount's place."""
    quantity, marks = anchor.quantity, word_set(reading.document.lang, "shared.respectively")
    if quantity is None or marks.isdisjoint(word.lower for word in context.words):
        return None
    alike = [a for a in context.anchors if a.quantity and a.quantity.dimension == quantity.dimension]
    amounts = next((group for group in lists(reading, alike) if anchor in group), None)
    if amounts is None:
        return None
    fitting = [
        group
        for group in lists(reading, named)
        if len(group) == len(amounts) and group[-1].last <= amounts[0].first
    ]
    return fitting[-1][amounts.index(anchor)] if fitting else None
