"""Is the extractor led by its lists? Swaps every company, product and number of the development articles.

    python -m benchmarks.swapped                 F1 before and after, and the loss beside its limit
    python -m benchmarks.swapped --articles 4    the first four articles of each language
    python -m benchmarks.swapped --write FOLDER  also write the swapped articles and what was found there

Each article gets invented names and numbers of its own, always the same ones; the annotation follows and is
checked like any other. Persons, places and dates stay. Returns 1 where a loss is above the limit.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gate import GOLD, LANGUAGES, LEVELS, article, gold_file, scorer
from benchmarks.swapping.article import Swapped, swap
from extractors.pipeline import extract

LIMIT = 5.0
"""Most points of F1 that the swap may cost."""

Rows = list[dict[str, Any]]


class SwapError(Exception):
    """A swapped annotation does not hold; the message tells the scorer's complaints."""


@dataclass(frozen=True)
class Loss:
    """F1 in points, of a hundred, of one language and level with the real and the invented names."""

    lang: str
    level: str
    before: float
    after: float

    @property
    def points(self) -> float:
        """What the swap costs; below zero where it gains."""
        return self.before - self.after

    def __str__(self) -> str:
        verdict = "within" if self.points <= LIMIT else "ABOVE"
        return (
            f"{self.lang:3} {self.level}: F1 {self.before:.1f} before, {self.after:.1f} after,"
            f" loss {self.points:+.1f} points ({verdict} the limit of {LIMIT:.0f})"
        )


def swapped_rows(lang: str, articles: int | None = None, folder: Path = GOLD) -> tuple[Rows, list[Swapped]]:
    """The development articles of a language and their swapped forms; raises SwapError."""
    rows: Rows = scorer().load(str(gold_file(lang, folder)))[:articles]
    swaps = [swap(row) for row in rows]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"swapped.{lang}.jsonl"
        write(path, [one.article for one in swaps])
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            bad = scorer().check([str(path)])
    if bad:
        raise SwapError(told.getvalue())
    return rows, swaps


def found_in(rows: Rows) -> Rows:
    """The claims found in annotated articles, in the machine form, with their article."""
    return [{"article": row["id"], **claim.record()} for row in rows for claim in extract(article(row))]


def losses(before: Rows, after: Rows, found_before: Rows, found_after: Rows) -> list[Loss]:
    """The losses of each language and level, and of all articles together."""
    old, new = scorer().score(before, found_before), scorer().score(after, found_after)
    return [
        Loss(lang, level, 100 * old[lang][level]["f1"], 100 * new[lang][level]["f1"])
        for lang in (*LANGUAGES, "all")
        for level in LEVELS
    ]


def write(path: Path, rows: Rows) -> None:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def measure(articles: int | None = None, folder: Path | None = None) -> list[Loss]:
    """Swap, extract and compare; writes what was swapped and found into `folder` where one is given."""
    before: Rows = []
    swaps: list[Swapped] = []
    for lang in LANGUAGES:
        rows, changed = swapped_rows(lang, articles)
        before, swaps = before + rows, swaps + changed
    after = [one.article for one in swaps]
    told = found_in(after)
    if folder is not None:
        write(folder / "swapped.jsonl", after)
        write(folder / "found.jsonl", told)
    words, numbers = sum(one.words for one in swaps), sum(one.numbers for one in swaps)
    kept = sum(len(one.kept) for one in swaps)
    print(f"{len(after)} articles, {words} words of names and {numbers} numbers swapped; {kept} amounts stay")
    return losses(before, after, found_in(before), told)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, help="only so many of each language")
    parser.add_argument("--write", type=Path, help="folder for the swapped articles and their claims")
    options = parser.parse_args(arguments)
    told = measure(options.articles, options.write)
    print("\n".join(map(str, told)))
    return 1 if any(loss.points > LIMIT for loss in told) else 0


if __name__ == "__main__":
    sys.exit(main())
