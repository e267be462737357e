"""How many sentences a second: ours and the peer in turns over the same texts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.lines import Line
from benchmarks.peer import MISSING, PARSING, count_sentences, load_peer
from benchmarks.texts import LANGUAGES, claim_sentences, dev_articles, mixed_pages
from extractors.pipeline import extract_many
from scraper.article import Article

LEAST_SPEED = 150.0  # claim-dense sentences a second
LEAST_TO_PARSING = 3.0
LEAST_TO_STOCK = 2.0
LEAST_GERMAN = 0.5  # of the English speed


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of text with the peer beside it and the limits for both."""

    name: str
    texts: Callable[[str], list[Article]]
    single: bool  # each text is one sentence
    peer_name: str
    peer_parts: tuple[str, ...]
    least_speed: float | None
    least_ratio: float | None
    least_german: float | None


TASKS = (
    Task(
        "claim-dense sentences", claim_sentences, True, "full parsing, as CQE begins", PARSING,
        LEAST_SPEED, LEAST_TO_PARSING, LEAST_GERMAN,
    ),
    Task(
        "whole dev articles", dev_articles, False, "the stock pipeline", (),
        None, LEAST_TO_STOCK, LEAST_GERMAN,
    ),
    Task("long pages without claims", mixed_pages, False, "the stock pipeline", (), None, None, None),
)  # fmt: skip


def speeds(rounds: int) -> Iterator[Line]:
    """The lines of all tasks."""
    for task in TASKS:
        yield from _lines(task, rounds)


def _lines(task: Task, rounds: int) -> Iterator[Line]:
    readings = {lang: _Reading.of(task, lang) for lang in LANGUAGES}
    for number in range(rounds + 1):
        for reading in readings.values():
            reading.turn(keep=number > 0)  # the first round warms up
    for lang, reading in readings.items():
        yield from _told(task, f"{task.name}, {lang}", reading)
    share = [a / b for a, b in zip(readings["de"].ours, readings["en"].ours, strict=True)]
    yield Line(f"{task.name}: German to English", share, "times", task.least_german)


def _told(task: Task, name: str, reading: _Reading) -> Iterator[Line]:
    texts = len(reading.articles)
    yield Line(f"{name}: ours ({texts} texts)", reading.ours, "sentences/s", task.least_speed)
    if not task.single:
        yield Line(f"{name}: ours, a text", [1000 * reading.count / s / texts for s in reading.ours], "ms")
    ratio_name = f"{name}: ours to {task.peer_name}"
    if reading.peer is not None:
        yield Line(f"{name}: {task.peer_name}", reading.theirs, "sentences/s")
        ratio = [a / b for a, b in zip(reading.ours, reading.theirs, strict=True)]
        yield Line(ratio_name, ratio, "times", task.least_ratio)
    elif reading.lang == "en":
        yield Line(ratio_name, [], "times", task.least_ratio, missing=MISSING)


@dataclass(slots=True)
class _Reading:
    """The texts of one language, who reads them, and the sentences a second of each round."""

    lang: str
    articles: list[Article]
    count: int
    peer: Callable[[str], object] | None
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, task: Task, lang: str) -> _Reading:
        articles = task.texts(lang)
        count = len(articles) if task.single else count_sentences(lang, [a.text for a in articles])
        return cls(lang, articles, count, load_peer(lang, task.peer_parts))

    def turn(self, keep: bool) -> None:
        """Ours, then the peer, once over all texts."""
        ours = _seconds(lambda: list(extract_many(self.articles)))
        if keep:
            self.ours.append(self.count / ours)
        peer = self.peer
        if peer is not None:
            theirs = _seconds(lambda: [peer(article.text) for article in self.articles])
            if keep:
                self.theirs.append(self.count / theirs)


def _seconds(work: Callable[[], object]) -> float:
    """Process time of one pass."""
    start = time.process_time()
    work()
    return time.process_time() - start
