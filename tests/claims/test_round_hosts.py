"""A round over real servers: hosts side by side, a restart, a source without end, Ctrl-C, exit code 3."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from claims import round as rounds
from claims.report import Report
from claims.round import Extract, lanes, run_round
from claims.settings import load
from db.errors import LedgerError, LedgerFull
from db.ledger import Ledger, Stored
from extractors.claim import Claim
from scraper.article import Article, Page, Source
from scraper.client import Client, ClientSettings
from scraper.collect import read_listing
from tests.loopback import Site, send, serve
from tests.scraper.conftest import article_html

from .conftest import Run
from .test_round import Silent

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hosts() -> Iterator[list[Site]]:
    """Three hosts, each with a feed of three articles."""
    with ExitStack() as stack:
        sites = [stack.enter_context(serve(f"127.0.0.{number}")) for number in (1, 2, 3)]
        for site in sites:
            paths = [f"/{number}" for number in range(3)]
            site.feed("/feed", *(site.url + path for path in paths), etag='"1"')
            for path in paths:
                site.page(path, article_html(f"Hall {path}{site.port}"))
        yield sites


def config_for(home: Path, sites: list[Site], *, feeds: int = 1, more: str = "") -> Path:
    """The sites' feeds as sources h0, h1 …; with `feeds` 2 each host has a second one."""
    urls = [site.url + path for site in sites for path in ("/feed", "/feed2")[:feeds]]
    sources = "".join(
        f'[[sources]]\nname = "h{number}"\nurl = "{url}"\nlang = "en"\n' for number, url in enumerate(urls)
    )
    allowed = ", ".join(f'"127.0.0.{number}"' for number in (1, 2, 3))
    config = home / "config.toml"
    config.write_text(f"[fetch]\nmin_gap = 0\nallow_hosts = [{allowed}]\n[round]\n{more}\n{sources}")
    return config


def nothing(article: Article) -> tuple[list[Claim], str]:
    return [], "1"


def plainly(page: Page, **options: Any) -> Article:
    """A parser that takes the page as it is: reading pages is other tests' matter."""
    return Article(page.url, "A hall", page.body.decode(), "en", source=str(options["source"]))


def one_round(config: Path, extract: Extract = nothing, **options: Any) -> Report:
    """With the real scraper and ledger, in this process."""
    settings = load(config)
    client = Client(ClientSettings(min_gap=0, allow_hosts=settings.fetch.allow_hosts))
    clock = options.pop("clock", lambda: datetime.now(UTC))
    with Ledger.open(settings.ledger) as ledger, client:
        return run_round(settings, ledger, client, extract, Silent(), parser=plainly, clock=clock, **options)


def test_r6_hosts_are_asked_side_by_side_and_each_with_one_request_at_a_time(
    home: Path, hosts: list[Site]
) -> None:
    """The three feeds are answered only once all three are asked for; no host ever has two open requests."""
    barrier = threading.Barrier(3, timeout=100)
    for site in hosts:
        feed = site.routes["/feed"]
        site.script("/feed", lambda handler, feed=feed: (barrier.wait(), feed(handler)))  # type: ignore[misc]
        site.feed("/feed2", *(f"{site.url}/more{number}" for number in range(3)))
        for number in range(3):
            site.script(f"/more{number}", slowly)
    report = one_round(config_for(home, hosts, feeds=2))
    assert (report.articles, report.problems, barrier.broken) == (18, 0, False)
    assert [site.busiest for site in hosts] == [1, 1, 1]


def slowly(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.02)
    send(handler, 200, {"Content-Type": "text/html"}, handler.path.encode())


def test_sources_of_one_host_stand_behind_each_other() -> None:
    urls = ("http://a.example/1", "https://b.example/", "http://A.example:8080/2", "http://b.example/x")
    sources = [Source(str(number), url, "en") for number, url in enumerate(urls)]
    assert [[source.name for source in lane] for lane in lanes(sources)] == [["0", "2"], ["1", "3"]]


