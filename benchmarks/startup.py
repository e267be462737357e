"""How long `claims search` takes: user and system time of its whole process, on a small ledger.

python -m benchmarks.startup [RUNS]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from db.ledger import Ledger
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

LIMIT = 0.25  # seconds; the best of several runs, as a busy machine inflates process time as well
ROOT = Path(__file__).resolve().parents[1]


def ledger_with_claims(folder: Path, articles: int = 50) -> Path:
    """A small ledger and the configuration that names it; the configuration has the shipped one's sources."""
    with Ledger.open(folder / "claims.db") as ledger:
        for number in range(articles):
            article, claim = _sample(number)
            ledger.store(article, [claim], extractor="1", now=datetime(2024, 1, 20, tzinfo=UTC))
    config = folder / "config.toml"
    config.write_text((ROOT / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return config


def _sample(number: int) -> tuple[Article, Claim]:
    text = f"Meta will have {350_000 + number:,} H100 chips by the end of 2024."
    published = Instant.of_day(date(2024, 1, 18))
    article = Article(f"https://example.org/{number}", f"Story {number}", text, "en", published, "sample")
    quantity, due = Quantity(350_000 + number, 350_000 + number, "units"), Due(None, date(2024, 12, 31))
    evidence = (Evidence(0, len(text), text),)
    claim = Claim(Kind.DEPLOYMENT, "Meta", "NVIDIA H100", quantity, due, Status.PLANNED, evidence)
    return article, claim


def measure(config: Path, runs: int) -> list[float]:
    """Process time in seconds of each run."""
    arguments = [sys.executable, "-m", "claims", "search", "H100", "--config", str(config)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    times = []
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return times[1:]  # the first may have compiled modules


def main() -> None:
    """Prints the times."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        times = sorted(measure(ledger_with_claims(Path(folder)), runs))
    print(f"claims search: best {times[0]:.3f} s, median {times[len(times) // 2]:.3f} s, limit {LIMIT} s")


if __name__ == "__main__":
    main()
