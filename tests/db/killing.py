"""A child that kills itself between two statements of SQLite."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

from db import connection as doors


def killed_before(statement: int, work: Callable[[Path], None], path: Path) -> bool:
    """Do the work in a child that kills itself before its n-th statement; False where it has fewer."""
    child = os.fork()
    if child == 0:
        try:
            _trace(statement)
            work(path)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), "the child failed by itself"
    return status != 0


def _trace(statement: int) -> None:
    left, connect = statement, doors.connect

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(*arguments: object, **settings: object) -> sqlite3.Connection:
        opened = connect(*arguments, **settings)  # type: ignore[arg-type]
        opened.set_trace_callback(count)
        return opened

    doors.connect = traced
