"""What a ledger of up to a million claims costs: searching, adding, disk; beside plain FTS5 in the same run.

    python -m benchmarks.search [--sizes 10000 100000 1000000] [--rounds 20] [--cache FOLDER] [--tables]
                                [--collect-often]

The ledgers are made up: see benchmarks/synthetic.py. A hundred thousand claims take some 200 s of process
time to make and 0.3 GB of disk; --cache keeps them for the next time. Every kind of question is asked ROUNDS
times with other words and names, drawn as they occur: common ones often. Milliseconds of process time, which
a busy machine inflates less, and in brackets of the clock; opening and closing the file is in both. "plain"
is one table of the same sentences: it knows no fields. --tables says what takes the room on disk. Articles
are added as a round adds them, Python looking seldom for circles of objects; --collect-often leaves that.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from benchmarks.synthetic import DAYS, NOW, World, articles, build, claims_of, published_after
from claims.memory import collect_seldom
from db.connection import connect
from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Kind
from scraper.article import Article

ROOT = Path(__file__).resolve().parents[1]
ADDED = 600  # articles, to measure what adding one costs
ADDED_A_DAY = 137
LATER = NOW + timedelta(days=30)  # when they are fetched
WARM = 200  # articles before that: the first load the stemmer and find every word new
TIMES = 7  # the command is started so often

Ask = Callable[[World], Query]


def _word(world: World) -> str:
    return world.draw(world.words)[0]


def _company(world: World) -> str:
    return world.draw(world.companies)[0]


def _product(world: World) -> str:
    return world.draw(world.products)[0]


WORDS: dict[str, Ask] = {
    "a word": lambda w: Query(_word(w)),
    "two words": lambda w: Query(f"{_word(w)} {_word(w)}"),
    "a phrase": lambda w: Query(f'"{_word(w)} {_word(w)}"'),
    "a beginning": lambda w: Query(f"{_word(w)[:5]}*"),
    "either word": lambda w: Query(f"{_word(w)} OR {_word(w)}"),
    "a word but not another": lambda w: Query(f"{_word(w)} -{_word(w)}"),
}
FIELDS: dict[str, Ask] = {
    "a company": lambda w: Query(company=_company(w)),
    "a company and a product": lambda w: Query(company=_company(w), product=_product(w)),
    "a product, due, amount": lambda w: Query(f"product:{_product(w).split()[-1]} due:<2025 amount:>100000"),
    "a kind, status, language": lambda w: Query(f"kind:{w.chance.choice(list(Kind))} status:planned lang:de"),
    "an amount": lambda w: Query(f"amount:>{w.chance.randrange(1, 9)}000000000"),
    "a due": lambda w: Query(f"due:{w.chance.randrange(2021, 2027)}"),
    "a source and a month": lambda w: Query(
        f"source:source-{w.chance.randrange(40)} published:2024-0{w.chance.randrange(1, 9)}"
    ),
    "a speaker": lambda w: Query(speaker=w.draw(w.speakers)[0]),
    "either field": lambda w: Query(f"company:{_company(w)} OR product:{_product(w).split()[-1]}"),
}
BOTH: dict[str, Ask] = {
    "a word of a company": lambda w: Query(f"{_word(w)} company:{_company(w)}"),
    "a word, kind, due": lambda w: Query(f"{_word(w)} kind:order due:2024..2026"),
    "a word and no company": lambda w: Query(f"{_word(w)} -company:{_company(w)}"),
}
GROUPS = {"words": WORDS, "fields": FIELDS, "words and fields": BOTH}
PLAIN: dict[str, Callable[[World], str]] = {
    "a word": _word,
    "two words": lambda w: f"{_word(w)} {_word(w)}",
    "a phrase": lambda w: f'"{_word(w)} {_word(w)}"',
    "a beginning": lambda w: f"{_word(w)[:5]}*",
}
Spent = list[tuple[float, float]]


@dataclass
class Row:
    """What was measured of one size; `limits` are those of the project."""

    claims: int
    figures: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, value: float, limit: float | None = None) -> None:
        self.figures[name] = value
        if limit is not None:
            self.limits[name] = limit


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of process time and of the clock."""
    began, clock = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - began) * 1000, (time.perf_counter() - clock) * 1000


