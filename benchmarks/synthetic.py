"""A made-up ledger of any size, as like a real one as a generator can make it; always the same.

Ten claims stand in three articles of some 250 words, in two languages, from 40 outlets over six years. A
statement is told by 1 to 40 articles, most by one; of statements some are revised, and of plans some come
true: they form threads. Words and names are invented and occur as words do, the n-th about 1/n as often.
Articles come one after the other, each with its minute.

`build` is faster than Ledger.store and yields the same rows: it calls the same steps for each article, but
keeps AT_ONCE of them in a transaction without a log. A test holds both against each other. Statements and
threads are those that the ledger finds: what the generator knows of them shapes the claims alone.
"""

from __future__ import annotations

import heapq
import itertools
import random
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from db import standing, stories, writing
from db.connection import open_writing, transaction
from db.states import moment, version_columns
from db.threads import Threads
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant, Origin, Precision

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = date(2020, 1, 1)
DAYS = 2190
AT_ONCE = 500  # articles in a transaction
WORDS_EACH = 250  # of an article; feeds' articles have 200 to 600
UNITS = {Kind.POWER: "W", Kind.INVESTMENT: "EUR", Kind.REVENUE: "USD", Kind.PRICE: "EUR", Kind.JOBS: "jobs"}


class World:
    """Words and names by how often they occur: the n-th is about n times as rare as the first."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(7)  # noqa: S311  always the same words
        syllables = [a + b for a in "bdfgklmnprstvw" for b in ("a", "e", "i", "o", "u", "ei", "au")]
        invented = sorted({"".join(self.chance.choices(syllables, k=3)) for _ in range(30_000)})
        self.chance.shuffle(invented)
        self.words = invented[:20_000]
        halves = invented[:400], invented[400:800]
        self.companies = [name.title() for name in invented[-5_000:]]
        self.speakers = [f"{one.title()} {other.title()}" for one, other in zip(*halves, strict=True)]
        self.products = [
            f"{name.title()} {letter}{n}00"
            for name in self.companies[:60]
            for letter, n in zip("XYZ", (1, 2, 3), strict=True)
        ]
        self.chance = random.Random(seed)  # noqa: S311  always the same ledger
        self._weights: dict[int, list[float]] = {}

    def draw(self, among: list[str], number: int = 1) -> list[str]:
        size = len(among)
        if size not in self._weights:
            self._weights[size] = list(itertools.accumulate(1 / (n + 3) for n in range(size)))
        return self.chance.choices(among, cum_weights=self._weights[size], k=number)


@dataclass(frozen=True, slots=True)
class Told:
    """A claim as an article tells it, by the number it will have, and how it came into its thread."""

    claim: Claim
    number: int
    statement: int
    thread: int
    before: int = 0
    relation: str = ""


class Press:
    """Which claims the next article carries: retellings that are due first, then something new."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: list[tuple[int, int, Told]] = []  # by the article that tells it
        self._order = itertools.count()
        self._recent: deque[Told] = deque(maxlen=500)
        self._number = 0

    def tell(self, article: int, claims: int, day: date) -> list[Told]:
        found: list[Told] = []
        while len(found) < claims:
            self._number += 1
            due = self._waiting and self._waiting[0][0] <= article
            # No article tells a statement twice.
            if due and self._waiting[0][2].statement not in {told.statement for told in found}:
                old = heapq.heappop(self._waiting)[2]
                told = Told(old.claim, self._number, old.statement, old.thread, old.statement, "same")
            else:
                told = self._new(article, day)
            found.append(told)
        return found

    def _new(self, article: int, day: date) -> Told:
        chance = self._world.chance
        told = self._later(chance) or Told(_claim(self._world, day), self._number, self._number, self._number)
        for _ in range(_retellings(chance)):
            when = article + 1 + int(chance.expovariate(1 / 40))
            heapq.heappush(self._waiting, (when, next(self._order), told))
        self._recent.append(told)
        return told

    def _later(self, chance: random.Random) -> Told | None:
        """Every tenth new statement changes an earlier one or is what came of it."""
        if not self._recent or chance.random() > 0.1:
            return None
        earlier = chance.choice(self._recent)
        quantity = earlier.claim.quantity
        if quantity is None or quantity.low is None or earlier.claim.status is not Status.PLANNED:
            return None
        changed = float(f"{quantity.low * chance.uniform(0.5, 2):.2g}")
        claim = replace(earlier.claim, quantity=Quantity(changed, changed, quantity.unit))
        relation = "revision"
        if chance.random() < 0.4:
            claim, relation = replace(claim, status=Status.ACTUAL), "outcome"
        return Told(claim, self._number, self._number, earlier.thread, earlier.statement, relation)


