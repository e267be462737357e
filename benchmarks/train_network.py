"""Trains the context encoder (`extractors/encoder`) from the annotated articles in tests/gold.

    python -m benchmarks.train_network                  all of train.*, into extractors/model
    python -m benchmarks.train_network --without 0      without one fifth, into build/network-without-0:
                                                        what `benchmarks.train` measures and calibrates with

Takes about an hour on one core; progress goes to standard error. Same machine and versions, same files.
Needs the extra "train".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.training.base_model import choose_pieces, load_base, packed_pieces
from benchmarks.training.export import export
from benchmarks.training.gold import FOLDS, ROOT, folds, load, reading_of
from benchmarks.training.labels import label
from benchmarks.training.network import EPOCHS, lesson, train
from extractors.encoder.pieces import read_pieces

MODEL_FOLDER = ROOT / "extractors" / "model"


def held_folder(fold: int) -> Path:
    """Where the network that has not seen a fold is kept."""
    return ROOT / "build" / f"network-without-{fold}"


def build(without: int | None, folder: Path, epochs: int = EPOCHS) -> None:
    """Train on all training articles but those of a fold, and write the files."""
    articles = load("train.*.jsonl")
    left_out = {a["id"] for a in folds(articles)[without]} if without is not None else set()
    base = load_base()
    kept = choose_pieces(base, (a["title"] + "\n" + a["text"] for a in articles))
    packed = packed_pieces(base, kept)
    vocabulary = read_pieces(packed)
    lessons = []
    for article in articles:
        if article["id"] not in left_out:
            reading = reading_of(article)
            lessons.append(lesson(reading, label(article, reading), vocabulary))
    print(f"{len(lessons)} articles, {len(kept)} pieces", file=sys.stderr, flush=True)
    export(train(base, kept, lessons, epochs), packed, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--without", type=int, choices=range(FOLDS), help="leave out this fifth")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args(arguments)
    folder = held_folder(options.without) if options.without is not None else MODEL_FOLDER
    build(options.without, folder, options.epochs)
    print(f"wrote {folder.relative_to(ROOT)}: {sum(f.stat().st_size for f in folder.iterdir()) >> 20} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
