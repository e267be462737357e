"""Trains the context encoder (`extractors/encoder`) from the annotated articles in tests/gold.

    python -m benchmarks.train_network

Learns from train.* but for a tenth of the hard articles and half of the ordinary ones: they stay unseen, so
that `python -m benchmarks.train` can weigh, calibrate and measure with the network that ships. Every article
is also learned in invented worlds (`benchmarks/swapping`), so that what a name is follows from the text and
not from the name. Takes an hour and a half on two cores; progress goes to standard error. Same machine and
versions, same files. Needs the extra "train".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from benchmarks.training.base_model import choose_pieces, load_base, packed_pieces
from benchmarks.training.export import export
from benchmarks.training.gold import ROOT, held_back, load, reading_of
from benchmarks.training.labels import Record, label
from benchmarks.training.learning import EPOCHS, train
from benchmarks.training.network import Lesson, lesson
from benchmarks.training.swapped import swapped
from extractors.encoder.pieces import Pieces, read_pieces

WORLDS = 3  # each seen once in six epochs
MODEL_FOLDER = ROOT / "extractors" / "model"


@cache
def _vocabulary(packed: bytes) -> Pieces:
    return read_pieces(packed)


def _forms(packed: bytes, article: Record) -> tuple[Lesson, ...]:
    """The lessons of an article: as it is written, and in each invented world."""
    vocabulary, lessons = _vocabulary(packed), []
    for form in (article, *(swapped(article, world) for world in range(WORLDS))):
        reading = reading_of(form)
        lessons.append(lesson(reading, label(form, reading), vocabulary))
    return tuple(lessons)


def build(folder: Path, epochs: int) -> None:
    """Train on all training articles but those held back, and write the files."""
    articles = load("train.*.jsonl")
    held = {a["id"] for a in held_back(articles)}
    base = load_base()
    kept = choose_pieces(base, (a["title"] + "\n" + a["text"] for a in articles))
    packed = packed_pieces(base, kept)

    learned = [article for article in articles if article["id"] not in held]
    with ProcessPoolExecutor(max_workers=2) as pool:
        lessons = list(pool.map(partial(_forms, packed), learned, chunksize=20))
    print(f"{len(lessons)} articles, {len(kept)} pieces", file=sys.stderr, flush=True)
    export(train(base, kept, lessons, epochs), packed, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"passes over the articles ({EPOCHS})")
    parser.add_argument("--folder", type=Path, default=MODEL_FOLDER, help="where to write")
    options = parser.parse_args(arguments)
    build(options.folder, options.epochs)
    size = sum(file.stat().st_size for file in options.folder.iterdir())
    print(f"wrote {options.folder}: {size >> 20} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
