"""Export and import: nothing lost, nothing twice, and a bad line changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_making import NOW, SOURCE, STATE, article, claim, contents, fill

from db.errors import BadQuery, ImportRefused
from db.export import records, rows
from db.importing import Imported, import_lines
from db.ledger import Ledger
from db.retention import drop_texts
from db.search import Query, search
from db.verify import verify
from extractors.claim import Evidence, Kind, Place, Quantity, Reason
from scraper.article import FetchState, Source


def exported(path: Path, query: Query | None = None) -> list[bytes]:
    return [json.dumps(record).encode() for record in records(path, query)]


def rich(path: Path) -> None:
    """What an export must carry: changed texts, titles as evidence, odd letters, open ends, no day."""
    fill(path)
    with Ledger.open(path) as ledger:
        changed = article(1, "Acme kauft nun doch 2.000 Rechner.\n\nMehr – „nichts“.")
        ledger.store(
            changed,
            [
                claim(changed, quantity=None, due=None, confidence=1 / 3),
                claim(changed, quantity=Quantity(None, 2e18, "W"), kind=Kind.POWER),
                claim(changed, evidence=(Evidence(0, 7, "Bericht", Place.TITLE),), equivalent=True),
            ],
            extractor="2",
            now=NOW + timedelta(days=1),
        )
        bare = article(7, "Leer \0 und \ud800 nichts.", published=None, source="", authors=(), lang="fr")
        ledger.store(
            bare, [claim(bare, reasons=(Reason("a", "b", "\ud800\n", None),))], extractor="1", now=NOW
        )
        back = article(2, "Ein anderer Text.")
        ledger.store(back, [], extractor="1", now=NOW)
        ledger.store(article(2), [claim(article(2))], extractor="1", now=NOW)  # the first text again


@pytest.fixture
def full(path: Path) -> Path:
    rich(path)
    return path


def test_an_empty_ledger_becomes_the_same_ledger(full: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    lines = exported(full)
    added = import_lines(other, lines)
    assert added == Imported(sources=1, articles=4, versions=6, claims=7, kept=0)
    before, after = contents(full), contents(other)
    for table in ("sources", "articles", "addresses", "evidence", "claims_fts"):
        assert after[table] == before[table], table
    assert exported(other) == lines
    assert verify(other) == []
    assert search(other, Query("rechner", every_version=True)) == search(
        full, Query("rechner", every_version=True)
    )


@pytest.mark.parametrize("into", ["itself", "another"])
def test_a_second_time_adds_nothing(full: Path, tmp_path: Path, into: str) -> None:
    lines = exported(full)
    other = full if into == "itself" else tmp_path / "other.db"
    import_lines(other, lines)
    before = contents(other)
    assert import_lines(other, lines) == Imported()
    assert contents(other) == before


def test_a_ledger_that_has_some_of_it_gets_the_rest(full: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with Ledger.open(other) as ledger:
        # Number 1 stands for another claim here, and must go on doing so.
        own = article(50)
        ledger.store(own, [claim(own)], extractor="1", now=NOW)
        ledger.store(article(2), [], extractor="1", now=NOW)  # its claim is missing
        ledger.store(article(3), [claim(article(3))], extractor="0", now=NOW)  # read by another extractor
    added = import_lines(other, exported(full))
    assert (added.articles, added.versions, added.claims, added.kept) == (2, 4, 6, 1)
    assert verify(other) == []
    ours = {hit.id: hit.url for hit in search(other, Query(limit=100, every_version=True))}
    assert ours[1] == own.url
    theirs = {hit.url for hit in search(full, Query(limit=100, every_version=True))}
    assert set(ours.values()) == theirs | {own.url}
    assert import_lines(other, exported(full)) == Imported(kept=1)


def test_a_number_once_given_never_comes_to_mean_another_claim(full: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with Ledger.open(other) as ledger:
        one = article(1)
        ledger.store(one, [claim(one), claim(one, subject="Bcme")], extractor="0", now=NOW)
        ledger.replace_claims(1, [claim(one)], "1")  # number 2 was given, and is gone
    import_lines(other, exported(full))
    numbers = [hit.id for hit in search(other, Query(limit=100, every_version=True))]
    assert 2 not in numbers
    assert len(numbers) == 7


def test_both_ways_round_the_same_claims_are_found(full: Path, tmp_path: Path) -> None:
    other, both, again = (tmp_path / f"{name}.db" for name in ("other", "both", "again"))
    fill(other, 5)
    for target, order in ((both, (full, other)), (again, (other, full))):
        for part in order:
            import_lines(target, exported(part))
        assert verify(target) == []

    def said(path: Path) -> list[object]:
        hits = search(path, Query(limit=100, every_version=True))
        return sorted(repr((hit.url, hit.claim, hit.current)) for hit in hits)

    assert said(both) == said(again)


@pytest.mark.parametrize("later", ["here", "there"])
def test_the_text_fetched_later_is_the_current_one(path: Path, tmp_path: Path, later: str) -> None:
    other = tmp_path / "other.db"
    for place, name in ((path, "here"), (other, "there")):
        one = article(1, f"Stand {name}.")
        with Ledger.open(place) as ledger:
            ledger.store(one, [], extractor="1", now=NOW + timedelta(hours=name == later))
    import_lines(path, exported(other))
    texts = {version["text"]: version["current"] for version in list(records(path))[2]["versions"]}
    assert texts == {"Stand here.": later == "here", "Stand there.": later == "there"}
    assert import_lines(path, exported(other)) == Imported()


@pytest.mark.parametrize("newer", [True, False])
def test_of_two_memories_of_a_source_the_newer_stays(full: Path, tmp_path: Path, newer: bool) -> None:
    other = tmp_path / "other.db"
    state = FetchState(etag="own", checked=NOW + timedelta(hours=-1 if newer else 1))
    with Ledger.open(other) as ledger:
        ledger.save_state(SOURCE, state)
    import_lines(other, exported(full))
    with Ledger.open(other) as ledger:
        assert ledger.state(SOURCE.name) == (STATE if newer else state)


def test_a_search_exports_whole_articles_and_no_memory_of_feeds(full: Path, tmp_path: Path) -> None:
    with Ledger.open(full) as ledger:
        ledger.save_state(Source("other", "https://example.org/other", "en"), STATE)
    found = list(records(full, Query("1", company="Acme", kind="power")))
    assert [record["type"] for record in found] == ["ledger", "source", "article", "end"]
    assert found[0]["whole"] is False
    assert "state" not in found[1]
    assert len(found[2]["versions"]) == 2, "every text it had, with every claim"
    other = tmp_path / "other.db"
    import_lines(other, [json.dumps(record).encode() for record in found])
    with Ledger.open(other) as ledger:
        assert ledger.state(SOURCE.name) == FetchState(), "or articles not carried would never be fetched"
        assert ledger.integrity() == []
    assert import_lines(other, exported(full)).articles == 3
    with Ledger.open(other) as ledger:
        assert ledger.state(SOURCE.name) == STATE


def test_a_search_that_means_nothing_says_so(full: Path) -> None:
    with pytest.raises(BadQuery, match="letter or digit"):
        exported(full, Query("?!"))


def test_rows_are_what_a_search_finds(full: Path) -> None:
    assert [row["id"] for row in rows(full)] == sorted(hit.id for hit in search(full, Query(limit=100)))
    query = Query("rechner", kind="order", every_version=True)
    assert sorted(hit.id for hit in search(full, replace(query, limit=100))) == [
        row["id"] for row in rows(full, query)
    ]
    assert list(rows(full, Query("rechner", kind="jobs"))) == []


def test_a_dropped_text_is_carried_as_dropped(full: Path, tmp_path: Path) -> None:
    assert drop_texts(full, NOW + timedelta(hours=1), now=NOW).texts == 5
    other = tmp_path / "other.db"
    import_lines(other, exported(full))
    assert exported(other) == exported(full)
    assert verify(other) == []
    with Ledger.open(other) as ledger:  # the digest tells that the text is known
        assert not ledger.store(article(3), [], extractor="1", now=NOW).new_version


def test_an_export_is_one_moment_of_the_ledger(full: Path, tmp_path: Path) -> None:
    reading = records(full)
    lines = [json.dumps(next(reading)).encode()]
    with Ledger.open(full) as ledger:
        ledger.store(article(77), [claim(article(77))], extractor="1", now=NOW)
    lines += [json.dumps(record).encode() for record in reading]
    assert import_lines(tmp_path / "other.db", lines).articles == 4


# Bad lines


def change(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda record: record.update(changes)


def in_version(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda record: record["versions"][0].update(changes)


def in_claim(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda record: record["versions"][0]["claims"][0].update(changes)


BAD: dict[str, Callable[[dict[str, Any]], None]] = {
    "there are no records of type 'thread'": change(type="thread"),
    "url: should be a text, not": change(url=7),
    "url: should not be empty": change(url=""),
    "addresses: should be texts": change(addresses=[1]),
    "first_seen: 'yesterday' is no instant": change(first_seen="yesterday"),
    "first_seen: '2025-03-01T12:00:00' is no instant with a zone": change(first_seen="2025-03-01T12:00:00"),
    "versions: should be a list": change(versions={}),
    "versions: exactly one": change(versions=[]),
    "versions: exactly one of": in_version(current=False),
    "versions[0]: should be an object": change(versions=[3]),
    "versions[0]: text: should be a text": in_version(text=None),
    "versions[0]: digest: is not that of": in_version(digest="00"),
    "versions[0]: text: should be empty": in_version(text_dropped="2025-03-01T12:00:00+00:00"),
    "versions[0]: authors: should be texts": in_version(authors=[[]]),
    "versions[0]: published: zone: 'Mars' is no time zone": in_version(
        published={
            "at": "2025-03-01T12:00:00+00:00",
            "original": "",
            "precision": "day",
            "origin": "meta",
            "zone": "Mars",
        }
    ),
    "versions[0]: claims[0]: 'rumour' is not a valid Kind": in_claim(kind="rumour"),
    "versions[0]: claims[0]: id: should be a number from 1": in_claim(id=0),
    "versions[0]: claims[0]: quantity: should be two": in_claim(quantity=[1]),
    "versions[0]: claims[0]: quantity: should be numbers": in_claim(quantity=["1", None]),
    "versions[0]: claims[0]: quantity: is too large": in_claim(quantity=[10**400, None]),
    "versions[0]: claims[0]: low 2": in_claim(quantity=[2, 1]),
    "versions[0]: claims[0]: due: month must be": in_claim(due=["2025-13-01", None]),
    "versions[0]: claims[0]: a due needs": in_claim(due=[None, None]),
    "versions[0]: claims[0]: confidence: should be": in_claim(confidence=True),
    "versions[0]: claims[0]: evidence: should be as many": in_claim(evidence=[]),
    "versions[0]: claims[0]: 'Etwas anderes' does not stand": in_claim(evidence=["Etwas anderes"]),
    "versions[0]: claims[0]: reasons[0]: should be field": in_claim(reasons=[["kind"]]),
    "versions[0]: claims[0]: inf is no number": in_claim(confidence=float("inf")),
}


@pytest.mark.parametrize("complaint", BAD)
def test_a_bad_line_is_named_and_nothing_is_kept(filled: Path, tmp_path: Path, complaint: str) -> None:
    lines = exported(filled)
    record = json.loads(lines[4])
    BAD[complaint](record)
    lines[4] = json.dumps(record).encode()
    other = tmp_path / "other.db"
    fill(other, 1)
    before = contents(other)
    with pytest.raises(ImportRefused) as caught:
        import_lines(other, lines)
    assert str(caught.value).startswith(f"line 5: {complaint}")
    assert contents(other) == before


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"\xff\xfe", "no.* text in UTF-8|not text in UTF-8"),
        (b"{", "no JSON"),
        (b"", "no JSON"),
        (b"[]", "object in braces"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"type": "source", "name": ""}', "name: should not be empty"),
        (b'{"type": "source", "name": "a", "state": {"failures": "x"}}', "failures: should be a number"),
        (
            b'{"type": "source", "name": "a", "state": {"failures": 1, "extra": []}}',
            "extra: should be an obj",
        ),
        (b'{"type": "ledger", "format": 1}', "no export of claims"),
        (b"{}", "no records of type None"),
    ],
)
def test_a_line_that_is_no_record(filled: Path, tmp_path: Path, line: bytes, complaint: str) -> None:
    lines = exported(filled)
    with pytest.raises(ImportRefused, match=f"^line 2: .*({complaint})"):
        import_lines(tmp_path / "other.db", [lines[0], line, *lines[2:]])
    assert contents(tmp_path / "other.db")["articles"] == []


@pytest.mark.parametrize("lines", [0, 1, 2, 4])
def test_a_file_that_was_cut_off_is_not_kept(filled: Path, tmp_path: Path, lines: int) -> None:
    with pytest.raises(ImportRefused, match=f"cut off after line {lines}"):
        import_lines(tmp_path / "other.db", exported(filled)[:lines])
    assert contents(tmp_path / "other.db")["articles"] == []


def test_lines_missing_in_between_are_noticed(filled: Path, tmp_path: Path) -> None:
    lines = exported(filled)
    with pytest.raises(
        ImportRefused, match="line 5: the export had 3 articles, here are 2: lines are missing"
    ):
        import_lines(tmp_path / "other.db", [*lines[:3], *lines[4:]])


def test_two_files_in_one_are_noticed(filled: Path, tmp_path: Path) -> None:
    lines = exported(filled)
    with pytest.raises(ImportRefused, match=r"line 7: .*two files in one"):
        import_lines(tmp_path / "other.db", lines * 2)


def test_what_a_later_program_exported_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"line 1: this is format 2, .*update the program"):
        import_lines(tmp_path / "other.db", [b'{"type": "ledger", "format": 2}'])


_LINES: dict[str, list[bytes]] = {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_export_is_refused_or_makes_a_whole_ledger(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    if not _LINES:
        rich(folder / "rich.db")
        _LINES["rich"] = exported(folder / "rich.db")
    lines = list(_LINES["rich"])
    number = data.draw(st.integers(0, len(lines) - 1))
    record = json.loads(lines[number])
    _damage(record, data)
    lines[number] = json.dumps(record).encode()
    try:
        import_lines(folder / "other.db", lines)
    except ImportRefused as error:
        assert f"line {number + 1}" in str(error) or "line 7" in str(error) or "line 2" in str(error)
        assert contents(folder / "other.db")["articles"] == []
    else:
        assert verify(folder / "other.db") == []


def _damage(record: Any, data: st.DataObject) -> None:
    """Another value somewhere in the record."""
    node = record
    while True:
        keys: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 3)):
            node = node[key]
            continue
        odd = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
        node[key] = data.draw(odd | st.lists(odd, max_size=2))
        return


def test_numbers_keep_their_exact_value(path: Path, tmp_path: Path) -> None:
    values = [1 / 3, 1e300, 2.0**60, 0.1 + 0.2, 5e-324]
    one = article(1)
    with Ledger.open(path) as ledger:
        claims = [claim(one, quantity=Quantity(value, None, "W")) for value in values]
        ledger.store(one, claims, extractor="1", now=NOW)
    import_lines(tmp_path / "other.db", exported(path))
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        found = connection.execute("SELECT low FROM claims ORDER BY ordinal").fetchall()
    assert [value for (value,) in found] == values
