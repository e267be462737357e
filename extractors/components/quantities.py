"""The component that finds amounts."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import publish, reading_of
from extractors.reading import add_quantities


@Language.component("claims_quantities")
def quantities(doc: Doc) -> Doc:
    """`doc.spans["quantities"]`, labelled with the measure: count, currency, power, compute."""
    reading = reading_of(doc)
    add_quantities(reading)
    amounts = (a for a in reading.anchors if a.quantity is not None)
    publish(doc, "quantities", ((a.start, a.end, a.measure) for a in amounts))
    return doc
