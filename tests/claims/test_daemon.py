"""The daemon as a process: signals, the lock, the configuration read again, what it says and notes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import SimpleQueue

import pytest

from claims.journal import journal_of, read_journal
from claims.lock import round_lock
from db.ledger import Ledger
from tests.claims.conftest import Run
from tests.loopback import Site, send

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds: how long a test waits for what must come; on a quiet machine it takes one
# The real command, but for an extractor that loads no model and pages that are read as they are, without a
# process of their own: a daemon starts in a second.
COMMAND = """
import contextlib, sys, types
from claims import cli, fetching, reading
from scraper.collect import read_listing
from tests.claims.crashing import parse
reading.extract = lambda article: ([], "stub")
reader = types.SimpleNamespace(parse=parse, listing=read_listing)
fetching.page_reader = lambda: contextlib.nullcontext(reader)
cli.main(sys.argv[1:])
"""
PAGE = (
    "<html lang='en'><body><article><h1>News</h1>" + "<p>Norvik opens a hall in May.</p>" * 9 + "</article>"
)


class Running:
    """A daemon whose log lines arrive as they are said."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line.decode())

    def wait_for(self, pattern: str) -> str:
        """The next line that holds it."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            self.said.append(line)
            if re.search(pattern, line):
                return line

    def end(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join()
        while not self._lines.empty():
            self.said.append(self._lines.get())
        return code


@contextmanager
def daemon(config: Path, *options: str, **environment: str) -> Iterator[Running]:
    command = [sys.executable, "-c", COMMAND, "daemon", "--config", str(config), *options]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=surroundings) as process:
        running = Running(process)
        try:
            yield running
        finally:
            process.kill()
            running.end()


@pytest.fixture
def site_config(home: Path, site: Site) -> Path:
    """A configuration of one source, whose feed has three articles."""
    links = [f"{site.url}/article-{number}" for number in range(3)]
    for number in range(3):
        site.page(f"/article-{number}", PAGE.replace("Norvik", f"Norvik {number}"))
    site.feed("/feed", *links, etag='"1"')
    file = home / "config.toml"
    file.write_text(
        f'[fetch]\nmin_gap = 0\nallow_hosts = ["127.0.0.1"]\n[archive]\nenabled = false\n'
        f'[daemon]\nzone = "Asia/Kolkata"\n'
        f'[[sources]]\nname = "hall"\nurl = "{site.url}/feed"\nlang = "en"\n'
    )
    return file


def until_noted(store: Path, job: str) -> None:
    """A job is in the journal a moment after the log has told of it."""
    ends = time.monotonic() + 60.0
    while (journal := read_journal(journal_of(store))) is None or job not in journal.jobs:
        assert time.monotonic() < ends, f"{job} is never noted"
        time.sleep(0.05)


def articles(config: Path) -> int:
    with Ledger.open(config.parent / "claims.db") as ledger:
        return ledger.counts().articles


def test_it_asks_its_sources_and_ends_in_peace(site_config: Path) -> None:
    with daemon(site_config) as running:
        started = running.wait_for("daemon started")
        running.wait_for("1 source asked: 3 new articles")
        running.process.send_signal(signal.SIGINT)
        assert running.end() == 0
    assert "daemon ended" in running.said[-1]
    assert re.match(r"timestamp=20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30 ", started)
    assert articles(site_config) == 3
    journal = read_journal(journal_of(site_config.parent / "claims.db"))
    assert journal is not None
    assert journal.process == running.process.pid
    assert journal.jobs["round"].failures == 0
    assert journal.jobs["housekeeping"].next is not None


def test_the_running_article_is_finished(site_config: Path, site: Site) -> None:
    asked, told = threading.Event(), threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        told.wait(PATIENCE)
        send(handler, 200, {"Content-Type": "text/html"}, PAGE.encode())

    site.script("/article-0", slow)
    with daemon(site_config) as running:
        assert asked.wait(PATIENCE)
        running.process.send_signal(signal.SIGTERM)
        told.set()
        assert running.end() == 0
    # The one that was on its way is stored; of the others none was begun.
    assert 0 < articles(site_config) + ("/article-0" in site.paths()) <= 2
    assert "/article-2" not in site.paths()


def test_a_second_signal_ends_it_at_once(site_config: Path, site: Site) -> None:
    asked, told = threading.Event(), threading.Event()

    def stuck(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        told.wait(PATIENCE)

    site.script("/feed", stuck)
    with daemon(site_config) as running:
        assert asked.wait(PATIENCE)
        running.process.send_signal(signal.SIGSTOP)  # both are there before it can end by the first
        running.process.send_signal(signal.SIGTERM)
        running.process.send_signal(signal.SIGINT)
        running.process.send_signal(signal.SIGCONT)
        code = running.end()
        told.set()
    assert code == 130


def test_the_configuration_is_read_again_and_one_with_a_mistake_is_not_taken(
    site_config: Path, site: Site
) -> None:
    text = site_config.read_text()
    site.feed("/other", f"{site.url}/article-0")
    with daemon(site_config) as running:
        running.wait_for("1 source asked")
        site_config.write_text(text + "intervall = 5\n")
        running.process.send_signal(signal.SIGHUP)
        assert "intervall: unknown key; did you mean 'interval'?" in running.wait_for("not read again")
        site_config.write_text(text.replace("[fetch]", '[store]\npath = "other.db"\n[fetch]'))
        running.process.send_signal(signal.SIGHUP)
        assert "that takes a restart" in running.wait_for("not read again")
        more = f'[[sources]]\nname = "other"\nurl = "{site.url}/other"\nlang = "en"\n'
        site_config.write_text(text + more)
        running.process.send_signal(signal.SIGHUP)
        assert "sources=2" in running.wait_for("configuration read again")
        running.wait_for('event="source asked" source=other')
        running.process.send_signal(signal.SIGTERM)
        assert running.end() == 0


def test_one_daemon_at_a_time_and_rounds_beside_it(site_config: Path, run: Run) -> None:
    with daemon(site_config) as running:
        running.wait_for("1 source asked")
        until_noted(site_config.parent / "claims.db", "round")
        second = run("daemon", "--config", str(site_config))
        status = run("status", "--json", "--config", str(site_config))
        beside = run("run", "--quiet", "--config", str(site_config))
        running.process.send_signal(signal.SIGTERM)
        assert running.end() == 0
    assert second.code == 3
    assert re.search(rf"a daemon \(process {running.process.pid}\) has been running .* for \d+ s", second.err)
    assert (beside.code, beside.out, beside.err) == (0, "", "")
    told = json.loads(status.out)
    assert status.code == 0
    assert told["daemon"]["process"] == running.process.pid
    assert told["sources"] == {"ok": 1}
    assert told["last_round"]["articles"] == 3
    assert told["jobs"]["round"]["runs"] >= 1


def test_a_round_by_hand_makes_it_wait_and_is_no_failure(site_config: Path) -> None:
    store = site_config.parent / "claims.db"
    with round_lock(store), daemon(site_config) as running:
        line = running.wait_for("job waits")
        assert f"process {os.getpid()}" in line
        running.process.send_signal(signal.SIGTERM)
        assert running.end() == 0
    journal = read_journal(journal_of(store))
    assert journal is not None
    assert journal.errors == []


def test_a_ledger_that_cannot_be_used_does_not_end_it(site_config: Path) -> None:
    store = site_config.parent / "claims.db"
    store.write_bytes(b"no database at all" * 100)
    with daemon(site_config) as running:
        assert "job=round" in running.wait_for("job failed")
        running.process.send_signal(signal.SIGTERM)
        assert running.end() == 0
    journal = read_journal(journal_of(store))
    assert journal is not None
    assert [job for _, job, _ in journal.errors].count("round") == 1


def test_systemd_is_told_when_it_is_ready_and_when_it_ends(site_config: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(PATIENCE)
        address = site_config.parent / "notify"
        manager.bind(str(address))
        with daemon(site_config, "--quiet", NOTIFY_SOCKET=str(address)) as running:
            assert manager.recv(1000) == b"READY=1"
            assert manager.recv(1000).startswith(b"STATUS=next round 20")
            running.process.send_signal(signal.SIGHUP)
            assert manager.recv(1000).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
            assert manager.recv(1000) == b"READY=1"
            running.process.send_signal(signal.SIGTERM)
            while (state := manager.recv(1000)) != b"STOPPING=1":
                assert state.startswith(b"STATUS=")
            assert running.end() == 0
    assert running.said == []


def test_a_configuration_without_sources(home: Path, run: Run) -> None:
    (home / "config.toml").write_text("")
    answer = run("daemon")
    assert answer.code == 2
    assert "names no sources" in answer.err


def test_quiet_and_verbose(config: Path, run: Run) -> None:
    assert run("daemon", "--quiet", "--verbose").code == 2
