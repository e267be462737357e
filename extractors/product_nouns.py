"""A noun right behind a listed product: what it is ("H100 cards"), or another thing ("Xbox games")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.catalogue.names import catalogue
from extractors.document import Document
from extractors.mentions import LISTED, ProductMention
from extractors.name_words import word_set

_BEFORE = 2  # words between an amount and the product: "of its"


def listed_before(
    noun: ProductMention, counted_from: int, products: Sequence[ProductMention]
) -> ProductMention | None:
    """The listed product that stands between an amount, which ends at that word, and its noun."""
    inside = (p for p in products if p.grade in LISTED and 0 <= p.first - counted_from <= _BEFORE)
    return next((p for p in inside if p.last == noun.last - 1), None)


def only_says_what(
    document: Document, product: ProductMention, noun: ProductMention, products: Sequence[ProductMention]
) -> bool:
    """Whether the noun adds nothing to the product: its own class, any word for a chip, "units".

    Of 136 such pairs in the annotated articles none with a word for a chip was annotated without the product;
    servers and wafers were.
    """
    head = document.words[noun.last - 1].lower
    if head in word_set(document.lang, "product_nouns.say_nothing"):
        return True
    classes = {p.name for p in products if p.grade == "class" and p.last == noun.last}
    if not classes:
        return head in word_set(document.lang, "names.product_heads")
    chips = catalogue().chips
    return product.product_class in classes or (
        product.product_class in chips and not chips.isdisjoint(classes)
    )


def without_modifiers(
    document: Document,
    counted_from: int,
    nouns: Sequence[ProductMention],
    products: Sequence[ProductMention],
    found: Sequence[ProductMention],
) -> list[ProductMention]:
    """The candidates without a product that only tells which noun is counted: "30 million PS5 games"."""
    names = set(_modifiers(document, counted_from, nouns, products))
    return [p for p in found if p.name not in names]


def _modifiers(
    document: Document, counted_from: int, nouns: Sequence[ProductMention], products: Sequence[ProductMention]
) -> Iterator[str]:
    for noun in nouns:
        listed = listed_before(noun, counted_from, products)
        if listed is not None and not only_says_what(document, listed, noun, products):
            yield listed.name
