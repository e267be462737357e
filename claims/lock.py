"""One round at a time for one ledger, and one sender of mail: an advisory lock that dies with its process.

The lock is the kernel's (`flock`), so a killed round leaves none behind; the file only tells a person
which process holds it and since when. The file stays: removing it would let two processes lock two files
of one name.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from claims.errors import InputError, RoundLocked


@contextmanager
def round_lock(store: Path) -> Iterator[None]:
    """Holds the lock beside the ledger; raises RoundLocked, naming the other round's process and age."""
    with _held(store.with_name(store.name + ".lock"), _held_by):
        yield


@contextmanager
def sending_lock(store: Path) -> Iterator[None]:
    """The same for mail: one sender at a time, beside any round."""
    with _held(store.with_name(store.name + ".sending.lock"), _sending_held_by):
        yield


@contextmanager
def _held(path: Path, told: Callable[[str], str]) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise InputError(f"cannot lock the ledger: {path}: {error.strerror}") from error
    try:
        _take(handle, told)
        yield
    finally:
        os.close(handle)


def _take(handle: int, told: Callable[[str], str]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RoundLocked(told(os.pread(handle, 200, 0).decode("ascii", "replace"))) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode("ascii"), 0)


def _held_by(note: str) -> str:
    process, _, since = note.strip().partition(" ")
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(since)
    except (ValueError, TypeError):
        return "another round is running; this one did nothing"
    return f"another round (process {process}) has been running for {_span(age)}; this one did nothing"


def _sending_held_by(note: str) -> str:
    said = _held_by(note).replace("another round", "another sender of mail")
    return said.replace("running", "at work")


def _span(age: timedelta) -> str:
    minutes, seconds = divmod(max(0, int(age.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
