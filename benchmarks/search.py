"""What searching costs in a large ledger, beside plain FTS5 through sqlite-utils in the same run.

    python -m benchmarks.search [--claims 10000 100000] [--rounds 15] [--keep FOLDER]

A made-up ledger of so many claims, three to an article; a million take ten minutes of process time to make,
and --keep makes them once. Every kind of question is asked ROUNDS times with other words and names, drawn as
they occur: common ones often. Milliseconds of process time, which a busy machine inflates less, and in
brackets of the clock; opening and closing the file is in both. "plain" is one table of the same sentences:
it knows no fields.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from db import writing
from db.connection import connect, open_writing, transaction
from db.ledger import Ledger
from db.search import Query, search
from db.states import version_columns
from db.threads import Threads
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = date(2020, 1, 1)
DAYS = 2190
CLAIMS_EACH = 3
AT_ONCE = 500  # articles in a transaction
ROOT = Path(__file__).resolve().parents[1]
UNITS = {Kind.POWER: "W", Kind.INVESTMENT: "EUR", Kind.REVENUE: "USD", Kind.PRICE: "EUR", Kind.JOBS: "jobs"}


class World:
    """Words and names by how often they occur: the n-th is about n times as rare as the first."""

    def __init__(self) -> None:
        self.chance = random.Random(7)  # noqa: S311  always the same ledger
        syllables = [a + b for a in "bdfgklmnprstvw" for b in ("a", "e", "i", "o", "u", "ei", "au")]
        invented = sorted({"".join(self.chance.choices(syllables, k=3)) for _ in range(30_000)})
        self.chance.shuffle(invented)
        self.words = invented[:20_000]
        self.companies = [name.title() for name in invented[-5_000:]]
        self.products = [
            f"{name.title()} {letter}{n}00"
            for name in self.companies[:60]
            for letter, n in zip("XYZ", (1, 2, 3), strict=True)
        ]
        self._weights: dict[int, list[float]] = {}

    def draw(self, among: list[str], number: int = 1) -> list[str]:
        size = len(among)
        if size not in self._weights:
            self._weights[size] = list(itertools.accumulate(1 / (n + 3) for n in range(size)))
        return self.chance.choices(among, cum_weights=self._weights[size], k=number)


def articles(world: World, claims: int) -> Iterator[tuple[Article, list[Claim]]]:
    """Articles with their claims; one in ten repeats a claim of another, as the press does."""
    chance = world.chance
    last: Claim | None = None
    for number in range(claims // CLAIMS_EACH):
        spoken = [" ".join(world.draw(world.words, 14)).capitalize() + "." for _ in range(CLAIMS_EACH)]
        day = FIRST + timedelta(days=number * DAYS * CLAIMS_EACH // claims)
        lang = chance.choice(("de", "en"))
        title, source = " ".join(world.draw(world.words, 6)), f"source-{chance.randrange(40)}"
        one = Article(
            f"https://www.example.org/{number}", title, " ".join(spoken), lang, Instant.of_day(day), source
        )
        made = []
        for sentence in spoken:
            start = one.text.index(sentence)
            evidence = (Evidence(start, start + len(sentence), sentence),)
            last = _claim(world, day, evidence, last if chance.random() < 0.1 else None)
            made.append(last)
        yield one, made


def _claim(world: World, day: date, evidence: tuple[Evidence, ...], like: Claim | None) -> Claim:
    chance = world.chance
    if like is not None:
        return Claim(like.kind, like.subject, like.object, like.quantity, like.due, like.status, evidence)
    kind = chance.choice(list(Kind))
    amount = float(f"{10 ** chance.uniform(1, 10):.2g}")
    quantity = Quantity(amount, amount, UNITS.get(kind, "units")) if kind is not Kind.LAUNCH else None
    due = Due(None, day + timedelta(days=chance.randrange(30, 1500))) if chance.random() < 0.5 else None
    status = Status.PLANNED if due else chance.choice([Status.ACTUAL, Status.EXPECTED])
    [subject], [product] = world.draw(world.companies), world.draw(world.products)
    return Claim(
        kind,
        subject,
        product if kind in {Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT} else None,
        quantity,
        due,
        status,
        evidence,
    )


def make(path: Path, plain: Path, claims: int) -> World:
    """Both databases; the ledger by the same steps as a round takes, many articles in a transaction."""
    world = World()
    if path.exists():
        return world
    part = path.with_suffix(".part")  # one that was cut off is no ledger of that size
    for left in path.parent.glob(f"{path.stem}.part*"):
        left.unlink()
    plain.unlink(missing_ok=True)
    with closing(open_writing(part, wait=1)) as connection, closing(Database(plain).conn) as beside:
        connection.execute("PRAGMA synchronous = OFF")
        table = Database(beside)["plain"]
        table.create({"id": int, "title": str, "sentence": str}, pk="id")
        every, threads = articles(world, claims), Threads(connection)
        while batch := list(itertools.islice(every, AT_ONCE)):
            with transaction(connection):
                for one, made in batch:
                    _keep(connection, threads, one, made)
            table.insert_all(
                {"title": one.title, "sentence": claim.evidence[0].text}
                for one, made in batch
                for claim in made
            )
        table.enable_fts(["title", "sentence"], fts_version="FTS5")
        with transaction(connection):
            connection.execute("INSERT INTO claims_fts (claims_fts) VALUES ('optimize')")
        connection.execute("ANALYZE")
    part.rename(path)
    return world


def _keep(connection, threads, one, made) -> None:  # type: ignore[no-untyped-def]
    article_id, _ = writing.article_row(connection, one, NOW.isoformat())
    about = {"fetched": NOW.isoformat(), "extractor": "1"}
    _, version_id = writing.add_version(connection, article_id, version_columns(one) | about)
    writing.add_claims(connection, version_id, one, made, "1")
    threads.update(article_id, NOW.isoformat())


def _longer(text: str, world: World) -> str:
    return f"{text} {' '.join(world.draw(world.words, 420))}"


def insert(path: Path, world: World, number: int = 300) -> tuple[float, float]:
    """Milliseconds an article of 3,000 characters takes with claims and threads, in its own transaction."""
    today = Instant.of_day(NOW.date())
    made = [
        (replace(one, url=f"{one.url}/new", text=_longer(one.text, world), published=today), claims)
        for one, claims in itertools.islice(articles(world, number * CLAIMS_EACH), number)
    ]
    with Ledger.open(path) as ledger:
        ledger.store(*made.pop(), extractor="1", now=NOW)  # what is loaded once
        own, clock = timed(
            lambda: [ledger.store(one, claims, extractor="1", now=NOW) for one, claims in made]
        )
    return own / len(made), clock / len(made)


Ask = Callable[[World], Query]


def _word(world: World) -> str:
    return world.draw(world.words)[0]


def _company(world: World) -> str:
    return world.draw(world.companies)[0]


def _product(world: World) -> str:
    return world.draw(world.products)[0]


QUESTIONS: dict[str, Ask] = {
    "a word": lambda w: Query(_word(w)),
    "two words": lambda w: Query(f"{_word(w)} {_word(w)}"),
    "a phrase": lambda w: Query(f'"{_word(w)} {_word(w)}"'),
    "a beginning": lambda w: Query(f"{_word(w)[:5]}*"),
    "either word": lambda w: Query(f"{_word(w)} OR {_word(w)}"),
    "a word but not another": lambda w: Query(f"{_word(w)} -{_word(w)}"),
    "a company": lambda w: Query(company=_company(w)),
    "a company and a product": lambda w: Query(company=_company(w), product=_product(w)),
    "a product, due, amount": lambda w: Query(f"product:{_product(w).split()[-1]} due:<2025 amount:>100000"),
    "a kind, status, language": lambda w: Query(f"kind:{w.chance.choice(list(Kind))} status:planned lang:de"),
    "an amount": lambda w: Query(f"amount:>{w.chance.randrange(1, 9)}000000000"),
    "a due": lambda w: Query(f"due:{w.chance.randrange(2021, 2027)}"),
    "a source and a month": lambda w: Query(
        f"source:source-{w.chance.randrange(40)} published:2024-0{w.chance.randrange(1, 9)}"
    ),
    "a word of a company": lambda w: Query(f"{_word(w)} company:{_company(w)}"),
    "a word, kind, due": lambda w: Query(f"{_word(w)} kind:order due:2024..2026"),
    "a word and no company": lambda w: Query(f"{_word(w)} -company:{_company(w)}"),
    "either field": lambda w: Query(f"company:{_company(w)} OR product:{_product(w).split()[-1]}"),
}
PLAIN: dict[str, Callable[[World], str]] = {
    "plain: a word": _word,
    "plain: two words": lambda w: f"{_word(w)} {_word(w)}",
    "plain: a phrase": lambda w: f'"{_word(w)} {_word(w)}"',
    "plain: a beginning": lambda w: f"{_word(w)[:5]}*",
}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of process time and of the clock."""
    began, clock = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - began) * 1000, (time.perf_counter() - clock) * 1000


