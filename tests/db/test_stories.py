"""Stories: copies are joined whatever comes first, the earliest leads, and nothing is lost by it."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_making import NOW, article, claim

from db import stories
from db.connection import open_writing, reading, transaction
from db.export import records
from db.importing import import_lines
from db.ledger import Ledger
from db.standing import tellings
from db.stories import place, story_of
from scraper.article import Article, Instant, Origin, Precision
from tests.told import file_alike

WORDS = [f"wort{n}" for n in range(300)]


def prose(seed: int, words: int = 80) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))  # noqa: S311


AGENCY = prose(1, 120)


def told(number: int, text: str, *, source: str, hours: float = 0, **changes: object) -> Article:
    """An article of a source, so many hours after the first."""
    at = Instant(NOW + timedelta(hours=hours), "", Precision.MINUTE, Origin.JSON_LD)
    return article(number, text, **{"source": source, "published": at, **changes})


def store(ledger: Ledger, articles: Iterable[Article]) -> None:
    for one in articles:
        ledger.store(one, [claim(one)], extractor="1", now=one.published.at + timedelta(hours=1))  # type: ignore[union-attr]


def groups(path: Path) -> set[tuple[str, frozenset[str]]]:
    """Each story's lead and members, by address."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            """SELECT lead.url, articles.url FROM stories JOIN articles ON articles.id = article_id
               JOIN articles AS lead ON lead.id = lead_id"""
        ).fetchall()
    leads = {lead for lead, _ in rows}
    return {(lead, frozenset(url for of, url in rows if of == lead)) for lead in leads}


def sources(path: Path) -> int:
    """How many independent ones tell what the first claim says, which all others say too."""
    file_alike(path)
    with reading(path, wait=1.0) as connection:
        return sum(not told.why for told in tellings(connection, 1))


def url(number: int) -> str:
    return f"https://www.example.org/{number}"


def test_copies_are_one_story_and_the_earliest_leads(path: Path) -> None:
    copies = [
        told(1, f"BERLIN (dpa) - {AGENCY}", source="heise", hours=2),
        told(2, f"{AGENCY} {prose(2, 30)}", source="golem", hours=1),
        told(3, " ".join(AGENCY.split()[:60]), source="t3n", hours=30),
        told(4, prose(4), source="other"),
    ]
    with Ledger.open(path) as ledger:
        store(ledger, copies)
        assert ledger.counts().articles == 4
        assert ledger.integrity() == []
    assert groups(path) == {(url(2), frozenset({url(1), url(2), url(3)}))}
    places = story_of(path, 1)
    assert [(place.source, place.lead) for place in places] == [
        ("golem", True),
        ("heise", False),
        ("t3n", False),
    ]
    assert places[1].agencies == {"dpa"}
    assert story_of(path, 4) == []
    assert sources(path) == 2


def test_texts_of_one_agency_are_not_independent_though_they_differ(path: Path) -> None:
    with Ledger.open(path) as ledger:
        store(ledger, [told(n, f"BERLIN (dpa) - {prose(n)}", source=f"s{n}") for n in (1, 2)])
        store(ledger, [told(3, prose(3), source="s3")])
    assert groups(path) == set()
    assert sources(path) == 2


def test_only_within_the_window(path: Path) -> None:
    with Ledger.open(path) as ledger:
        store(
            ledger,
            [told(n, AGENCY, source=f"s{n}", hours=hours) for n, hours in ((1, 0), (2, 200), (3, 290))],
        )
    assert groups(path) == {(url(2), frozenset({url(2), url(3)}))}


def test_whoever_names_the_minute_comes_before_a_whole_day(path: Path) -> None:
    day = Instant(NOW.replace(hour=0), "", Precision.DAY, Origin.META)
    with Ledger.open(path) as ledger:
        store(ledger, [told(1, AGENCY, source="a", published=day), told(2, AGENCY, source="b", hours=3)])
        assert ledger.counts().articles == 2
    # The first was fetched at one in the morning, so its day's end is not when it was told.
    assert groups(path) == {(url(1), frozenset({url(1), url(2)}))}
    late = told(3, AGENCY, source="c", published=day)
    with Ledger.open(path) as ledger:
        ledger.store(late, [], extractor="1", now=NOW + timedelta(days=2))
    assert [place.lead for place in story_of(path, 3)] == [True, False, False]


def pool() -> list[Article]:
    """Three texts, copied, cut and mixed over sources and days: chains and bridges between groups."""
    one, two, three = prose(11, 90), prose(12, 90), prose(13, 90)
    half = one.split()
    texts = [
        one,
        " ".join(half[:50]),
        " ".join(half[40:]),
        two,
        f"{two} {prose(14, 60)}",
        f"{' '.join(two.split()[:60])} {' '.join(three.split()[:60])}",
        three,
        prose(15, 90),
    ]
    hours = [5, 3, 40, 5, 90, 60, 100, 5]
    sources = ["a", "b", "c", "a", "b", "c", "d", "a"]
    found = [
        told(n, t, source=s, hours=h) for n, (t, s, h) in enumerate(zip(texts, sources, hours, strict=True))
    ]
    return [*found, told(8, one, source="z", hours=5), told(9, one, source="a", hours=170)]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("blank") / "ledger.db"
    Ledger.open(path).close()
    return path.read_bytes()


EXPECTED = {
    (url(1), frozenset({url(0), url(1), url(2), url(8)})),
    (url(3), frozenset({url(3), url(4), url(5), url(6)})),
}


@given(order=st.permutations(range(10)))
def test_the_order_of_storing_changes_no_group(
    order: list[int], blank: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("order") / "ledger.db"
    path.write_bytes(blank)
    articles = pool()
    with Ledger.open(path) as ledger:
        ledger._connection.execute("PRAGMA synchronous = OFF")
        store(ledger, [articles[n] for n in order])
    assert groups(path) == EXPECTED


def test_placing_again_changes_nothing(path: Path) -> None:
    with Ledger.open(path) as ledger:
        store(ledger, pool())
    before = rows(path)
    with closing(open_writing(path, wait=1)) as connection, transaction(connection):
        for version in (3, 1, 10, 7):
            place(connection, version)
    assert rows(path) == before


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    tables = ("stories", "fingerprints", "shingles")
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in tables]  # noqa: S608


def test_what_an_earlier_program_stored_is_grouped_later(path: Path) -> None:
    with Ledger.open(path) as ledger:
        store(ledger, pool())
    before = rows(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("stories", "fingerprints", "shingles"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
    with Ledger.open(path) as ledger:
        assert ledger.group_stories() == 10
        assert ledger.group_stories() == 0
    assert rows(path) == before


def test_a_text_read_again_leaves_a_story_it_no_longer_belongs_to(path: Path) -> None:
    articles = pool()
    with Ledger.open(path) as ledger:
        store(ledger, articles)
        # The bridge between the second and the third text turns out to have been two pages in one.
        better = told(5, prose(99), source="c", hours=60)
        ledger.reread(6, better, [claim(better)], extractor="2", now=NOW)
        assert ledger.integrity() == []
    assert groups(path) == {
        (url(1), frozenset({url(0), url(1), url(2), url(8)})),
        (url(3), frozenset({url(3), url(4)})),
    }
    with Ledger.open(path) as ledger:
        back = articles[5]
        ledger.reread(6, back, [claim(back)], extractor="3", now=NOW)
    assert groups(path) == EXPECTED


def test_a_story_of_many_places_is_compared_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty copies cost each new one a comparison, not forty."""
    compared: list[bool] = []

    def are_copies(*texts: frozenset[int], same_outlet: bool) -> bool:
        compared.append(real(*texts, same_outlet=same_outlet))
        return compared[-1]

    real = stories.are_copies
    monkeypatch.setattr(stories, "are_copies", are_copies)
    with Ledger.open(path) as ledger:
        store(ledger, (told(n, f"{AGENCY} {prose(n, 5)}", source=f"source{n}") for n in range(1, 41)))
    assert compared == [True] * 39
    assert [len(members) for _, members in groups(path)] == [40]


def test_what_too_many_texts_share_is_a_template_and_no_story(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "_COMMON", 10)
    looked: list[int] = []
    monkeypatch.setattr(stories, "are_copies", lambda *texts, same_outlet: bool(looked.append(1)))
    template = prose(5, 60)
    with Ledger.open(path) as ledger:
        store(ledger, (told(n, f"{template} {prose(n, 20)}", source=f"source{n}") for n in range(1, 31)))
    assert len(looked) == sum(range(9)), "after nine of them the template counts for nothing"


def test_what_is_imported_knows_its_copies(path: Path, tmp_path: Path) -> None:
    """Else a copy counts as a source of its own until the next round."""
    copies = [
        told(1, AGENCY, source="heise", hours=2),
        told(2, f"{AGENCY} {prose(2, 30)}", source="golem", hours=1),
        told(4, prose(4), source="other"),
    ]
    with Ledger.open(path) as ledger:
        store(ledger, copies)
    other = tmp_path / "other.db"
    import_lines(other, [json.dumps(record).encode() for record in records(path)])
    assert groups(other) == groups(path) != set()
    assert sources(other) == sources(path) == 2
