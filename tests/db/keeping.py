"""Everything that keeps a ledger, with arguments that make it work, for tests of trouble and of crashes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from ledger_making import LARGE, NOW, article, claim

from db.backup import backup
from db.export import records, rows
from db.importing import import_lines
from db.ledger import Ledger
from db.retention import compact, drop_texts, droppable
from db.search import Query
from db.verify import reindex, verify
from extractors.claim import Claim, Evidence, Place
from scraper.article import Article

LATER = NOW + timedelta(days=1)


def brief(about: Article) -> Claim:
    """A claim that rests on the first words of a long text."""
    return claim(about, evidence=(Evidence(0, 20, about.text[:20], Place.TEXT),))


def lines_to_import(folder: Path, articles: int = 20, text: str | None = None) -> list[bytes]:
    """An export of another ledger, whose articles are not in the one that `fill` makes."""
    path = folder / "elsewhere.db"
    with Ledger.open(path) as ledger:
        for number in range(500, 500 + articles):
            one = article(number, text)
            ledger.store(one, [brief(one), replace(brief(one), subject="Bcme")], extractor="1", now=NOW)
    return [json.dumps(record).encode() for record in records(path)]


@cache
def lines() -> list[bytes]:
    """Articles too large for the free space of a few pages."""
    with tempfile.TemporaryDirectory() as folder:
        return lines_to_import(Path(folder), 3, LARGE)


WAIT = 0.05  # seconds
WRITING: dict[str, Callable[[Path], object]] = {
    "import": lambda path: import_lines(path, lines(), wait=WAIT),
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
