"""Everything that keeps a ledger, with arguments that make it work, for tests of trouble and of crashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from ledger_making import LARGE, NOW, article, claim

from db.backup import backup
from db.export import records, rows
from db.importing import import_lines
from db.ledger import Ledger
from db.retention import compact, drop_texts, droppable
from db.search import Query
from db.verify import reindex, verify

LATER = NOW + timedelta(days=1)


def lines_to_import(folder: Path, articles: int = 20, text: str | None = None) -> list[bytes]:
    """An export of another ledger, whose articles are not in the one that `fill` makes."""
    path = folder / "elsewhere.db"
    with Ledger.open(path) as ledger:
        for number in range(500, 500 + articles):
            one = article(number, text)
            ledger.store(one, [claim(one), claim(one, subject="Bcme")], extractor="1", now=NOW)
    return [json.dumps(record).encode() for record in records(path)]


def lines(path: Path) -> list[bytes]:
    """Made once beside the ledger, since a locked one must not be written for it."""
    kept = path.with_name("lines.ndjson")
    if not kept.exists():
        kept.write_bytes(b"\n".join(lines_to_import(path.parent, 3, LARGE)))
    return kept.read_bytes().split(b"\n")


WAIT = 0.05  # seconds
WRITING: dict[str, Callable[[Path], object]] = {
    "import": lambda path: import_lines(path, lines(path), wait=WAIT),
    "drop_texts": lambda path: drop_texts(path, LATER, now=NOW, wait=WAIT),
    "reindex": lambda path: reindex(path, wait=WAIT),
    "compact": lambda path: compact(path, wait=WAIT),
}
READING: dict[str, Callable[[Path], object]] = {
    "records": lambda path: list(records(path)),
    "records found": lambda path: list(records(path, Query("rechner"))),
    "rows": lambda path: list(rows(path)),
    "droppable": lambda path: droppable(path, LATER, wait=WAIT),
    "verify": lambda path: verify(path, wait=WAIT),
    "backup": lambda path: backup(path, path.with_name("copy.db"), force=True, wait=WAIT),
}
