"""Every method against a ledger locked, read-only, full, damaged or gone: a clear error, nothing lost."""

from __future__ import annotations

import inspect
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from ledger_making import CHECKING, FUNCTIONS, METHODS, READING, WRITING, contents, fill

from db import errors
from db.connection import VERSION
from db.errors import (
    LedgerCorrupt,
    LedgerError,
    LedgerFull,
    LedgerLocked,
    LedgerMissing,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerTooOld,
)
from db.ledger import Ledger

LOCKING = WRITING | CHECKING
every_function = pytest.mark.parametrize("call", FUNCTIONS.values(), ids=FUNCTIONS)


def names(table: dict[str, Callable[[Ledger], object]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("call", table.values(), ids=table)


@contextmanager
def other_writer(path: Path, *, alone: bool = False) -> Iterator[sqlite3.Connection]:
    """Somebody else in the middle of a transaction; `alone`: who does not even let others read."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if alone:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("UPDATE rounds SET errors = 7")
        yield connection
        connection.execute("ROLLBACK")


def test_the_tables_of_methods_are_complete() -> None:
    public = {name for name, _ in inspect.getmembers(Ledger, inspect.isfunction) if not name.startswith("_")}
    assert public - {"close"} <= set(METHODS), "add the new method to READING or WRITING in ledger_making.py"


@names(METHODS)
def test_every_method_works_where_nothing_is_wrong(filled: Path, call: Callable[[Ledger], object]) -> None:
    with Ledger.open(filled) as ledger:
        call(ledger)
        assert ledger.integrity() == []


@names(LOCKING)
def test_locked_for_writing(filled: Path, call: Callable[[Ledger], object]) -> None:
    before = contents(filled)
    with Ledger.open(filled, wait=0.05) as ledger:
        with other_writer(filled), pytest.raises(LedgerLocked, match="try again"):
            call(ledger)
        assert contents(filled) == before
        call(ledger)


@names(READING)
def test_reading_goes_on_beside_a_writer(filled: Path, call: Callable[[Ledger], object]) -> None:
    with Ledger.open(filled, wait=0.05) as ledger:
        expected = call(ledger)
        with other_writer(filled):
            assert call(ledger) == expected


@every_function
def test_searching_goes_on_beside_a_writer(filled: Path, call: Callable[[Path], object]) -> None:
    expected = call(filled)
    assert expected
    with other_writer(filled):
        assert call(filled) == expected


def test_a_search_beside_a_writer_sees_what_was_committed(filled: Path) -> None:
    with Ledger.open(filled) as ledger:
        WRITING["store"](ledger)
        assert (filled.parent / f"{filled.name}-wal").exists()
        assert len(FUNCTIONS["search"](filled)) == 4  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [lambda path: Ledger.open(path, wait=0.05)], ids=["open"])
def test_opening_what_another_has_for_itself(filled: Path, call: Callable[[Path], object]) -> None:
    with other_writer(filled, alone=True), pytest.raises(LedgerLocked, match="try again"):
        call(filled)


@every_function
def test_searching_what_another_has_for_itself(
    filled: Path, call: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.search.WAIT", 0.05)
    with other_writer(filled, alone=True), pytest.raises(LedgerLocked, match="try again"):
        call(filled)


def test_a_writer_waits_for_another(filled: Path) -> None:
    with other_writer(filled), pytest.raises(LedgerLocked), Ledger.open(filled, wait=0.3) as ledger:
        began = time.monotonic()
        try:
            WRITING["start_round"](ledger)
        finally:
            assert time.monotonic() - began >= 0.25


@names(WRITING)
def test_read_only(filled: Path, call: Callable[[Ledger], object]) -> None:
    before = contents(filled)
    with Ledger.open(filled) as ledger:
        ledger._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(LedgerReadOnly, match="allow writing"):
            call(ledger)
        assert contents(filled) == before
        ledger._connection.execute("PRAGMA query_only = OFF")
        call(ledger)


@names(READING)
def test_reading_what_is_read_only(filled: Path, call: Callable[[Ledger], object]) -> None:
    with Ledger.open(filled) as ledger:
        expected = call(ledger)
        ledger._connection.execute("PRAGMA query_only = ON")
        assert call(ledger) == expected


# Rights do not bind root, so the work is done as nobody; imported before, as nobody may not read our folders.
AS_NOBODY = """
import os, sys
from pathlib import Path
import db.schema
from db.errors import LedgerReadOnly
from db.ledger import Ledger
from db.search import Query, search
from db.stems import stem
from ledger_making import NOW
path = Path(sys.argv[1])
stem("rechner", "de"), stem("rechner", "en")
if os.getuid() == 0:
    os.setuid(65534)
print(len(search(path, Query("rechner"))))
for one in (path, path.parent / "other.db", path.parent / "a" / "b.db"):
    try:
        Ledger.open(one, wait=0.05).start_round(NOW)
    except LedgerReadOnly as error:
        print("read-only:", error)
"""


@pytest.mark.parametrize("searched", [False, True], ids=["untouched", "searched before"])
def test_a_folder_that_may_not_be_written_can_be_searched(searched: bool) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        path = Path(name) / "ledger.db"
        fill(path)
        if searched:  # leaves an empty log and its index behind
            FUNCTIONS["search"](path)
        path.chmod(0o444)
        path.parent.chmod(0o555)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-c", AS_NOBODY, path]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        path.parent.chmod(0o755)
    assert done.returncode == 0, done.stderr
    hits, *refused = done.stdout.splitlines()
    assert hits == "3"
    assert [line.split(":")[0] for line in refused] == ["read-only"] * 3, done.stdout


@names({name: call for name, call in WRITING.items() if name not in {"finish_round", "release"}})
def test_full(filled: Path, call: Callable[[Ledger], object]) -> None:
    with Ledger.open(filled) as ledger:
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerFull, match="free disk space"):
            for _ in range(3000):  # small rows first fill what is left of the last page
                before = contents(filled)
                call(ledger)
        assert contents(filled) == before
        assert ledger.integrity() == []
        ledger._connection.execute("PRAGMA max_page_count = 1000000")
        call(ledger)


def test_a_round_can_be_finished_even_when_full(filled: Path) -> None:
    with Ledger.open(filled) as ledger:
        ledger._connection.execute("PRAGMA max_page_count = 1")  # SQLite takes it as: not a page more
        WRITING["finish_round"](ledger)
        assert ledger.rounds()[0].articles == 1


def damage(path: Path) -> None:
    """Overwrite every table's and index's first page, but not the pages that say which there are."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE rootpage > 0"
        pages = [row[0] for row in connection.execute(query)]
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)


@names({name: call for name, call in (WRITING | READING).items() if name != "schema_version"})
def test_corrupt(filled: Path, call: Callable[[Ledger], object]) -> None:
    damage(filled)
    with Ledger.open(filled) as ledger, pytest.raises(LedgerCorrupt, match="backup"):
        call(ledger)


def test_integrity_of_what_is_corrupt(filled: Path) -> None:
    damage(filled)
    with Ledger.open(filled) as ledger:
        assert any("damaged" in problem for problem in ledger.integrity())


@every_function
def test_searching_what_is_corrupt(filled: Path, call: Callable[[Path], object]) -> None:
    damage(filled)
    with pytest.raises(LedgerCorrupt, match="backup"):
        call(filled)


@pytest.mark.parametrize("column", ["kind", "status", "due_end", "reasons"])
@pytest.mark.parametrize("name", ["search", "search-words", "show"])
def test_searching_rows_that_make_no_sense(filled: Path, name: str, column: str) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute(f"UPDATE claims SET {column} = 'zzz'")  # noqa: S608
    with pytest.raises(LedgerCorrupt, match="makes no sense"):
        FUNCTIONS[name](filled)


@pytest.mark.parametrize("size", [2, 15, 16, 100, 5000])
def test_a_file_that_is_no_database(path: Path, size: int) -> None:
    path.write_bytes(b"not a database! " * (size // 16) + b"x" * (size % 16))
    before = path.read_bytes()
    for call in (Ledger.open, *FUNCTIONS.values()):
        with pytest.raises(LedgerCorrupt, match="not a ledger"):
            call(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    for call in (Ledger.open, *FUNCTIONS.values()):
        with pytest.raises(LedgerCorrupt, match="another program"):
            call(path)
    assert path.read_bytes() == before


def test_a_cut_file(filled: Path) -> None:
    with filled.open("r+b") as file:
        file.truncate(4096 * 2)
    for call in FUNCTIONS.values():
        with pytest.raises(LedgerCorrupt):
            call(filled)


@names(METHODS)
@pytest.mark.parametrize("replaced", [False, True], ids=["gone", "replaced"])
def test_missing(filled: Path, call: Callable[[Ledger], object], replaced: bool) -> None:
    with Ledger.open(filled) as ledger:
        kept = filled.rename(filled.with_suffix(".kept"))
        if replaced:
            fill(filled)
        with pytest.raises(LedgerMissing, match="removed or replaced"):
            call(ledger)
        assert filled.exists() == replaced
        assert kept.exists()


@every_function
@pytest.mark.parametrize("left", ["nothing", "folder", "empty"])
def test_searching_what_is_missing(path: Path, call: Callable[[Path], object], left: str) -> None:
    if left == "folder":
        path.mkdir()
    elif left == "empty":
        path.touch()
    with pytest.raises(LedgerMissing, match="collect something first"):
        call(path)
    assert path.exists() == (left != "nothing")


def test_opening_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerCorrupt, match="folder"):
        Ledger.open(tmp_path)


def test_opening_below_a_file_says_so(path: Path) -> None:
    path.touch()
    with pytest.raises(LedgerReadOnly, match="cannot be made"):
        Ledger.open(path / "sub" / "ledger.db")


def test_opening_makes_the_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "ledger.db"
    with Ledger.open(path) as ledger:
        assert ledger.integrity() == []


@names(METHODS)
def test_a_closed_ledger_says_so(filled: Path, call: Callable[[Ledger], object]) -> None:
    ledger = Ledger.open(filled)
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        call(ledger)


@pytest.mark.parametrize(
    ("version", "kind"), [(VERSION + 1, LedgerTooNew), (2**31 - 1, LedgerTooNew), (3, LedgerTooOld)]
)
@every_function
def test_searching_another_version(
    filled: Path, call: Callable[[Path], object], version: int, kind: type[LedgerError]
) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(kind):
        call(filled)


def test_every_error_has_a_sentence_and_its_own_path(path: Path) -> None:
    with pytest.raises(LedgerMissing) as caught:
        FUNCTIONS["search"](path)
    assert caught.value.path == path
    assert str(path) in str(caught.value)
    tree = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, LedgerError)
    ]
    assert all(kind.__name__ in str(errors.__doc__) for kind in tree)
