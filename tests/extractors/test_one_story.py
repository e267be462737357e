"""One story in several articles and two languages ends in one thread: extracted, stored, looked up.

The real articles are not part of the project: they are read from the folder beside the repository.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from db.ledger import Ledger
from extractors.pipeline import extract
from scraper.article import Article, Instant

SHARED = Path(__file__).resolve().parents[3] / "shared"
NOW = datetime(2026, 1, 30, tzinfo=UTC)
OURS = (
    (
        "en",
        date(2026, 1, 12),
        "Contoso doubles down on AI",
        "Contoso shared its plans for computing on Monday.\n\nThe company will have about 120,000 NVIDIA H100"
        " GPUs by the end of this year, chief executive Jane Miller said. Including other GPUs, it will"
        " amount to almost 200,000 H100 equivalents by the end of this year, she added.",
    ),
    (
        "de",
        date(2026, 1, 13),
        "Contoso rüstet für künstliche Intelligenz auf",
        "Contoso steckt viel Geld in Rechenleistung.\n\nBis Ende 2026 will Contoso rund 120.000 NVIDIA H100"
        " einsetzen, sagte Firmenchefin Jane Miller. Zusammen mit anderen Grafikprozessoren sollen es bis"
        " Ende 2026 fast 200.000 H100-Äquivalente sein.",
    ),
    (
        "en",
        date(2026, 1, 14),
        "Chip buyers in a hurry",
        "Others are buying, too. Contoso wants to own 120,000 H100s by the end of 2026.",
    ),
)


def threads(
    path: Path, subject: str, amounts: Iterable[float]
) -> dict[float, tuple[set[int], set[int], set[str]]]:
    """By amount: the threads and statements of a party's deployments, and the articles that they stand in."""
    found: dict[float, tuple[set[int], set[int], set[str]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        for amount in amounts:
            rows = connection.execute(
                """SELECT thread, statement, url FROM members JOIN claims ON claims.id = claim_id
                   JOIN versions ON versions.id = version_id JOIN articles ON articles.id = article_id
                   WHERE subject = ? AND kind = 'deployment' AND ? BETWEEN low AND high""",
                [subject, amount],
            ).fetchall()
            thread, statement, urls = (set(column) for column in zip(*rows, strict=True))
            found[amount] = thread, statement, urls
    return found


def store(path: Path, articles: Iterable[Article]) -> None:
    with Ledger.open(path) as ledger:
        for one in articles:
            ledger.store(one, extract(one), extractor="1", now=NOW)


def check(path: Path, subject: str, units: float, equivalents: float, least: int) -> None:
    """One thread of two statements, and every article is in it."""
    found = threads(path, subject, (units, equivalents))
    assert found[units][0] == found[equivalents][0]
    assert len(found[units][0]) == 1
    assert [len(found[amount][1]) for amount in (units, equivalents)] == [1, 1]
    assert found[units][1] != found[equivalents][1]
    assert len(found[units][2] | found[equivalents][2]) >= least


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "backwards"])
def test_articles_of_our_own(tmp_path: Path, turned: bool) -> None:
    articles = [
        Article(f"https://www.example.org/{n}", title, text, lang, Instant.of_day(day), f"source-{n}")
        for n, (lang, day, title, text) in enumerate(OURS)
    ]
    store(tmp_path / "ledger.db", reversed(articles) if turned else articles)
    check(tmp_path / "ledger.db", "Contoso", 120_000, 200_000, len(OURS))


def gold() -> list[Article]:
    """The articles of gold dev that tell the story: those with both counts."""
    found = []
    for name in ("dev.de.jsonl", "dev.en.jsonl"):
        for row in map(json.loads, (SHARED / "gold" / name).read_text(encoding="utf-8").splitlines()):
            counts = [claim["quantity"] for claim in row["claims"] if claim["subject"] == "Meta"]
            if [350_000, 350_000] in counts:
                day = Instant.of_day(date.fromisoformat(row["published"]))
                url = f"https://www.example.org/{row['id']}"
                found.append(Article(url, row["title"], row["text"], row["lang"], day, row["id"]))
    return found


def seeds() -> list[Article]:
    """The two seeds, as they were scraped: the title is the first line."""
    found = []
    for file in sorted((SHARED / "seeds").glob("*.txt")):
        title, _, text = file.read_text(encoding="utf-8").partition("\n")
        day = Instant.of_day(date(2024, 1, 19))
        found.append(
            Article(f"https://www.example.org/{file.stem}", title, text.strip(), "de", day, file.stem)
        )
    return found


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the real articles are not on this machine")
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "backwards"])
def test_the_real_story(tmp_path: Path, turned: bool) -> None:
    articles = [*gold(), *seeds()]
    assert len(articles) >= 5
    store(tmp_path / "ledger.db", reversed(articles) if turned else articles)
    check(tmp_path / "ledger.db", "Meta", 350_000, 600_000, len(articles))
