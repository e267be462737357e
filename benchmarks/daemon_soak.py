"""The daemon for an hour against the worst that hosts do: memory flat, nothing leaked, everything done.

    python -m benchmarks.daemon_soak [--minutes 60] [--cases 0] [--stub]

A real daemon in a process of its own, with signals, journal, lock, page reader and /metrics, reads the
hostile host of the tests (all of its cases, or the first so many) and a lively magazine with a new article at
each poll. Hurried: a source is asked again after seconds instead of hours and never muted; housekeeping with
its backup comes every two minutes, a digest (a note of the time, no mail) every minute. `--stub`: an
extractor that loads no model.

Memory is what is the daemon's own (anonymous; what it shares with others says little), in the mean of a
window; threads and file descriptors are the fewest of a window between two rounds, which have readers of
their own. The first window after the warm-up (a quarter of the time) is compared with the last one. Ends with
exit code 1 where something is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from claims import chores
from claims.daemon import Daemon, Job, wall_clock
from claims.journal import journal_of, read_journal
from claims.listening import answering
from claims.lock import daemon_lock, holder, round_lock_of
from claims.logs import Logs
from claims.progress import Level
from claims.settings import Config, load
from db.ledger import Ledger
from scraper import schedule
from tests.hostile_host import running
from tests.loopback import Site, send, serve
from tests.scraper.hostile_cases import CASES, GOOD

DOMAIN = "hostile.example"
FLAT = 0.05
WINDOWS = 8
_SAMPLES = 0.5  # seconds


# The daemon's process


class Hurried(Daemon):
    """The same daemon with other times."""

    def jobs(self, config: Config) -> list[Job]:
        often = {"housekeeping": "*/2 * * * *", "digest": "* * * * *"}
        wanted = super().jobs(config)
        jobs = [one for one in wanted if one.name not in often]
        for name, expression in often.items():
            do = chores.keep_house if name == "housekeeping" else note_digest
            jobs.append(self._job(name, do, wall_clock(expression, "Europe/Berlin"), None))
        return jobs


def note_digest(config: Config, now: datetime) -> None:
    with (config.file.parent / "digests").open("a", encoding="ascii") as notes:
        notes.write(f"{now.isoformat()}\n")


def child(config: Path, stub: bool) -> None:
    """The daemon in a hurry; names of the hostile host lead to this machine."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(DOMAIN) else host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo
    schedule.Pace.interval = lambda *about, **options: schedule.timedelta(seconds=4)  # type: ignore[method-assign]
    schedule.Pace.after_failure = (  # type: ignore[method-assign]
        lambda self, source, now, *about: now + schedule.timedelta(seconds=20)
    )
    schedule.MUTE_AT = float("inf")
    if stub:
        from benchmarks.memory import extract
        from claims import reading

        reading.extract = extract
    settings = load(config)
    level = Level.ERROR
    with daemon_lock(settings.ledger):
        Hurried(settings, lambda one: Logs(level, as_json=False), listen=answering).run()


# The other side


@dataclass(slots=True)
class Lively:
    """A magazine whose feed has one more article each time."""

    site: Site
    given: int = 0

    def feed(self, handler: BaseHTTPRequestHandler) -> None:
        self.given += 1
        path = f"/article-{self.given}"
        text = (
            f"Das Werk Nummer {self.given} will bis Ende 2027 rund {self.given + 1000} Beschleuniger vom Typ "
            "Nvidia H100 in Betrieb nehmen, wie die Leitung am Dienstag in der Hauptstadt mitteilte. "
        )
        body = f"<p>{text}</p>" + f"<p>Mehr zu Nummer {self.given} folgt in den kommenden Tagen.</p>" * 3
        self.site.page(path, f"<html lang='de'><body><article><h1>Werk</h1>{body}</article></body></html>")
        url = self.site.url + path
        item = f"<item><title>Werk {self.given}</title><link>{url}</link></item>"
        feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>W</title>{item}</channel></rss>"
        send(handler, 200, {"Content-Type": "application/rss+xml"}, feed.encode())


def config_text(ports: dict[str, int], lively: str, cases: int, metrics: int) -> str:
    """All cases as sources, and the magazine."""
    sources = [f'[[sources]]\nname = "lively"\nurl = "{lively}/feed"\nlang = "de"\n']
    hosts = ["127.0.0.1"]
    for case in [*(CASES[:cases] if cases else CASES), GOOD]:
        port, _, secure = case.port.partition("-as-")
        scheme = "https" if secure or port == "secure" else "http"
        name = "nobody.invalid" if case.name == "unknown-name" else f"{case.name}.{DOMAIN}"
        hosts.append(name)
        url = f"{scheme}://{name}:{ports[port]}/feed"
        sources.append(f'[[sources]]\nname = "{case.name}"\nurl = "{url}"\nlang = "de"\n')
    return (
        f"[fetch]\nmin_gap = 0\ndeadline = 3.0\nconnect_timeout = 2.0\nread_timeout = 2.0\n"
        f"allow_hosts = {json.dumps(hosts)}\n[round]\nsource_time = 20\n"
        f'[daemon]\nzone = "Europe/Berlin"\npause = 1.0\nbackups = 2\nlisten = "127.0.0.1:{metrics}"\n'
        + "".join(sources)
    )


@dataclass(slots=True)
class Window:
    """What was seen in a part of the time."""

    memory: list[float] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def look(self, process: int, store: Path) -> None:
        self.memory.append(anonymous(process))
        if holder(round_lock_of(store)) is not None:
            return
        self.threads.append(len(list(Path(f"/proc/{process}/task").iterdir())))
        self.files.append(len(list(Path(f"/proc/{process}/fd").iterdir())))

    def row(self) -> str:
        least = [f"{min(values):8}" if values else "       -" for values in (self.threads, self.files)]
        return f"{statistics.mean(self.memory):8.1f} MB {' '.join(least)}"