def ask_plain(path: Path, question: str) -> None:
    with closing(Database(path).conn) as connection:
        list(Database(connection)["plain"].search(question, limit=20))


def quantiles(spent: Spent) -> tuple[float, float, float, float]:
    """p50 and p95 of process time, then of the clock."""
    own, clock = (sorted(values) for values in zip(*spent, strict=True))
    last = min(len(own) - 1, int(len(own) * 0.95))
    return statistics.median(own), own[last], statistics.median(clock), clock[last]


def told(name: str, spent: Spent) -> tuple[float, float]:
    at = quantiles(spent)
    print(f"  {name:34} p50 {at[0]:7.1f}  p95 {at[1]:7.1f}   ({at[2]:.1f}, {at[3]:.1f})", flush=True)
    return at[0], at[1]


def searching(row: Row, ours: Path, plain: Path, rounds: int) -> None:
    """Every kind of question; the first of each size finds the file cold and is not counted."""
    world = World(seed=11)
    search(ours, Query(_word(world)))
    ask_plain(plain, _word(world))
    for group, questions in GROUPS.items():
        every: Spent = []
        for name, ask in questions.items():
            spent = [timed(partial(search, ours, ask(world))) for _ in range(rounds)]
            every += spent
            told(name, spent)
        p50, p95 = told(f"ALL by {group}", every)
        row.note(f"{group}: p50, ms", p50, 20)
        row.note(f"{group}: p95, ms", p95, 100)
    every = []
    for name, words in PLAIN.items():
        spent = [timed(partial(ask_plain, plain, words(world))) for _ in range(rounds)]
        every += spent
        told(f"plain FTS5, {name}", spent)
    p50, p95 = told("ALL by plain FTS5", every)
    row.note("plain FTS5: p50, ms", p50)
    row.note("plain FTS5: p95, ms", p95)


