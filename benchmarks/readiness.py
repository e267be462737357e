"""What it costs to be ready: time from starting a process to the first article read, and its peak memory.

Every figure is of a fresh process. torch is kept out of it: the installed project has none, but spaCy imports
it by itself where the packages for training are installed beside it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.lines import Line

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 3.0
MOST_MEMORY = 700.0  # megabytes
_HEADLINES = {
    "de": ("Neuer Speicher", "Das Unternehmen baut bis Ende 2026 drei Werke. Mehr sagte der Sprecher nicht."),
    "en": ("New storage", "The company will build three plants by the end of 2026. It said no more."),
}


def readiness(rounds: int) -> Iterator[Line]:
    """Loading time of each language and of both, then the peak memory with both."""
    for languages in (["de"], ["en"], ["de", "en"]):
        found = [_fresh(languages) for _ in range(rounds)]
        name = f"loading {' and '.join(languages)}, to the first article read"
        yield Line(f"{name}: wall", [one["wall"] for one in found], "s", most=MOST_SECONDS)
        yield Line(f"{name}: CPU", [one["cpu"] for one in found], "s", most=MOST_SECONDS)
    yield Line("peak memory, both loaded", [one["loaded"] for one in found], "MB", most=MOST_MEMORY)
    after = _fresh(["de", "en"], "read")
    yield Line("peak memory, all dev articles read", [after["peak"]], "MB", most=MOST_MEMORY)


def _fresh(languages: list[str], *more: str) -> dict[str, float]:
    """What one process tells of itself, with `wall`: its seconds from outside, starting Python included."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.readiness", *languages, *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wall = time.perf_counter() - start
    found: dict[str, float] = json.loads(done.stdout)
    return {**found, "wall": wall}


def _peak() -> float:
    """The most memory that this process has held, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in, bytes or kibibytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _child(arguments: list[str]) -> None:
    """The fresh process: load, read one article of each language, tell."""
    blocked: Any = None  # what Python's import system takes for "there is no such module"
    sys.modules["torch"] = blocked
    from extractors.pipeline import extract
    from scraper.article import Article

    for lang in (word for word in arguments if word in _HEADLINES):
        extract(Article("loading", *_HEADLINES[lang], lang))
    told = {"cpu": time.process_time(), "loaded": _peak()}
    if "read" in arguments:
        from benchmarks.texts import dev_articles

        for lang in _HEADLINES:
            for article in dev_articles(lang):
                extract(article)
        told["peak"] = _peak()
    print(json.dumps(told))


if __name__ == "__main__":
    _child(sys.argv[1:])
