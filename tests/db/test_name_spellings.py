"""Names, their spellings, and what a search of an older ledger finds after it was brought up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ledger_making import NOW, article, claim, fill

from db import names, schema
from db.connection import connect, transaction
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Quantity
from scraper.article import Instant
from tests.told import file_alike


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_a_name_is_stored_once_with_its_spellings(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in range(3):
            one = article(number)
            ledger.store(one, [claim(one, subject="Meta", counterparty=None)], extractor="1", now=NOW)
    assert set(rows(path, "SELECT role, name, spelled FROM names")) == {
        ("company", "Meta", 1), ("product", "NVIDIA H100", 1), ("speaker", "Jo Doe", 1),
    }  # fmt: skip
    spelled = rows(path, "SELECT words FROM spellings JOIN names ON names.id = name_id WHERE name = 'Meta'")
    assert {("meta",), ("meta platforms",), ("facebook inc",)} <= set(spelled)


def test_a_changed_catalogue_spells_every_name_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)
    assert search(path, Query(company="Umbrella")) == []
    monkeypatch.setattr("db.names._aliases", lambda role, name: ("Umbrella",) if name == "Acme" else ())
    with Ledger.open(path) as ledger:
        ledger.store(article(8), [claim(article(8))], extractor="1", now=NOW)
        assert search(path, Query(company="Umbrella")) == []
        monkeypatch.setattr("db.names._fingerprint", lambda: "another")
        ledger.store(article(9), [claim(article(9))], extractor="1", now=NOW)
    assert len(search(path, Query(company="Umbrella"))) == 5
    assert rows(path, "SELECT * FROM catalogue") == [("another",)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("MI300", "AX"), ("mi300x", "X"), ("Instinct MI300", "AX"), ("MI3", ""), ("MI30", ""), ("MI300X9", "9"),
     ("Instinct", "AX9L"), ("mi300large", "L")],
)  # fmt: skip
def test_a_family_is_found_by_its_beginning(path: Path, typed: str, found: str) -> None:
    kinds = {"A": "AMD Instinct MI300A", "X": "AMD Instinct MI300X", "9": "AMD Instinct MI300X9",
             "L": "AMD Instinct MI300Large"}  # fmt: skip
    with Ledger.open(path) as ledger:
        one = article()
        made = [claim(one, object=name) for name in kinds.values()]
        ledger.store(one, made, extractor="1", now=NOW)
    objects = {hit.claim.object for hit in search(path, Query(product=typed))}
    assert objects == {kinds[letter] for letter in found}


def test_an_earlier_ledger_is_found_by_names_and_days_as_well(path: Path) -> None:
    """What was stored before the step has a day, is current or not, and has its names."""
    with closing(connect(path, mode="rwc", wait=1)) as connection, transaction(connection):
        schema.migrate(connection, stop_before="findings")
        connection.execute("INSERT INTO articles VALUES (1, 'https://www.example.org/1', NULL, 'en', '2024')")
        version = "INSERT INTO versions (id, article_id, number, current, digest, title, text, published_day,"
        for number, current in ((1, 0), (2, 1)):
            connection.execute(
                f"{version} fetched, extractor) VALUES (?, 1, ?, ?, ?, '', 'x', '2024-01-18', '2025', '1')",
                [number, number, current, str(number)],
            )
            connection.execute(
                """INSERT INTO claims (version_id, ordinal, kind, subject, object, equivalent, approx, status,
                                       confidence, extractor)
                   VALUES (?, 0, 'order', 'Meta', 'AMD Instinct MI300X', 0, 0, 'planned', 1.0, '1')""",
                [number],
            )
    Ledger.open(path).close()
    asked = Query(company="facebook", product="MI300", published="2024-01")
    assert [hit.version for hit in search(path, asked)] == [2]
    assert len(search(path, replace(asked, every_version=True))) == 2


def test_a_claim_follows_its_version(path: Path) -> None:
    """Whoever changes a version's day or currency need not know of claims."""
    fill(path, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE versions SET published_day = '2020-02-03'")
    assert len(search(path, Query(published="2020"))) == 1
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE versions SET current = 0")
    assert search(path, Query()) == []


def test_sources_are_articles_that_say_the_same_now(path: Path) -> None:
    with Ledger.open(path) as ledger:
        for number in (1, 2, 3):
            one = article(number, source=f"paper {number}")
            other = claim(one, quantity=Quantity(5, 5, "units"))
            ledger.store(one, [claim(one), claim(one, speaker=None), other], extractor="1", now=NOW)
        changed = article(3, "Acme will genau 7 Rechner kaufen.", source="paper 3")
        ledger.store(changed, [claim(changed, due=None)], extractor="1", now=NOW)
    file_alike(path)
    said = {(hit.claim.quantity and hit.claim.quantity.low, hit.claim.due is None): hit.sources
            for hit in search(path, Query(limit=100))}  # fmt: skip
    assert said == {(1000.0, False): 2, (5.0, False): 2, (1000.0, True): 1}


def test_what_many_tell_comes_first(path: Path) -> None:
    """Of equal matches the one of three articles, though another one is a little newer."""
    with Ledger.open(path) as ledger:
        for number, subject in enumerate(["Lone", "Many", "Many", "Many"]):
            day = date(2025, 1, 10) - timedelta(days=number)
            one = article(
                number,
                f"{subject} will Rechner kaufen.",
                title="",
                published=Instant.of_day(day),
                source=f"paper {number}",
            )
            ledger.store(
                one, [claim(one, subject=subject)], extractor="1", now=datetime(2025, 1, 11, tzinfo=UTC)
            )
    file_alike(path)
    found = search(path, Query("rechner"))
    assert [(hit.claim.subject, hit.sources) for hit in found] == [("Many", 3)] * 3 + [("Lone", 1)]


def test_names_without_claims_are_not_proposed(path: Path) -> None:
    with Ledger.open(path) as ledger:
        one = article()
        ledger.store(one, [claim(one, subject="Umbrella", counterparty=None)], extractor="1", now=NOW)
        ledger.replace_claims(1, [claim(one, subject="Acme", counterparty=None)], "2")
    with closing(connect(path, mode="ro", wait=1)) as connection:
        assert names.like(connection, names.COMPANY, "Umbrela") == []
        assert names.like(connection, names.COMPANY, "Acne") == ["Acme"]
