"""What a round asks of Python's memory: to look through it seldom, and to give back what nobody needs."""

from __future__ import annotations

import ctypes
import gc

# Objects that may come between two looks of Python's collector; its own 700 are made for small programs.
_BETWEEN_LOOKS = 20_000


def collect_seldom() -> None:
    """Have Python look for circles of objects less often.

    The catalogue, the models and what a ledger remembers live on, and each look at all of them costs time:
    a sixteenth of adding articles to 100,000 claims (`python -m benchmarks.search --collect-often`).
    """
    gc.set_threshold(_BETWEEN_LOOKS, 20, 20)


def give_back() -> None:
    """Collect what Python no longer needs, and have the C library return its free pages, where it can.

    glibc keeps them for each thread that ever allocated; other C libraries know no such call.
    """
    gc.collect()
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return
    trim(0)
