"""SIGKILL at every named point of a round over several hosts, in a loop; the next round completes it.

Afterwards the ledger is whole, no article lacks its claims, and the next round, which asks only the sources
that are still due, ends with the same rows as an unbroken one: nothing twice, nothing lost. The points are
the seams in crashing.py, before and after, each time that a round passes them; those within one transaction
are tests/db's matter.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from db.ledger import Ledger
from scraper import segments
from tests.loopback import Site, serve

from .crashing import POINTS, SEAMS

ROOT = Path(__file__).parents[2]
# More articles than it takes until a block that all of them share is left out.
HOSTS, ARTICLES = 2, segments.ARTICLES + 1
BOX = "This text belongs to a series that the sample paper has every week."
# How often an unbroken round passes each seam.
TIMES = {
    "start_round": 1,
    "feed": HOSTS,
    "article": HOSTS * ARTICLES,
    "parse": HOSTS * ARTICLES,
    "segments": HOSTS * ARTICLES,
    "extract": HOSTS * ARTICLES,
    "store": HOSTS * ARTICLES,
    "save_states": 1,  # or more: sources that end at the same time are saved at once
    "finish_round": 1,
}
# Everything by what it is about: ids follow the order in which articles of several hosts arrive.
_ABOUT = "FROM versions JOIN articles ON articles.id = article_id"
_CLAIM = f"{_ABOUT} JOIN claims ON version_id = versions.id"
ROWS = (
    "SELECT name, url, lang, zone, etag, last_modified, failures, body_digest, extra FROM sources",
    "SELECT articles.url, name, articles.lang FROM articles JOIN sources ON sources.id = source_id",
    "SELECT addresses.url, articles.url FROM addresses JOIN articles ON articles.id = article_id",
    f"SELECT url, number, current, digest, title, text, published_at, extractor {_ABOUT}",
    f"SELECT url, number, ordinal, kind, subject, low, high, unit, status, claims.extractor {_CLAIM}",
    f"SELECT url, number, claims.ordinal, evidence.ordinal, place, start, end, evidence.text {_CLAIM} "
    "JOIN evidence ON claim_id = claims.id",
    f"SELECT url, number, ordinal, claims_fts.subject, evidence, claims_fts.title, en {_CLAIM} "
    "JOIN claims_fts ON claims_fts.rowid = claims.id",
    "SELECT outlet, mark, articles FROM segments",
)


class Rounds:
    """Hands rounds to the process that forks them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def run(self, config: Path, point: str = "never", nth: int = 1) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(config, point, nth, sep="\t", file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def rounds() -> Iterator[Rounds]:
    command = [sys.executable, "-m", "tests.claims.crashing"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        yield Rounds(process)


@pytest.fixture(scope="module")
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        found = [stack.enter_context(serve(f"127.0.0.{number + 1}")) for number in range(HOSTS)]
        for site in found:
            paths = [f"/{number}" for number in range(ARTICLES)]
            site.feed("/feed", *(site.url + path for path in paths), etag='"1"')
            site.answer("/robots.txt", body=b"User-agent: *\nAllow: /\n")
            for path in paths:
                own = f"Acme orders 1,000 units, says {site.url}{path}. "
                site.page(path, f"{own * 4}\n\n{BOX}")
        yield found


def config_in(folder: Path, sites: list[Site]) -> Path:
    folder.mkdir()
    sources = "".join(
        f'[[sources]]\nname = "s{number}"\nurl = "{site.url}/feed"\nlang = "en"\n'
        for number, site in enumerate(sites)
    )
    config = folder / "config.toml"
    config.write_text(f'[fetch]\nmin_gap = 0\nallow_hosts = ["127.0.0.1", "127.0.0.2"]\n{sources}')
    return config


def rows(config: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(config.with_name("claims.db"))) as connection:
        return [sorted(connection.execute(query).fetchall(), key=repr) for query in ROWS]


@pytest.fixture(scope="module")
def unbroken(
    tmp_path_factory: pytest.TempPathFactory, sites: list[Site], rounds: Rounds
) -> list[list[tuple[object, ...]]]:
    config = config_in(tmp_path_factory.mktemp("unbroken") / "x", sites)
    assert rounds.run(config) == 0
    found = rows(config)
    articles = HOSTS * ARTICLES
    assert [len(part) for part in found] == [HOSTS, *[articles] * 3, *[2 * articles] * 3, articles + HOSTS]
    boxed = sum(BOX in str(row) for row in found[3])
    assert boxed == HOSTS * segments.ARTICLES
    return found


def whole(config: Path) -> int:
    """Checks what a killed round left; returns how many sources it was done with."""
    with Ledger.open(config.with_name("claims.db")) as ledger:
        assert ledger.integrity() == []
        counts = ledger.counts()
        assert counts.claims == 2 * counts.versions == 2 * counts.articles
        return sum(state.checked is not None for _, state in ledger.states().values())


def kill_and_complete(
    folder: Path, sites: list[Site], rounds: Rounds, expected: list[list[tuple[object, ...]]], *points: str
) -> None:
    """Kill at every given point, each time that a round passes it, and run again."""
    for point in points:
        for nth in range(1, TIMES[point.split()[1]] + 1):
            config = config_in(folder / f"{point} {nth}", sites)
            assert rounds.run(config, point, nth) == signal.SIGKILL, (point, nth)
            done = whole(config)
            before = [len(site.requests) for site in sites]
            assert rounds.run(config) == 0
            assert rows(config) == expected, (point, nth)
            asked = [
                request.path
                for site, count in zip(sites, before, strict=True)
                for request in site.requests[count:]
            ]
            assert asked.count("/feed") == HOSTS - done  # R2: what was polled and kept is not polled again
            assert whole(config) == HOSTS


def test_every_seam_is_counted() -> None:
    assert set(TIMES) == set(SEAMS)


def test_killed_where_most_is_open(
    tmp_path: Path, sites: list[Site], rounds: Rounds, unbroken: list[list[tuple[object, ...]]]
) -> None:
    """The few that run on save."""
    kill_and_complete(tmp_path, sites, rounds, unbroken, "after store", "before save_states")


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_every_named_point(
    tmp_path: Path, sites: list[Site], rounds: Rounds, unbroken: list[list[tuple[object, ...]]], point: str
) -> None:
    kill_and_complete(tmp_path, sites, rounds, unbroken, point)


@pytest.mark.slow
def test_killed_again_and_again(
    tmp_path: Path, sites: list[Site], rounds: Rounds, unbroken: list[list[tuple[object, ...]]]
) -> None:
    """Each round is killed a step later than the one before: they get there all the same."""
    config = config_in(tmp_path / "x", sites)
    for point in POINTS:
        rounds.run(config, point, 1)
        whole(config)
    assert rounds.run(config) == 0
    assert rows(config) == unbroken
