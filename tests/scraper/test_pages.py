"""Recorded news pages: floors for title, date and body, a little below what is reached.

The pages are third parties' text and stand beside the project, not in it; without them this is skipped.
`python -m benchmarks.pages` prints the same measures beside those of four libraries.
"""

from __future__ import annotations

import pytest

from benchmarks.pages import ROOT, nowhere, recorded, rows, score, summed
from benchmarks.readers import ours

# folder: title exact, title contained, day, minute, body F1, lowest body, language. Reached on 22 November
# 2026 by 86, 6 and 7 pages: de .98 .99 .99 .98 .983 .814 1, at 1 1 1 1 .993 .976 1, ch 1 1 1 1 .977 .886 1.
FLOORS = {
    "de": (0.96, 0.98, 0.98, 0.96, 0.98, 0.80, 1.0),
    "at": (0.99, 0.99, 0.99, 0.99, 0.985, 0.96, 1.0),
    "ch": (0.99, 0.99, 0.99, 0.99, 0.97, 0.87, 1.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("folder", FLOORS)
def test_recorded_pages_are_read_well_enough(folder: str) -> None:
    if not (ROOT / folder).is_dir():
        pytest.skip(f"no recorded pages in {ROOT / folder}")
    found = score(list(recorded(ROOT / folder)), ours)
    reached = (found.exact, found.contained, found.day, found.minute, found.body, found.lowest)
    reached = (*reached, found.language or 0.0)
    assert found.pages >= 6
    low = [(value, floor) for value, floor in zip(reached, FLOORS[folder], strict=True) if value < floor]
    assert not low, f"{folder}: reached {reached}, floors {FLOORS[folder]}"


@pytest.mark.slow
def test_an_unknown_outlet_is_read_well_enough() -> None:
    """The same pages as if no outlet had rules: what the general rules carry alone."""
    if not (ROOT / "de").is_dir():
        pytest.skip(f"no recorded pages in {ROOT}")
    found = summed(rows([nowhere(one) for one in recorded(ROOT / "de")], ours))
    assert found.exact >= 0.85
    assert found.body >= 0.97
