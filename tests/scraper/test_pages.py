"""Recorded news pages: floors for title, date and body, a little below what is reached.

The pages are third parties' text and stand beside the project, not in it; without them this is skipped.
`python benchmarks/pages.py` prints the same measures beside plain trafilatura's.
"""

from __future__ import annotations

import pytest

from benchmarks.pages import ROOT, ours, recorded, score

# folder: title exact, title contained, day, minute, body F1. Reached on 22 November 2026 by 85, 6 and 7
# pages: de .91 .93 .96 .94 .968, at 1 1 1 1 .989, ch .71 .86 1 1 .961.
FLOORS = {
    "de": (0.88, 0.90, 0.95, 0.92, 0.96),
    "at": (0.99, 0.99, 0.99, 0.99, 0.98),
    "ch": (0.70, 0.84, 0.99, 0.99, 0.95),
}


@pytest.mark.slow
@pytest.mark.parametrize("folder", FLOORS)
def test_recorded_pages_are_read_well_enough(folder: str) -> None:
    if not (ROOT / folder).is_dir():
        pytest.skip(f"no recorded pages in {ROOT / folder}")
    found = score(list(recorded(ROOT / folder)), ours)
    reached = (found.exact, found.contained, found.day, found.minute, found.body)
    assert found.pages >= 6
    low = [(value, floor) for value, floor in zip(reached, FLOORS[folder], strict=True) if value < floor]
    assert not low, f"{folder}: reached {reached}, floors {FLOORS[folder]}"
