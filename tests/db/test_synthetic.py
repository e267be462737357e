"""The made-up ledger of the benchmarks holds what Ledger.store would have kept."""

from __future__ import annotations

from contextlib import closing
from itertools import groupby
from pathlib import Path

import pytest

from benchmarks.synthetic import NOW, World, articles, build, claims_of
from db.connection import connect
from db.ledger import Ledger
from db.verify import verify

CLAIMS = 120
TABLES = (
    *("sources", "articles", "addresses", "versions", "claims", "evidence", "claims_fts"),
    *("names", "spellings", "stories", "fingerprints", "shingles"),
    *("members", "links", "placed", "blocks", "standings"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "ledger.db"
    build(path, path.with_name("plain.db"), CLAIMS)
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(connect(path, mode="ro", wait=1)) as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_bulk_building_yields_the_rows_that_storing_yields(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "stored.db"
    with Ledger.open(path) as ledger:
        for one, told in articles(World(), CLAIMS):
            ledger.store(one, claims_of(one, told), extractor="1", now=NOW)
    for table in TABLES:
        query = f"SELECT * FROM {table} ORDER BY 1, 2"  # noqa: S608
        assert rows(path, query) == rows(built, query), table
    assert len(rows(path, "SELECT 1 FROM claims")) == CLAIMS


def test_it_is_a_sound_ledger_with_three_articles_for_ten_claims(built: Path) -> None:
    assert verify(built) == []
    assert rows(built, "SELECT count(*) FROM articles") == [(CLAIMS * 3 // 10,)]


def test_its_threads_hold_every_claim_once() -> None:
    told = [each for _, several in articles(World(), 3000) for each in several]
    assert [each.number for each in told] == list(range(1, 3001))
    by_number = {each.number: each for each in told}
    for each in told:
        first, thread = by_number[each.statement], by_number[each.thread]
        assert first.statement == first.number <= each.number
        assert thread.thread == thread.number <= first.number
        assert not each.before or by_number[each.before].thread == each.thread
    tellings = sorted(len(list(same)) for _, same in groupby(sorted(each.statement for each in told)))
    assert tellings[0] == 1 and 20 < tellings[-1] <= 40
    assert {each.relation for each in told} == {"", "same", "revision", "outcome"}


def test_no_article_tells_a_statement_twice() -> None:
    for _, told in articles(World(), 3000):
        assert len({each.statement for each in told}) == len(told)
