"""The component that finds cues: words of plan, report, denial, order, price …"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extractors.components.layers import publish, reading_of
from extractors.reading import add_cues


@Language.component("claims_cues")
def cues(doc: Doc) -> Doc:
    """`doc.spans["cues"]`, labelled with the cue list."""
    reading = reading_of(doc)
    add_cues(reading)
    words = reading.document.words
    found = (cue for context in reading.contexts for cue in context.cues)
    publish(doc, "cues", ((words[c.first].start, words[c.last - 1].end, c.name) for c in found))
    return doc
