"""What the components share: where the reading of a Doc is kept, and how its mentions become spans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from spacy.tokens import Doc, Span

from extractors.document import Document, read_document
from extractors.reading import STEPS, Reading, begin

DOCUMENT = "claims_document"
READING = "claims_reading"
SHIFT = "claims_shift"
ORDER = ("claims_sentences", *(f"claims_{name}" for name in STEPS), "claims_chooser")
"""The names of the factories, in the order of the pipeline."""

if not Doc.has_extension("claims"):
    Doc.set_extension("claims", default=())
if not Doc.has_extension("published"):
    Doc.set_extension("published", default=None)


def document_of(doc: Doc) -> Document:
    """The layout of a Doc; a Doc of somebody else's pipeline is read as text without a title."""
    document = doc.user_data.get(DOCUMENT)
    if document is None:
        document = read_document("", doc.text, doc.lang_, doc._.published)
        doc.user_data[DOCUMENT] = document
    return cast(Document, document)


def reading_of(doc: Doc) -> Reading:
    """The reading of a Doc so far."""
    reading = doc.user_data.get(READING)
    if reading is None:
        reading = begin(document_of(doc))
        doc.user_data[READING] = reading
    return cast(Reading, reading)


def shift_of(doc: Doc) -> int:
    """How many characters of the layout stand before the Doc's own text: those of a title it lacks."""
    shift = doc.user_data.get(SHIFT)
    if shift is None:
        shift = doc.user_data[SHIFT] = len(document_of(doc).text) - len(doc.text)
    return cast(int, shift)


def publish(doc: Doc, group: str, spans: Iterable[tuple[int, int, str]]) -> None:
    """Set `doc.spans[group]` from (start, end, label) in characters of the layout."""
    shift = shift_of(doc)
    found: list[Span] = []
    for start, end, label in spans:
        span = doc.char_span(max(start - shift, 0), end - shift, label=label, alignment_mode="expand")
        if span is not None:
            found.append(span)
    doc.spans[group] = found
