"""Training articles in an invented world."""

from __future__ import annotations

from benchmarks.swapping.article import swap
from benchmarks.training.labels import Record

SWAPPED = "~swapped"


def swapped(article: Record, world: int = 0) -> Record:
    """The article with other companies, products and numbers, and the annotation with them.

    Each world has names of its own.
    """
    return swap({**article, "id": f"{article['id']}{SWAPPED}{world or ''}"}).article
