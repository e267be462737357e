from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from ledger_making import METHODS, NOW, SOURCE, STATE, article, claim, contents, fill

from db import schema
from db.connection import APPLICATION, VERSION, connect, open_writing, transaction
from db.errors import LedgerTooNew
from db.ledger import Ledger
from db.search import Query, search

STEPS = [step.name for step in schema.migrations._migrations]


def test_the_version_is_the_number_of_steps() -> None:
    assert len(STEPS) == VERSION, "a new step in schema.py needs VERSION in connection.py one higher"
    released = ["sources", "articles", "claims", "full_text", "rounds", "stories", "readings", "quarantine"]
    released += ["paywalls", "segments", "findings", "kept_text", "views", "threads", "shingle_days"]
    released += ["digest_runs", "outbox", "alerts", "standings", "lean_writing"]
    released += ["whose_claim_was_ruled"]
    assert released == STEPS, "released steps stay"


def test_a_new_file_says_whose_it_is(ledger: Ledger, path: Path) -> None:
    assert ledger.schema_version() == VERSION
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        done = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
    assert [name for (name,) in done] == STEPS


def test_the_writer_holds_to_foreign_keys(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        ledger._connection.execute("INSERT INTO evidence VALUES (7, 0, 'text', 0, 1, 'x')")


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_file_of_every_earlier_version_is_brought_up_to_date(path: Path, step: str) -> None:
    with closing(connect(path, mode="rwc", wait=1)) as connection, transaction(connection):
        schema.migrate(connection, stop_before=step)
        connection.execute("INSERT INTO sources (name, etag) VALUES ('heise', 'kept')")
    with Ledger.open(path) as ledger:
        assert ledger.schema_version() == VERSION
        assert ledger.state("heise").etag == "kept"
        one = article()
        ledger.store(one, [claim(one)], extractor="1", now=NOW)
        assert ledger.integrity() == []
    assert len(search(path, Query("rechner"))) == 1


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = schema.migrations._migrations

    def fail(db: object) -> None:
        raise RuntimeError("half way")

    broken = [*steps[:3], type(steps[0])("broken", fail), *steps[3:]]
    with monkeypatch.context() as patch:
        patch.setattr(schema.migrations, "_migrations", broken)
        with pytest.raises(RuntimeError, match="half way"):
            Ledger.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    fill(path)
    assert len(search(path, Query())) == 3


@pytest.mark.parametrize("version", [VERSION + 1, 2**31 - 1])
def test_a_file_of_a_later_program_is_refused_and_left_alone(filled: Path, version: int) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    before = contents(filled)
    with pytest.raises(LedgerTooNew, match="update the program"):
        Ledger.open(filled)
    assert contents(filled) == before


def test_opening_a_ledger_up_to_date_writes_nothing(filled: Path) -> None:
    before = filled.read_bytes()
    with Ledger.open(filled) as ledger:
        for name in ("state", "known", "counts", "integrity", "sources"):
            METHODS[name](ledger)
    assert filled.read_bytes() == before


OPEN_AND_STORE = """
import sys
from pathlib import Path
from db.ledger import Ledger
from ledger_making import NOW, SOURCE, STATE, article, claim
with Ledger.open(Path(sys.argv[1]), wait=30) as ledger:
    for number in range(5):
        one = article(number)
        ledger.store(one, [claim(one)], extractor="1", now=NOW)
    ledger.save_state(SOURCE, STATE)
"""


def test_processes_that_start_together_share_one_new_ledger(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", OPEN_AND_STORE, path]
    started = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(4)]
    for process in started:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
    with Ledger.open(path) as ledger:
        assert (ledger.counts().articles, ledger.counts().claims) == (5, 5)
        assert ledger.integrity() == []
        assert ledger.state(SOURCE.name) == STATE


def test_an_unprepared_connection_is_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def remember(*args: object, **kwargs: object) -> sqlite3.Connection:
        opened.append(connect(*args, **kwargs))  # type: ignore[arg-type]
        return opened[-1]

    monkeypatch.setattr("db.connection.connect", remember)
    path.write_bytes(b"something else" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        open_writing(path, wait=0)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
