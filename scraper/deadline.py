"""One deadline for a whole fetch: names, connections, every hop, every byte."""

from __future__ import annotations

import time
from collections.abc import Callable

from scraper.errors import TooSlow


class Deadline:
    """Counts down from `seconds`. Waiting out of politeness is not counted: see `extend`."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        """Seconds left; negative when it has passed."""
        return self._end - self._clock()

    def extend(self, seconds: float) -> None:
        """Give back time that was spent waiting for our turn."""
        self._end += seconds

    def bound(self, timeout: float | None) -> float:
        """The shorter of a timeout and what is left; raises TooSlow when nothing is."""
        left = self.left
        if left <= 0:
            raise TooSlow(f"not finished within {self.seconds:g} s")
        return left if timeout is None else min(timeout, left)
