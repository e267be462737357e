"""Every sort of damage is found, said in a sentence, and comes with what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_making import NOW, article, claim, contents
from test_ledger_trouble import damage, other_writer

from db.errors import LedgerMissing, LedgerTooNew, LedgerTooOld
from db.ledger import Ledger
from db.retention import drop_texts
from db.search import Query, search
from db.verify import reindex, verify


def alter(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_whole_ledger_has_nothing_wrong(filled: Path) -> None:
    before = filled.read_bytes()
    assert verify(filled) == []
    assert filled.read_bytes() == before


BROKEN = {
    "a row of claims points to a row of versions that is not there": "DELETE FROM versions WHERE id = 1",
    "a row of articles points to a row of sources": "DELETE FROM sources",
    "1 articles have no current text": "UPDATE versions SET current = 0 WHERE id = 2",
    "1 articles are not known by their own address": "DELETE FROM addresses WHERE url LIKE '%/1'",
    "1 claims have no evidence": "DELETE FROM evidence WHERE claim_id = 2",
    "3 evidence sentences do not stand in their article": 'UPDATE evidence SET "start" = "start" + 1',
    "1 evidence sentences do not": "UPDATE evidence SET text = 'Acme' WHERE claim_id = 3",
    "1 texts are not the ones that were stored": "UPDATE versions SET text = text || ' Nein.' WHERE id = 1",
    "1 claims cannot be found by their words": "DELETE FROM claims_fts WHERE rowid = 1",
    "1 entries of the word index belong to no claim": "INSERT INTO claims_fts (rowid, de) VALUES (9, 'x')",
    "1 claims are found by other words": "UPDATE claims SET subject = 'Bcme' WHERE id = 1",
    "the index claims_due is missing": "DROP INDEX claims_due",
    "the view current_claims is missing": "DROP VIEW current_claims",
    "the table rounds is not as this program makes it": "ALTER TABLE rounds ADD COLUMN mood TEXT",
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_what_is_broken_is_found(filled: Path, sentence: str) -> None:
    alter(filled, BROKEN[sentence])
    found = [finding for finding in verify(filled) if finding.what.startswith(sentence)]
    assert len(found) == 1, verify(filled)
    assert len(found[0].todo) > 20


def test_places_are_named(filled: Path) -> None:
    alter(filled, "DELETE FROM evidence WHERE claim_id = 2")
    assert verify(filled)[0].places == ("claim 2",)


def test_no_more_than_three_places(filled: Path) -> None:
    with Ledger.open(filled) as ledger:
        ledger.store(article(4), [claim(article(4))], extractor="1", now=NOW)
    alter(filled, "DELETE FROM evidence")
    finding = verify(filled)[0]
    assert finding.what == "4 claims have no evidence"
    assert len(finding.places) == 3


def test_a_damaged_file_is_said_to_be_one(filled: Path) -> None:
    damage(filled)
    findings = verify(filled)
    assert findings
    assert all("backup" in finding.todo for finding in findings)


def test_a_cut_file_and_one_that_is_none(filled: Path) -> None:
    with filled.open("r+b") as file:
        file.truncate(4096 * 3)
    assert "damaged" in verify(filled)[0].what
    filled.write_bytes(b"nonsense " * 1000)
    assert "not a ledger" in verify(filled)[0].what


@pytest.mark.parametrize("sentence", [sentence for sentence in BROKEN if "word" in sentence])
def test_the_word_index_can_be_made_anew(filled: Path, sentence: str) -> None:
    alter(filled, BROKEN[sentence])
    assert any("--reindex" in finding.todo for finding in verify(filled))
    assert reindex(filled) == 3
    # A claim that says something else now may belong to another thread, too: that is told apart.
    assert [finding for finding in verify(filled) if "--regroup" not in finding.todo] == []
    assert len(search(filled, Query("rechner"))) == 3


def test_an_index_damaged_inside_is_found_and_mended(filled: Path) -> None:
    alter(filled, "DELETE FROM claims_fts_data WHERE id > 10")
    found = verify(filled)
    assert found
    reindex(filled)
    assert verify(filled) == []


def test_reindexing_changes_nothing_else(filled: Path) -> None:
    before = contents(filled)
    reindex(filled)
    assert contents(filled) == before


def test_dropped_texts_are_not_missed(filled: Path) -> None:
    drop_texts(filled, NOW + timedelta(days=1), now=NOW)
    assert verify(filled) == []
    alter(filled, "UPDATE evidence SET place = 'title'")
    assert "evidence sentences" in verify(filled)[0].what, (
        "of a title that is kept they still must stand there"
    )


def test_beside_a_writer_everything_but_the_index_is_checked(filled: Path) -> None:
    with other_writer(filled):
        findings = verify(filled, wait=0.05)
        assert [finding.what.split(":")[0] for finding in findings] == [
            "the word index could not be looked into"
        ]
        assert "no round" in findings[0].todo
    alter(filled, "DELETE FROM evidence")
    with other_writer(filled):
        assert verify(filled, wait=0.05)[0].what == "3 claims have no evidence"


def test_where_nothing_can_be_said(filled: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        verify(tmp_path / "none.db")
    alter(filled, "PRAGMA user_version = 1")
    with pytest.raises(LedgerTooOld, match="run a round"):
        verify(filled)
    alter(filled, "PRAGMA user_version = 999")
    with pytest.raises(LedgerTooNew, match="update the program"):
        verify(filled)
