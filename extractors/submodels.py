"""Models called by the end of their name alone: after "the iPhone 16" "the Pro" is the iPhone 16 Pro."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.catalogue.names import catalogue
from extractors.document import Document
from extractors.mentions import ProductMention
from extractors.name_words import word_set

_MOST_BACK = 3  # sentences
_SHORT = frozenset({"name", "headed", "model"})
_WHOLE = frozenset({"listed", "family", "built", "model"})


def named_in_full(document: Document, products: Sequence[ProductMention]) -> list[ProductMention]:
    """The same products in order of the text, those that are so called by the whole name."""
    short = [p for p in products if p.grade in _SHORT and p.name in catalogue().short_models]
    taken = {index for p in products for index in range(p.first, p.last)}
    bare = [_bare(document, index) for index in range(1, len(document.words)) if index not in taken]
    whole = {p: _in_full(document, p, products) for p in (*short, *(p for p in bare if p is not None))}
    found = [whole.get(p) or p for p in products]
    found += [full for p, full in whole.items() if full is not None and p not in short]
    return sorted(found, key=lambda p: p.first)


def _bare(document: Document, index: int) -> ProductMention | None:
    """The end of a name that nothing has read as one: "das Ultra"."""
    word = document.words[index]
    if word.text not in catalogue().short_models:
        return None
    return ProductMention(word.text, index, index + 1, word.start, word.end, "name")


def _in_full(
    document: Document, product: ProductMention, products: Sequence[ProductMention]
) -> ProductMention | None:
    if not product.first or document.words[product.first - 1].lower not in word_set(
        document.lang, "cues.determiner"
    ):
        return None
    line = _line_before(document, product, products)
    if line is None:
        return None
    name = f"{_without_suffixes(line.name)} {product.name}"
    listed = catalogue().product(name)
    return replace(
        product,
        name=listed.name if listed is not None else name,
        grade="model" if listed is None else "listed",
        maker=listed.maker if listed is not None else line.maker,
        product_class=line.product_class,
        entity=None,
    )


def _line_before(
    document: Document, product: ProductMention, products: Sequence[ProductMention]
) -> ProductMention | None:
    """The numbered thing that shops sell, named last before this one; none where a near name ends so."""
    here = document.sentence_at(product.start).index
    earlier = [p for p in products if p.last <= product.first and p.grade in _WHOLE]
    near = [p for p in earlier if here - document.sentence_at(p.start).index <= _MOST_BACK]
    if any(p.name.endswith(f" {product.name}") and not p.name[0].isdigit() for p in near if not _numbered(p)):
        return None  # "the Pro" may be the MacBook Pro
    sold = [p for p in near if _numbered(p) and p.product_class in {None, *catalogue().varied}]
    last = max(near, key=lambda p: (p.first, p.last), default=None)
    return last if last in sold else None


def _numbered(product: ProductMention) -> bool:
    return any(c.isdigit() for c in _without_suffixes(product.name))


def _without_suffixes(name: str) -> str:
    parts = name.split()
    while len(parts) > 1 and parts[-1] in catalogue().short_models:
        parts.pop()
    return " ".join(parts)
