"""The component that chooses the claims."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.assemble import assemble
from extractors.chooser import model
from extractors.components.layers import reading_of
from extractors.encoder.opinions import opinions_on


@Language.component("claims_chooser")
def chooser(doc: Doc) -> Doc:
    """`doc._.claims`: the claims in order of the text; their evidence counts from the article's own text."""
    reading = reading_of(doc)
    doc._.claims = assemble(reading, model(), opinions_on(reading)).claims
    return doc
