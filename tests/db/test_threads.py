"""Threads in the ledger: as if grouped from nothing, whatever came, changed or was read anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.ledger import Ledger
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant, Origin, Precision

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
Partition = frozenset[frozenset[str]]


@dataclass(frozen=True)
class Telling:
    """What one article says: each a claim with a sentence of its own."""

    url: int
    day: date
    claims: tuple[Claim, ...]
    text: str
    lang: str = "en"
    hour: int | None = None

    @property
    def article(self) -> Article:
        return Article(
            f"https://www.example.org/{self.url}",
            f"Report {self.url}",
            self.text,
            self.lang,
            Instant.of_day(self.day) if self.hour is None else at_hour(self.day, self.hour),
            "s",
        )


def at_hour(day: date, hour: int) -> Instant:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Instant(at, at.isoformat(), Precision.MINUTE, Origin.FEED)


def told(
    url: int, day: date, *said: tuple[str, dict[str, object]], lang: str = "en", hour: int | None = None
) -> Telling:
    """An article of these sentences, one claim each."""
    text = " ".join(sentence for sentence, _ in said)
    claims = []
    for sentence, changes in said:
        start = text.index(sentence)
        fields: dict[str, object] = {
            "kind": Kind.DEPLOYMENT,
            "subject": "Northwind",
            "object": "NVIDIA H100",
            "quantity": Quantity(40_000.0, 40_000.0, "units"),
            "due": Due(None, date(2026, 12, 31)),
            "status": Status.PLANNED,
            "evidence": (Evidence(start, start + len(sentence), sentence),),
        }
        claims.append(Claim(**(fields | changes)))  # type: ignore[arg-type]
    return Telling(url, day, tuple(claims), text, lang, hour)


def units(amount: float, *, approx: bool = False) -> dict[str, object]:
    return {"quantity": Quantity(amount, amount, "units", approx)}


def store(ledger: Ledger, tellings: Iterable[Telling], now: datetime = NOW) -> None:
    for one in tellings:
        ledger.store(one.article, one.claims, extractor="1", now=now)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


_NAMED = """SELECT members.{column} AS mark, articles.url || '|' || evidence.text || '|' || claims.kind || '|'
                   || coalesce(claims.low, '') || '|' || claims.equivalent AS name
            FROM members JOIN claims ON claims.id = members.claim_id JOIN versions ON versions.id = version_id
            JOIN articles ON articles.id = article_id
            JOIN evidence ON evidence.claim_id = claims.id AND evidence.ordinal = 0"""


def partition(path: Path, column: str) -> Partition:
    """Which claims are together, by what they rest on and never by their numbers."""
    groups: dict[object, set[str]] = {}
    for mark, name in rows(path, _NAMED.format(column=column)):
        groups.setdefault(mark, set()).add(str(name))
    return frozenset(map(frozenset, groups.values()))


def links(path: Path) -> set[tuple[object, ...]]:
    names = dict(rows(path, _NAMED.format(column="claim_id")))  # type: ignore[arg-type]
    found = rows(path, "SELECT earlier, later, relation FROM links")
    return {(names[earlier], names[later], relation) for earlier, later, relation in found}


def everything(path: Path) -> tuple[Partition, Partition, set[tuple[object, ...]]]:
    return partition(path, "statement"), partition(path, "thread"), links(path)


@cache
def blank() -> bytes:
    """A ledger with nothing in it: making one anew for each example would take most of the time."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger"
        Ledger.open(path).close()
        return path.read_bytes()


def fresh(path: Path) -> Ledger:
    path.write_bytes(blank())
    return Ledger.open(path)


# Orders

