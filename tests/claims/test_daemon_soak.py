"""The short form of `python -m benchmarks.daemon_soak`: eight rounds over a few of the hostile hosts."""

from __future__ import annotations

import pytest

from benchmarks.daemon_soak import soak


@pytest.mark.soak
def test_everything_is_done_and_nothing_leaks() -> None:
    found = soak(minutes=0.2, cases=4, stub=True, rounds=8)
    # Memory needs longer to settle than this takes: the long form looks at it.
    assert [line for line in found if not line.startswith("memory")] == []
