"""How fast articles are read, and how much memory it takes: one process, medians of several rounds over dev.

    python -m benchmarks.extraction [ROUNDS]

The peer in the same run is spaCy's blank pipeline with its sentencizer: the least that any spaCy tool costs.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import spacy

from extractors.pipeline import build, extract
from scraper.article import Article, Instant

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
LANGUAGES = ("de", "en")


def articles(lang: str) -> list[Article]:
    """The dev articles of a language."""
    rows = map(json.loads, (GOLD / f"dev.{lang}.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Article(r["id"], r["title"], r["text"], lang, Instant.of_day(date.fromisoformat(r["published"])))
        for r in rows
    ]


def seconds(work: Callable[[Article], object], texts: Iterable[Article]) -> float:
    """Process time of one pass."""
    start = time.process_time()
    for article in texts:
        work(article)
    return time.process_time() - start


def main(arguments: list[str]) -> int:
    """Print the table."""
    rounds = int(arguments[0]) if arguments else 5
    start = time.process_time()
    for lang in LANGUAGES:
        extract(articles(lang)[0])
    print(f"loading both languages, one article each: {time.process_time() - start:.1f} s of process time")
    for lang in LANGUAGES:
        texts = articles(lang)
        peer = spacy.blank(lang)
        peer.add_pipe("sentencizer")
        count = sum(len(list(peer(a.text).sents)) for a in texts)
        ours = statistics.median(seconds(extract, texts) for _ in range(rounds))
        theirs = statistics.median(seconds(lambda a, nlp=peer: nlp(a.text), texts) for _ in range(rounds))
        print(f"{lang}: {count / ours:6.0f} sentences/s, {ours / theirs:.1f} times the blank pipeline's time")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory {peak} MiB, components: {', '.join(build('de').pipe_names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