def commanding(row: Row, path: Path) -> None:
    """The real command, from start to output, over words and over fields."""
    questions = (["product:x100", "amount:>100k", "due:<2025"], [World().words[3], "kind:order"])
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(f'[store]\npath = "{path.absolute()}"\n', encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        own, clock = [], []
        for number in range(TIMES * len(questions)):
            asked = [*questions[number % len(questions)], "--config", str(config)]
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "claims", "search", *asked],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            clock.append(time.perf_counter() - began)
            own.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    print(
        f"  command, start to output: median {statistics.median(own):.2f} s of process time"
        f" ({statistics.median(clock):.2f} s; best {min(own):.2f}, {min(clock):.2f})"
    )
    row.note("command, s", statistics.median(own), 0.4)


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """What is added goes into a copy: the ledger itself stays as it was made."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        yield copy


def adding(row: Row, path: Path) -> None:
    """Articles with their claims by Ledger.store, each in its own transaction, synced to the disk.

    As a monitor gets them, newer than all that is there; and late ones, which fall into all six years, where
    the claims behind them choose anew.
    """
    made = list(itertools.islice(articles(World(seed=13), ADDED * 4), ADDED + WARM))
    late = [(one, claims_of(one, told)) for one, told in made]
    today = [(_of_today(one, number), claims) for number, (one, claims) in enumerate(late)]
    for name, given, limit in (("articles added", today, 300), ("late articles added", late, 300)):
        spent = _added(path, given)
        own, clock = (sum(values) / len(spent) for values in zip(*spent, strict=True))
        print(
            f"  {name} with their claims: {1000 / own:.0f} a second of process time"
            f" ({1000 / clock:.0f} by the clock), p50 {quantiles(spent)[0]:.1f} ms"
        )
        row.note(f"{name} a second", 1000 / own, limit)


def _of_today(one: Article, number: int) -> Article:
    """The article as one of the days after the last, as many a day as in a million claims over six years."""
    return replace(one, published=published_after((DAYS * ADDED_A_DAY + number) * 24 * 60 // ADDED_A_DAY))


def _added(path: Path, made: Sequence[tuple[Article, list[Claim]]]) -> Spent:
    with copied(path) as copy, Ledger.open(copy) as ledger:
        spent: Spent = []
        for number, (one, claims) in enumerate(made):
            new = replace(one, url=f"{one.url}/new")
            took = timed(partial(ledger.store, new, claims, extractor="1", now=LATER))
            if number >= WARM:
                spent.append(took)
    return spent


def storing(row: Row, path: Path, plain: Path, tables: bool) -> None:
    """Bytes a claim without the articles' texts: without the pages of their table, but for its other columns.

    Whatever a text takes goes with it, also the room that it leaves in its page, a half on average.
    """
    claims, size = row.claims, path.stat().st_size
    with closing(connect(path, mode="ro", wait=1)) as connection:
        text = connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM versions").fetchone()[0]
        query = "SELECT name, sum(pgsize) AS size, sum(payload) FROM dbstat GROUP BY name ORDER BY size DESC"
        every = {name: (room, payload) for name, room, payload in connection.execute(query)}
        free = connection.execute("PRAGMA freelist_count").fetchone()[0] * 4096
    for name, (room, _) in itertools.islice(every.items(), 16 if tables else 0):
        print(f"  {room / claims:8.0f} bytes a claim in {name}")
    texts = every["versions"][0] - (every["versions"][1] - text)
    print(
        f"  on disk {size / claims:.0f} bytes a claim, of which {texts / claims:.0f} for the articles' texts"
        f" ({text / claims:.0f} if they left no gaps) and {free / claims:.0f} free for what comes next;"
        f" plain FTS5 {plain.stat().st_size / claims:.0f}"
    )
    row.note("bytes a claim, text aside", (size - texts) / claims, 2048)


def measure(folder: Path, claims: int, rounds: int, tables: bool) -> Row:
    ours, plain = folder / f"ledger-{claims}.db", folder / f"plain-{claims}.db"
    began = time.process_time()
    build(ours, plain, claims)
    row = Row(claims)
    print(f"{claims:,} claims, made in {time.process_time() - began:.0f} s of process time", flush=True)
    storing(row, ours, plain, tables)
    searching(row, ours, plain, rounds)
    commanding(row, ours)
    adding(row, ours)
    return row


def compared(rows: list[Row]) -> Iterator[str]:
    """All sizes side by side, as a table, and what misses its limit."""
    yield f"| claims | {' | '.join(f'{row.claims:,}' for row in rows)} | limit |"
    yield f"| --- | {'---: | ' * len(rows)}---: |"
    for name in rows[0].figures:
        limit = rows[0].limits.get(name)
        values = " | ".join(f"{row.figures[name]:.4g}" for row in rows)
        yield f"| {name} | {values} | {'' if limit is None else f'{limit:g}'} |"


def missed(row: Row) -> list[str]:
    """The figures beyond their limits; of articles a second more is better."""
    return [
        name
        for name, limit in row.limits.items()
        if (row.figures[name] < limit if name.endswith("added a second") else row.figures[name] > limit)
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--cache", type=Path, help="keep the ledgers there")
    parser.add_argument("--collect-often", action="store_true", help="Python's own thresholds of collecting")
    parser.add_argument("--tables", action="store_true", help="what takes the room on disk")
    chosen = parser.parse_args()
    if not chosen.collect_often:
        collect_seldom()
    with tempfile.TemporaryDirectory() as folder:
        where = chosen.cache or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        rows = [measure(where, claims, chosen.rounds, chosen.tables) for claims in sorted(chosen.sizes)]
    print("\n".join(["", *compared(rows)]))
    late = [f"{row.claims:,} claims: {name}" for row in rows for name in missed(row)]
    print("\n".join(["", "beyond the limit: " + "; ".join(late) if late else "all within the limits"]))
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
