"""How much memory a long round takes: 10,000 articles from 100 feeds, all processes together.

    python -m benchmarks.memory [--feeds 100] [--entries 100]

Ledger, scraper, side-by-side reading and the process that parses pages are the real ones, over loopback; the
site is a process of its own and not counted. Stubbed: the extractor, by one that loads no model and finds one
claim in each article. Memory is proportional set size (shared pages count once), sampled twice a second over
this process and its children. Flat: the second half of the round
takes hardly more than the first (the parsing process is a fresh one after every 500 pages, so that both have
their ups and downs).
"""

from __future__ import annotations

import argparse
import os
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
FLAT = 1.1  # the most of the second half by the most of the first


def extract(article: Article) -> tuple[list[Claim], str]:
    """The stub: one claim, resting on the first hundred characters."""
    evidence = Evidence(0, 100, article.text[:100])
    amount = Quantity(1.0, 1.0, "units")
    return [Claim(Kind.ORDER, "Acme", None, amount, None, Status.PLANNED, (evidence,))], "stub"


class Sampler(threading.Thread):
    """Megabytes of this process and its children, as time goes by."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: list[tuple[float, float]] = []  # of all processes, and of the one that stores
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            own, *others = map(proportional, family(os.getpid()))
            self.samples.append((own + sum(others), own))

    def most(self, quarters: range, which: int = 0) -> float:
        """The most in some quarters of the round, counted from 0."""
        size = max(1, len(self.samples) // 4)
        return max(sample[which] for sample in self.samples[quarters.start * size : quarters.stop * size])


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
    peak, growth = max(sampler.samples)[0], sampler.most(range(2, 4)) / sampler.most(range(2))
    for which, name in enumerate(("all processes", "the one that stores")):
        most = "  ".join(f"{sampler.most(range(n, n + 1), which):4.0f} MB" for n in range(4))
        print(f"most in each quarter, {name:<20} {most}")
    verdict = "ok" if peak < MOST and growth < FLAT and counts.articles == wanted else "short"
    print(f"peak      {peak:.0f} MB (wanted: below {MOST}); second half by the first {growth:.2f}: {verdict}")


if __name__ == "__main__":
    main()
