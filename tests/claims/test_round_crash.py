"""SIGKILL in the middle of a round: the ledger is whole, and the next round completes it as an unbroken one.

A round is killed by the site it reads: at a certain request, before or a moment after it is answered. Moments
within storing one article are tests/db's matter.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from claims.demo.site import pages, stories
from db.ledger import Ledger
from tests.loopback import Script, Site

from .conftest import Run

ROOT = Path(__file__).parents[2]
# Everything but the times, and what only says how the last poll went.
ROWS = (
    "SELECT id, name, url, lang, zone, etag, failures, body_digest, extra FROM sources",
    "SELECT id, url, source_id, lang FROM articles",
    "SELECT * FROM addresses",
    "SELECT id, article_id, number, current, digest, title, text, published_at, extractor FROM versions",
    "SELECT * FROM claims",
    "SELECT * FROM evidence",
    "SELECT rowid, * FROM claims_fts",
    "SELECT * FROM stories",
    "SELECT * FROM shingles",
)


@dataclass(slots=True)
class Killer:
    """Kills the child at its request number `at`; None where nobody is to be killed."""

    at: int | None = None
    delay: float | None = None
    count: int = 0
    child: subprocess.Popen[bytes] | None = None
    dead: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)

    def around(self, script: Script) -> Script:
        """The same answer, unless it is the child's time."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            self.count += 1
            if self.at is None or self.count < self.at:
                script(handler)
            elif self.count > self.at:
                self.dead.wait(60)
            else:
                self.strike(lambda: script(handler))

        return answer

    def strike(self, respond: Callable[[], None]) -> None:
        if self.delay is not None:
            respond()
            time.sleep(self.delay)
        assert self.started.wait(60)
        assert self.child is not None
        self.child.send_signal(signal.SIGKILL)
        self.dead.set()

    def round(self, config: Path) -> int:
        """One round in a process of its own; returns how it ended."""
        command = [sys.executable, "-m", "claims", "run", "--force", "--quiet", "--config", str(config)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, env=environment) as child:
            self.child = child
            self.started.set()
            return child.wait(120)


@pytest.fixture
def killer(site: Site) -> Killer:
    """The demonstration's two magazines, on a site that can kill its reader."""
    killer = Killer()
    for path, (kind, body) in pages(site.url).items():
        site.answer(path, body=body, headers={"Content-Type": kind}, etag=f'"{len(body)}"')
        if path != "/robots.txt":
            site.script(path, killer.around(site.routes[path]))
    return killer


def config_in(folder: Path, site: Site) -> Path:
    folder.mkdir()
    sources = "".join(
        f'[[sources]]\nname = "{lang}"\nurl = "{site.url}/{lang}/feed.xml"\nlang = "{lang}"\n'
        for lang in ("de", "en")
    )
    config = folder / "config.toml"
    config.write_text(f'[fetch]\nmin_gap = 0\nallow_hosts = ["127.0.0.1"]\n{sources}')
    return config


def rows(config: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(config.with_name("claims.db"))) as connection:
        return [connection.execute(f"{query} ORDER BY 1, 2").fetchall() for query in ROWS]


@pytest.mark.slow
def test_sigkill_in_the_middle_of_a_round(home: Path, site: Site, killer: Killer, run: Run) -> None:
    unbroken = config_in(home / "unbroken", site)
    assert run("run", "--quiet", "--config", str(unbroken)).code == 0
    requests = killer.count
    assert requests == 2 + len(stories("de")) + len(stories("en"))
    # A moment after a page of the first source, between the two sources, at the last page.
    points = [(4, 0.02), (len(stories("de")) + 2, None), (requests, None)]
    for number, (at, delay) in enumerate(points):
        config = config_in(home / str(number), site)
        killer.count, killer.at, killer.delay = 0, at, delay
        killer.dead.clear()
        killer.started.clear()
        assert killer.round(config) == -signal.SIGKILL
        with Ledger.open(config.with_name("claims.db")) as ledger:
            assert ledger.integrity() == []
            assert ledger.counts().articles <= at
        killer.at = None
        assert run("run", "--force", "--quiet", "--config", str(config)).code == 0
        assert rows(config) == rows(unbroken)
        with Ledger.open(config.with_name("claims.db")) as ledger:
            assert [row.ended is None for row in ledger.rounds()] == [False, True]
