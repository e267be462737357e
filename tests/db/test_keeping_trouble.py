"""Export, import, backup, verify and retention against a ledger locked, full, read-only, damaged or gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import keeping
import pytest
from keeping import READING, WRITING
from ledger_making import contents
from test_ledger_trouble import damage, other_writer

from db import connection as doors
from db import export
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
from db.verify import verify

Call = Callable[[Path], object]
every_reader = pytest.mark.parametrize("call", READING.values(), ids=READING)
every_writer = pytest.mark.parametrize("call", WRITING.values(), ids=WRITING)
everything = pytest.mark.parametrize("call", (READING | WRITING).values(), ids=READING | WRITING)


@pytest.fixture(autouse=True)
def _impatient(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "WAIT", keeping.WAIT)
    monkeypatch.setattr("db.search.WAIT", keeping.WAIT)
    keeping.lines()


@everything
def test_everything_works_where_nothing_is_wrong(filled: Path, call: Call) -> None:
    call(filled)
    assert verify(filled) == []


@every_writer
def test_writing_while_another_writes(filled: Path, call: Call) -> None:
    before = contents(filled)
    with other_writer(filled), pytest.raises(LedgerLocked, match="try again"):
        call(filled)
    assert contents(filled) == before
    call(filled)


@every_reader
def test_reading_goes_on_beside_a_writer(filled: Path, call: Call) -> None:
    expected = call(filled)
    with other_writer(filled):
        found = call(filled)
    assert found == expected or (isinstance(found, list) and "another process was writing" in found[0].what)


@everything
def test_what_another_has_for_itself(filled: Path, call: Call) -> None:
    with other_writer(filled, alone=True), pytest.raises(LedgerLocked, match="try again"):
        call(filled)


@every_writer
def test_full(filled: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    connect, before = doors.connect, contents(filled)

    def small(*args: object, **kwargs: object) -> sqlite3.Connection:
        opened = connect(*args, **kwargs)  # type: ignore[arg-type]
        opened.execute("PRAGMA max_page_count = 1")  # SQLite takes it as: not a page more
        opened.execute("PRAGMA journal_size_limit = 0")
        return opened

    with monkeypatch.context() as patch:
        patch.setattr(doors, "connect", small)
        if call is WRITING["import"]:
            with pytest.raises(LedgerFull, match="free disk space"):
                call(filled)
            assert contents(filled) == before
        else:
            call(filled)  # these need no more room than there is
    assert verify(filled) == []
    call(filled)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_export_to_a_full_disk_says_so(filled: Path) -> None:
    with pytest.raises(OSError, match="No space left"), Path("/dev/full").open("wb") as file:
        for record in export.records(filled):
            file.write(str(record).encode() * 1000)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@everything
def test_read_only(filled: Path, call: Call) -> None:
    """Readers answer, writers say what to do. Rights do not bind root: a child tries it as nobody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(shutil.copy(filled, folder / "ledger.db"))
        path.chmod(0o444)
        folder.chmod(0o555)
        writes = call in WRITING.values() or call is READING["backup"]
        status = _as_nobody(lambda: call(path), (LedgerReadOnly, LedgerMissing) if writes else ())
        folder.chmod(0o755)
        assert status == (7 if writes else 0)
        assert contents(path) == contents(filled)


def _as_nobody(work: Callable[[], object], expected: tuple[type[LedgerError], ...]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setuid(65534)
            work()
            code = 0
        except expected as error:
            code = 7 if "rights" in str(error) or "allow" in str(error) else 8
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@everything
def test_damaged(filled: Path, call: Call) -> None:
    damage(filled)
    before = filled.read_bytes()
    if call is READING["verify"]:
        assert "damaged" in verify(filled)[0].what
    else:
        with pytest.raises(LedgerCorrupt, match="backup"):
            call(filled)
    assert filled.read_bytes() == before


@everything
@pytest.mark.parametrize("version", [VERSION + 1, 2**31 - 1])
def test_of_a_later_program(filled: Path, call: Call, version: int) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    before = contents(filled)
    with pytest.raises(LedgerTooNew, match="update the program"):
        call(filled)
    assert contents(filled) == before


@pytest.mark.parametrize("call", [call for name, call in READING.items() if name != "backup"])
def test_of_an_earlier_program(filled: Path, call: Call) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(LedgerTooOld, match="bring it up to date"):
        call(filled)


@every_reader
def test_missing(filled: Path, call: Call) -> None:
    filled.unlink()
    with pytest.raises(LedgerMissing, match="collect something first"):
        call(filled)
    assert not filled.exists()


@everything
def test_of_another_program(filled: Path, call: Call) -> None:
    filled.unlink()
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    before = filled.read_bytes()
    if call is READING["verify"]:
        assert "another program" in verify(filled)[0].what
    else:
        with pytest.raises(LedgerCorrupt, match="another program"):
            call(filled)
    assert filled.read_bytes() == before


def test_compacting_changes_no_row(filled: Path) -> None:
    before = contents(filled)
    WRITING["compact"](filled)
    with Ledger.open(filled) as ledger:
        assert ledger.integrity() == []
    assert contents(filled) == before