PLAN = {"due": Due(None, date(2026, 12, 31))}
SILENT: dict[str, object] = {"quantity": None, "due": None}
SAYINGS: tuple[tuple[str, dict[str, object]], ...] = (
    ("Northwind wants 40,000 H100s by the end of 2026.", {}),
    ("Northwind is to have almost 40,000 H100s.", {"due": None, **units(40_000, approx=True)}),
    ("Northwind will have 39,800 H100s in 2026.",
     {**units(39_800), "due": Due(date(2026, 1, 1), date(2026, 12, 31))}),
    ("Northwind is buying H100s.", SILENT),
    ("Northwind now wants 55,000 H100s by the end of 2026.", units(55_000)),
    ("Counted in H100s it will be 70,000.", {**units(70_000), "equivalent": True}),
    ("Northwind has 52,000 H100s.", {**units(52_000), "due": None, "status": Status.ACTUAL}),
    ("Northwind will have 40,000 B200s by the end of 2026.", {"object": "NVIDIA B200"}),
    ("Northwind cancels the 40,000 H100s.", {"due": None, "status": Status.DENIED}),
    ("Northwind orders 40,000 H100s.", {"kind": Kind.ORDER, "due": None}),
    ("Northwind Labs wants 40,000 H100s by the end of 2026.", {"subject": "Northwind Labs"}),
)  # fmt: skip
TELLINGS = st.builds(
    lambda url, day, hour, said: told(url, date(2025, 6, 1) + timedelta(days=day), *said, hour=hour),
    st.integers(1, 7),
    st.sampled_from((0, 0, 1, 30, 400, 900)),
    st.sampled_from((None, 0, 9, 17)),
    st.lists(st.sampled_from(SAYINGS), min_size=0, max_size=3, unique_by=lambda said: said[0]),
)
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(
    st.lists(TELLINGS, min_size=2, max_size=7, unique_by=lambda one: one.url),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_is_no_matter(tellings: list[Telling], chance: object) -> None:
    with TemporaryDirectory() as folder:
        found = []
        for name in ("one", "two"):
            path = Path(folder) / name
            with fresh(path) as ledger:
                store(ledger, tellings)
            found.append(everything(path))
            chance.shuffle(tellings)  # type: ignore[attr-defined]
        assert found[0] == found[1]


@pytest.mark.parametrize("backwards", [False, True])
def test_of_one_day_the_earlier_hour_comes_first_and_no_hour_last(path: Path, backwards: bool) -> None:
    said = SAYINGS[0]
    day = date(2025, 6, 1)
    tellings = [told(url, day, said, hour=hour) for url, hour in ((1, 17), (2, 9), (3, None))]
    with Ledger.open(path) as ledger:
        store(ledger, reversed(tellings) if backwards else tellings)
    order = """SELECT url FROM placed JOIN claims ON claims.id = claim_id
               JOIN versions ON versions.id = version_id JOIN articles ON articles.id = article_id
               ORDER BY place"""
    assert [url for (url,) in rows(path, order)] == [f"https://www.example.org/{url}" for url in (2, 1, 3)]


def test_a_late_article_among_many_of_one_party_leaves_their_links(path: Path) -> None:
    """What is remembered of the rows before a claim holds when another one comes between."""
    first, many = date(2025, 6, 1), ("Northwind has 7 B200s.", {**units(7.0), "object": "NVIDIA B200"})
    fact: dict[str, object] = {"status": Status.ACTUAL, "due": None}
    tellings = [
        told(0, first, ("Northwind wants 40,000.", {**units(40_000.0), "object": None, "due": None})),
        *(told(n, first + timedelta(days=10 * n), (many[0], {**many[1], **fact})) for n in range(1, 12)),
        told(12, first + timedelta(days=140), ("Northwind now wants 55,000.",
             {**units(55_000.0), "object": None, "due": None})),
        told(13, date(2025, 9, 28), ("Northwind is buying H100s.", SILENT)),
    ]  # fmt: skip
    with fresh(path) as ledger:
        store(ledger, tellings)
    other = path.with_name("other")
    with fresh(other) as ledger:
        store(ledger, sorted(tellings, key=lambda one: one.day))
    assert everything(path) == everything(other)
    assert any(relation == "revision" for *_, relation in links(path))


@FEW
@given(st.lists(TELLINGS, min_size=2, max_size=8), st.data())
def test_corrected_articles_and_new_readings_leave_no_trace(
    tellings: list[Telling], data: st.DataObject
) -> None:
    """Several texts of one address, and a reading that finds fewer claims: what counts is what stands now."""
    with TemporaryDirectory() as folder:
        one, two = Path(folder) / "one", Path(folder) / "two"
        with fresh(one) as ledger:
            store(ledger, tellings)
            for version in ledger.versions():
                fewer = data.draw(st.integers(0, len(version.claims)))
                ledger.replace_claims(version.id, version.claims[:fewer], "2", now=NOW)
            assert ledger.integrity() == []
            with closing(sqlite3.connect(one)) as connection:
                query = "SELECT id FROM versions WHERE current ORDER BY article_id"
                current = {row[0] for row in connection.execute(query)}
            now = [version for version in ledger.versions() if version.id in current]
        with fresh(two) as ledger:
            for version in data.draw(st.permutations(now)):
                ledger.store(version.article, version.claims, extractor="2", now=NOW)
        assert everything(one) == everything(two)
        assert {row[0] for row in rows(one, "SELECT claim_id FROM members")} == {
            row[0] for row in rows(one, "SELECT id FROM claims WHERE current")
        }


def test_a_ledger_without_threads_is_caught_up(path: Path) -> None:
    said = [told(n, date(2025, 6, n % 5 + 1), *SAYINGS[n % 4 : n % 4 + 3]) for n in range(1, 10)]
    with Ledger.open(path) as ledger:
        store(ledger, said)
        wanted = everything(path)
        with closing(sqlite3.connect(path)) as connection, connection:
            for table in ("links", "members", "blocks", "placed"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608
        assert ledger.group_threads(now=NOW) == sum(len(one.claims) for one in said)
        assert ledger.group_threads(now=NOW) == 0
    assert everything(path) == wanted


def numbers(path: Path, column: str) -> dict[object, object]:
    return dict(rows(path, f"SELECT claim_id, {column} FROM members"))  # type: ignore[arg-type]  # noqa: S608


def test_a_thread_bears_its_smallest_number_and_what_it_says_is_linked(path: Path) -> None:
    plan, again, raised, count = SAYINGS[0], SAYINGS[1], SAYINGS[4], SAYINGS[5]
    with Ledger.open(path) as ledger:
        store(ledger, [told(1, date(2025, 7, 1), raised)])
        store(ledger, [told(2, date(2025, 6, 1), plan, count)], now=NOW + timedelta(days=1))
        store(ledger, [told(3, date(2025, 6, 2), again)], now=NOW + timedelta(days=2))
    assert numbers(path, "thread") == {1: 1, 2: 1, 3: 1, 4: 1}
    assert numbers(path, "statement") == {1: 1, 2: 2, 3: 3, 4: 2}
    found = rows(path, "SELECT earlier, later, relation, noticed FROM links ORDER BY noticed, relation")
    at = [f"2026-01-0{day}" for day in (6, 6, 7)]
    assert [(one[:3], str(one[3])[:10]) for one in found] == [
        ((2, 3, "beside"), at[0]),
        ((2, 1, "revision"), at[1]),
        ((2, 4, "same"), at[2]),
    ]


def test_a_vague_claim_does_not_bridge_two_plans(path: Path) -> None:
    ours = told(1, date(2025, 6, 1), SAYINGS[0])
    others = told(2, date(2025, 6, 1), SAYINGS[7])
    vague = told(3, date(2025, 6, 2), ("Northwind is buying GPUs.", {**SILENT, "object": "GPU"}))
    with Ledger.open(path) as ledger:
        store(ledger, [vague, ours, others])
    assert len(partition(path, "statement")) == len(partition(path, "thread")) == 3


def test_a_link_keeps_the_moment_when_it_was_noticed(path: Path) -> None:
    said = [told(1, date(2025, 6, 1), SAYINGS[0]), told(2, date(2025, 6, 2), SAYINGS[1])]
    with Ledger.open(path) as ledger:
        store(ledger, said, now=EARLIER)
        ledger.reread(2, said[1].article, said[1].claims, extractor="2", now=NOW)
        store(ledger, [told(3, date(2025, 5, 30), SAYINGS[3])])
    noticed = dict(rows(path, "SELECT later, noticed FROM links"))  # type: ignore[arg-type]
    assert str(noticed[2])[:10] == "2026-01-02"


def test_a_text_that_comes_back_brings_its_claims_back(path: Path) -> None:
    first, second = told(1, date(2025, 6, 1), SAYINGS[0]), told(1, date(2025, 6, 1), SAYINGS[7])
    with Ledger.open(path) as ledger:
        for one, wanted in ((first, {1}), (second, {2}), (first, {1})):
            store(ledger, [one])
            assert set(numbers(path, "thread")) == wanted


# The story that the product is named for, in words of our own

STORY: Sequence[tuple[int, str, tuple[str, ...]]] = (
    (18, "en", ("By the end of 2026 Meta will have about 350,000 H100s.",
                "Counting its other GPUs, that will be almost 600,000 H100 equivalents by the end of 2026.")),
    (18, "de", ("Meta will bis Ende 2026 rund 350.000 H100 haben.",
                "Bis Ende 2026 sollen es mit den übrigen GPUs fast 600.000 H100-Äquivalente sein.")),
    (19, "en", ("Meta plans to own 350,000 of the H100 chips by the end of 2026.",)),
    (20, "de", ("Meta will bis Ende 2026 auf fast 600.000 H100-Äquivalente kommen.",)),
)  # fmt: skip


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_one_story_in_two_languages_is_one_thread_of_two_statements(path: Path, backwards: bool) -> None:
    def claim(text: str, sentence: str) -> Claim:
        start, equivalent = text.index(sentence), "quivalen" in sentence or "Äquivalen" in sentence
        amount = 600_000.0 if equivalent else 350_000.0
        return Claim(
            kind=Kind.DEPLOYMENT,
            subject="Meta",
            object="NVIDIA H100",
            quantity=Quantity(amount, amount, "units", approx=True),
            due=Due(None, date(2026, 12, 31)),
            status=Status.PLANNED,
            evidence=(Evidence(start, start + len(sentence), sentence),),
            equivalent=equivalent,
        )

    stories = []
    for number, (day, lang, sentences) in enumerate(STORY, 1):
        text = " ".join(sentences)
        claims = tuple(claim(text, sentence) for sentence in sentences)
        stories.append(Telling(number, date(2026, 1, day), claims, text, lang))
    with Ledger.open(path) as ledger:
        store(ledger, reversed(stories) if backwards else stories)
    assert len(partition(path, "thread")) == 1
    statements = partition(path, "statement")
    assert sorted(len({name.partition("|")[0] for name in group}) for group in statements) == [3, 3]


@pytest.mark.parametrize("slug", range(1, 9))
def test_a_raise_follows_the_plan_though_its_article_repeats_it(path: Path, slug: int) -> None:
    """In its own article the old plan is told beside the new one, and which comes first is no matter."""
    old = "Northwind wants 40,000 H100s by the end of 2026."
    repeated = "Until now the plan of Northwind was to have 40,000 H100s by the end of 2026."
    new = "Northwind now wants 55,000 H100s by the end of 2026."
    with Ledger.open(path) as ledger:
        said = [(repeated, {}), (new, units(55_000.0))]
        store(
            ledger,
            [
                told(100, date(2025, 6, 1), (old, {})),
                told(slug, date(2025, 8, 1), *(said if slug % 2 else said[::-1])),
            ],
        )
    assert len(partition(path, "thread")) == 1
    assert {relation for _, _, relation in links(path)} >= {"revision"}
