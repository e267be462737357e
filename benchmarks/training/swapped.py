"""Training articles in an invented world."""

from __future__ import annotations

from benchmarks.swapping.article import swap
from benchmarks.training.labels import Record

SWAPPED = "~swapped"


def swapped(article: Record) -> Record:
    """The article with other companies, products and numbers, and the annotation with them."""
    return swap({**article, "id": article["id"] + SWAPPED}).article
