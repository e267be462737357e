"""What the benchmarks judge: the claims found in dev, or those told of articles held back from training."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gate import LANGUAGES, article, gold_file
from benchmarks.training.gold import held_back, load
from extractors.chooser import model
from extractors.pipeline import extract

Record = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "limits.md"
"""Where `--write` puts its tables."""


class PredictionsError(Exception):
    """A file of predictions cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Annotated articles, and the claims found in each, by the article's id."""

    title: str
    articles: list[Record]
    found: dict[str, list[Record]]


def on_dev() -> Judged:
    """The project's extractor over the development articles; a minute."""
    rows = [
        json.loads(line)
        for lang in LANGUAGES
        for line in gold_file(lang).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return Judged("dev", rows, {row["id"]: [c.record() for c in extract(article(row))] for row in rows})


def held(path: Path) -> Judged:
    """Predictions as `python -m benchmarks.train --predictions FILE` writes them; raises PredictionsError.

    They hold bare beliefs: the confidence stated is what the present model makes of each. Articles in which
    nothing was found count, too.
    """
    claims = read_predictions(path)
    named = {claim["article"] for claim in claims}
    rows = held_back(load("train.*.jsonl"))
    if unknown := named - {row["id"] for row in rows}:
        raise PredictionsError(f"{path}: no held-back article is called {min(unknown)!r}")
    found: dict[str, list[Record]] = {row["id"]: [] for row in rows}
    for claim in claims:
        found[claim["article"]].append({**claim, "confidence": stated(claim["belief"])})
    return Judged("held back", rows, found)


def read_predictions(path: Path) -> list[Record]:
    """One claim a line, each with its article and belief; raises PredictionsError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        claims: list[Record] = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise PredictionsError(f"{path}: {error}") from error
    if not claims or any({"article", "belief"} - set(claim) for claim in claims):
        raise PredictionsError(f"{path}: needs one claim a line, each with article and belief")
    return claims


def stated(belief: float) -> float:
    """The confidence that the model states for a belief."""
    points = model().calibration
    return float(np.interp(belief, [x for x, _ in points], [y for _, y in points]))


def judged_by(options: argparse.Namespace) -> Judged:
    """What the options ask for."""
    return held(options.held) if options.held else on_dev()


def arguments_of(name: str, about: str | None, arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options that the benchmarks share: `held`, `write`."""
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--held", type=Path, metavar="FILE", help="predictions of held-back articles")
    parser.add_argument("--write", action="store_true", help="also write the tables into docs/limits.md")
    return parser.parse_args(arguments)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table that also reads well as it stands; all columns but the first align right."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(3, *(len(line[i]) for line in lines)) for i in range(len(heads))]
    told = ["| " + " | ".join(_cell(text, i, widths) for i, text in enumerate(line)) + " |" for line in lines]
    marks = ["-" * width if i == 0 else "-" * (width - 1) + ":" for i, width in enumerate(widths)]
    return "\n".join([told[0], "| " + " | ".join(marks) + " |", *told[1:]])


def _cell(text: str, column: int, widths: Sequence[int]) -> str:
    return text.rjust(widths[column]) if column else text.ljust(widths[column])


def write_block(page: Path, name: str, content: str) -> None:
    """Replaces what stands between a page's marks of that name; raises PredictionsError where they lack."""
    opening, closing = f"<!-- {name}: ", f"<!-- /{name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(opening)
    mark, closed, after = rest.partition(closing)
    if not found or not closed:
        raise PredictionsError(f"{page.name} has no block {opening}… {closing}")
    head = mark.partition("\n")[0]
    page.write_text(f"{before}{opening}{head}\n{content}\n{closing}{after}", encoding="utf-8")


def model_digest() -> str:
    """What the trained models are told apart by: figures hold for one digest only."""
    total = hashlib.sha256()
    for path in sorted((ROOT / "extractors" / "model").iterdir()):
        if path.suffix in {".json", ".onnx", ".npz", ".gz"}:
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def publish(name: str, judged: Judged, content: str) -> None:
    """Writes a block of docs/limits.md: the content, and what it was measured on and with."""
    told = f"{len(judged.articles)} articles; models of digest {model_digest()}."
    write_block(PAGE, f"{name} {judged.title}", f"{content}\n\n{told}")
