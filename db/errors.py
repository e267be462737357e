"""What can go wrong with the ledger, as one tree; each message says what to do.

LedgerError
├── LedgerMissing    no ledger lies at that path
├── LedgerLocked     another process is writing, or was until the waiting time was over
├── LedgerReadOnly   file or folder may not be written
├── LedgerFull       disk, quota or page limit is used up
├── LedgerCorrupt    the file is damaged, or is something else than a ledger
├── LedgerTooNew     written by a later version of this program
├── LedgerTooOld     not yet brought up to date; reading never changes a file
├── RecordRefused    what was handed in cannot be kept as it is
├── BadQuery         a search that means nothing
├── ImportRefused    a file to import that is none, is damaged, or was cut off
└── FileInTheWay     what was to be written is there already
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LedgerError(Exception):
    """Anything the ledger cannot do; `path` is the file in question, or None where none is."""

    def __init__(self, message: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.path = path


class LedgerMissing(LedgerError):
    """No ledger lies at that path."""


class LedgerLocked(LedgerError):
    """Another process kept the ledger for itself longer than we wait."""


class LedgerReadOnly(LedgerError):
    """File or folder may not be written."""


class LedgerFull(LedgerError):
    """Disk, quota or page limit is used up."""


class LedgerCorrupt(LedgerError):
    """The file is damaged, or is something else than a ledger."""


class LedgerTooNew(LedgerError):
    """The file was written by a later version of this program."""


class LedgerTooOld(LedgerError):
    """The file was written by an earlier version and was not opened for writing since."""


class RecordRefused(LedgerError):
    """What was handed in cannot be kept as it is; nothing was changed."""


class BadQuery(LedgerError):
    """A search that means nothing, such as words without a letter or digit."""


class ImportRefused(LedgerError):
    """A file to import is none, is damaged, or was cut off; nothing was imported."""


class FileInTheWay(LedgerError):
    """What was to be written is there already, and is left alone."""


_LOCKED = (LedgerLocked, "{path} is in use by another process: wait until it is done, then try again")
_CORRUPT = (
    LedgerCorrupt,
    "{path} is damaged or not a ledger: move it away and restore a backup, or start a new one",
)
_READ_ONLY = (LedgerReadOnly, "{path} may not be written: allow writing to the file and its folder")
_FULL = (LedgerFull, "no room left for {path}: free disk space; what was kept before is still there")
_CANNOT_OPEN = (LedgerMissing, "{path} cannot be opened: check the path and the rights to its folder")

# Primary result codes of SQLite; extended codes carry them in their lowest byte.
_MEANING: dict[int, tuple[type[LedgerError], str]] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_NOTADB: _CORRUPT,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
}
_OTHER = (LedgerError, "{path} failed: {error}")


def understand(error: sqlite3.Error, path: Path) -> LedgerError:
    """Our error for one of SQLite's. Errors of the `sqlite3` module itself carry no code."""
    code = getattr(error, "sqlite_errorcode", None)
    kind, message = _MEANING.get(code & 0xFF, _OTHER) if isinstance(code, int) else _OTHER
    return kind(message.format(path=path, error=error), path)


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Whatever SQLite raises inside leaves as a LedgerError about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise understand(error, path) from error
    except OverflowError as error:
        raise RecordRefused("a number is too large to keep: hand in a smaller one", path) from error


@contextmanager
def rows_understood(path: Path) -> Iterator[None]:
    """A row that makes no record was damaged, or written by something else."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise LedgerCorrupt(
            f"{path} holds a row that makes no sense ({error}): restore a backup", path
        ) from error