def test_r2_a_restart_polls_nothing_again(home: Path, hosts: list[Site]) -> None:
    """The schedule is in the ledger: a round right after asks nobody, one an hour later sends validators."""
    config = config_for(home, hosts)
    assert one_round(config).articles == 9
    asked = [len(site.requests) for site in hosts]
    again = one_round(config)
    assert (len(again.sources), again.waiting) == (0, 3)
    assert [len(site.requests) for site in hosts] == asked
    later = one_round(config, clock=lambda: datetime.now(UTC) + timedelta(hours=2))
    assert (len(later.sources), later.articles) == (3, 0)
    for site in hosts:
        assert site.paths()[-1] == "/feed"
        assert site.requests[-1].headers["if-none-match"] == '"1"'


def test_a_source_without_end_does_not_hold_the_round(
    home: Path, hosts: list[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left when its time is over; what it still has comes next time, although its feed says 304."""
    now = [0.0]
    monkeypatch.setattr(rounds, "monotonic", lambda: now[0])

    def takes_a_minute(handler: BaseHTTPRequestHandler) -> None:
        now[0] += 60
        slowly(handler)

    endless = hosts[0]
    endless.feed("/feed", *(f"{endless.url}/more{number}" for number in range(30)), etag='"1"')
    for number in range(30):
        endless.script(f"/more{number}", takes_a_minute)
    config = config_for(home, [endless], more="source_time = 590")
    counts = [one_round(config, force=True) for _ in range(4)]
    assert [report.articles for report in counts] == [10, 10, 10, 0]
    assert [report.sources[0].cut_off for report in counts] == [True, True, False, False]
    assert [report.failed for report in counts] == [[], [], [], []]
    pages = [path for path in endless.paths() if "more" in path]
    assert len(pages) == len(set(pages)) == 30


def test_the_time_of_a_source_is_its_own(
    home: Path, hosts: list[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for a slow extractor does not count: nothing is cut off because we are slow."""

    now = [0.0]
    monkeypatch.setattr(rounds, "monotonic", lambda: now[0])

    def slow(article: Article) -> tuple[list[Claim], str]:
        now[0] += 3600
        return [], "1"

    report = one_round(config_for(home, hosts[:1], more="source_time = 1"), slow)
    assert (report.articles, report.sources[0].cut_off) == (3, False)


def test_a_slow_extractor_stops_the_fetching(home: Path, hosts: list[Site]) -> None:
    """Back pressure: no host is ever more than one article ahead of the ledger."""
    stored = 0

    def checking(article: Article) -> tuple[list[Claim], str]:
        nonlocal stored
        time.sleep(0.02)
        pages = sum(path not in {"/feed", "/robots.txt"} for site in hosts for path in site.paths())
        assert pages <= stored + 3
        stored += 1
        return [], "1"

    report = one_round(config_for(home, hosts), checking)
    assert (report.articles, report.problems) == (9, 0)


def test_extracting_and_storing_happen_in_one_thread(home: Path, hosts: list[Site]) -> None:
    threads = set()

    def noting(article: Article) -> tuple[list[Claim], str]:
        threads.add(threading.current_thread())
        return [], "1"

    one_round(config_for(home, hosts), noting)
    assert threads == {threading.current_thread()}


def test_a_failing_ledger_ends_the_round_with_its_message(
    home: Path, hosts: list[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, stored = Ledger.store, []

    def full(self: Ledger, article: Article, *rest: Any, **more: Any) -> Stored:
        if len(stored) == 4:
            raise LedgerFull("no room left for claims.db: free disk space")
        stored.append(article)
        return keep(self, article, *rest, **more)

    monkeypatch.setattr(Ledger, "store", full)
    config = config_for(home, hosts)
    with pytest.raises(LedgerFull, match="no room left"):
        one_round(config)
    monkeypatch.undo()
    with Ledger.open(home / "claims.db") as ledger:
        assert (ledger.counts().articles, ledger.integrity()) == (4, [])
        assert ledger.rounds()[0].ended is None
    assert one_round(config, force=True).articles == 5


def test_a_ledger_that_fails_in_a_readers_thread_ends_the_round(
    home: Path, hosts: list[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise sqlite3.DatabaseError("database disk image is malformed")

    config = config_for(home, hosts)
    with Ledger.open(home / "claims.db"):
        monkeypatch.setattr("db.writing.is_known", lambda connection, url: url and broken())
        with pytest.raises(LedgerError):
            one_round(config)


def test_the_same_article_at_two_sources_is_one(home: Path, hosts: list[Site]) -> None:
    """Also where both are read at the same moment: it is stored once, with its claims once."""
    shared = f"{hosts[2].url}/0"
    for site in hosts[:2]:
        site.feed("/feed", shared)
    extracted: list[str] = []

    def noting(article: Article) -> tuple[list[Claim], str]:
        extracted.append(article.url)
        return [], "1"

    report = one_round(config_for(home, hosts), noting)
    assert (report.articles, report.problems) == (3, 0)
    assert extracted.count(shared) == 1
    with Ledger.open(home / "claims.db") as ledger:
        assert (ledger.counts().articles, ledger.counts().versions) == (3, 3)


@pytest.mark.parametrize(
    ("gone", "code"),
    [((), 0), (("/0",), 0), (("/0", "/1"), 0), (("/0", "/1", "/2"), 3), (("/feed",), 3)],
    ids=["all well", "one article gone", "two of three gone", "not one article", "no feed"],
)
def test_what_makes_exit_code_3(
    gone: tuple[str, ...],
    code: int,
    home: Path,
    hosts: list[Site],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that is gone happens every day: cron has nothing to mail. A site that closes itself is told."""
    for path in gone:
        hosts[1].answer(path, status=404)
    for site in hosts:
        for number in range(3):
            if f"/{number}" not in gone or site is not hosts[1]:
                site.page(f"/{number}", article_html(f"Hall {number} of {site.url}", lang="en"))
    monkeypatch.setattr("claims.reading.extract", nothing)
    answer = run("run", "--quiet", "--config", str(config_for(home, hosts)))
    assert answer.code == code
    assert len(answer.err.splitlines()) == (1 if code else 0)
    assert ("source=h1" in answer.err) == bool(code)


def test_a_source_that_is_muted_is_told_at_once(home: Path, hosts: list[Site]) -> None:
    """R12: 410 mutes at once."""
    hosts[0].answer("/feed", status=410)
    report = one_round(config_for(home, hosts))
    assert [source.name for source in report.sources if source.muted] == ["h0"]
    assert [source.name for source in report.failed] == ["h0"]
    assert one_round(config_for(home, hosts)).waiting == 3


def test_ctrl_c_ends_cleanly(home: Path, hosts: list[Site]) -> None:
    """What is at hand is stored, the exit code is 130, and the next round goes on where this one ended."""
    for site in hosts:
        site.feed("/feed", *(f"{site.url}/more{number}" for number in range(40)))
        for number in range(40):
            site.script(f"/more{number}", slowly)
    config = config_for(home, hosts)
    code = (
        "import sys; from tests.claims.test_round_hosts import as_process; sys.exit(as_process(sys.argv[1]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(config)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while sum(len(site.requests) for site in hosts) < 12 and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        pressed = time.monotonic()
        assert process.stderr is not None
        said = process.stderr.read().splitlines()
    assert time.monotonic() - pressed < 60
    assert process.returncode == 130
    assert said[-1] == "claims: interrupted; what was stored so far is kept"
    assert "Traceback" not in "".join(said)
    with Ledger.open(home / "claims.db") as ledger:
        kept = ledger.counts().articles
        assert ledger.integrity() == []
    pages = sum("/more" in path for site in hosts for path in site.paths())
    assert 0 < kept <= pages
    assert pages - kept <= 3  # only what was still under way
    assert one_round(config, force=True).articles == 120 - kept


def as_process(config: str) -> int:
    """`claims run` with the light parser and no extractor: what the child of the test above does."""
    from claims import cli, fetching, reading  # noqa: PLC0415

    class Reader:
        parse = staticmethod(plainly)
        listing = staticmethod(read_listing)

    fetching.page_reader = lambda: nullcontext(Reader())  # type: ignore[assignment,return-value]
    reading.extract = nothing
    return cli.run(["run", "--force", "--config", config])
