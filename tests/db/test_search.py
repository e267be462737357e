from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ledger_making import NOW, article, claim

from db.errors import BadQuery
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

# One claim each; the keys are the article numbers, which the tests name.
SHELF: dict[int, dict[str, object]] = {
    1: {"subject": "Meta", "object": "NVIDIA H100", "kind": Kind.DEPLOYMENT, "counterparty": None,
        "quantity": Quantity(350000, 350000, "units"), "due": Due(None, date(2024, 12, 31))},
    2: {"subject": "Microsoft", "object": "NVIDIA H100 NVL", "counterparty": "Nvidia",
        "quantity": Quantity(100000, None, "units"), "due": Due(date(2026, 1, 1), None),
        "status": Status.ACTUAL},
    3: {"subject": "Metaverse Börse AG", "object": None, "kind": Kind.INVESTMENT,
        "counterparty": "O'Neil & Söhne",
        "quantity": Quantity(2e9, 3e9, "EUR"), "due": Due(date(2025, 1, 1), date(2025, 12, 31))},
    4: {"subject": "Stargate", "object": "GPU", "kind": Kind.POWER, "counterparty": None,
        "quantity": Quantity(None, 1.2e9, "W"), "due": None, "status": Status.EXPECTED},
    5: {"subject": "AMD", "object": "AMD Instinct MI300X", "kind": Kind.LAUNCH, "counterparty": None,
        "quantity": None, "due": Due(date(2025, 12, 31), date(2025, 12, 31)), "status": Status.DENIED},
}  # fmt: skip
ABOUT: dict[int, dict[str, object]] = {
    1: {"lang": "en", "source": "The Register", "published": Instant.of_day(date(2024, 1, 18))},
    2: {"lang": "en", "source": "", "published": Instant.of_day(date(2024, 2, 1))},
    3: {"lang": "de", "source": "heise", "published": Instant.of_day(date(2024, 3, 1))},
    4: {"lang": "de", "source": "heise", "published": Instant.of_day(date(2024, 4, 1))},
    5: {"lang": "fr", "source": "heise", "published": None},
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shelf") / "ledger.db"
    with Ledger.open(path) as ledger:
        for number, fields in SHELF.items():
            one = article(number, **ABOUT[number])
            ledger.store(one, [claim(one, **fields)], extractor="1", now=NOW)
    return path


def found(path: Path, **asked: object) -> set[int]:
    return {hit.article_id for hit in search(path, Query(**asked))}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {1, 2, 3, 4, 5}),
        ({"words": "  \t"}, {1, 2, 3, 4, 5}),
        ({"company": "meta"}, {1}),
        ({"company": "META"}, {1}),
        ({"company": "NVIDIA"}, {2}),
        ({"company": "boerse"}, {3}),
        ({"company": "Metaverse Börse"}, {3}),
        ({"company": "Börse Metaverse"}, set()),
        ({"company": "O'NEIL & SOEHNE"}, {3}),
        ({"company": "meta nvidia"}, set()),
        ({"product": "h100"}, {1, 2}),
        ({"product": "H100 nvl"}, {2}),
        ({"product": "nvidia-h100"}, {1, 2}),
        ({"product": "h10"}, set()),
        ({"product": "mi300x"}, {5}),
        ({"product": "Meta"}, set()),
        ({"kind": "deployment"}, {1}),
        ({"kind": Kind.POWER}, {4}),
        ({"kind": "Power"}, {4}),
        ({"status": Status.DENIED}, {5}),
        ({"status": "actual"}, {2}),
        ({"lang": "DE"}, {3, 4}),
        ({"lang": "fr"}, {5}),
        ({"source": "HEISE"}, {3, 4, 5}),
        ({"source": "the register"}, {1}),
        ({"source": "register"}, set()),
        ({"since": date(2024, 2, 1)}, {2, 3, 4}),
        ({"until": date(2024, 2, 1)}, {1, 2}),
        ({"since": date(2024, 2, 1), "until": date(2024, 2, 1)}, {2}),
        ({"due_before": date(2025, 1, 1)}, {1}),
        ({"due_before": date(2024, 12, 31)}, set()),
        ({"due_before": date(2026, 1, 1)}, {1, 3, 5}),
        ({"minimum": 350000}, {1, 3, 4}),
        ({"minimum": 350001}, {3, 4}),
        ({"maximum": 350000}, {1, 2}),
        ({"maximum": 99999.5}, set()),
        ({"minimum": 2.5e9, "maximum": 2.5e9}, {3}),
        ({"minimum": 100000, "unit": "UNITS"}, {1, 2}),
        ({"unit": "eur"}, {3}),
        ({"words": "rechner", "product": "h100", "lang": "en"}, {1, 2}),
        ({"words": "stargate", "company": "meta"}, set()),
        ({"product": "h100", "due_before": date(2026, 1, 1), "status": "planned"}, {1}),
    ],
    ids=str,
)
def test_filters(shelf: Path, asked: dict[str, object], expected: set[int]) -> None:
    assert found(shelf, **asked) == expected


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"words": "!?"}, "letter or digit"),
        ({"words": '""'}, "letter or digit"),
        ({"words": "*"}, "letter or digit"),
        ({"words": " ".join(f"w{n}" for n in range(65))}, "more than 64 words"),
        ({"company": ""}, "no name"),
        ({"product": "?"}, "no name"),
        ({"product": "x " * 65}, "more than 64 words"),
        ({"kind": "nonsense"}, "no kind 'nonsense'.*known: deployment"),
        ({"status": "plannd"}, "did you mean 'planned'"),
        ({"limit": 0}, "at least one"),
        ({"limit": -3}, "at least one"),
        ({"since": date(2025, 1, 2), "until": date(2025, 1, 1)}, "after until"),
        ({"minimum": 2.0, "maximum": 1.0}, "exceeds"),
        ({"minimum": float("nan")}, "no number"),
        ({"maximum": float("nan")}, "no number"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_search_that_means_nothing_says_so(shelf: Path, asked: dict[str, object], says: str) -> None:
    with pytest.raises(BadQuery, match=says):
        found(shelf, **asked)


def test_infinite_bounds_are_no_bounds(shelf: Path) -> None:
    assert found(shelf, minimum=float("-inf"), maximum=float("inf")) == {1, 2, 3, 4}


def test_without_words_the_newest_comes_first(shelf: Path) -> None:
    # 5 has no day of its own and counts from the day it was fetched, in 2025.
    assert [hit.article_id for hit in search(shelf, Query())] == [5, 4, 3, 2, 1]
    assert [hit.article_id for hit in search(shelf, Query(product="h100"))] == [2, 1]


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 2**63, 2**70])
def test_the_limit_holds(shelf: Path, limit: int) -> None:
    assert len(search(shelf, Query(limit=limit))) == min(limit, 5)


