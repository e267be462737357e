"""A ledger of every released schema opens, is migrated and loses nothing; a later one is refused.

`released/schema-N.db.gz` were made by the programs of their time. Between them stands what the steps leave
when they are cut off at each one, filled by hand.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from killing import killed_before
from ledger_making import NOW, SOURCE, STATE, article, claim

from db import schema
from db.connection import VERSION, connect, transaction
from db.errors import LedgerTooNew
from db.ledger import Ledger
from db.rows import index_columns
from db.search import Query, search
from db.verify import verify

RELEASED = sorted((Path(__file__).parent / "released").glob("*.db.gz"))
STEPS = [step.name for step in schema.migrations._migrations]
Rows = dict[str, list[dict[str, object]]]


def rows_of(path: Path) -> Rows:
    """Every row of every table that we make, by column."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        query = """SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '~_%' ESCAPE '~'
                   AND name NOT LIKE '%~_fts~_%' ESCAPE '~' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"""
        names = [row["name"] for row in connection.execute(query)]
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608
            for name in names
        }


def objects(path: Path) -> set[object]:
    """What there is in the file, and the version it says it has."""
    with closing(sqlite3.connect(path)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        return {*names, connection.execute("PRAGMA user_version").fetchone()[0]}


def check_nothing_lost(before: Rows, path: Path) -> None:
    """Each row is there with every value it had; columns and tables may have come."""
    after = rows_of(path)
    for name, rows in before.items():
        assert [{key: row[key] for key in rows[0]} for row in after[name]] == rows if rows else True, name
    with Ledger.open(path) as ledger:
        assert ledger.schema_version() == VERSION
        assert ledger.integrity() == []
    assert verify(path) == []


@pytest.fixture(params=RELEASED, ids=lambda path: path.name)
def released(request: pytest.FixtureRequest, path: Path) -> Path:
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def test_there_is_one_of_each_release() -> None:
    assert [path.name for path in RELEASED] == ["schema-5.db.gz"], "a release adds its ledger"


def test_a_released_ledger_opens_with_nothing_lost(released: Path) -> None:
    before = rows_of(released)
    assert len(before["claims"]) == 4
    with Ledger.open(released) as ledger:
        assert ledger.state(SOURCE.name) == STATE
        assert ledger.article(2) == article(2)
        one = article(40)
    check_nothing_lost(before, released)
    assert len(search(released, Query("rechner"))) == 3
    assert len(search(released, Query("rechner", every_version=True))) == 4
    with Ledger.open(released) as ledger:
        ledger.store(one, [claim(one)], extractor="1", now=NOW)
    assert len(search(released, Query("rechner"))) == 4


def _migrate(path: Path) -> None:
    Ledger.open(path).close()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_before_every_statement_of_migrating(released: Path, tmp_path: Path) -> None:
    before, points = rows_of(released), 0
    complete = Path(shutil.copy(released, tmp_path / "complete.db"))
    Ledger.open(complete).close()
    allowed = [objects(released), objects(complete)]
    while killed_before(points + 1, _migrate, path := Path(shutil.copy(released, tmp_path / f"{points}.db"))):
        points += 1
        assert objects(path) in allowed, "nobody ever sees half a schema"
        check_nothing_lost(before, path)
    assert points >= VERSION
    check_nothing_lost(before, path)


def fill_by_hand(connection: sqlite3.Connection) -> None:
    """A row of each table that there is, with the columns that it has by then."""
    one = article()
    about = claim(one)
    rows: Rows = {
        "sources": [{"id": 4, "name": "heise", "etag": "kept", "extra": "{}"}],
        "articles": [{"id": 5, "url": one.url, "source_id": 4, "lang": "de", "first_seen": NOW.isoformat()}],
        "addresses": [{"url": one.url, "article_id": 5}],
        "versions": [
            {
                "id": 6,
                "article_id": 5,
                "number": 1,
                "current": 1,
                "digest": one.digest,
                "title": one.title,
                "text": one.text,
                "fetched": NOW.isoformat(),
                "extractor": "1",
            }
        ],
        "claims": [
            {
                "id": 7,
                "version_id": 6,
                "ordinal": 0,
                "kind": "order",
                "subject": "Acme",
                "object": "NVIDIA H100",
                "equivalent": 0,
                "approx": 0,
                "status": "planned",
                "counterparty": "NVIDIA",
                "confidence": 0.5,
                "extractor": "1",
            }
        ],
        "evidence": [
            {"claim_id": 7, "ordinal": 0, "place": "text", "start": 0, "end": len(one.text), "text": one.text}
        ],
        "claims_fts": [{"rowid": 7, **index_columns(about, one.title, "de")}],
        "rounds": [{"id": 8, "started": NOW.isoformat()}],
    }
    for table, listed in rows.items():
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for row in listed if columns else []:
            names = [name for name in row if name in columns | {"rowid"}]
            marks = ", ".join("?" * len(names))
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.execute(
                f"INSERT INTO {table} ({quoted}) VALUES ({marks})",  # noqa: S608
                [row[name] for name in names],
            )


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_cut_off_at_every_step_nothing_is_lost(path: Path, number: int) -> None:
    with closing(connect(path, mode="rwc", wait=1)) as connection, transaction(connection):
        schema.migrate(connection, stop_before=STEPS[number] if number < len(STEPS) else None)
        fill_by_hand(connection)
        assert connection.execute("PRAGMA user_version").fetchone()[0] == number
    if STEPS[number - 1] == "claims":
        pytest.skip("claims without a word index: no program left one, they were released together")
    before = rows_of(path)
    assert all(before.values()) or number > STEPS.index("rounds"), "each table of that time has a row"
    check_nothing_lost(before, path)


def test_a_ledger_of_a_later_program_is_refused_in_a_sentence(released: Path) -> None:
    with closing(sqlite3.connect(released)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = released.read_bytes()
    for open_it in (Ledger.open, lambda path: search(path, Query()), verify):
        with pytest.raises(LedgerTooNew) as caught:
            open_it(released)
        said = str(caught.value)
        assert said == (
            f"{released} has schema {VERSION + 1}, this program knows up to {VERSION}: update the program"
        )
    assert released.read_bytes() == before
