"""What the encoder thinks of each choice: log-probabilities, beside those of the choosers' named features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.candidates import KINDS_BY_MEASURE
from extractors.dues import Form as DueForm
from extractors.encoder.layout import GRADES, Layout, Span
from extractors.encoder.lines import Filler, Place, in_line
from extractors.encoder.network import FAR, KINDS, SPAN_PIECES, STATUSES, Floats, Network, network
from extractors.encoder.pieces import Pieces, pieces
from extractors.mentions import Entity, Form, ProductMention
from extractors.reading import Anchor, Reading

_MOST_WINDOWS = 40  # of a longer text (some 60,000 characters) the rest is judged by features alone
_REFERENCE, _VOICE, _MAKER = "reference", "voice", "maker"
FORMS: tuple[str, ...] = (
    *Form,
    _REFERENCE,
    _VOICE,
    _MAKER,
    *GRADES,
    *("noun", "plain", "service", "place"),  # offered for some kinds only, so that no tag marks them
    *(f"due {form}" for form in DueForm),
)
"""How a candidate is named at a place; each has a learned vector."""
_FORM_NUMBERS = {str(form): number for number, form in enumerate(FORMS)}
_OTHER = _FORM_NUMBERS["name"]


def places_of_entity(reading: Reading, entity: Entity) -> list[Place]:
    """Where an entity is named or described; of a maker that is never named, where its products are."""
    if entity.index < 0:
        return [(p.start, p.end, _MAKER) for p in reading.products if entity.name in (p.maker, p.name)]
    words = reading.document.words
    places = [(m.start, m.end, str(m.form)) for m in entity.mentions]
    places += [
        (words[r.first].start, words[r.last - 1].end, _REFERENCE)
        for context in reading.contexts
        for r in context.references
        if r.entity == entity.index
    ]
    places += [
        (words[v.first].start, words[v.last - 1].end, _VOICE if v.form is Form.DESCRIPTION else str(v.form))
        for context in reading.contexts
        for v in context.voices
        if v.entity == entity.index
    ]
    return places


def places_of_product(product: ProductMention) -> list[Place]:
    """Where a product mention stands."""
    return [(product.start, product.end, product.grade)]


def places_of_due(reading: Reading, position: int) -> list[Place]:
    """Where a time stands."""
    due = reading.dues[position]
    return [(due.start, due.end, f"due {due.form}")]


def form_number(form: str) -> int:
    """The number of a form; one that training never saw counts as a plain name."""
    return _FORM_NUMBERS.get(form, _OTHER)


def gap_class(sentences: int, pieces: int) -> int:
    """Twenty classes of distance: by sentences, within one sentence by pieces; before and after apart."""
    if sentences < 0:
        return max(sentences, -6) + 6
    if sentences > 0:
        return 6 + min(sentences, 3)
    far = abs(pieces)
    step = 0 if far < 3 else 1 if far < 8 else 2 if far < 20 else 3
    return 10 + step + (4 if pieces > 0 else 0)


def gap_of(reading: Reading, anchor: Anchor, start: int, span: Span, own: Span) -> int:
    """The class of distance of what begins at a character and has these pieces from an anchor over `own`."""
    home = reading.document.sentence_at(start).index
    return gap_class(-reading.steps_back(anchor.sentence.index, home), span[0] - own[0])


class Standing:
    """How the mentions of fillers stand to an anchor: what the ranking heads know beside the vectors."""

    def __init__(self, reading: Reading, anchor: Anchor, fillers: Sequence[Filler]) -> None:
        self._reading, self._anchor = reading, anchor
        self._lines = in_line(reading, anchor, fillers)
        self.classes: dict[str, list[int]] = {"form": [], "gap": [], "line": [], "step": []}

    def add(self, start: int, form: str, span: Span, own: Span) -> None:
        """The mention that begins at a character and has these pieces, the anchor those."""
        line, step = self._lines.get(start, (0, 0))
        gap = gap_of(self._reading, self._anchor, start, span, own)
        for name, number in (("form", form_number(form)), ("gap", gap), ("line", line), ("step", step)):
            self.classes[name].append(number)


class Opinions:
    """The encoder's view of one reading; windows are encoded when first asked for."""

    def __init__(self, reading: Reading, network: Network, pieces: Pieces) -> None:
        self.reading, self.network = reading, network
        self.layout = Layout(reading, pieces)
        self._hidden: dict[int, Floats] = {}
        self._vectors: dict[tuple[int, Span], Floats] = {}

    def kind(self, anchor: Anchor) -> dict[str, float] | None:
        """The belief in each kind that the anchor's measure allows; None where nothing can be said."""
        vector = self._amount(anchor)
        if vector is None:
            return None
        allowed = [KINDS.index(kind) for kind in sorted(KINDS_BY_MEASURE[anchor.measure])]
        shares = _softmax(self.network.kinds(vector[None])[0][allowed])
        return {KINDS[number]: float(share) for number, share in zip(allowed, shares, strict=True)}

    def status(self, anchor: Anchor, kind: str) -> dict[str, float] | None:
        """The belief in each status."""
        vector = self._amount(anchor)
        if vector is None:
            return None
        shares = _softmax(self.network.statuses(vector[None], [KINDS.index(kind)])[0])
        return {status: float(share) for status, share in zip(STATUSES, shares, strict=True)}

    def rank(self, task: str, anchor: Anchor, kind: str, fillers: Sequence[Filler]) -> list[float] | None:
        """The belief in each candidate for a field."""
        amount = self._amount(anchor)
        home = self.layout.homes.get(anchor.sentence.index)
        own = self.layout.span(anchor.start, anchor.end)
        if amount is None or home is None or own is None or not fillers:
            return None
        number = KINDS.index(kind)
        rows, owners = [], []
        stands = Standing(self.reading, anchor, fillers)
        for position, filler in enumerate(fillers):
            for start, end, form in filler or ():
                span = self._inside(home, start, end)
                if span is not None:
                    rows.append(self._vector(home, span))
                    stands.add(start, form, span, own)
                    owners.append(position)
        scores = np.full(len(fillers), FAR, np.float32)
        if rows:
            found = self.network.pairs(task, amount, number, np.stack(rows), stands.classes)
            np.logaddexp.at(scores, owners, found)
        for position, filler in enumerate(fillers):
            if filler is None:
                scores[position] = self.network.nothing(task, amount, number)
        return [float(share) for share in _softmax(scores)]

    def _amount(self, anchor: Anchor) -> Floats | None:
        home = self.layout.homes.get(anchor.sentence.index)
        if home is None or home >= _MOST_WINDOWS:
            return None
        span = self._inside(home, anchor.start, anchor.end)
        return self._vector(home, span) if span is not None else None

    def _inside(self, home: int, start: int, end: int) -> Span | None:
        """The pieces of a stretch, if its beginning lies in the window."""
        span = self.layout.span(start, end)
        window = self.layout.windows[home]
        if span is None or not window.start <= span[0] < window.end:
            return None
        return span[0], max(min(span[1], window.end), span[0] + 1)

    def _vector(self, home: int, span: Span) -> Floats:
        """The mean over the first pieces of a span."""
        key = (home, span)
        if key not in self._vectors:
            shift = 1 - self.layout.windows[home].start  # the window's opening mark
            first = span[0] + shift
            last = min(span[1] + shift, first + SPAN_PIECES)
            rows = self._encoded(home)[first:last]
            self._vectors[key] = np.add.reduce(rows, 0) / np.float32(len(rows))
        return self._vectors[key]

    def _encoded(self, home: int) -> Floats:
        if home not in self._hidden:
            window = self.layout.windows[home]
            shift = 1 - window.start
            opening, closing = 0, 2  # the vocabulary's marks for the two ends
            ids = [opening, *self.layout.ids[window.start : window.end], closing]
            tags = [
                (tag, max(first, window.start) + shift, min(last, window.end) + shift)
                for tag, first, last in self.layout.tags
                if first < window.end and last > window.start
            ]
            self._hidden[home] = self.network.encode(ids, tags)
        return self._hidden[home]


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    result: Floats = powers / powers.sum()
    return result


def opinions_on(reading: Reading) -> Opinions:
    """The opinions of the project's trained encoder."""
    return Opinions(reading, network(), pieces())
