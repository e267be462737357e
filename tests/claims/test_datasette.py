"""What Datasette is told of a ledger is true: every table, column and question exists and answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from claims.datasette import QUESTIONS, TABLES, metadata
from db.ledger import Ledger
from extractors.claim import Due

from .conftest import ENGLISH, META, NOW, Run

VALUES = {"days": "", "company": "meta", "words": "H100 chips"}


@pytest.fixture
def demonstration(ledger: Path) -> Iterator[sqlite3.Connection]:
    """Something for every question: a plan to come, one past, one told twice, an article that was changed."""
    soon = replace(META, due=Due(None, datetime.now(UTC).date() + timedelta(days=10)))
    retold = replace(ENGLISH, url="https://example.org/retold", source="serverhalle")
    changed = replace(ENGLISH, text=f"{ENGLISH.text}\n\nUpdated.")
    with Ledger.open(ledger) as opened:
        opened.store(retold, [META, soon], extractor="1", now=NOW)
        opened.store(changed, [META], extractor="1", now=NOW)
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers(demonstration: sqlite3.Connection, name: str) -> None:
    rows = demonstration.execute(QUESTIONS[name]["sql"], VALUES).fetchall()
    assert rows, "the demonstration has an answer to each"
    assert QUESTIONS[name]["title"]
    assert QUESTIONS[name]["description"]


def test_questions_answer_what_they_say(demonstration: sqlite3.Connection) -> None:
    def ask(name: str, **values: str) -> list[tuple[object, ...]]:
        return demonstration.execute(QUESTIONS[name]["sql"], VALUES | values).fetchall()

    assert demonstration.execute("SELECT count(*) FROM all_claims WHERE NOT current").fetchone() == (1,)
    assert demonstration.execute("SELECT count(*) FROM current_claims WHERE NOT current").fetchone() == (0,)
    today = datetime.now(UTC).date()
    assert [row[0] for row in ask("due_soon")] == [(today + timedelta(days=10)).isoformat()]
    assert ask("due_soon", days="5") == []
    assert {row[0] for row in ask("overdue")} == {date(2024, 12, 31).isoformat()}
    assert ask("company", company="") == []
    assert ask("words", words='"') == []
    assert [row[6] for row in ask("several_sources")] == [2]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_exists(demonstration: sqlite3.Connection, name: str) -> None:
    cursor = demonstration.execute(f"SELECT * FROM {name}")  # noqa: S608
    columns = {column[0] for column in cursor.description}
    about = TABLES[name]
    named = {*about.get("facets", ()), *about.get("columns", ())}
    named |= {about[key] for key in ("sort", "sort_desc", "label_column") if key in about}
    assert named <= columns


def test_every_table_of_a_person_s_interest_is_described(demonstration: sqlite3.Connection) -> None:
    query = """SELECT name FROM sqlite_master WHERE type IN ('table', 'view')
               AND name NOT LIKE 'claims~_fts~_%' ESCAPE '~' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"""
    present = {row[0] for row in demonstration.execute(query)}
    views = {row[0] for row in demonstration.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert views <= set(TABLES)
    assert set(TABLES) <= present


def test_rows_lead_to_the_rows_they_belong_to(demonstration: sqlite3.Connection) -> None:
    """Foreign keys are what Datasette makes its links of."""
    for table, parent in (
        ("articles", "sources"),
        ("versions", "articles"),
        ("claims", "versions"),
        ("evidence", "claims"),
        ("addresses", "articles"),
    ):
        keys = demonstration.execute(f"PRAGMA foreign_key_list({table})").fetchall()
        assert parent in {key[2] for key in keys}


def test_the_command_writes_it_for_this_ledger(run: Run, ledger: Path) -> None:
    answer = run("datasette-metadata")
    assert answer.code == 0
    assert json.loads(answer.out) == metadata("claims")
    assert list(metadata("other")["databases"]) == ["other"]
