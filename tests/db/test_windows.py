"""What is remembered of the rows before a place, held against a plain sorted list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.windows import Windows
from extractors.threads import WINDOW

KEY = 7
STEPS = st.lists(
    st.tuples(st.sampled_from(["ask", "enter", "leave", "forget"]), st.integers(0, 60)),
    min_size=30,
    max_size=120,
)


class Rows:
    """The claims of one key, by their orders: asked through what is remembered, as placing.py does."""

    def __init__(self) -> None:
        self.orders: list[tuple[int, int]] = []
        self.windows = Windows()

    def before(self, order: tuple[int, int]) -> list[int]:
        nearest = sorted(one for one in self.orders if one < order)[-WINDOW:]
        return [claim for _, claim in reversed(nearest)]

    def ask(self, number: int) -> bool:
        """Whether what is remembered is right; what is not remembered is from now on."""
        order = (number * 10 + 5, 0)
        known = self.windows.known(KEY, order)
        if known is None:
            nearest = sorted(one for one in self.orders if one < order)[-WINDOW:]
            known = self.windows.remember(KEY, order, nearest)
        return list(known) == self.before(order)

    def enter(self, number: int) -> None:
        order = (number * 10, number)
        if order not in self.orders:
            self.orders.append(order)
            self.windows.enter(KEY, order)

    def leave(self, number: int) -> None:
        order = (number * 10, number)
        if order in self.orders:
            self.orders.remove(order)
            self.windows.leave(KEY)

    def forget(self, _: int) -> None:
        self.windows.forget()


@given(st.lists(st.integers(0, 60), max_size=40), STEPS)
def test_what_is_remembered_is_what_the_rows_say(there: list[int], steps: list[tuple[str, int]]) -> None:
    rows = Rows()
    for number in there:
        rows.enter(number)
    for step, number in steps:
        assert getattr(rows, step)(number) is not False
    assert all(rows.ask(number) for number in range(61))


def test_a_window_that_is_not_full_loses_nobody() -> None:
    windows = Windows()
    windows.remember(KEY, (1000, 1000), [(number, number) for number in range(1, 15)])
    windows.enter(KEY, (500, 500))
    assert windows.known(KEY, (1000, 1000)) == [500, *range(14, 0, -1)]


def test_a_full_window_loses_the_farthest() -> None:
    windows = Windows()
    windows.remember(KEY, (1000, 1000), [(number, number) for number in range(1, WINDOW + 1)])
    windows.enter(KEY, (500, 500))
    windows.enter(KEY, (0, 900))
    assert windows.known(KEY, (1000, 1000)) == [500, *range(WINDOW, 1, -1)]
