"""A copy of the whole ledger while others write to it: SQLite's own online backup, then a look at the copy.

The copy is made under another name and takes its own only when it is whole and checked: whatever happens
meanwhile, a file that is called a backup is one. It is one moment of the ledger, in one file without a log.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db.check import damage, dangling
from db.connection import connect, reading
from db.errors import (
    FileInTheWay,
    LedgerCorrupt,
    LedgerMissing,
    LedgerReadOnly,
    understand,
    understood,
)

_TABLES = ("sources", "articles", "versions", "claims", "evidence")


def backup(path: Path, target: Path, *, force: bool = False, wait: float = 10.0) -> int:
    """Copy the ledger to `target`; returns the copy's size in bytes.

    `force`: replace a file that is there. Raises FileInTheWay and other kinds of LedgerError, about the one
    file or the other.
    """
    _check_target(path, target, force=force)
    with _unfinished(target) as part:
        with reading(path, wait=wait, older=True) as source:
            counts = _counts(source)
            with understood(target), closing(connect(part, mode="rwc", wait=wait)) as copy:
                # All pages in one step: a log lets writers go on meanwhile, and none of theirs gets in.
                with _of_the_source(path):
                    source.backup(copy)
                # A copy lies alone: it must not need a log beside it, nor a folder that may be written.
                copy.execute("PRAGMA journal_mode = DELETE")
                _check_copy(copy, counts, target)
        _settle(part, target, force=force)
    return target.stat().st_size


@contextmanager
def _of_the_source(path: Path) -> Iterator[None]:
    """What is damaged while pages are copied is the ledger: the copy is new."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(found := understand(error, path), LedgerCorrupt):
            raise found from error
        raise


def _check_target(path: Path, target: Path, *, force: bool) -> None:
    if target.exists() and path.exists() and target.samefile(path):
        raise FileInTheWay(f"{target} is the ledger itself: name another file", target)
    if target.is_dir():
        raise FileInTheWay(f"{target} is a folder: name a file in it", target)
    if target.exists() and not force:
        raise FileInTheWay(f"{target} is there already: name another file, or say --force", target)
    if not target.parent.is_dir():
        raise LedgerMissing(f"there is no folder {target.parent}: make it first", target)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A name beside the target for what is not whole yet; nothing is left under it."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        yield part
    except OSError as error:
        raise LedgerReadOnly(f"{target} cannot be written: {error.strerror}", target) from error
    finally:
        for left in (part, part.with_name(part.name + "-journal"), part.with_name(part.name + "-wal")):
            left.unlink(missing_ok=True)


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows the tables have; a ledger of an early version lacks some."""
    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        name: int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608
        for name in _TABLES
        if name in present
    }


def _check_copy(copy: sqlite3.Connection, counts: dict[str, int], target: Path) -> None:
    wrong = damage(copy) or dangling(copy)
    if wrong:
        raise LedgerCorrupt(
            f"the ledger is not whole, so {target} was not made: {wrong[0].what}; {wrong[0].todo}", target
        )
    if _counts(copy) != counts:
        raise LedgerCorrupt(f"the copy differs from the ledger, so {target} was not made: try again", target)


def _settle(part: Path, target: Path, *, force: bool) -> None:
    """Give the copy its name, once it is on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    if force:
        part.replace(target)
        return
    try:
        # Unlike renaming, linking never replaces what another process put there a moment ago.
        os.link(part, target)
    except FileExistsError as error:
        raise FileInTheWay(f"{target} is there already: name another file, or say --force", target) from error
    except OSError:
        part.rename(target)  # a file system without links
