"""R9, R13, R18 to R24: the worst that hosts do. Each ends in time, with its word, and costs no memory.

The cases stand in `hostile_cases.py`, the host that acts them in `tests/hostile_host.py`. All of them run
over one client and one reader, as in a round, and after them a good source still delivers.
"""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.article import Article, FetchState, Source
from scraper.client import Client, ClientSettings
from scraper.collect import Problem, collect
from scraper.worker import Reader, WorkerLimits
from tests.hostile_host import running
from tests.scraper.hostile_cases import CASES, GOOD, Case

pytestmark = pytest.mark.slow

DOMAIN = "hostile.example"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IN_TIME = 120.0  # seconds for a whole case; its limits below are far lower, a busy machine is slow
GROWTH = 50 * 1024 * 1024  # bytes


@dataclass(slots=True)
class Round:
    """What a round holds: the ports of the host, one client and one reader, and what memory was used."""

    ports: dict[str, int]
    client: Client
    reader: Reader
    before: int = 0
    seen: list[str] = field(default_factory=list)

    def start_again(self) -> None:
        """A client that knows nothing of what was too slow before."""
        self.client = Client(self.client.settings, sleep=lambda seconds: None)

    def collect(self, case: Case) -> tuple[list[Article], list[Problem], FetchState]:
        """The case as a source of a round."""
        port, _, secure = case.port.partition("-as-")
        scheme = "https" if secure or port == "secure" else "http"
        name = "nobody.invalid" if case.name == "unknown-name" else f"{case.name}.{DOMAIN}"
        source = Source(case.name, f"{scheme}://{name}:{self.ports[port]}/feed", "de")
        *found, state = collect(
            source,
            FetchState(),
            self.client,
            known=lambda url: False,
            now=NOW,
            parser=self.reader.parse,
            lister=self.reader.listing,
        )
        assert isinstance(state, FetchState)
        articles = [one for one in found if isinstance(one, Article)]
        return articles, [one for one in found if isinstance(one, Problem)], state


@pytest.fixture(scope="module")
def a_round() -> Iterator[Round]:
    names = tuple(f"{case.name}.{DOMAIN}" for case in [*CASES, GOOD])
    settings = ClientSettings(
        min_gap=0.0, deadline=5.0, connect_timeout=4.0, read_timeout=4.0, allow_hosts=names
    )
    with (
        running() as ports,
        Client(settings, sleep=lambda seconds: None) as client,
        Reader(WorkerLimits(cpu=8.0)) as reader,
    ):
        yield Round(ports, client, reader)


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's names lead to this machine; no name server is asked."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(DOMAIN) else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def memory(name: str) -> int:
    """Bytes of this process now (VmRSS) or at most (VmHWM); 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def test_before_the_storm(a_round: Round) -> None:
    """Everything is loaded, the reader runs, and the highest mark of memory is set to what is used now."""
    deliver(a_round)
    gc.collect()
    marks = Path("/proc/self/clear_refs")
    if marks.exists():
        marks.write_text("5")
    a_round.before = memory("VmRSS")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_ends_in_time_with_its_word(a_round: Round, case: Case) -> None:
    began = time.monotonic()
    articles, problems, state = a_round.collect(case)
    assert time.monotonic() - began < IN_TIME
    if any(too_busy(problem, case) for problem in problems):
        a_round.start_again()
        articles, problems, state = a_round.collect(case)
    kinds = [problem.kind for problem in problems]
    if case.word == "ok":
        assert (kinds, state.last_status) == ([], "ok"), problems
        (article,) = articles
        assert article.title
        assert_harmless(article)
    else:
        assert (articles, kinds) == ([], [case.word]), problems
        about_the_feed = problems[0].url.partition("?")[0].endswith("/feed") or state.last_status != "ok"
        assert state.last_status == (case.word if about_the_feed else "ok")
    assert not any(problem.unexpected for problem in problems)
    assert sum(len(name) + len(value) for name, value in state.extra.items()) < 100_000
    a_round.seen.append(case.name)


def too_busy(problem: Problem, case: Case) -> bool:
    """Whether it was this machine that had no time, not the host: then once more, with a new client."""
    slow = ("read timeout", "connect timeout", "deadline")
    told = (problem.kind, problem.message.partition("(")[2].partition(")")[0])
    late = any(word in slow for word in told) or "took more than" in problem.message
    return late and problem.kind != case.word and (problem.kind, case.word) != ("robots", "robots")


def assert_harmless(article: Article) -> None:
    """R24: text that every store and every encoder takes, of a size that makes sense, without our files."""
    whole = f"{article.title}\n{article.text}"
    whole.encode("utf-8")
    assert "\0" not in whole
    assert "root:" not in whole
    assert len(article.title) <= 1000
    assert len(article.text) <= 400_000
    assert article.url.endswith(f".{DOMAIN}:{article.url.rpartition(':')[2]}")


def test_after_the_storm_a_good_source_delivers(a_round: Round) -> None:
    deliver(a_round)


def deliver(a_round: Round) -> None:
    articles, problems, state = a_round.collect(GOOD)
    if any(too_busy(problem, GOOD) for problem in problems):
        a_round.start_again()
        articles, problems, state = a_round.collect(GOOD)
    assert (len(articles), problems, state.last_status) == (1, [], "ok")


def test_memory_has_not_grown(a_round: Round) -> None:
    if not a_round.before or len(a_round.seen) < len(CASES):
        pytest.skip("all cases have to run before, on a system that tells")
    gc.collect()
    assert memory("VmRSS") - a_round.before < GROWTH
    assert memory("VmHWM") - a_round.before < GROWTH


def test_there_are_enough_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
