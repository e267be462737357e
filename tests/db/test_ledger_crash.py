"""SIGKILL while storing: the file is whole, no article lacks its claims, the next round completes.

The child prints the number of each article that was stored; what it said is kept must be there.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ledger_making import NOW, article, claim, contents

from db.ledger import Ledger
from db.search import Query, search
from extractors.claim import Claim, Kind
from scraper.article import Article

CHILD = """
import sys
from pathlib import Path
from db.ledger import Ledger
from ledger_making import NOW
from test_ledger_crash import work
with Ledger.open(Path(sys.argv[1])) as ledger:
    for number in range(100_000):
        for one, claims in work(number):
            ledger.store(one, claims, extractor="1", now=NOW)
            print(number, flush=True)
"""
EACH = 4  # claims of every article


def work(number: int) -> list[tuple[Article, list[Claim]]]:
    """An article, and every third time a changed text of it, each with EACH claims."""
    texts = [None, f"Acme kauft nun {number} Rechner."] if number % 3 == 0 else [None]
    articles = [article(number, text) for text in texts]
    kinds = list(Kind)[:EACH]
    return [(one, [claim(one, kind=kind) for kind in kinds]) for one in articles]


def run_and_kill(path: Path, after: float) -> list[int]:
    """The articles that the child said were kept before it was killed `after` seconds from its first one."""
    folders = [str(Path(__file__).parent), *filter(None, sys.path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(folders)}
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
    assert child.returncode == -signal.SIGKILL
    return [int(line) for line in (first + rest).splitlines() if line]


def check(path: Path, kept: list[int]) -> None:
    with Ledger.open(path) as ledger:
        assert ledger.integrity() == []
        assert all(ledger.known(article(number).url) for number in kept)
        counts = ledger.counts()
    assert counts.versions >= len(kept) > 0
    assert counts.claims == EACH * counts.versions
    hits = search(path, Query("rechner", limit=10**9))
    assert len(hits) == EACH * counts.articles


def unbroken(path: Path, numbers: int) -> dict[str, list[tuple[object, ...]]]:
    with Ledger.open(path) as ledger:
        for number in range(numbers):
            for one, claims in work(number):
                ledger.store(one, claims, extractor="1", now=NOW)
    return contents(path)


def kill_often(folder: Path, times: int) -> None:
    """Each start goes through the same articles again, past those that are there."""
    path, chance = folder / "killed.db", random.Random(7)  # noqa: S311  a reproducible choice of moments
    for _ in range(times):
        check(path, run_and_kill(path, chance.uniform(0, 0.06)))
    with Ledger.open(path) as ledger:
        numbers = ledger.counts().articles + 1
    # The last article may have one of its two versions: going through all again adds that one alone.
    assert unbroken(path, numbers) == unbroken(folder / "unbroken.db", numbers)


def test_sigkill_twenty_times(tmp_path: Path) -> None:
    kill_often(tmp_path, 20)


@pytest.mark.slow
def test_sigkill_a_hundred_times(tmp_path: Path) -> None:
    kill_often(tmp_path, 100)
