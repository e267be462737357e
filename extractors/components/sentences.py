"""The component that lays a text out: words, sentences, paragraphs."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import document_of, reading_of, shift_of


@Language.component("claims_sentences", assigns=["token.is_sent_start"])
def sentences(doc: Doc) -> Doc:
    """Begin the reading and mark where sentences start (see `extractors.sentences`)."""
    document = document_of(doc)
    reading_of(doc)
    shift = shift_of(doc)
    starts = {sentence.start - shift for sentence in document.sentences}
    # All at once: with each token's mark spaCy looks through the whole Doc.
    marks = [1 if offset in starts else -1 for offset in doc.to_array("IDX").tolist()]
    marks[:1] = [1] * len(marks[:1])
    column = np.array(marks, dtype="int64").reshape(len(doc), 1).astype("uint64")
    return doc.from_array(["SENT_START"], cast(Any, column))
