"""Gives back to the system what a round needed at its height, so that a daemon does not keep it for hours."""

from __future__ import annotations

import ctypes
import gc


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
