"""How much memory a long round takes: 10,000 articles from 100 feeds, all processes together.

    python -m benchmarks.memory [--feeds 100] [--entries 100]

Ledger, scraper, side-by-side reading and the process that parses pages are the real ones, over loopback; the
site is a process of its own and not counted. Stubbed: the extractor, by one that loads no model and finds one
claim in each article. Memory is proportional set size (shared pages count once), sampled twice a second over
this process and its children. Flat: the last quarter of the round takes no more than the second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.load import Task, config_text, site
from claims import reading
from claims.commands.run import perform
from claims.logs import Logs
from claims.progress import Level
from claims.report import SourceReport
from claims.settings import load
from db.ledger import Ledger
from extractors.claim import Claim, Evidence, Kind, Quantity, Status
from scraper.article import Article

MOST = 400  # MB
FLAT = 1.1  # the last quarter by the second


def extract(article: Article) -> tuple[list[Claim], str]:
    """The stub: one claim, resting on the first hundred characters."""
    evidence = Evidence(0, 100, article.text[:100])
    amount = Quantity(1.0, 1.0, "units")
    return [Claim(Kind.ORDER, "Acme", None, amount, None, Status.PLANNED, (evidence,))], "stub"


class Sampler(threading.Thread):
    """Megabytes of this process and its children, as time goes by."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            self.samples.append(sum(map(proportional, family(os.getpid()))))

    def quarter(self, number: int) -> float:
        """The mean of a quarter of the samples, counted from 1."""
        size = max(1, len(self.samples) // 4)
        return statistics.mean(self.samples[(number - 1) * size : number * size])


def family(root: int) -> list[int]:
    """A process and its children, but for the site."""
    found = [int(child) for task in Path(f"/proc/{root}/task").iterdir() for child in children(task)]
    return [root, *(child for child in found if b"load_site" not in command(child))]


def children(task: Path) -> list[str]:
    """What a thread has started; nothing where it has just ended."""
    try:
        return (task / "children").read_text(encoding="ascii").split()
    except OSError:
        return []


def command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def proportional(process: int) -> float:
    """Megabytes; 0 where the process has just ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:"))


class Counting(Logs):
    """Says every thousand articles how far it is."""

    seen, began = 0, time.monotonic()

    def article(self, source: str, article: Article, claims: int) -> None:
        self.seen += 1
        if self.seen % 1000 == 0:
            print(f"{self.seen:>6} articles {time.monotonic() - self.began:6.0f} s", flush=True)

    def finished(self, report: SourceReport) -> None:
        """Nothing to say."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--entries", type=int, default=100)
    given = parser.parse_args()
    reading.extract = extract
    sampler = Sampler()
    with tempfile.TemporaryDirectory() as folder, site(50) as port:
        config = Path(folder) / "config.toml"
        config.write_text(config_text(Task(port, given.feeds, 50, 8, 1), given.entries))
        sampler.start()
        watcher = Counting(Level.WARNING, as_json=False)
        report = perform(load(config), watcher, only=frozenset(), force=True)
        sampler.over.set()
        sampler.join()
        with Ledger.open(Path(folder) / "claims.db") as ledger:
            counts = ledger.counts()
    wanted = given.feeds * given.entries
    print(f"{counts.articles:,} articles with {counts.claims:,} claims, {report.problems} problems")
    peak, growth = max(sampler.samples), sampler.quarter(4) / sampler.quarter(2)
    print("quarters  " + "  ".join(f"{sampler.quarter(number):.0f} MB" for number in (1, 2, 3, 4)))
    verdict = "ok" if peak < MOST and growth < FLAT and counts.articles == wanted else "short"
    print(
        f"peak      {peak:.0f} MB (wanted: below {MOST}); last quarter by the second {growth:.2f}: {verdict}"
    )


if __name__ == "__main__":
    main()
