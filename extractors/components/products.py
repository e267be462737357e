"""The component that finds listed products and members of known lines."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import publish, reading_of
from extractors.reading import add_products


@Language.component("claims_products")
def products(doc: Doc) -> Doc:
    """`doc.spans["products"]`, labelled with the canonical name."""
    reading = reading_of(doc)
    add_products(reading)
    publish(doc, "products", ((p.start, p.end, p.name) for p in reading.products))
    return doc
