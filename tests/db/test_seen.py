"""The fields `seen` and `relation`: what a digest's "and 34 more" asks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_making import NOW, article, claim

from db.errors import BadQuery
from db.ledger import Ledger
from db.search import Query, search
from db.seen import first_seen


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Claims 1 to 3, of a day each from 1 March 2025 on; 4 says what 1 says, in a text of the 5th."""
    path = tmp_path_factory.mktemp("seen") / "ledger.db"
    with Ledger.open(path) as ledger:
        for number in (1, 2, 3):
            one = article(number)
            ledger.store(one, [claim(one)], extractor="1", now=NOW + timedelta(days=number - 1))
        edited = article(1, "Acme will bis Ende 2026 genau 1.000 Rechner kaufen. Ein Nachtrag folgte.")
        again, other = claim(edited), replace(claim(edited), subject="Zweite")
        ledger.store(edited, [again, other], extractor="1", now=NOW + timedelta(days=4))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO links (earlier, later, relation, reason, noticed) VALUES (2, 3, 'revision', '', '')"
        )
        connection.commit()
    return path


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-03-01", {4}),  # the edited article's claim is as old as the article
        ("2025-03-02", {2}),
        ("2025-03-05", {5}),
        ("2025-03-02..2025-03-03", {2, 3}),
        ("2025-03", {2, 3, 4, 5}),
        ("..2025-03-02", {2, 4}),
        ("<2025-03-03", {2, 4}),
        ("<=2025-03-03", {2, 3, 4}),
        (">2025-03-02", {3, 5}),
        (">=2025-03-02", {2, 3, 5}),
        (">2025", set()),
    ],
)
def test_seen(shelf: Path, value: str, expected: set[int]) -> None:
    for query in (Query(f"seen:{value}"), Query(seen=value), Query(f"rechner seen:{value}")):
        assert {hit.id for hit in search(shelf, query)} == expected


def test_every_text_counts_from_its_first(shelf: Path) -> None:
    everything = search(shelf, Query("seen:2025-03-01", every_version=True))
    assert {hit.id for hit in everything} == {1, 4}
    found = first_seen(shelf, [1, 2, 4, 5, 99])
    assert {number: (at - NOW).days for number, at in found.items()} == {1: 0, 2: 1, 4: 0, 5: 4}


def test_relation(shelf: Path) -> None:
    for query in (Query("relation:revision"), Query(relation="Revision")):
        assert [hit.id for hit in search(shelf, query)] == [3]
    assert search(shelf, Query("relation:denial")) == []
    assert {hit.id for hit in search(shelf, Query("-relation:revision seen:2025-03"))} == {2, 4, 5}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (Query("relation:revised"), "did you mean 'revision'?"),
        (Query("relation:x"), "known: refinement, revision, contradiction, outcome, denial"),
        (Query("seen:x"), "'x' is no date"),
    ],
)
def test_mistakes(shelf: Path, query: Query, says: str) -> None:
    with pytest.raises(BadQuery) as caught:
        search(shelf, query)
    assert says in str(caught.value)
