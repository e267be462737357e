"""The claims before a place in the rows of a key, remembered while claims come and go (placing.py)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.threads import WINDOW

Order = tuple[int, int]

# Windows that are remembered, up to 2 KB each.
_REMEMBERED = 20_000


@dataclass(slots=True)
class _Window:
    """Up to WINDOW orders (place and number), the earliest first; and the numbers, the nearest first."""

    orders: list[Order]
    claims: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._number_claims()

    def _number_claims(self) -> None:
        self.claims = [claim for _, claim in reversed(self.orders)]

    def enter(self, order: Order) -> None:
        at = bisect_left(self.orders, order)
        if at or len(self.orders) < WINDOW:
            self.orders.insert(at, order)
            if len(self.orders) > WINDOW:
                del self.orders[0]
            self._number_claims()


class Windows:
    """What was once read from the index: a claim that chooses again asks for the same rows."""

    def __init__(self) -> None:
        self._of_key: dict[int, dict[Order, _Window]] = {}
        self._number = 0

    def known(self, key: int, order: Order) -> Sequence[int] | None:
        """The claims before this order, the nearest first; None where they were not read yet."""
        windows = self._of_key.get(key)
        window = windows.get(order) if windows else None
        return window.claims if window else None

    def remember(self, key: int, order: Order, before: list[Order]) -> Sequence[int]:
        """Keep what was read, the earliest first; returns it as `known` will."""
        if self._number >= _REMEMBERED:
            self.forget()
        window = self._of_key.setdefault(key, {})[order] = _Window(before)
        self._number += 1
        return window.claims

    def enter(self, key: int, order: Order) -> None:
        """A claim comes: it stands in the windows behind it, unless WINDOW others are nearer."""
        for later, window in self._of_key.get(key, {}).items():
            if order < later:
                window.enter(order)

    def leave(self, key: int) -> None:
        """A claim goes: who stands in its place is to be read."""
        self._number -= len(self._of_key.pop(key, {}))

    def forget(self) -> None:
        """Nothing is remembered."""
        self._of_key.clear()
        self._number = 0
