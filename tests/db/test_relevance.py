"""How well words fit claims: names before text, rare before common."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from db.match import Term, expression
from db.relevance import Leaf, Names, relevance

COMMON, RARE = "gpu", "quarvex"
ROWS: dict[int, tuple[str, str]] = {
    1: ("Quarvex", "a gpu of Quarvex"),
    2: ("Meta", "Quarvex sells a gpu"),
    3: ("Meta", "a gpu"),
    4: ("GPU Alliance", "a gpu"),
}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        columns = "subject, object, counterparty, evidence, title, de, en"
        connection.execute(f"CREATE VIRTUAL TABLE claims_fts USING fts5 ({columns})")
        insert = "INSERT INTO claims_fts (rowid, subject, evidence) VALUES (?, ?, ?)"
        connection.executemany(insert, [(number, *row) for number, row in ROWS.items()])
        yield connection


def leaf(word: str, *, must: bool = True, prefix: bool = False) -> Leaf:
    return Leaf(Term((word,), literal=True, prefix=prefix), None, must)


def weighed(connection: sqlite3.Connection, *leaves: Leaf, among: tuple[int, ...]) -> dict[int, float]:
    joined = " AND " if all(one.must for one in leaves) else " OR "
    match = f"({joined.join(expression(one.term) for one in leaves)})"
    named: dict[int, Names] = {number: (ROWS[number][0], None, None) for number in among}
    return relevance(connection, match, leaves, named)


def test_a_name_weighs_more_than_the_text(connection: sqlite3.Connection) -> None:
    assert weighed(connection, leaf(RARE), among=(1, 2)) == {1: 5.0, 2: 1.0}


def test_a_beginning_is_found_in_a_name(connection: sqlite3.Connection) -> None:
    assert weighed(connection, leaf("quar", prefix=True), among=(1, 2)) == {1: 5.0, 2: 1.0}
    assert weighed(connection, leaf("arvex", prefix=True), among=(1, 2)) == {1: 1.0, 2: 1.0}


def test_of_two_words_the_rarer_one_weighs_more(connection: sqlite3.Connection) -> None:
    found = weighed(connection, leaf(RARE, must=False), leaf(COMMON, must=False), among=(1, 2, 3, 4))
    assert found[1] > found[4] > found[2] > found[3]


def test_words_that_need_not_be_there_add_nothing_where_they_are_not(connection: sqlite3.Connection) -> None:
    either = weighed(connection, leaf(RARE, must=False), leaf("absent", must=False), among=(1, 2))
    assert either[2] > 0
    assert weighed(connection, leaf("absent", must=False), leaf(COMMON, must=False), among=(3,))[3] > 0


def test_a_counterparty_weighs_less_than_the_party(connection: sqlite3.Connection) -> None:
    named: dict[int, Names] = {
        1: ("Quarvex", None, None),
        2: ("Meta", None, "Quarvex AG"),
        3: ("Meta", None, None),
    }
    found = relevance(connection, "quarvex", [leaf(RARE)], named)
    assert found == {1: 5.0, 2: 3.0, 3: 1.0}


def test_a_word_for_one_column_is_not_sought_in_names(connection: sqlite3.Connection) -> None:
    asked = Leaf(Term((RARE,), literal=True, prefix=False), "text", must=True)
    assert relevance(connection, "quarvex", [asked], {1: ("Quarvex", None, None)}) == {1: 1.0}


def test_nothing_to_weigh_is_weighed(connection: sqlite3.Connection) -> None:
    assert relevance(connection, "quarvex", [leaf(RARE)], {}) == {}
