"""Splitting and joining by hand: it counts before every rule, and outlives new readings and groupings."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from test_threads import EARLIER, NOW, SAYINGS, numbers, rows, store, told

from db.errors import RecordRefused
from db.ledger import Ledger
from db.rulings import Verb, decide, undo
from db.timeline import timeline
from db.verify import regroup, verify

PLAN, AGAIN, RAISED, OTHER = SAYINGS[0], SAYINGS[1], SAYINGS[4], SAYINGS[7]


@pytest.fixture
def three(path: Path) -> Path:
    """Claims 1 and 2 say the same, 3 revises them, 4 is about other goods."""
    days = (date(2025, 6, 1), date(2025, 6, 2), date(2025, 8, 1), date(2025, 8, 2))
    with Ledger.open(path) as ledger:
        store(
            ledger,
            [
                told(n, day, said)
                for n, (day, said) in enumerate(zip(days, (PLAN, AGAIN, RAISED, OTHER), strict=True), 1)
            ],
            now=EARLIER,
        )
    assert numbers(path, "thread") == {1: 1, 2: 1, 3: 1, 4: 4}
    return path


def test_what_was_split_stays_apart(three: Path) -> None:
    decided = decide(three, Verb.SPLIT, [2], now=NOW)
    assert decided.threads == (2,)
    assert numbers(three, "thread") == {1: 1, 2: 2, 3: 1, 4: 4}
    assert verify(three) == []


def test_what_was_joined_is_together(three: Path) -> None:
    decide(three, Verb.JOIN, [3, 4], now=NOW)
    assert numbers(three, "thread") == dict.fromkeys((1, 2, 3, 4), 1)
    assert numbers(three, "statement")[4] == 4
    assert rows(three, "SELECT earlier, relation FROM links WHERE later = 4") == [(3, "joined")]
    decide(three, Verb.SAME, [3, 4], now=NOW)
    assert numbers(three, "statement") == {1: 1, 2: 1, 3: 3, 4: 3}
    assert verify(three) == []


def test_decisions_are_taken_back_in_turn(three: Path) -> None:
    before = numbers(three, "thread"), numbers(three, "statement")
    decide(three, Verb.SPLIT, [2], now=NOW)
    decide(three, Verb.JOIN, [2, 4], now=NOW)
    assert [taken.verb for taken in (undo(three, now=NOW), undo(three, now=NOW)) if taken] == [
        "join",
        "split",
    ]
    assert undo(three, now=NOW) is None
    assert (numbers(three, "thread"), numbers(three, "statement")) == before


def test_decisions_outlive_a_new_reading_and_a_new_grouping(three: Path) -> None:
    decide(three, Verb.SPLIT, [2], now=NOW)
    decide(three, Verb.JOIN, [2, 4], now=NOW)
    with Ledger.open(three) as ledger:
        for version in ledger.versions():
            # Another kind in between, so that no claim keeps its number.
            ledger.replace_claims(version.id, [], "2", now=NOW)
            ledger.replace_claims(version.id, version.claims, "3", now=NOW)
    assert sorted(numbers(three, "thread").items()) == [(5, 5), (6, 6), (7, 5), (8, 6)]
    regroup(three, now=NOW)
    assert sorted(numbers(three, "thread").items()) == [(5, 5), (6, 6), (7, 5), (8, 6)]
    assert verify(three) == []


def test_a_new_telling_does_not_bring_together_what_was_split(three: Path) -> None:
    decide(three, Verb.SPLIT, [3], now=NOW)
    with Ledger.open(three) as ledger:
        store(ledger, [told(9, date(2025, 8, 3), RAISED)])
    found = numbers(three, "thread")
    assert found[1] != found[3]


@pytest.mark.parametrize(
    ("verb", "claims", "message"),
    [
        (Verb.SPLIT, [4], "nothing else is in their thread"),
        (Verb.SPLIT, [99], "there is no claim 99"),
        (Verb.JOIN, [1, 2], "one thread already"),
        (Verb.SAME, [1, 2], "one statement already"),
    ],
)
def test_what_would_change_nothing_is_refused(
    three: Path, verb: Verb, claims: list[int], message: str
) -> None:
    with pytest.raises(RecordRefused, match=message):
        decide(three, verb, claims, now=NOW)
    assert rows(three, "SELECT count(*) FROM rulings") == [(0,)]


def test_a_thread_is_told_in_order(three: Path) -> None:
    told_of = [(entry.hit.id, entry.statement, entry.relation, entry.earlier) for entry in timeline(three, 2)]
    assert told_of == [(1, 1, None, None), (2, 1, "same", 1), (3, 3, "revision", 1)]
    assert timeline(three, 99) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE members SET statement = 2 WHERE claim_id = 2",
        "UPDATE members SET thread = 3 WHERE claim_id = 3",
        "DELETE FROM members WHERE claim_id = 1",
        "DELETE FROM links",
        "DELETE FROM placed WHERE claim_id = 2",
        "INSERT INTO links VALUES (1, 4, 'revision', '', '')",
    ],
)
def test_verifying_finds_damaged_threads_and_regrouping_mends_them(three: Path, damage: str) -> None:
    before = rows(three, "SELECT * FROM links ORDER BY 1, 2")
    with closing(sqlite3.connect(three)) as connection, connection:
        connection.execute(damage)
    assert any("--regroup" in finding.todo for finding in verify(three))
    regroup(three, now=NOW)
    assert verify(three) == []
    if "links" not in damage:
        assert rows(three, "SELECT * FROM links ORDER BY 1, 2") == before
