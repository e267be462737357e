"""Labels beside points: none lies on another, on a point or beyond the edge. Plain geometry in pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its sides parallel to the axes; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether the two share an area."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)

    def within(self, other: Box) -> bool:
        """Whether it lies wholly in the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.bottom <= self.bottom and self.top <= other.top


Spot = tuple[float, float]


def around(at: Spot, size: float) -> Box:
    """The square about a point."""
    return Box(at[0] - size, at[1] - size, at[0] + size, at[1] + size)


def along(start: Spot, end: Spot, size: float) -> list[Box]:
    """A line as small squares, for which a label makes room as it does for points."""
    length = math.dist(start, end)
    steps = max(1, int(length / (2 * size)))
    return [
        around((start[0] + (end[0] - start[0]) * n / steps, start[1] + (end[1] - start[1]) * n / steps), size)
        for n in range(steps + 1)
    ]


def placed(
    points: Sequence[Spot],
    sizes: Sequence[tuple[float, float]],
    taken: Sequence[Box],
    within: Box,
    gap: float,
) -> list[Box | None]:
    """A box of its size for each point's label, the first served first; None where no room is left.

    `taken`: what must stay free. `gap`: pixels between a point and its label, and between labels.
    """
    used, found = list(taken), []
    for at, size in zip(points, sizes, strict=True):
        free = (
            box
            for box in _candidates(at, size, gap)
            if box.within(within) and not any(box.meets(other) for other in used)
        )
        box = next(free, None)
        found.append(box)
        if box is not None:
            used.append(Box(box.left - gap / 2, box.bottom, box.right + gap / 2, box.top))
    return found


def _candidates(at: Spot, size: tuple[float, float], gap: float) -> list[Box]:
    """Places for a label, the best first: near ones, right before left, above before below."""
    width, height = size
    found = []
    for distance in (gap, 2 * gap, 3.5 * gap, 5.5 * gap, 8 * gap):
        right, left = at[0] + distance, at[0] - distance - width
        middle, centre = at[1] - height / 2, at[0] - width / 2
        above, below = at[1] + distance, at[1] - distance - height
        corners = [(right, above - gap / 2), (right, below + gap / 2)]
        corners += [(left, above - gap / 2), (left, below + gap / 2)]
        corners += [(x, y) for y in (above, below) for x in _shifted(at[0], width, gap)]
        for x, y in [(right, middle), (left, middle), (centre, above), (centre, below), *corners]:
            found.append(Box(x, y, x + width, y + height))
    return found


def _shifted(at: float, width: float, gap: float) -> tuple[float, ...]:
    return at - gap, at + gap - width, at - 0.3 * width, at - 0.7 * width


def anchor(box: Box, at: Spot) -> Spot:
    """The place on the box's edge that is nearest to a point: where a leading line ends."""
    return min(max(at[0], box.left), box.right), min(max(at[1], box.bottom), box.top)
