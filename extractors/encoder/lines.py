"""Where what may fill a field stands among its like: "A bought 50 and B 70", "C comes in May and D in June".

The encoder sees the words; that a name is the second of three, as an amount is, it is told besides.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from extractors.mentions import NAMELESS
from extractors.reading import Anchor, Reading

Place = tuple[int, int, str]  # start, end, form
Filler = list[Place] | None  # the places of one candidate; None: the field stays empty
_MOST = 2  # so many between, or so far out of step; farther is told as that

LINES = 1 + (_MOST + 1) ** 2
STEPS = 1 + 2 * (2 * _MOST + 1)


def in_line(reading: Reading, anchor: Anchor, fillers: Sequence[Filler]) -> dict[int, tuple[int, int]]:
    """By the start of each place in the anchor's sentence: the class of what lies between, and of its step.

    Between: amounts of the same measure, and stretches of text that name a filler. Step: how many such
    stretches come before it, less how many amounts come before the anchor; classes of their own where there
    are as many of both. Class 0 is for places elsewhere, and for the step where there is but one amount.
    """
    home = anchor.sentence
    alike = reading.contexts[home.index].anchors
    like = sorted({a.start for a in alike if a.measure == anchor.measure})
    here = [place for place in _places(fillers) if home.start <= place[0] < home.end]
    firsts, lasts = _slots([(start, end) for start, end, form in here if form not in NAMELESS])
    own = like.index(anchor.start)
    found = {}
    for start, end, _ in here:
        low, high = min(end, anchor.end), max(start, anchor.start)
        amounts, others = _between(like, low, high), _between(firsts, low, high)
        covering = bisect_right(firsts, start) - 1
        if covering >= 0 and start < lasts[covering] and low <= firsts[covering] < high:
            others -= 1  # itself
        step = 0
        if len(like) > 1:
            ahead = bisect_right(lasts, start) - own
            step = 1 + _MOST + max(-_MOST, min(ahead, _MOST))
            step += (2 * _MOST + 1) * (len(firsts) == len(like))
        found[start] = 1 + (_MOST + 1) * min(amounts, _MOST) + min(others, _MOST), step
    return found


def _between(starts: Sequence[int], low: int, high: int) -> int:
    """How many lie from `low` up to `high`; none where the two overlap."""
    return max(0, bisect_left(starts, high) - bisect_left(starts, low))


def _places(fillers: Sequence[Filler]) -> Iterator[Place]:
    for filler in fillers:
        yield from filler or ()


def _slots(spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Where the stretches that they cover begin and end, in order: two readings of one name are one."""
    slots: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if slots and start < slots[-1][1]:
            slots[-1] = slots[-1][0], max(end, slots[-1][1])
        else:
            slots.append((start, end))
    return [first for first, _ in slots], [last for _, last in slots]
