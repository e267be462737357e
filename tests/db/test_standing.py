"""A statement's independent sources over both languages, counted as it is stored and found by search."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from db.connection import open_writing, reading
from db.errors import BadQuery
from db.ledger import Ledger
from db.search import Hit, Query, search
from db.standing import Standing, standing, tellings
from tests.told import NOW, Story, article_of, claim_of, file_alike, tell

JANUARY = date(2025, 1, 1)
TEXT = "Acme will 1.000 H100 einsetzen."
STORIES = [
    Story(
        "verge",
        JANUARY,
        "Acme plans 1,000 H100.",
        source="the-verge",
        lang="en",
        url="https://theverge.com/1",
    ),
    Story(
        "heise", date(2025, 1, 2), f"{TEXT} Das berichtet The Verge.", url="https://heise.de/1", same="verge"
    ),
    Story("golem", date(2025, 1, 3), TEXT, source="golem", url="https://golem.de/1", same="verge"),
    Story(
        "again",
        date(2025, 1, 4),
        f"Noch einmal: {TEXT}",
        source="golem",
        url="https://golem.de/2",
        same="golem",
    ),
    Story("lone", date(2025, 2, 1), "Acme will 7 H100 einsetzen.", source="t3n", amount=7),
]


@pytest.fixture
def told(path: Path) -> dict[str, int]:
    return tell(path, STORIES)


def standings(path: Path, *statements: int) -> dict[int, Standing]:
    with reading(path, wait=1.0) as connection:
        return standing(connection, statements)


def test_all_tellings_in_both_languages(path: Path, told: dict[str, int]) -> None:
    first, lone = told["verge"], told["lone"]
    assert standings(path, first, lone, 999) == {
        first: Standing(2, 4, JANUARY, date(2025, 1, 4), "the-verge"),
        lone: Standing(1, 1, date(2025, 2, 1), date(2025, 2, 1), "t3n"),
    }


def test_each_telling_with_the_reason(path: Path, told: dict[str, int]) -> None:
    with reading(path, wait=1.0) as connection:
        found = tellings(connection, told["golem"])
    assert [(one.source, one.lang, str(one.day), one.why) for one in found] == [
        ("the-verge", "en", "2025-01-01", ""),
        ("heise", "de", "2025-01-02", "translates The Verge"),
        ("golem", "de", "2025-01-03", ""),
        ("golem", "de", "2025-01-04", "Golem again"),
    ]
    assert [one.claim_id for one in found] == [told[key] for key in ("verge", "heise", "golem", "again")]


def stored(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT statement, sources, tellings FROM standings").fetchall()


def test_only_statements_of_several_claims_take_a_row(path: Path, told: dict[str, int]) -> None:
    assert stored(path) == [(told["verge"], 2, 4)]


def test_a_change_is_counted_by_readers_at_once_and_stored_by_the_next_writer(
    path: Path, told: dict[str, int]
) -> None:
    first = told["verge"]
    with closing(open_writing(path, wait=1.0)) as connection:
        connection.execute("DELETE FROM members WHERE claim_id = ?", [told["golem"]])
        assert standings(path, first)[first].tellings == 3
        [hit] = search(path, Query("again OR einmal"))
        assert (hit.sources, hit.tellings) == (2, 3)
        assert stored(path) == [(first, None, None)]
    with Ledger.open(path) as ledger:
        ledger.start_round(NOW)
    assert stored(path) == [(first, 2, 3)]


def test_a_statement_that_shrinks_to_one_has_no_row(path: Path, told: dict[str, int]) -> None:
    with closing(open_writing(path, wait=1.0)) as connection:
        for key in ("heise", "golem", "again"):
            connection.execute("UPDATE members SET statement = claim_id WHERE claim_id = ?", [told[key]])
    with Ledger.open(path) as ledger:
        ledger.start_round(NOW)
    assert stored(path) == []
    assert standings(path, told["verge"])[told["verge"]].sources == 1


def test_copies_found_later_are_counted_again(path: Path) -> None:
    """Two texts become one story by a third that both are copies of."""
    words = [f"wort{n}" for n in range(200)]
    halves = (" ".join(words[:110]), " ".join(words[90:]))
    with Ledger.open(path) as ledger:
        for name, text in zip("ab", halves, strict=True):
            one = Story(name, JANUARY, text, source=name)
            ledger.store(article_of(one), [claim_of(one)], extractor="1", now=NOW)
    file_alike(path)
    assert standings(path, 1)[1].sources == 2
    with Ledger.open(path) as ledger:
        whole = Story("c", JANUARY, " ".join(words), source="c")
        ledger.store(article_of(whole), [], extractor="1", now=NOW)
    assert standings(path, 1)[1].sources == 1


def test_claims_of_an_earlier_program_learn_whom_they_come_from(path: Path, told: dict[str, int]) -> None:
    with closing(open_writing(path, wait=1.0)) as connection:
        connection.execute("UPDATE claims SET origins = NULL")
        connection.execute("UPDATE standings SET sources = 9")
    with Ledger.open(path) as ledger:
        ledger.group_stories()
    assert stored(path) == [(told["verge"], 2, 4)]


# Search


def found(path: Path, typed: str, **asked: object) -> list[Hit]:
    return search(path, Query(typed, **asked))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("sources:>1", {"verge", "heise", "golem", "again"}),
        ("sources:2", {"verge", "heise", "golem", "again"}),
        ("sources:>=1", {"verge", "heise", "golem", "again", "lone"}),
        ("sources:1", {"lone"}),
        ("sources:<2", {"lone"}),
        ("sources:2..3 source:golem", {"golem", "again"}),
        ("-sources:>1", {"lone"}),
        ("h100 sources:>2", set()),
        ("sources:>0 lang:en", {"verge"}),
        ("einsetzen sources:..1", {"lone"}),
    ],
)
def test_the_field_sources(path: Path, told: dict[str, int], typed: str, keys: set[str]) -> None:
    assert {hit.id for hit in found(path, typed)} == {told[key] for key in keys}


@pytest.mark.parametrize("typed", ["sources:many", "sources:>1.5", "sources:3..2", "sources:-1"])
def test_no_number_of_sources(path: Path, told: dict[str, int], typed: str) -> None:
    with pytest.raises(BadQuery, match="sources: "):
        found(path, typed)


@pytest.mark.parametrize("typed", ["", "h100", "acme OR einsetzen"])
def test_each_statement_once(path: Path, told: dict[str, int], typed: str) -> None:
    hits = found(path, typed, statements=True)
    assert sorted(hit.statement for hit in hits) == sorted([told["verge"], told["lone"]])
    assert len(found(path, typed, statements=True, limit=1)) == 1
