"""Bare numbers read as money: "Plus costs $20, Team 30", "Mail alone costs 3.99", "Es sind 341 Millionen"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.counted_nouns import count_ends
from extractors.document import Document
from extractors.name_words import word_set
from extractors.quantities import QuantityMention

_FORMER_REACH = 1  # words between "instead of" and the price of before: "statt bisher 289 Dollar"
_CENTS = re.compile(r"\d[.,]\d\d$")


def in_money(
    document: Document, quantities: Sequence[QuantityMention], money: Mapping[str | None, int]
) -> list[QuantityMention]:
    """Second readings of the bare numbers of one sentence as money; `lent` is set on each.

    `money` counts the currencies of the article. Millions and billions are read in the leading one where
    the sentence has none of its own, and so are prices with cents; a number that counts nothing takes the
    currency of the price before it.
    """
    own = [q for q in quantities if q.dimension == "currency" and q.unit is not None]
    leading = max(money, key=lambda code: (money[code], code or ""), default=None)
    found = []
    for quantity in quantities:
        if quantity.dimension != "count" or quantity.lent or quantity.unit is not None:
            continue
        if quantity.scaled:
            unit = None if own else leading
        elif _CENTS.search(document.text[quantity.number_start : quantity.number_end]):
            unit = own[0].unit if own else leading
        else:
            prices = [q for q in own if not q.scaled and q.end <= quantity.start]
            unit = prices[-1].unit if prices and _counts_nothing(document, quantity) else None
            unit = unit or _unit_of_former(document, quantity, own)
        if unit is not None:
            found.append(replace(quantity, unit=unit, dimension="currency", lent=True))
    return found


def _unit_of_former(document: Document, quantity: QuantityMention, own: list[QuantityMention]) -> str | None:
    """The currency of what it replaces, or is told with: "costs 249 instead of 289 dollars"."""
    former = next((q for q in own if q.start >= quantity.end), None)
    if former is None or former.scaled:
        return None
    gap = document.text[quantity.end : former.start].lower().split()
    replaced = word_set(document.lang, "cues.replaced")
    led = any(" ".join(gap[:size]) in replaced and len(gap) <= size + _FORMER_REACH for size in (1, 2))
    return former.unit if led or _told_together(document, quantity, gap) else None


def _told_together(document: Document, quantity: QuantityMention, gap: list[str]) -> bool:
    """Two prices for two things: "799 and 1,099 dollars, respectively"."""
    sentence = document.sentence_at(quantity.number_start)
    marks = word_set(document.lang, "shared.respectively")
    joined = " ".join(gap).rstrip(".") in word_set(document.lang, "shared.joiners")
    return joined and any(word.lower in marks for word in document.words[sentence.first : sentence.last])


def _counts_nothing(document: Document, quantity: QuantityMention) -> bool:
    """Does a mark, the end or a small word follow?"""
    after = document.first_word_from(quantity.end)
    if after >= len(document.words):
        return True
    word = document.words[after]
    return not word.text[0].isalnum() or word.lower in count_ends(document.lang)
