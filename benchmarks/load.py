"""What a round over many sources costs: 1,000 feeds of which 950 answer 304, ours beside others in one run.

    python -m benchmarks.load [--sources 1000] [--hosts 50] [--parallel 8] [--rounds 3] [--profile]

    ours       a whole round of `claims run`: address guard, bounded decoding, feeds read, the state of every
               source stored; with a gap of 0 s between two requests to a host (min_gap), so that our
               machine is measured and not our manners
    reader     lemon24/reader: update_feeds with as many workers, into a SQLite file
    plain      httpx and feedparser in as many threads: keeps nothing, guards nothing

Each in a process of its own that has every validator; the site is a process of its own too. The 50 others
answer with a feed of 10 known entries. Medians over the rounds; CPU is user and system time of all processes
of the contender. Requests go to many loopback addresses, since a host gets one request at a time.
"""

from __future__ import annotations

import argparse
import json
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load_site import ENTRIES, EVERY, addresses, page_url

WANTED = 3.0  # times as fast as reader


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: `sources` feeds, spread over `hosts` loopback addresses."""

    port: int
    sources: int
    hosts: int
    parallel: int
    rounds: int

    def site(self, number: int) -> str:
        return f"http://{addresses(self.hosts)[number % self.hosts]}:{self.port}"

    def feeds(self, entries: int | None = None) -> list[str]:
        """The feeds' addresses; with `entries` those whose entries have pages."""
        more = "" if entries is None else f"-{entries}"
        hosts = addresses(self.hosts)
        return [f"http://{hosts[n % self.hosts]}:{self.port}/feed/{n}{more}.xml" for n in range(self.sources)]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one round."""

    wall: float
    cpu: float


def config_text(task: Task, entries: int | None = None) -> str:
    """A configuration for these sources: the politeness gap off, by its ordinary setting."""
    hosts = ", ".join(f'"{address}"' for address in addresses(task.hosts))
    sources = "".join(
        f'[[sources]]\nname = "s{number}"\nurl = "{url}"\nlang = "de"\n'
        for number, url in enumerate(task.feeds(entries))
    )
    return f"[fetch]\nmin_gap = 0\nallow_hosts = [{hosts}]\n[round]\nparallel = {task.parallel}\n{sources}"


def ours(task: Task, folder: Path) -> Callable[[], object]:
    from claims.commands.run import perform
    from claims.logs import Level, Logs
    from claims.settings import load
    from db.ledger import Ledger
    from scraper.article import Article, FetchState

    (folder / "config.toml").write_text(config_text(task))
    config = load(folder / "config.toml")
    now = datetime.now(UTC)
    with Ledger.open(config.ledger) as ledger:
        for number, section in enumerate(config.sources):
            ledger.save_state(section.source(), FetchState(etag=f'"{number}"', last_status="ok"))
            for entry in range(0 if number % EVERY else ENTRIES):
                one = Article(page_url(task.site(number), number, entry), "t", "t", "de")
                ledger.store(one, [], extractor="1", now=now)
    watcher = Logs(Level.WARNING, as_json=False)

    def one_round() -> None:
        report = perform(config, watcher, only=frozenset(), force=True)
        if len(report.sources) != task.sources or report.problems or report.articles:
            raise SystemExit(f"not what was to be measured: {report}")

    return one_round


def lemon(task: Task, folder: Path) -> Callable[[], object]:
    import feedparser_sgmllib

    # reader's own copy of feedparser looks for this module under the name that it had before.
    sys.modules.setdefault("sgmllib", feedparser_sgmllib)
    from reader import make_reader

    reader = make_reader(str(folder / "reader.db"))
    for url in task.feeds():
        reader.add_feed(url)

    def one_round() -> None:
        reader.update_feeds(workers=task.parallel, scheduled=False)

    one_round()
    if reader.get_feed_counts().broken or reader.get_entry_counts().total != task.sources * ENTRIES:
        raise SystemExit("reader did not read every feed")
    return one_round


def plain(task: Task, folder: Path) -> Callable[[], object]:
    import feedparser
    import httpx

    client = httpx.Client(trust_env=False)

    def ask(numbered: tuple[int, str]) -> int:
        answer = client.get(numbered[1], headers={"If-None-Match": f'"{numbered[0]}"'})
        return len(feedparser.parse(answer.content).entries) if answer.status_code == 200 else 0

    def one_round() -> None:
        with ThreadPoolExecutor(task.parallel) as threads:
            if sum(threads.map(ask, enumerate(task.feeds()))) != task.sources // EVERY * ENTRIES:
                raise SystemExit("plain did not read what changed")

    return one_round


CONTENDERS = {"ours": ours, "reader": lemon, "plain": plain}


def used() -> float:
    """Seconds of processor time of this process and those it waited for."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, whose))


