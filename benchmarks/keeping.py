"""What copying, checking, carrying and pruning a ledger cost, beside SQLite's own ways in the same run.

    python -m benchmarks.keeping [ARTICLES]

Wall-clock seconds, medians of three, of the corpus of `benchmarks.ledger` (about 3000 characters and three
claims an article). A plain copy of the file is the limit of what any backup can do, but is safe only while
nobody writes; VACUUM INTO is SQLite's other way; a bare integrity check is a part of what verify does.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from benchmarks.ledger import NOW, corpus
from db.backup import backup
from db.export import records
from db.importing import import_lines
from db.ledger import Ledger
from db.retention import drop_texts
from db.verify import verify

TIMES = 3


def main(articles: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "ledger.db"
        with Ledger.open(path) as ledger:
            for one, claims in corpus(articles):
                ledger.store(one, claims, extractor="1", now=NOW)
            counts = ledger.counts()
        size = path.stat().st_size
        print(f"{counts.articles:,} articles, {counts.claims:,} claims, {size / 1e6:.1f} MB")
        lines = [json.dumps(record).encode() for record in records(path)]
        plain = median(lambda: shutil.copy(path, folder / "plain.db"))
        show("a plain copy of the file", plain, plain)
        show("VACUUM INTO", median(lambda: vacuum_into(path, folder / "vacuum.db")), plain)
        show("claims backup, checked", median(lambda: backup(path, folder / "copy.db", force=True)), plain)
        bare = median(lambda: integrity_check(path))
        show("PRAGMA integrity_check alone", bare, bare)
        show("claims verify", median(lambda: verify(path)), bare)
        show("claims export", median(lambda: [json.dumps(record) for record in records(path)]), bare)
        show("claims import, new", median(lambda: import_anew(folder / "new.db", lines)), bare)
        show("claims import, again", median(lambda: import_lines(path, lines)), bare)
        show("claims prune, once", once(lambda: drop_texts(path, NOW + timedelta(days=1), now=NOW)), bare)


def median(work: Callable[[], object]) -> float:
    return statistics.median(once(work) for _ in range(TIMES))


def once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(what: str, seconds: float, limit: float) -> None:
    print(f"{what:32}{seconds:9.3f} s {seconds / limit:8.1f} ×")


def vacuum_into(path: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", [str(target)])


def integrity_check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA integrity_check").fetchall()


def import_anew(path: Path, lines: list[bytes]) -> None:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    import_lines(path, lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