def ask_plain(path: Path, question: str) -> None:
    with closing(Database(path).conn) as connection:
        list(Database(connection)["plain"].search(question, limit=20))


def told(name: str, spent: list[tuple[float, float]]) -> None:
    own, clock = (sorted(values) for values in zip(*spent, strict=True))
    at = [
        statistics.median(own),
        own[int(len(own) * 0.95)],
        statistics.median(clock),
        clock[int(len(clock) * 0.95)],
    ]
    print(f"  {name:28} p50 {at[0]:7.1f}  p95 {at[1]:7.1f}   ({at[2]:.1f}, {at[3]:.1f})", flush=True)


def command(path: Path) -> list[float]:
    """Seconds of process time of `claims search`, from start to output."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(f'[store]\npath = "{path}"\n', encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        asked = ["search", "product:x100", "amount:>100k", "due:<2025", "--config", str(config)]
        times = []
        for _ in range(4):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, "-m", "claims", *asked],
                env=environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return times[1:]


def length_of_texts(path: Path) -> int:
    """Bytes of all articles' texts."""
    with closing(connect(path, mode="ro", wait=1)) as connection:
        query = "SELECT coalesce(sum(length(CAST(text AS BLOB))), 0) FROM versions"
        return int(connection.execute(query).fetchone()[0])


def measure(folder: Path, claims: int, rounds: int) -> None:
    ours, plain = folder / f"ledger-{claims}.db", folder / f"plain-{claims}.db"
    world = make(ours, plain, claims)
    text = length_of_texts(ours)
    size = ours.stat().st_size
    print(f"{claims:,} claims, {size / claims:.0f} bytes each, {text / claims:.0f} of them article text")
    spent = insert(ours, world)
    print(
        f"  insert an article: {spent[0]:.2f} ms of process time ({spent[1]:.2f}),"
        f" {1000 / spent[0]:.0f} a second"
    )
    every: list[tuple[float, float]] = []
    for name, ask in QUESTIONS.items():
        spent = [timed(partial(search, ours, ask(world))) for _ in range(rounds)]
        every += spent
        told(name, spent)
    told("ALL", every)
    for name, words in PLAIN.items():
        told(name, [timed(partial(ask_plain, plain, words(world))) for _ in range(rounds)])
    times = command(ours)
    print(
        f"  command, start to output: best {min(times):.2f} s,"
        f" median {statistics.median(times):.2f} s of process time"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = chosen.keep or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        for claims in chosen.claims:
            measure(where, claims, chosen.rounds)


if __name__ == "__main__":
    main()
