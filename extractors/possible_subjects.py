"""Whose claim an amount may be: the rules that rule parties out before one of the others is chosen."""

from __future__ import annotations

from extractors.claim import Kind
from extractors.estimates import is_estimated, may_be_estimated
from extractors.mentions import Entity
from extractors.named_sellers import may_sell
from extractors.reading import Anchor, Context, Reading
from extractors.respective import given_respectively
from extractors.sentence_rules import may_be_counted, may_order, may_pay


def may_be_subject(
    reading: Reading, context: Context, anchor: Anchor, kind: Kind, parties: list[Entity]
) -> list[Entity]:
    """Who it may be, by what the sentence says of an order, a payment, a price, a count, an estimate."""
    if kind is Kind.ORDER:
        parties = may_order(reading, context, anchor, parties)
    elif kind is Kind.INVESTMENT:
        parties = may_pay(reading, context, anchor, parties)
    elif kind is Kind.PRICE:
        parties = may_sell(reading, context, anchor, parties)
    if is_estimated(reading, context, anchor):
        parties = may_be_estimated(parties)
    parties = may_be_counted(reading, context, parties)
    return given_respectively(reading, context, anchor, parties)
