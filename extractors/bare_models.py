"""Models called by their number alone: "the 8700", "its predecessor, the 7700", behind "the Lumatic LX 8700".

Another number of as many digits is another model of the line, where the article has but one line of such
numbers. What the catalogue has is found without this (products.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extractors.counted_nouns import count_ends
from extractors.document import Document
from extractors.mentions import LISTED, ProductMention
from extractors.name_words import word_set
from extractors.unlisted_products import counts

_MODEL = re.compile(r"(?P<line>.*[^\W\d_].*) (?P<digits>\d{3,4})(?P<letters>[A-Z]{0,3})")
_BARE = re.compile(r"(?P<digits>\d{3,4})(?P<letters>[A-Z]{0,3})s?")
_CENTURIES = ("19", "20")


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands before a model's number, and a mention of such a model."""

    name: str
    sample: ProductMention


def find_bare_models(document: Document, products: Iterable[ProductMention]) -> Iterator[ProductMention]:
    """Numbers behind an article that stand for a model of a line which the text names in full."""
    numbers: dict[str, _Line] = {}
    lines: dict[int, dict[str, _Line]] = {}
    taken: set[int] = set()
    for product in products:
        if product.last > product.first + 1 or product.grade in LISTED:
            taken.update(range(product.first, product.last))
        found = _MODEL.fullmatch(product.name)
        if found and product.grade != "class":
            line = _Line(found["line"], product)
            numbers.setdefault(found["digits"] + found["letters"], line)
            lines.setdefault(len(found["digits"]), {}).setdefault(found["line"], line)
    determiners = word_set(document.lang, "proper_names.before_models")
    for index, word in enumerate(document.words if numbers else ()):
        found = _BARE.fullmatch(word.text)
        if not found or not index or index in taken or document.words[index - 1].lower not in determiners:
            continue
        number = found["digits"] + found["letters"]
        known = numbers.get(number) or _sibling(document, index, found["digits"], lines)
        if known is not None:
            name, sample = f"{known.name} {number}", known.sample
            yield ProductMention(
                name, index, index + 1, word.start, word.end, "again", sample.maker, sample.product_class
            )


def _sibling(document: Document, index: int, digits: str, lines: dict[int, dict[str, _Line]]) -> _Line | None:
    """The one line of such numbers; none for what may be a year, or counts the word behind it."""
    of_length = lines.get(len(digits), {})
    year = len(digits) == 4 and digits[:2] in _CENTURIES
    if len(of_length) != 1 or year or counts(document, index):
        return None
    after = document.words[index + 1] if index + 1 < len(document.words) else None
    small = count_ends(document.lang) | word_set(document.lang, "proper_names.singular_verbs")
    if document.lang == "en" and after and after.text[0].isalpha() and after.lower not in small:
        return None  # "the 4000 mark"
    return next(iter(of_length.values()))
