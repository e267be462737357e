"""SIGKILL at random moments of every kind of writing, migrating included: all is whole, and is completed.

The children are forks of this process, which has everything loaded: a kill costs milliseconds.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from keeping import LATER, brief, lines_to_import
from ledger_making import LARGE, NOW, article, claim, contents, fill

from db import schema
from db.backup import backup
from db.connection import VERSION
from db.importing import import_lines
from db.ledger import Ledger
from db.retention import compact, drop_texts
from db.verify import reindex, verify

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
assert schema.migrations, "loaded before the children are forked"
RELEASED = Path(__file__).parent / "released" / "schema-5.db.gz"
Work = Callable[[Path], object]


def store(path: Path) -> None:
    """A round's writing: article after article."""
    with Ledger.open(path) as ledger:
        for number in range(30):
            one = article(number)
            ledger.store(one, [claim(one), claim(one, subject="Bcme")], extractor="1", now=NOW)


def migrate(path: Path) -> None:
    Ledger.open(path).close()


def copy(path: Path) -> None:
    target = path.with_name("copy.db")
    target.unlink(missing_ok=True)
    backup(path, target)


def works(folder: Path) -> dict[str, tuple[Path, Work]]:
    """Each kind of work and the ledger that it begins with."""
    small, large, early = folder / "small.db", folder / "large.db", folder / "early.db"
    fill(small)
    fill(large)
    with Ledger.open(large) as ledger:
        for number in range(20, 40):
            one = article(number, f"{number} {LARGE[:20_000]}")
            ledger.store(one, [brief(one)], extractor="1", now=NOW)
        ledger._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    early.write_bytes(gzip.decompress(RELEASED.read_bytes()))
    lines = lines_to_import(folder)
    return {
        "store": (small, store),
        "import": (small, lambda path: import_lines(path, lines)),
        "drop texts": (large, lambda path: drop_texts(path, LATER, now=NOW)),
        "reindex": (large, reindex),
        "compact": (large, compact),
        "migrate": (early, migrate),
        "backup": (large, copy),
    }


def killed(work: Work, path: Path, after: float) -> bool:
    """Whether the child was still at work when it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work(path)
        except BaseException:
            os._exit(1)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), "the child failed by itself"
    return status != 0


def kill_often(folder: Path, times: int) -> None:
    chance = random.Random(11)  # noqa: S311  a reproducible choice of moments
    hit: dict[str, int] = {}
    prepared = works(folder)
    spans = {name: _span(work, start, folder / f"{name}.done.db") for name, (start, work) in prepared.items()}
    # A child may be done before it is killed: each kind of work is tried until it was caught in the middle.
    while sum(hit.values()) < times or len(hit) < len(prepared):
        for name, (start, work) in prepared.items():
            path = _fresh(start, folder / "killed.db")
            if killed(work, path, chance.uniform(0, spans[name])):
                hit[name] = hit.get(name, 0) + 1
                _check(path, start, name)
            work(path)  # done again, it is complete
            assert verify(path) == []
            assert contents(path) == contents(folder / f"{name}.done.db")
    assert sum(hit.values()) >= times


def _fresh(start: Path, path: Path) -> Path:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    return Path(shutil.copy(start, path))


def _span(work: Work, start: Path, done: Path) -> float:
    """How long the work takes; what it makes of the ledger is left to compare with."""
    path = _fresh(start, done)
    began = time.monotonic()
    work(path)
    return time.monotonic() - began


def _check(path: Path, start: Path, name: str) -> None:
    """The file is whole, and so is every article in it; what is one transaction was done or was not."""
    if name == "migrate":
        with Ledger.open(path) as ledger:
            assert ledger.schema_version() == VERSION
    assert verify(path) == []
    if name == "migrate":  # an early ledger has not all tables; what it has is compared when it is complete
        return
    before, after = contents(start), contents(path)
    if name == "store":  # the first three were there before, with a claim each
        new = len(after["articles"]) - len(before["articles"])
        assert new >= 0
        assert len(after["claims"]) - len(before["claims"]) == 2 * new
    elif name == "import":
        assert len(after["articles"]) - len(before["articles"]) in {0, 20}
    elif name == "drop texts":
        assert after["claims"] == before["claims"]
        assert after["evidence"] == before["evidence"]
    else:
        assert after == before


def test_killed_now_and_then(tmp_path: Path) -> None:
    kill_often(tmp_path, 7)


@pytest.mark.slow
def test_killed_two_hundred_times(tmp_path: Path) -> None:
    kill_often(tmp_path, 200)