def test_a_hit_says_where_it_stands(shelf: Path) -> None:
    [hit] = search(shelf, Query(kind="deployment"))
    assert (hit.url, hit.title, hit.lang) == ("https://www.example.org/1", "Bericht 1", "en")
    assert (hit.published, hit.source, hit.version, hit.current) == (
        date(2024, 1, 18),
        "The Register",
        1,
        True,
    )
    assert hit.claim == claim(article(1), **SHELF[1])


def report(number: int, title: str, text: str, day: date, subject: str = "Acme") -> tuple[Article, Claim]:
    one = article(number, text, title=title, published=Instant.of_day(day), lang="en")
    evidence = (Evidence(0, len(text), text),)
    return one, claim(one, subject=subject, object="server", counterparty=None, evidence=evidence)


def ranked(path: Path, words: str, *reports: tuple[Article, Claim]) -> list[int]:
    with Ledger.open(path) as ledger:
        for one, its in reports:
            ledger.store(one, [its], extractor="1", now=datetime(2025, 1, 1, tzinfo=UTC))
        for number in range(100, 130):  # so that not every claim has the word
            other, its = report(number, "Other news", "Nothing of note happened.", date(2024, 6, 1), "Else")
            ledger.store(other, [its], extractor="1", now=datetime(2025, 1, 1, tzinfo=UTC))
    return [int(hit.url.rpartition("/")[2]) for hit in search(path, Query(words))]


def test_of_equal_matches_the_newer_comes_first(path: Path) -> None:
    days = {1: date(2022, 1, 1), 2: date(2024, 12, 31), 3: date(2024, 6, 1)}
    reports = [report(n, "News", "The widget plant orders servers.", day) for n, day in days.items()]
    assert ranked(path, "widget", *reports) == [2, 3, 1]


def test_a_somewhat_better_match_of_years_ago_comes_after_todays(path: Path) -> None:
    text = "A widget plant orders servers"
    old = report(1, "News", f"{text}.", date(2019, 1, 1))
    new = report(2, "News", f"{text} and desks.", date(2024, 12, 31))
    assert ranked(path, "widget", old, new) == [2, 1]


def test_a_party_of_that_name_comes_before_a_mention(path: Path) -> None:
    day = date(2024, 12, 31)
    mention = report(1, "News", "A former widget plant orders servers.", day)
    party = report(2, "News", "The company orders servers here.", day - timedelta(days=30), subject="Widget")
    assert ranked(path, "widget", mention, party) == [2, 1]


def test_a_much_better_match_comes_before_a_newer_one(path: Path) -> None:
    old = report(1, "Widget widget", "Widget servers.", date(2024, 1, 1), subject="Widget")
    new = report(2, "News", f"A widget plant orders servers{', and more' * 30}.", date(2024, 12, 31))
    assert ranked(path, "widget", old, new) == [1, 2]
