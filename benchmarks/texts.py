"""What the speed benchmarks read: claim-dense sentences, whole articles, and long pages without claims."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.gate import article
from scraper.article import Article

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
LANGUAGES = ("de", "en")
PAGE = 12_000
"""The length in characters at which a mixed page is full: a long page of news."""


def _rows(pattern: str) -> Iterator[dict[str, Any]]:
    for file in sorted(GOLD.glob(pattern)):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def dev_articles(lang: str) -> list[Article]:
    """The dev articles of a language, whole."""
    return [article(row) for row in _rows(f"dev.{lang}.jsonl")]


def claim_sentences(lang: str) -> list[Article]:
    """Every evidence sentence of the dev claims, once, each as an article of its own without a title."""
    found: dict[str, Article] = {}
    for row in _rows(f"dev.{lang}.jsonl"):
        for claim in row["claims"]:
            for sentence in claim["evidence"]:
                found.setdefault(sentence, article({**row, "title": "", "text": sentence}))
    return list(found.values())


def mixed_pages(lang: str) -> list[Article]:
    """Long pages of ordinary news without a claim: gold articles that have none, one below the other."""
    pages: list[Article] = []
    parts: list[str] = []
    for row in _rows(f"*.{lang}*.jsonl"):
        if row["claims"]:
            continue
        parts += [row["title"], row["text"]]
        if sum(map(len, parts)) >= PAGE:
            pages.append(article({**row, "title": parts[0], "text": "\n\n".join(parts[1:])}))
            parts = []
    return pages
