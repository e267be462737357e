"""A line of a benchmark's table: what was measured, its spread over the rounds, and the limit beside it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of several rounds under a name; `least` or `most` is the limit that their median must keep."""

    name: str
    values: Sequence[float]
    unit: str
    least: float | None = None
    most: float | None = None
    missing: str = ""  # why there is no figure, and what to do about it

    @property
    def middle(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.values)

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None where there is none, or nothing was measured."""
        if self.missing or (self.least is None and self.most is None):
            return None
        return (self.least is None or self.middle >= self.least) and (
            self.most is None or self.middle <= self.most
        )

    def told(self) -> str:
        """The line as it is printed."""
        if self.missing:
            return f"{self.name:<58} not measured: {self.missing}"
        spread = f"[{_short(min(self.values))}–{_short(max(self.values))}]" if len(self.values) > 1 else ""
        text = f"{self.name:<58} {_short(self.middle):>6} {self.unit:<12} {spread:<14}"
        if self.holds is None:
            return text.rstrip()
        limit = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"
        return f"{text} {limit:<8} {'ok' if self.holds else 'SHORT'}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.2f}"