def _retellings(chance: random.Random) -> int:
    """How many articles more tell it: most often none, at most 39."""
    return min(39, int(chance.paretovariate(1.1)) - 1)


def articles(world: World, claims: int) -> Iterator[tuple[Article, list[Told]]]:
    """Articles with their claims."""
    press = Press(world)
    left, number = claims, 0
    while left > 0:
        count = min(left, 4 if number % 3 == 2 else 3)
        published = published_after((claims - left) * DAYS * 1440 // claims)
        told = press.tell(number, count, published.day)
        yield _article(world, number, published, told), told
        left, number = left - count, number + 1


def _article(world: World, number: int, published: Instant, told: list[Told]) -> Article:
    chance = world.chance
    rest = world.draw(world.words, WORDS_EACH - 14 * len(told))
    spoken = [" ".join(world.draw(world.words, 14)).capitalize() + "." for _ in told]
    text = "\n\n".join([*spoken, " ".join(rest).capitalize() + "."])
    title = " ".join(world.draw(world.words, 6))
    url, source = f"https://www.example.org/{number}", f"source-{chance.randrange(40)}"
    return Article(url, title, text, chance.choice(("de", "en")), published, source)


def published_after(minutes: int) -> Instant:
    """So many minutes after the first day began, as exact as most feeds tell it."""
    at = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(minutes=minutes)
    return Instant(at, at.isoformat(), Precision.MINUTE, Origin.FEED)


def _claim(world: World, day: date) -> Claim:
    chance = world.chance
    kind = chance.choice(list(Kind))
    amount = float(f"{10 ** chance.uniform(1, 10):.2g}")
    quantity = Quantity(amount, amount, UNITS.get(kind, "units")) if kind is not Kind.LAUNCH else None
    due = Due(None, day + timedelta(days=chance.randrange(30, 1500))) if chance.random() < 0.5 else None
    status = Status.PLANNED if due else chance.choice([Status.ACTUAL, Status.EXPECTED])
    [subject], [product] = world.draw(world.companies), world.draw(world.products)
    thing = product if kind in {Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT} else None
    speaker = world.draw(world.speakers)[0] if chance.random() < 0.4 else None
    return Claim(kind, subject, thing, quantity, due, status, (), speaker=speaker)


def claims_of(one: Article, told: list[Told]) -> list[Claim]:
    """The claims with the article's own sentences as evidence: one paragraph each, in order."""
    made, start = [], 0
    for sentence, each in zip(one.text.split("\n\n"), told, strict=False):
        made.append(replace(each.claim, evidence=(Evidence(start, start + len(sentence), sentence),)))
        start += len(sentence) + 2
    return made


def build(path: Path, plain: Path, claims: int) -> None:
    """Both databases, unless they are there; one that was cut off is made anew."""
    if path.exists() and plain.exists():
        open_writing(path, wait=1).close()  # one that an earlier program made is brought up to date
        return
    part = path.with_suffix(".part")
    for left in (*path.parent.glob(f"{path.stem}.part*"), *path.parent.glob(f"{plain.name}*")):
        left.unlink()
    with closing(open_writing(part, wait=1)) as connection, closing(Database(plain).conn) as beside:
        # Nothing is lost but time when this is cut off: no log, and as much in memory as there may be (KB).
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        table = Database(beside)["plain"]
        table.create({"id": int, "title": str, "sentence": str}, pk="id")
        every, threads = articles(World(), claims), Threads(connection)
        while batch := list(itertools.islice(every, AT_ONCE)):
            with transaction(connection):
                for one, told in batch:
                    _keep(connection, threads, one, told)
                standing.settle(connection)
            table.insert_all(
                {"title": one.title, "sentence": sentence}
                for one, told in batch
                for sentence in one.text.split("\n\n")[: len(told)]
            )
        table.enable_fts(["title", "sentence"], fts_version="FTS5")
        with transaction(connection):
            connection.execute("INSERT INTO claims_fts (claims_fts) VALUES ('optimize')")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    part.rename(path)


def _keep(connection: sqlite3.Connection, threads: Threads, one: Article, told: list[Told]) -> None:
    article_id, _ = writing.article_row(connection, one, moment(NOW))
    about = {"fetched": moment(NOW), "extractor": "1"}
    _, version_id = writing.add_version(connection, article_id, version_columns(one) | about)
    writing.add_claims(connection, version_id, one, claims_of(one, told), "1")
    stories.place(connection, version_id)
    threads.update(article_id, moment(NOW))
