"""Splitting and joining by hand: it counts before every rule, and outlives new readings and groupings."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from test_threads import EARLIER, NOW, SAYINGS, numbers, rows, store, told, units

from db.errors import ImportRefused, RecordRefused
from db.export import records
from db.importing import import_lines
from db.ledger import Ledger
from db.rulings import Verb, decide, undo
from db.search import Query
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


def test_sources_are_counted_anew_with_each_decision(three: Path) -> None:
    """Else a search for `sources:>2` finds nothing of them until the next round."""
    counted = "SELECT statement, tellings FROM standings WHERE sources IS NOT NULL OR tellings IS NULL"
    assert rows(three, counted) == [(1, 2)]
    regroup(three, now=NOW)
    assert rows(three, counted) == [(1, 2)]
    decide(three, Verb.SPLIT, [2], now=NOW)
    assert rows(three, counted) == []
    undo(three, now=NOW)
    assert rows(three, counted) == [(1, 2)]


def exported(path: Path) -> list[bytes]:
    return [json.dumps(record).encode() for record in records(path)]


def decide_much(path: Path) -> list[bytes]:
    """Split 2 off, join it with 4; the export before."""
    before = exported(path)
    decide(path, Verb.SPLIT, [2], now=NOW)
    decide(path, Verb.JOIN, [2, 4], now=NOW)
    return before


def test_decisions_come_along_with_an_export(three: Path, tmp_path: Path) -> None:
    decide_much(three)
    other = tmp_path / "other.db"
    assert import_lines(other, exported(three)).rulings == 2
    for column in ("thread", "statement"):
        assert numbers(other, column) == numbers(three, column)
    assert exported(other) == exported(three)
    assert verify(other) == []
    undone = undo(other, now=NOW)
    assert undone is not None and (undone.verb, undone.claims) == (Verb.JOIN, (2, 4))


def test_decisions_reach_a_ledger_that_has_the_articles(three: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    import_lines(other, decide_much(three))
    assert numbers(other, "thread") != numbers(three, "thread")
    added = import_lines(other, exported(three))
    assert (added.articles, added.rulings) == (0, 2)
    assert numbers(other, "thread") == numbers(three, "thread")
    assert import_lines(other, exported(three)).rulings == 0, "a second time adds nothing"
    assert verify(other) == []


def test_an_export_of_some_articles_has_only_decisions_about_them(three: Path) -> None:
    decide(three, Verb.SPLIT, [2], now=NOW)
    found = [record["type"] for record in records(three, Query())]
    assert "ruling" in found
    one = [record["type"] for record in records(three, Query(minimum=50_000))]
    assert one.count("article") < 4 and "ruling" not in one


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"verb": "mend"}, "verb"),
        ({"made": "yesterday"}, "made"),
        ({"claims": []}, "side 0"),
        ({"claims": [{"side": 0}]}, "claims: kind: is missing"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    three: Path, tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    decide(three, Verb.SPLIT, [2], now=NOW)
    lines = [
        json.dumps(record | wrong if record["type"] == "ruling" else record).encode()
        for record in records(three)
    ]
    with pytest.raises(ImportRefused, match=said):
        import_lines(tmp_path / "other.db", lines)
    lost = [line for line in exported(three) if b'"ruling"' not in line]
    with pytest.raises(ImportRefused, match="rulings"):
        import_lines(tmp_path / "other.db", lost)


def test_a_ruling_finds_its_claim_among_others_of_one_sentence(path: Path, tmp_path: Path) -> None:
    """One amount of two parties in one sentence: the split is about the second."""
    both = "Southwind and Northwind will each have 40,000 H100s by the end of 2026."
    with Ledger.open(path) as ledger:
        store(
            ledger,
            [
                told(1, date(2025, 6, 1), PLAN),
                told(2, date(2025, 6, 2), (both, {"subject": "Southwind"}), (both, {})),
            ],
        )
    assert numbers(path, "thread") == {1: 1, 2: 2, 3: 1}
    decide(path, Verb.SPLIT, [3], now=NOW)
    other = tmp_path / "other.db"
    import_lines(other, exported(path))
    with Ledger.open(path) as ledger:
        for version in ledger.versions():
            ledger.replace_claims(version.id, [], "2", now=NOW)
            ledger.replace_claims(version.id, version.claims, "3", now=NOW)
    assert sorted(numbers(path, "thread").values()) == [4, 5, 6]
    assert numbers(other, "thread") == {1: 1, 2: 2, 3: 3}


def test_an_export_of_an_earlier_program_still_names_its_claims(three: Path, tmp_path: Path) -> None:
    decide(three, Verb.SPLIT, [2], now=NOW)
    earlier = []
    for line in exported(three):
        record = json.loads(line)
        for claim in record["claims"] if record["type"] == "ruling" else ():
            del claim["subject"], claim["object"]
        earlier.append(json.dumps(record).encode())
    other = tmp_path / "other.db"
    import_lines(other, earlier)
    assert numbers(other, "thread") == numbers(three, "thread")
    assert import_lines(other, exported(three)).rulings == 0, "it is the same ruling"


EQUIVALENTS = "Counting others in, Northwind will have 60,000 H100 equivalents by the end of 2026."


def test_what_was_split_is_not_brought_together_by_way_of_others(path: Path) -> None:
    """A later article raises the plan that was split off, and repeats the other count of the one it left."""
    equivalents = {"equivalent": True, **units(60_000.0, approx=True)}
    with Ledger.open(path) as ledger:
        store(
            ledger,
            [
                told(1, date(2025, 6, 1), PLAN, (EQUIVALENTS, equivalents)),
                told(2, date(2025, 6, 2), AGAIN),
            ],
        )
    assert numbers(path, "thread") == {1: 1, 2: 1, 3: 1}
    decide(path, Verb.SPLIT, [3], now=NOW)
    assert numbers(path, "thread") == {1: 1, 2: 1, 3: 3}
    with Ledger.open(path) as ledger:
        store(ledger, [told(3, date(2025, 8, 1), RAISED, (EQUIVALENTS, equivalents))])
    threads = numbers(path, "thread")
    assert threads[1] != threads[3]
    assert verify(path) == []
    before = threads
    regroup(path, now=NOW)
    assert numbers(path, "thread") == before


@pytest.mark.parametrize("damage", ["UPDATE standings SET sources = 77", "DELETE FROM standings"])
def test_verifying_finds_wrong_counts_of_sources(three: Path, damage: str) -> None:
    with closing(sqlite3.connect(three)) as connection, connection:
        connection.execute(damage)
    assert [finding.what for finding in verify(three)] == [
        "1 of 1 statements looked at have other sources than is noted"
    ]
    regroup(three, now=NOW)
    assert verify(three) == []
