"""One round, one daemon and one sender of mail at a time for one ledger: locks that die with their process.

The lock is the kernel's (`flock`), so a killed round leaves none behind; the file only tells a person
which process holds it and since when. The file stays: removing it would let two processes lock two files
of one name.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from claims.errors import InputError, RoundLocked

# Who asks whether a lock is held has it for an instant (`holder`): nobody shall be turned away for that.
_TRIES = 5
_PAUSE = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a lock, and since when; both None where its note cannot be read."""

    process: int | None
    since: datetime | None


@contextmanager
def round_lock(store: Path) -> Iterator[None]:
    """Holds the lock beside the ledger; raises RoundLocked, naming the other round's process and age."""
    with _held(round_lock_of(store), _held_by):
        yield


@contextmanager
def daemon_lock(store: Path) -> Iterator[None]:
    """Held by a daemon for its life; its rounds take the other one. Raises RoundLocked."""
    with _held(daemon_lock_of(store), _daemon_held_by):
        yield


@contextmanager
def sending_lock(store: Path) -> Iterator[None]:
    """The same for mail: one sender at a time, beside any round."""
    with _held(store.with_name(store.name + ".sending.lock"), _sending_held_by):
        yield


def round_lock_of(store: Path) -> Path:
    """The file that a round locks."""
    return store.with_name(store.name + ".lock")


def daemon_lock_of(store: Path) -> Path:
    """The file that a daemon locks."""
    return store.with_name(store.name + ".daemon.lock")


def holder(lock: Path) -> Holder | None:
    """Who holds the lock of this file; None where nobody does."""
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _noted(os.pread(handle, 200, 0).decode("ascii", "replace"))
    finally:
        os.close(handle)
    return None


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
    for left in reversed(range(_TRIES)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if not left:
                note = os.pread(handle, 200, 0).decode("ascii", "replace")
                raise RoundLocked(told(note)) from None
            time.sleep(_PAUSE)
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode("ascii"), 0)


def _noted(note: str) -> Holder:
    process, _, since = note.strip().partition(" ")
    try:
        begun = datetime.fromisoformat(since)
        return Holder(int(process), begun) if begun.tzinfo else Holder(None, None)
    except ValueError:
        return Holder(None, None)


def _held_by(note: str) -> str:
    return _told(note, "another round", "running", "this one did nothing")


def _sending_held_by(note: str) -> str:
    return _told(note, "another sender of mail", "at work", "this one did nothing")


def _daemon_held_by(note: str) -> str:
    return _told(note, "a daemon", "running for this ledger", "`claims status` tells more")


def _told(note: str, who: str, busy: str, so: str) -> str:
    """Who holds a lock, its process and since when, as far as it could write that down."""
    held = _noted(note)
    if held.since is None:
        return f"{who} is {busy}; {so}"
    age = span(datetime.now(UTC) - held.since)
    return f"{who} (process {held.process}) has been {busy} for {age}; {so}"


def span(age: timedelta) -> str:
    """`3 d 4 h`, `2 h 1 min`, `59 s`: a length of time in its two largest parts."""
    minutes, seconds = divmod(max(0, int(age.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
