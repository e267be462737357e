"""The component that lays a text out: words, sentences, paragraphs."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import document_of, reading_of


@Language.component("claims_sentences", assigns=["token.is_sent_start"])
def sentences(doc: Doc) -> Doc:
    """Begin the reading and mark where sentences start (see `extractors.sentences`)."""
    document = document_of(doc)
    reading_of(doc)
    shift = len(document.text) - len(doc.text)
    starts = {sentence.start - shift for sentence in document.sentences}
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in starts
    return doc
