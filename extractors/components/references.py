"""The component that resolves "der Konzern", "the chipmaker" and their like."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import publish, reading_of
from extractors.reading import add_references


@Language.component("claims_references")
def references(doc: Doc) -> Doc:
    """`doc.spans["references"]`, labelled with the party that each stands for."""
    reading = reading_of(doc)
    add_references(reading)
    words, entities = reading.document.words, reading.parties.entities
    found = (r for context in reading.contexts for r in context.references if r.entity is not None)
    publish(
        doc,
        "references",
        ((words[r.first].start, words[r.last - 1].end, entities[r.entity or 0].name) for r in found),
    )
    return doc
