"""The component that finds times."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import publish, reading_of
from extractors.reading import add_dues


@Language.component("claims_dues")
def dues(doc: Doc) -> Doc:
    """`doc.spans["dues"]`, labelled with the form: by, in, from, within …"""
    reading = reading_of(doc)
    add_dues(reading)
    publish(doc, "dues", ((due.start, due.end, str(due.form)) for due in reading.dues))
    return doc
