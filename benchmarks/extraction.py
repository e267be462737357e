"""How fast articles are read and how much it costs to be ready, beside a stock English pipeline.

    python -m benchmarks.extraction [ROUNDS]

One process on one core. Speeds are medians of the rounds with the slowest and fastest in brackets, in process
time; ours and the peer take turns within a round, and ratios are those of the same round. The peer is
spaCy's small English model (`pip install -e '.[bench]'`): its tagger, parser and entities alone stand for the
full parsing that CQE begins with, the whole of it for an ordinary pipeline.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from itertools import chain

from benchmarks.lines import Line
from benchmarks.readiness import readiness


def keep_to_one_core() -> str:
    """Pin this process, and what it starts, to one core and one thread; tells what was done."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ[name] = "1"
    if not hasattr(os, "sched_setaffinity"):
        return "one thread; this system cannot pin a process to a core"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"one thread, pinned to core {core}"


def _speeds(rounds: int) -> Iterator[Line]:
    # Only now: numpy counts cores when it is imported, and a process that starts others should be small, as
    # their peak memory begins with its own.
    from benchmarks.speed import speeds

    yield from speeds(rounds)


def main(arguments: list[str]) -> int:
    """Print the table; 0 where every limit holds, 1 where one is missed, 2 where a figure is missing."""
    rounds = int(arguments[0]) if arguments else 5
    pinned = keep_to_one_core()
    print(f"{pinned}; {rounds} rounds; {platform.machine()}, Python {sys.version.split()[0]}")
    lines = []
    for line in chain(readiness(min(rounds, 3)), _speeds(rounds)):
        print(line.told(), flush=True)
        lines.append(line)
    if any(line.missing for line in lines):
        return 2
    return 1 if any(line.holds is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