def measure(name: str, task: Task, *, profiled: bool = False) -> list[Cost]:
    with tempfile.TemporaryDirectory() as folder:
        one_round = CONTENDERS[name](task, Path(folder))
        if profiled:
            profile(one_round)
            return []
        costs = []
        for _ in range(task.rounds):
            wall, cpu = time.perf_counter(), used()
            one_round()
            costs.append(Cost(time.perf_counter() - wall, used() - cpu))
        return costs


def profile(work: Callable[[], object]) -> None:
    """Where the time goes, threads included."""
    import cProfile
    import pstats
    import threading

    profilers = []
    run = threading.Thread.run

    def traced(self: threading.Thread) -> None:
        profilers.append(one := cProfile.Profile(time.thread_time))
        one.runcall(run, self)

    threading.Thread.run = traced  # type: ignore[method-assign]
    profilers.append(main := cProfile.Profile(time.thread_time))
    main.runcall(work)
    pstats.Stats(*profilers).sort_stats("tottime").print_stats(45)


@contextmanager
def site(hosts: int) -> Iterator[int]:
    """The site in a process of its own; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.load_site", str(port), str(hosts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None or process.stdout.readline() != b"ready\n":
                raise SystemExit("the site does not start")
            yield port
        finally:
            process.kill()


def in_a_process(name: str, task: Task) -> list[Cost]:
    command = [sys.executable, "-m", "benchmarks.load", "--one", name, json.dumps(asdict(task))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [Cost(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def table(task: Task, costs: dict[str, list[Cost]]) -> Iterator[str]:
    wall = {name: statistics.median(one.wall for one in rows) for name, rows in costs.items()}
    cpu = {name: statistics.median(one.cpu for one in rows) for name, rows in costs.items()}
    yield "            requests/s   times reader   CPU ms/source   times reader"
    for name in costs:
        faster, cheaper = wall["reader"] / wall[name], cpu["reader"] / cpu[name]
        rate, each = task.sources / wall[name], cpu[name] / task.sources * 1000
        yield f"{name:<12}{rate:>10.0f}{faster:>15.1f}{each:>16.2f}{cheaper:>15.1f}"
    verdict = "ok" if wall["reader"] / wall["ours"] >= WANTED else "short"
    yield f"wanted: {WANTED:g} times as many requests per second as reader: {verdict}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name, default in (("sources", 1000), ("hosts", 50), ("parallel", 8), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--profile", action="store_true", help="where our own time goes, instead")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "TASK"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps([asdict(cost) for cost in measure(given.one[0], Task(**json.loads(given.one[1])))]))
        return
    with site(given.hosts) as port:
        task = Task(port, given.sources, given.hosts, given.parallel, given.rounds)
        if given.profile:
            measure("ours", task, profiled=True)
            return
        print(
            f"{task.sources} sources on {task.hosts} hosts, {task.parallel} at once, median of {task.rounds}"
        )
        print("\n".join(table(task, {name: in_a_process(name, task) for name in CONTENDERS})))


if __name__ == "__main__":
    main()
