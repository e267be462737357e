"""Old texts go; claims, sentences and what tells that an article is known stay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from ledger_making import LARGE, NOW, article, claim, contents

from db.errors import RecordRefused
from db.ledger import Ledger
from db.retention import Dropped, compact, drop_texts, droppable
from db.search import Query, search, show
from db.verify import verify

DAY = timedelta(days=1)


@pytest.fixture
def aged(path: Path) -> Path:
    """A text of the day before, changed today; another one of today."""
    with Ledger.open(path) as ledger:
        for one, now in (
            (article(1, "Acme kauft 5 Rechner, so heißt es."), NOW - DAY),
            (article(1), NOW),
            (article(2), NOW),
        ):
            ledger.store(one, [claim(one)], extractor="1", now=now)
    return path


def test_only_old_texts_are_dropped(aged: Path) -> None:
    before = contents(aged)
    assert droppable(aged, NOW) == Dropped(1, 34)
    assert contents(aged) == before, "asking changes nothing"
    assert drop_texts(aged, NOW, now=NOW) == Dropped(1, 34)
    after = contents(aged)
    assert {name for name in before if before[name] != after[name]} == {"versions"}
    assert verify(aged) == []
    assert drop_texts(aged, NOW, now=NOW) == Dropped(0, 0)


def test_claims_are_searched_and_shown_as_before(aged: Path) -> None:
    before = search(aged, Query("rechner", every_version=True))
    drop_texts(aged, NOW + DAY, now=NOW)
    assert search(aged, Query("rechner", every_version=True)) == before
    shown = show(aged, 1)
    assert shown is not None
    assert shown.article_text == ""
    assert shown.hit.claim.evidence[0].text == "Acme kauft 5 Rechner, so heißt es."


def test_the_same_text_is_still_known(aged: Path) -> None:
    drop_texts(aged, NOW + DAY, now=NOW)
    with Ledger.open(aged) as ledger:
        stored = ledger.store(article(1), [], extractor="2", now=NOW)
        assert not stored.new_version
        assert ledger.integrity() == []


def test_it_cannot_be_read_again_and_loses_no_claims(aged: Path) -> None:
    drop_texts(aged, NOW, now=NOW)
    before = contents(aged)
    with Ledger.open(aged) as ledger:
        assert ledger.outdated("2") == [3, 2]
        with pytest.raises(RecordRefused, match="was dropped on 2025-03-01"):
            ledger.article(1)
        with pytest.raises(RecordRefused, match="cannot be read again"):
            ledger.replace_claims(1, [], "2")
    assert contents(aged) == before


def test_a_text_put_back_is_a_text_again(aged: Path) -> None:
    drop_texts(aged, NOW, now=NOW)
    with Ledger.open(aged) as ledger:
        one = article(1, "Acme kauft 5 Rechner, so heißt es.")
        ledger._connection.execute("UPDATE versions SET text = ? WHERE id = 1", [one.text])
        assert ledger.article(1) == one


def test_what_is_dropped_is_not_in_the_file(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.store(article(1, f"Geheimnis {LARGE}"), [], extractor="1", now=NOW)
    assert b"Geheimnis" in path.read_bytes()
    drop_texts(path, NOW + DAY, now=NOW)
    assert b"Geheimnis" not in path.read_bytes()
    log = path.with_name(f"{path.name}-wal")
    assert not log.exists() or b"Geheimnis" not in log.read_bytes()


def test_the_disk_gets_its_room_back(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.store(article(1, LARGE), [], extractor="1", now=NOW)
    drop_texts(path, NOW + DAY, now=NOW)
    size = path.stat().st_size
    assert compact(path) > 50_000
    assert path.stat().st_size < size - 50_000
    assert verify(path) == []


def test_many_are_dropped_some_at_a_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(path) as ledger:
        for number in range(450):
            ledger.store(article(number), [], extractor="1", now=NOW)
    assert drop_texts(path, NOW + DAY, now=NOW).texts == 450
    assert droppable(path, NOW + DAY) == Dropped(0, 0)
