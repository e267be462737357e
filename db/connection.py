"""The two doors to the file: one to write, one to read; both know whose file it is.

Standard library only: searching must start at once.
"""

from __future__ import annotations

import fcntl
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from db.errors import (
    LedgerCorrupt,
    LedgerLocked,
    LedgerMissing,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerTooOld,
    rows_understood,
    understood,
)

# "clms" in ASCII: marks the file as ours, so that we never write into another program's database.
APPLICATION = 0x636C6D73
# The number of migrations in db/schema.py, which a test holds equal: readers must not load sqlite-utils.
VERSION = 21


def connect(
    path: Path, *, mode: str, wait: float, immutable: bool = False, shared: bool = False
) -> sqlite3.Connection:
    """A bare connection, transactions in our own hands. `mode`: SQLite's ro, rw or rwc; `wait`: seconds.

    `shared`: several threads use it, one at a time, which is for them to see to.
    """
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}{'&immutable=1' if immutable else ''}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=wait, isolation_level=None, check_same_thread=not shared
    )
    connection.row_factory = sqlite3.Row
    return connection


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """The number behind a pragma."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever made in this database."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return tables == 0 and pragma(connection, "application_id") == 0


def check_identity(connection: sqlite3.Connection, path: Path) -> None:
    """The file must be a ledger, and none of a later program. Raises LedgerCorrupt, LedgerTooNew."""
    if pragma(connection, "application_id") != APPLICATION:
        raise LedgerCorrupt(f"{path} is a database of another program: name another file", path)
    version = pragma(connection, "user_version")
    if version > VERSION:
        raise LedgerTooNew(
            f"{path} has schema {version}, this program knows up to {VERSION}: update the program", path
        )


@contextmanager
def reading(path: Path, *, wait: float, older: bool = False) -> Iterator[sqlite3.Connection]:
    """A read-only look at the ledger: one unchanging state of it, beside any writer. Raises LedgerError.

    `older`: also one that was not brought up to date yet.
    """
    if not path.is_file():
        raise LedgerMissing(f"there is no ledger at {path}: collect something first, or name its path", path)
    with understood(path), rows_understood(path), closing(_open_reading(path, wait)) as connection:
        connection.execute("BEGIN")
        if is_blank(connection):
            raise LedgerMissing(f"{path} is still empty: collect something first", path)
        check_identity(connection, path)
        if pragma(connection, "user_version") < VERSION and not older:
            raise LedgerTooOld(
                f"{path} is of an earlier version: run a round once to bring it up to date", path
            )
        yield connection


def _open_reading(path: Path, wait: float) -> sqlite3.Connection:
    """Where nothing can be written SQLite cannot make the log's index; but then nobody else writes."""
    connection = connect(path, mode="ro", wait=wait)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException as error:
        connection.close()
        if not _cannot_write(error) or _has_log(path):
            raise
        return connect(path, mode="ro", wait=wait, immutable=True)
    return connection


def _has_log(path: Path) -> bool:
    """Whether a writer left what is not in the file itself yet. Readers leave an empty log."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _cannot_write(error: BaseException) -> bool:
    codes = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in codes


def open_writing(path: Path, *, wait: float) -> sqlite3.Connection:
    """The writer's connection, schema up to date; file and folders are made where they are missing."""
    _make_room(path)
    try:
        return _prepared(connect(path, mode="rwc", wait=wait), path, wait)
    except sqlite3.OperationalError as error:
        if not _cannot_open(error):
            raise
        raise LedgerReadOnly(
            f"{path} cannot be opened for writing: check the rights to its folder", path
        ) from error


def _cannot_open(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN


def _prepared(connection: sqlite3.Connection, path: Path, wait: float) -> sqlite3.Connection:
    try:
        _prepare(connection, path, wait)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_room(path: Path) -> None:
    if path.is_dir():
        raise LedgerCorrupt(f"{path} is a folder, the ledger is a file: name a file in it", path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerReadOnly(f"the folder of {path} cannot be made: {error.strerror}", path) from error


def _prepare(connection: sqlite3.Connection, path: Path, wait: float) -> None:
    if not is_blank(connection):
        check_identity(connection, path)
    _keep_log(connection, path, wait)
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL, not NORMAL: what a round reported as kept must outlive a power cut as well. See `synced_as`.
    connection.execute(_FULL)
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    if pragma(connection, "user_version") < VERSION:
        _migrate(connection, path)


def _keep_log(connection: sqlite3.Connection, path: Path, wait: float) -> None:
    """Turn write-ahead logging on. SQLite itself does not wait when two processes do so at the same time."""
    deadline = time.monotonic() + wait
    while str(connection.execute("PRAGMA journal_mode").fetchone()[0]) != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() >= deadline:
                raise LedgerLocked(f"{path} is in use by another process: try again later", path) from error
            time.sleep(0.02)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """All missing steps in one transaction: nobody ever sees half a schema."""
    from db.names import spell  # noqa: PLC0415  only writing needs it
    from db.schema import migrate  # noqa: PLC0415  sqlite-utils takes 0.4 s to import, a ledger up to date needs none

    with transaction(connection):
        if not is_blank(connection):
            check_identity(connection, path)
        migrate(connection)
        spell(connection)


_FULL = "PRAGMA synchronous = FULL"
# Pages of 4 KB in the log before they are brought into the file. An article touches some fifty, mostly those
# of the one before: SQLite's own 1000 write and sync them more often, and a tenth fewer articles a second are
# kept. A log of 16 MB is read as fast as the file.
_LOG_PAGES = 4000


@contextmanager
def synced_as(connection: sqlite3.Connection, synced: bool) -> Iterator[None]:
    """Whether transactions inside wait for the disk; without, the last ones may be lost in a power cut."""
    if synced:
        yield
        return
    connection.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        connection.execute(_FULL)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. The lock is taken at once: a transaction that reads first cannot wait for it later."""
    _begin(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection) -> None:
    """Take the writer's lock, within the connection's wait.

    SQLite looks again every tenth of a second and keeps no queue: beside writers that never pause, whose lock
    is free for a moment between two transactions, that may wait in vain. So one after the other looks often.
    """
    wait = pragma(connection, "busy_timeout")
    ends = time.monotonic() + wait / 1000
    with _turn(connection, ends):
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not _begun(connection, last=time.monotonic() >= ends):
                _pause()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {wait}")


def _pause() -> None:
    time.sleep(random.uniform(0, 0.002))  # noqa: S311  seconds; by chance, so that two do not keep meeting


def _begun(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def _turn(connection: sqlite3.Connection, ends: float) -> Iterator[None]:
    """Being the one who looks: a lock on the ledger's folder, which whoever has just written must get anew.

    Where there is none to be had, as on some network disks, everyone looks for himself.
    """
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    try:
        handle = os.open(Path(file).parent, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        while not _locked(handle) and time.monotonic() < ends:
            _pause()
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