def anonymous(process: int) -> float:
    """Megabytes that are the process's own."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("RssAnon:"))


def watch(process: subprocess.Popen[bytes], store: Path, seconds: float, rounds: int = 0) -> Iterator[Window]:
    """The windows as they are over; each lasts until its part of the rounds is done, too."""
    began = time.monotonic()
    for number in range(WINDOWS):
        window = Window()
        part = (number + 1) / WINDOWS
        while time.monotonic() < began + seconds * part or rounds_done(store) < rounds * part:
            if process.poll() is not None:
                raise SystemExit(f"the daemon ended by itself with {process.returncode}")
            window.look(process.pid, store)
            time.sleep(_SAMPLES)
        yield window


@contextmanager
def daemon(config: Path, stub: bool) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "benchmarks.daemon_soak", "--child", str(config)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([*command, *(["--stub"] if stub else [])], env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def minutes_between(start: datetime, end: datetime) -> int:
    """How many full minutes begin after the one and before the other."""
    return int(end.timestamp() // 60) - int(start.timestamp() // 60)


def soak(minutes: float, cases: int, stub: bool, rounds: int = 0) -> list[str]:
    """Runs it, for so many rounds at least, and prints its table; returns what was not as it should be."""
    with tempfile.TemporaryDirectory() as folder, running() as ports, serve() as site:
        config = Path(folder) / "config.toml"
        lively = Lively(site)
        site.script("/feed", lively.feed)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            free = int(probe.getsockname()[1])
        config.write_text(config_text(ports, site.url, cases, free), encoding="utf-8")
        began = datetime.now(UTC)
        print("    time       memory  threads    files   rounds  articles", flush=True)
        with daemon(config, stub) as process:
            windows = []
            for window in watch(process, config.with_name("claims.db"), minutes * 60, rounds):
                windows.append(window)
                print(
                    f"{len(windows) * minutes / WINDOWS:6.1f} m {window.row()} {progress(config)}", flush=True
                )
            answer = metrics_of(free)
            ended = datetime.now(UTC)
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=120)
        return [*wrong(windows), *undone(config, began, ended, lively), *_ended(code, answer)]


def _ended(code: int, answer: str) -> Iterator[str]:
    if code:
        yield f"SIGTERM ended the daemon with {code}"
    if "claims_daemon_running 1" not in answer:
        yield f"/metrics did not answer: {answer[:200]!r}"


def metrics_of(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def rounds_done(store: Path) -> int:
    """How many rounds have ended."""
    if not store.exists():
        return 0
    with Ledger.open(store) as ledger:
        latest = ledger.rounds(1)
        return latest[0].id - (latest[0].ended is None) if latest else 0


def progress(config: Path) -> str:
    """Rounds and articles so far."""
    store = config.parent / "claims.db"
    if not store.exists():
        return "       -         -"
    with Ledger.open(store) as ledger:
        done = ledger.rounds(1)
        return f"{done[0].id if done else 0:8} {ledger.counts().articles:9}"


def wrong(windows: list[Window]) -> Iterator[str]:
    """What grew."""
    first, last = windows[WINDOWS // 4], windows[-1]
    before, after = statistics.mean(first.memory), statistics.mean(last.memory)
    print(f"memory {before:.1f} MB, at the end {after:.1f} MB: {after / before - 1:+.1%}")
    if after > before * (1 + FLAT):
        yield f"memory grew by {after / before - 1:.1%}"
    # Of windows that saw the daemon between two rounds, which have readers of their own.
    calm = [window for window in windows[WINDOWS // 4 :] if window.threads]
    if len(calm) < 2:
        yield "no two windows without a round: too short to tell of threads and files"
        return
    for what in ("threads", "files"):
        before, after = min(getattr(calm[0], what)), min(getattr(calm[-1], what))
        if after > before:
            yield f"open {what}: {before}, at the end {after}"


def undone(config: Path, began: datetime, ended: datetime, lively: Lively) -> Iterator[str]:
    """What was scheduled and not done, or done twice."""
    journal = read_journal(journal_of(config.parent / "claims.db"))
    if journal is None:
        yield "the daemon left no journal"
        return
    yield from (f"{job} failed: {text}" for _, job, text in journal.errors)
    notes = config.parent / "digests"
    times = [datetime.fromisoformat(line) for line in notes.read_text().split()] if notes.exists() else []
    due = minutes_between(began, ended)
    print(f"digests {len(times)} of {due} minutes, housekeeping {journal.jobs['housekeeping'].runs} times")
    if len({int(at.timestamp() // 60) for at in times}) < len(times):
        yield "a minute had two digests"
    # A round of many hostile hosts may be longer than a minute: then two digests are one.
    if due and not times:
        yield "there was no digest"
    with Ledger.open(config.parent / "claims.db") as ledger:
        states, counts = ledger.states(), ledger.counts()
        yield from ledger.integrity()
    never = [name for name, (_, state) in states.items() if state.checked is None]
    missing = len(load(config).sources) - len(states)
    print(f"{len(states)} sources asked, {counts.articles} articles, {counts.claims} claims")
    if never or missing:
        yield f"never asked: {missing + len(never)} sources"
    if counts.articles < lively.given:
        yield f"{lively.given} new articles were offered, {counts.articles} are stored"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--cases", type=int, default=0)
    parser.add_argument("--stub", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.stub)
        return
    found = soak(given.minutes, given.cases, given.stub)
    print("\n".join(found) or "ok")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
