"""A reading laid out for the encoder: pieces, what the rules found at each of them, and windows over them.

A window holds whole sentences and at most 480 pieces; an ordinary article is one window. Longer ones get
several that overlap by a third, and every sentence is read in the first window that holds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from extractors.encoder.pieces import Pieces
from extractors.mentions import EntityType, Form
from extractors.reading import MEASURES, Reading

MOST_PIECES = 480
_OVERLAP = MOST_PIECES // 3
GRADES = (
    *("listed", "family", "built", "class", "site", "name"),
    *("model", "counted", "lookalike", "quoted", "classed", "headed", "again", "explained", "short", "town"),
)
TAGS: tuple[str, ...] = (
    *(f"party {kind} {known} {form}" for kind in EntityType for known in ("listed", "new") for form in Form),
    *(f"product {grade}" for grade in GRADES),
    *(f"amount {measure}" for measure in (*sorted(MEASURES), "time")),
)
"""What the rules can say of a piece; each has a learned vector that is added to the piece's own."""
_TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """The sentences [first, last) and their pieces [start, end)."""

    first: int
    last: int
    start: int
    end: int


class Layout:
    """One reading as pieces with tags and windows."""

    def __init__(self, reading: Reading, vocabulary: Pieces) -> None:
        self.reading = reading
        found = vocabulary.split(reading.document.text)
        self.ids = [piece for piece, _, _ in found]
        self.starts = [start for _, start, _ in found]
        self.ends = [end for _, _, end in found]

    def span(self, start: int, end: int) -> Span | None:
        """The pieces [first, last) that a stretch of characters touches; None for blank text."""
        first = bisect_right(self.ends, start)
        last = max(bisect_left(self.starts, end), first + 1)
        return (first, last) if first < len(self.ids) else None

    @cached_property
    def windows(self) -> list[Window]:
        """All windows in order."""
        edges = [bisect_right(self.ends, s.start) for s in self.reading.document.sentences]
        edges.append(len(self.ids))
        windows: list[Window] = []
        first = 0
        while first < len(edges) - 1:
            last = first + 1
            while last < len(edges) - 1 and edges[last + 1] - edges[first] <= MOST_PIECES:
                last += 1
            end = min(edges[last], edges[first] + MOST_PIECES)
            windows.append(Window(first, last, edges[first], end))
            if last == len(edges) - 1:
                break
            back = last
            while back > first + 1 and edges[last] - edges[back - 1] <= _OVERLAP:
                back -= 1
            first = back
        return windows

    @cached_property
    def homes(self) -> dict[int, int]:
        """For each sentence the number of the first window that holds it."""
        found: dict[int, int] = {}
        for number, window in enumerate(self.windows):
            for sentence in range(window.first, window.last):
                found.setdefault(sentence, number)
        return found

    @cached_property
    def tags(self) -> list[tuple[int, int, int]]:
        """(tag, first, last): what the rules found, over pieces."""
        reading, marks = self.reading, []
        for mention in reading.parties.mentions:
            entity = reading.parties.entities[mention.entity]
            known = "listed" if entity.known else "new"
            marks.append((f"party {entity.type} {known} {mention.form}", mention.start, mention.end))
        for context in reading.contexts:
            marks += [(f"product {p.grade}", p.start, p.end) for p in context.products]
        marks += [(f"amount {a.measure}", a.start, a.end) for a in reading.anchors]
        numbered = [(_TAG_NUMBERS[tag], start, end) for tag, start, end in marks if tag in _TAG_NUMBERS]
        spans = ((tag, self.span(start, end)) for tag, start, end in numbered)
        return [(tag, span[0], span[1]) for tag, span in spans if span is not None]
