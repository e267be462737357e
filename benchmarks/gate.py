"""The quality gate: how well the extractor does on the development articles, against pinned floors.

    python -m benchmarks.gate                  measure, and say what was gained and lost against the floors
    python -m benchmarks.gate --pin            set the floors just below what is measured; lowers none
    python -m benchmarks.gate --pin --lower    the same, and may lower

The floors stand in tests/gold/floors.toml with a digest of the articles they were measured on: figures of
other articles cannot be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from extractors.pipeline import extract
from scraper.article import Article, Instant

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
FLOORS = GOLD / "floors.toml"
LANGUAGES = ("de", "en")
LEVELS = ("core", "full")
MARGIN = 0.02
"""A floor lies this far below what was measured: retraining moves single claims to and fro."""

Figures = dict[str, dict[str, float]]
"""F1 by language and level: `figures["de"]["core"]`."""


class GateError(Exception):
    """The floors cannot be used or set; the message says why."""


def gold_file(lang: str, folder: Path = GOLD) -> Path:
    """The development articles of a language."""
    return folder / f"dev.{lang}.jsonl"


def digest(folder: Path = GOLD) -> str:
    """SHA-256 over all development articles."""
    total = hashlib.sha256()
    for lang in LANGUAGES:
        total.update(gold_file(lang, folder).read_bytes())
    return total.hexdigest()


def measure(score: Any, folder: Path = GOLD) -> Figures:
    """F1 for each language and level; `score` is the guidelines' scorer, the module."""
    figures: Figures = {}
    for lang in LANGUAGES:
        gold = score.load(str(gold_file(lang, folder)))
        found = [{"article": row["id"], **claim.record()} for row in gold for claim in extract(article(row))]
        result = score.score(gold, found)[lang]
        figures[lang] = {level: result[level]["f1"] for level in LEVELS}
    return figures


def article(row: Mapping[str, Any]) -> Article:
    """A line of a gold file as an article."""
    day = Instant.of_day(date.fromisoformat(row["published"]))
    return Article(row.get("url") or row["id"], row["title"], row["text"], row["lang"], day)


def read_floors(path: Path = FLOORS, folder: Path = GOLD) -> Figures:
    """The pinned floors; raises GateError where there are none or the articles are others."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GateError(f"no floors at {path.name}: python -m benchmarks.gate --pin") from None
    if data["digest"] != digest(folder):
        raise GateError("the articles are not those of the floors: python -m benchmarks.gate --pin --lower")
    return {lang: {level: data[lang][level] for level in LEVELS} for lang in LANGUAGES}


def compare(figures: Figures, floors: Figures) -> list[str]:
    """One line for each language and level: measured, floor, and what was gained or lost."""
    return [
        f"{lang} {level}: F1 {figures[lang][level]:.4f}, floor {floors[lang][level]:.4f}"
        f" ({'above by' if figures[lang][level] >= floors[lang][level] else 'BELOW by'}"
        f" {abs(figures[lang][level] - floors[lang][level]):.4f})"
        for lang in LANGUAGES
        for level in LEVELS
    ]


def below(figures: Figures, floors: Figures) -> list[str]:
    """The languages and levels that fell below their floor."""
    return [
        f"{lang} {level}"
        for lang in LANGUAGES
        for level in LEVELS
        if figures[lang][level] < floors[lang][level]
    ]


def pin(figures: Figures, path: Path = FLOORS, folder: Path = GOLD, *, lower: bool = False) -> Figures:
    """Write new floors; without `lower` an old floor of the same articles stays where it is higher.

    Raises GateError without writing where a figure lies below its old floor, or the articles changed.
    """
    floors = {
        lang: {level: round(max(figures[lang][level] - MARGIN, 0.0), 4) for level in LEVELS}
        for lang in LANGUAGES
    }
    if path.exists() and not lower:
        old = read_floors(path, folder)
        if lost := below(figures, old):
            raise GateError(f"would lower {', '.join(lost)}: say --lower where that is meant")
        for lang, levels in floors.items():
            floors[lang] = {level: max(value, old[lang][level]) for level, value in levels.items()}
    lines = ["# Written by python -m benchmarks.gate --pin; not by hand.", f'digest = "{digest(folder)}"']
    for lang in LANGUAGES:
        lines += ["", f"[{lang}]", *(f"{level} = {floors[lang][level]}" for level in LEVELS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return floors


def scorer() -> Any:
    """The guidelines' scorer, which stands beside the gold files."""
    sys.path.insert(0, str(GOLD))
    import score

    return score


def main(arguments: Sequence[str]) -> int:
    """The command; 0 where every figure holds its floor, 1 where not, 2 where floors cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--pin", action="store_true", help="set the floors anew")
    parser.add_argument("--lower", action="store_true", help="with --pin: floors may fall")
    options = parser.parse_args(arguments)
    figures = measure(scorer())
    print(json.dumps(figures))
    try:
        floors = pin(figures, lower=options.lower) if options.pin else read_floors()
    except GateError as error:
        print(f"gate: {error}", file=sys.stderr)
        return 2
    print("\n".join(compare(figures, floors)))
    return 1 if below(figures, floors) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
