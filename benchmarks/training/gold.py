"""The annotated articles as training sees them: in a fixed order, read by all layers, some held back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.training.labels import Record
from extractors.document import read_document
from extractors.reading import Reading, read

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
HELD_EVERY = 10
ORDINARY = ("a", "b")  # series of articles in the manner of news; the later ones were written to be hard
ORDINARY_HELD_EVERY = 2


def load(pattern: str) -> list[Record]:
    """Articles of all gold files that match, in a fixed order."""
    rows = []
    for path in sorted(GOLD.glob(pattern)):
        rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return rows


def reading_of(article: Record) -> Reading:
    """The article read by all layers."""
    published = date.fromisoformat(article["published"])
    return read(read_document(article["title"], article["text"], article["lang"], published))


def held_back(articles: Sequence[Record]) -> list[Record]:
    """Every tenth article, and every second of the ordinary ones; the shipped encoder has seen none.

    By its number, so that new files move none.
    """
    return [article for article in articles if _number(article) % _every(article) == 0]


def is_ordinary(article: Record) -> bool:
    """Written in the manner of news, and not to be hard."""
    return any(part in ORDINARY for part in article["id"].split("-")[2:3])


def _every(article: Record) -> int:
    return ORDINARY_HELD_EVERY if is_ordinary(article) else HELD_EVERY


def _number(article: Record) -> int:
    return int(article["id"].rpartition("-")[2])
