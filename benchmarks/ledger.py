"""What keeping and finding cost, beside one plain FTS5 table of the same sentences in the same run.

    python -m benchmarks.ledger [ARTICLES]

Wall-clock milliseconds: each article in a transaction of its own, write-ahead log and full sync for both;
searches are medians, both with opening and closing the file, as a command does it.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

NOW = datetime(2025, 1, 1, tzinfo=UTC)
CLAIMS_EACH = 3
QUESTIONS = [
    Query("Rechenzentrum"),
    Query("Prozessoren kaufen"),
    Query("proz*"),
    Query('"neue Rechner"'),
    Query(company="Firma 7"),
    Query(product="x100", since=date(2024, 6, 1)),
    Query(minimum=1000, maximum=2000),
    Query(kind="order", due_before=date(2026, 1, 1)),
]
PLAIN_QUESTIONS = ["Rechenzentrum", "Prozessoren kaufen", "proz*", '"neue Rechner"', "Firma 7"]
_WORDS = "neue Rechner Prozessoren Rechenzentrum Strom Häuser Straße kaufen bauen Euro Quartal Kunden"


def corpus(articles: int) -> list[tuple[Article, list[Claim]]]:
    """Made-up German articles of about 3000 characters with CLAIMS_EACH claims; always the same."""
    chance = random.Random(1)  # noqa: S311  a reproducible corpus
    return [_article(number, chance) for number in range(articles)]


def _article(number: int, chance: random.Random) -> tuple[Article, list[Claim]]:
    spoken = [" ".join(chance.choices(_WORDS.split(), k=12)) + f" {number}." for _ in range(35)]
    day = Instant.of_day(date(2024, 1, 1) + timedelta(days=number % 365))
    one = Article(
        f"https://www.example.org/{number}", f"Firma {number % 500} baut", " ".join(spoken), "de", day, "s"
    )
    return one, [_claim(one, spoken[n], number + n) for n in range(CLAIMS_EACH)]


def _claim(one: Article, sentence: str, number: int) -> Claim:
    start = one.text.index(sentence)
    return Claim(
        kind=list(Kind)[number % 3],
        subject=f"Firma {number % 500}",
        object=f"Maker X{number % 40 * 100}",
        quantity=Quantity(float(number), float(number), "units"),
        due=Due(None, date(2025 + number % 5, 12, 31)),
        status=Status.PLANNED,
        evidence=(Evidence(start, start + len(sentence), sentence),),
    )


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def keep(path: Path, articles: Iterable[tuple[Article, list[Claim]]]) -> None:
    with Ledger.open(path) as ledger:
        for one, claims in articles:
            ledger.store(one, claims, extractor="1", now=NOW)


def keep_plain(path: Path, articles: Iterable[tuple[Article, list[Claim]]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE VIRTUAL TABLE plain USING fts5 (title, sentence)")
        for one, claims in articles:
            connection.execute("BEGIN")
            rows = [(one.title, claim.evidence[0].text) for claim in claims]
            connection.executemany("INSERT INTO plain VALUES (?, ?)", rows)
            connection.execute("COMMIT")


def ask_plain(path: Path, question: str) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT * FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 20"
        return connection.execute(query, [question]).fetchall()


def median_of(asks: list[Callable[[], object]]) -> float:
    return statistics.median(milliseconds(ask) for _ in range(5) for ask in asks)


def main() -> None:
    articles = corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder) / "ledger.db", Path(folder) / "plain.db"
        kept = milliseconds(lambda: keep(ours, articles)) / len(articles)
        kept_again = milliseconds(lambda: keep(ours, articles)) / len(articles)
        kept_plain = milliseconds(lambda: keep_plain(plain, articles)) / len(articles)
        print(f"{len(articles)} articles, {CLAIMS_EACH} claims each, SQLite {sqlite3.sqlite_version}")
        print(f"keep an article        {kept:8.2f} ms   plain FTS5 {kept_plain:8.2f} ms")
        print(f"keep it again          {kept_again:8.2f} ms")
        for question in QUESTIONS:
            spent = median_of([lambda asked=question: search(ours, asked)])  # type: ignore[misc]
            asked = {
                k: v for k in Query.__slots__ if (v := getattr(question, k)) not in ("", None, 20, False)
            }
            print(f"search                 {spent:8.2f} ms   {asked}")
        spent = median_of([lambda asked=question: ask_plain(plain, asked) for question in PLAIN_QUESTIONS])
        print(f"search plain FTS5      {spent:8.2f} ms   median over {len(PLAIN_QUESTIONS)} questions")
        print(f"file                   {ours.stat().st_size / len(articles) / 1024:8.1f} KiB an article")


if __name__ == "__main__":
    main()
