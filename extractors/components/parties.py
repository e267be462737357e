"""The component that finds companies, people and places, and the products that only they explain."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import publish, reading_of
from extractors.reading import add_parties


@Language.component("claims_parties")
def parties(doc: Doc) -> Doc:
    """`doc.spans["parties"]`, labelled with the type; `doc.spans["products"]` grows by unlisted ones."""
    reading = reading_of(doc)
    add_parties(reading)
    entities = reading.parties.entities
    publish(
        doc, "parties", ((m.start, m.end, str(entities[m.entity].type)) for m in reading.parties.mentions)
    )
    named = (p for context in reading.contexts for p in context.products)
    publish(doc, "products", ((p.start, p.end, p.name) for p in named))
    return doc
