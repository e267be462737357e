"""Backups: whole, of one moment, never in the way of a round, never over another file."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest
from ledger_making import LARGE, NOW, article, claim, contents
from test_ledger_trouble import damage, other_writer

from db import schema
from db.backup import backup
from db.connection import connect, transaction
from db.errors import FileInTheWay, LedgerCorrupt, LedgerError, LedgerFull, LedgerMissing, LedgerReadOnly
from db.ledger import Ledger
from db.verify import verify


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_the_ledger(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert backup(filled, target) == target.stat().st_size > 0
    assert files(tmp_path) & {"copy.db-wal", "copy.db-shm", "copy.db-journal"} == set()
    assert contents(target) == contents(filled)
    assert verify(target) == []
    with Ledger.open(target) as ledger:  # it can take the ledger's place
        ledger.store(article(9), [claim(article(9))], extractor="1", now=NOW)


def test_what_only_the_log_has_is_copied_too(filled: Path, tmp_path: Path) -> None:
    with Ledger.open(filled) as ledger:
        ledger._connection.execute("PRAGMA wal_autocheckpoint = 0")
        ledger.store(article(9), [claim(article(9))], extractor="1", now=NOW)
        backup(filled, tmp_path / "copy.db")
        assert contents(tmp_path / "copy.db") == contents(filled)


def test_a_backup_beside_a_writer_is_of_the_moment_before(filled: Path, tmp_path: Path) -> None:
    before = contents(filled)
    with other_writer(filled):
        backup(filled, tmp_path / "copy.db", wait=0.05)
    assert contents(tmp_path / "copy.db") == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_backups_while_another_process_writes(filled: Path, tmp_path: Path) -> None:
    """Each is whole, and each article in it has its claim."""
    child = os.fork()
    if child == 0:
        try:
            with Ledger.open(filled) as ledger:
                for number in range(100, 100_000):
                    one = article(number)
                    ledger.store(one, [claim(one)], extractor="1", now=NOW)
        finally:
            os._exit(1)
    sizes = []
    try:
        for number in range(10):
            target = tmp_path / f"{number}.db"
            backup(filled, target)
            assert verify(target) == []
            with Ledger.open(target) as copy:
                sizes.append(copy.counts().articles)
                assert copy.counts().claims == sizes[-1]
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_another_file_is_never_replaced_unasked(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    with pytest.raises(FileInTheWay, match=r"there already.*--force"):
        backup(filled, target)
    assert target.read_text() == "mine"
    backup(filled, target, force=True)
    assert contents(target) == contents(filled)


def test_nor_one_that_came_meanwhile(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "copy.db"
    check = backup.__globals__["_check_copy"]

    def slow(*arguments: object) -> None:
        check(*arguments)
        target.write_text("mine")

    monkeypatch.setitem(backup.__globals__, "_check_copy", slow)
    with pytest.raises(FileInTheWay):
        backup(filled, target)
    assert target.read_text() == "mine"
    assert not [name for name in files(tmp_path) if "part" in name]


@pytest.mark.parametrize("force", [False, True])
def test_the_ledger_itself_is_no_place_for_its_copy(filled: Path, tmp_path: Path, force: bool) -> None:
    before = contents(filled)
    other = tmp_path / "link.db"
    other.symlink_to(filled)
    for target in (filled, other):
        with pytest.raises(FileInTheWay, match="the ledger itself"):
            backup(filled, target, force=force)
    assert contents(filled) == before


def test_a_folder_or_a_missing_one(filled: Path, tmp_path: Path) -> None:
    with pytest.raises(FileInTheWay, match="folder"):
        backup(filled, tmp_path, force=True)
    with pytest.raises(LedgerMissing, match="make it first"):
        backup(filled, tmp_path / "no" / "copy.db")


def test_no_ledger_no_backup(path: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing, match="no ledger"):
        backup(path, tmp_path / "copy.db")
    assert files(tmp_path) == set()


def test_a_damaged_ledger_does_not_replace_a_good_backup(filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backup(filled, target)
    good = target.read_bytes()
    damage(filled)
    with pytest.raises(LedgerCorrupt, match=re.escape(filled.name)) as refused:
        backup(filled, target, force=True)
    assert "copy.db is damaged" not in str(refused.value), "it is the ledger that is"
    assert target.read_bytes() == good
    assert files(tmp_path) - {filled.name, f"{filled.name}-wal", f"{filled.name}-shm"} == {"copy.db"}


def test_a_ledger_whose_rows_point_nowhere_is_not_called_a_backup(filled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("DELETE FROM versions WHERE id = 1")
    with pytest.raises(LedgerCorrupt, match=r"was not made: a row of .* points to a row of versions"):
        backup(filled, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("step", [step.name for step in schema.migrations._migrations[1:]])
def test_a_ledger_of_every_earlier_version_can_be_copied_before_it_is_migrated(path: Path, step: str) -> None:
    with closing(connect(path, mode="rwc", wait=1)) as connection, transaction(connection):
        schema.migrate(connection, stop_before=step)
        connection.execute("INSERT INTO sources (name, etag) VALUES ('heise', 'kept')")
    target = path.with_name("copy.db")
    backup(path, target)
    for one in (path, target):
        with Ledger.open(one) as ledger:
            assert ledger.state("heise").etag == "kept"


def test_no_room_for_the_copy(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(filled) as ledger:
        one = article(99, LARGE)
        ledger.store(one, [claim(one)], extractor="1", now=NOW)

    def small(path: Path, *, mode: str, wait: float) -> sqlite3.Connection:
        opened = connect(path, mode=mode, wait=wait)
        opened.execute("PRAGMA max_page_count = 5")
        return opened

    monkeypatch.setitem(backup.__globals__, "connect", small)
    with pytest.raises(LedgerError) as caught:
        backup(filled, tmp_path / "copy.db")
    assert isinstance(caught.value, LedgerFull), caught.value
    assert not [name for name in files(tmp_path) if "copy" in name]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_folder_that_may_not_be_written(filled: Path) -> None:
    """Rights do not bind root, so a child tries it as nobody. pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = Path(shutil.copy(filled, folder / "ledger.db"))
        folder.chmod(0o555)
        child = os.fork()
        if child == 0:
            try:
                if os.getuid() == 0:
                    os.setuid(65534)
                backup(ledger, folder / "copy.db")
            except (LedgerMissing, LedgerReadOnly) as error:
                os._exit(7 if "copy.db" in str(error) and "part" not in str(error) else 8)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        folder.chmod(0o755)
        assert os.waitstatus_to_exitcode(status) == 7
        assert files(folder) == {"ledger.db"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_backup_is_not_called_one(filled: Path, tmp_path: Path) -> None:
    """Killed before every statement and at every moment in between that a statement opens."""
    template = tmp_path / "template.db"
    shutil.copy(filled, template)
    for moment in range(12):
        target = tmp_path / f"{moment}.db"
        child = os.fork()
        if child == 0:
            try:
                backup(template, target)
            finally:
                os._exit(0)
        time.sleep(moment / 400)
        os.kill(child, 9)
        os.waitpid(child, 0)
        assert not target.exists() or verify(target) == []
    assert verify(template) == []
