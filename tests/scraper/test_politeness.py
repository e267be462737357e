"""R5, R6, R9: turns, gaps and silence, with a clock of our own; and the vocabulary of outcomes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from scraper.article import FetchState, Source
from scraper.client import Client
from scraper.collect import collect, heard
from scraper.errors import WEIGHTS, BadStatus, BotChallenge, FetchError, RobotsDenied, Word
from scraper.politeness import MAX_CRAWL_DELAY, MAX_HOLD, HostGate
from scraper.silence import MAX_HOSTS, kept
from tests.loopback import Site, send, silent

Maker = Callable[..., Client]


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> HostGate:
    return HostGate(1.0, clock, clock.sleep)


def turns(gate: HostGate, *hosts: str) -> None:
    for host in hosts:
        with gate.turn(host):
            pass


def test_a_second_lies_between_two_requests_to_a_host(gate: HostGate, clock: Clock) -> None:
    """R6: counted from the end of the first, also where it failed."""
    with pytest.raises(ZeroDivisionError), gate.turn("a"):
        clock.time += 5
        raise ZeroDivisionError
    turns(gate, "b", "a", "a")
    assert clock.slept == [1.0, 1.0]


@pytest.mark.parametrize(
    ("delay", "gap"),
    [
        (0.3, 1.0),
        (5.0, 5.0),
        (1e300, MAX_CRAWL_DELAY),
        (float("inf"), MAX_CRAWL_DELAY),
        (-3.0, 1.0),
        (float("nan"), 1.0),
    ],
)
def test_a_sites_wish_only_raises_the_gap(gate: HostGate, clock: Clock, delay: float, gap: float) -> None:
    """R6: `Crawl-delay` may only raise it, and not beyond a minute."""
    gate.slow("a", delay)
    turns(gate, "a", "a", "b")
    assert clock.slept == [gap]


@pytest.mark.parametrize(
    ("wish", "held"),
    [(120.0, 120.0), (365 * 86400.0, MAX_HOLD), (float("inf"), MAX_HOLD), (-5.0, 0.0), (float("nan"), 0.0)],
)
def test_silence_is_clamped(gate: HostGate, wish: float, held: float) -> None:
    """R5: a year is cut to a day, a negative wish ignored."""
    gate.hold("a", wish)
    assert gate.held("a") == held
    assert gate.held("b") == 0.0
    assert gate.holds() == ({"a": held} if held else {})


def test_a_shorter_wish_does_not_shorten_silence(gate: HostGate, clock: Clock) -> None:
    """R5."""
    gate.hold("a", 100)
    clock.time += 50
    gate.hold("a", 10)
    assert gate.held("a") == 50
    clock.time += 51
    assert gate.holds() == {}


def test_silence_survives_a_restart(site: Site, client_for: Maker) -> None:
    """R2, R5: the next client is told what the first one heard."""
    site.answer("/busy", status=429, headers={"Retry-After": "120"})
    site.page("/other", "x")
    first, second = client_for(), client_for()
    with pytest.raises(BadStatus):
        first.get(f"{site.url}/busy")
    held = first.held_hosts()
    left = held["127.0.0.1"] - datetime.now(UTC)
    assert timedelta(seconds=100) < left <= timedelta(seconds=120)
    second.hold(held)
    with pytest.raises(BadStatus, match="silence") as caught:
        second.get(f"{site.url}/other")
    assert caught.value.retry_after == pytest.approx(120, abs=20)
    assert site.paths() == ["/busy"]


def test_silence_is_kept_in_the_state_of_each_source_of_the_host(site: Site, client_for: Maker) -> None:
    """R2, R5: a round later, with a client of its own, no source of that host is asked."""
    site.answer("/a", status=429, headers={"Retry-After": "7200"})
    site.feed("/b")
    sources = [Source(name, f"{site.url}/{name}", "de") for name in "ab"]
    states = [FetchState(), FetchState()]
    for _ in range(2):
        client = client_for()
        client.hold(heard(states))
        states = [last(source, state, client) for source, state in zip(sources, states, strict=True)]
        assert site.paths() == ["/a"]
        assert [state.last_status for state in states] == ["http 429", "http 429"]
    other = FetchState(extra={"silence": "broken"})
    assert list(heard([*states, other])) == ["127.0.0.1"]
    assert heard([FetchState(extra={"silence": text}) for text in ("[1]", '{"a": 1}', '{"a": "x"}')]) == {}
    assert heard([other, FetchState(extra={"silence": '{"a": "2026-11-22T12:00:00"}'})]) == {}


def test_silence_of_an_articles_host_is_kept_too(site: Site, client_for: Maker) -> None:
    """R2, R5: articles often lie elsewhere than their feed; so does what is asked for in between."""
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    site.feed("/a", f"{elsewhere}/article")
    site.answer("/article", status=429, headers={"Retry-After": "7200"})
    site.feed("/b")
    first, second = (client_for(allow_hosts=("127.0.0.1", "localhost")) for _ in range(2))
    state = last(Source("a", f"{site.url}/a", "de"), FetchState(), first)
    assert list(heard([state])) == ["localhost"]
    assert heard([last(Source("b", f"{site.url}/b", "de"), FetchState(), first)]) == {}, "not met there"
    second.hold(heard([state]))
    again = last(Source("a", f"{site.url}/a", "de"), state, second)
    assert site.paths().count("/article") == 1
    assert list(heard([again])) == ["localhost"]


def test_few_hosts_are_kept() -> None:
    """R5: the state of a feed that leads everywhere stays small."""
    now = datetime.now(UTC)
    held = {f"h{number}": now + timedelta(minutes=number) for number in range(MAX_HOSTS + 9)}
    state = kept(FetchState(), "h3", {}, held)
    assert set(heard([state])) == {f"h{number}" for number in range(9, MAX_HOSTS + 9)}
    assert heard([kept(FetchState(), "h3", held, held)]) == {"h3": held["h3"]}


def test_silence_is_forgotten_when_it_is_over(site: Site, client: Client) -> None:
    """R5."""
    site.feed("/a")
    source = Source("a", f"{site.url}/a", "de")
    state = last(source, FetchState(extra={"silence": '{"127.0.0.1": "2001-01-01T00:00:00+00:00"}'}), client)
    assert (state.last_status, "silence" in state.extra) == ("ok", False)


def last(source: Source, state: FetchState, client: Client) -> FetchState:
    """What a poll hands back."""
    *_, after = collect(source, state, client, known=lambda url: False, now=datetime.now(UTC))
    assert isinstance(after, FetchState)
    return after


@pytest.mark.parametrize(
    ("shared", "held"), [((), True), (("127.0.0.1",), False), (("0.1",), False), (("27.0.0.1",), True)]
)
def test_shared_platforms_are_not_held(
    site: Site, client_for: Maker, shared: tuple[str, ...], held: bool
) -> None:
    """R5: switchable for platforms and what lives under their names."""
    site.answer("/busy", status=503, headers={"Retry-After": "120"})
    client = client_for(shared_hosts=shared)
    with pytest.raises(BadStatus):
        client.get(f"{site.url}/busy")
    assert bool(client.held_hosts()) is held


def test_hosts_run_side_by_side_and_one_host_does_not(site: Site, client_for: Maker) -> None:
    """R6: over one client, in threads; a slow host makes only its own wait. R6 holds at every spelling."""
    site.script("/slow", silent(1.5))
    site.page("/fast", "x")
    client = client_for(allow_hosts=("127.0.0.1", "localhost"), read_timeout=10, deadline=20)
    ended: dict[str, float] = {}
    began = time.monotonic()

    def get(name: str, url: str) -> None:
        try:
            client.get(url)
        except FetchError:
            assert name == "slow"
        ended[name] = time.monotonic() - began

    urls = {
        "slow": f"http://127.0.0.1:{site.port}/slow",
        "same": f"http://127.0.0.1:{site.port}/fast",
        "other": f"http://LOCALHOST:{site.port}/fast",
    }
    threads = []
    for name, url in urls.items():
        threads.append(threading.Thread(target=get, args=(name, url)))
        threads[-1].start()
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    assert ended["other"] < ended["slow"] <= ended["same"]
    assert site.busiest == 2


def _slow_page(text: str, handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.005)
    send(handler, 200, {"Content-Type": "text/html"}, text.encode())


def test_one_client_serves_many_threads(site: Site, client_for: Maker) -> None:
    """R6: what is shared between threads stays sound: each gets its page, no host is asked twice at once."""
    for number in range(40):
        site.script(f"/{number}", partial(_slow_page, f"page {number}"))
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 0\n", kind="text/plain")
    seen: list[str] = []
    client = Client(client_for().settings, recorder=lambda page: seen.append(page.url))
    wrong: list[object] = []

    def get(start: int) -> None:
        for number in range(start, 40, 8):
            body = client.article(f"{site.url}/{number}").body
            if body != f"page {number}".encode():
                wrong.append((number, body))

    threads = [threading.Thread(target=get, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert site.busiest == 1
    assert sorted(seen) == sorted(f"{site.url}/{number}" for number in range(40))
    assert site.paths().count("/robots.txt") == 1


# --- the vocabulary


def test_the_vocabulary_is_the_one_that_is_written_down() -> None:
    """R9, and four words for what it does not name: a failed connection, a file, a bug, a bare status."""
    written = [
        "dns",
        "connect timeout",
        "read timeout",
        "deadline",
        "tls",
        "too many redirects",
        "http",
        "bot challenge",
        "parse error",
        "html instead of feed",
        "empty",
        "too large",
        "refused address",
        "robots",
        "not modified",
        "same content",
        "ok",
    ]
    assert {str(word) for word in Word} == {*written, "connect error", "unreadable file", "unexpected"}
    assert set(WEIGHTS) == set(Word)
    assert set(WEIGHTS.values()) == {1.0, 0.5, 0.25, 0.0}


@pytest.mark.parametrize(
    ("error", "kind", "weight"),
    [
        (BadStatus("", "", 404), "http 404", 1.0),
        (BadStatus("", "", 410), "http 410", 1.0),
        (BadStatus("", "", 401), "http 401", 0.5),
        (BadStatus("", "", 403), "http 403", 0.5),
        (BadStatus("", "", 408), "http 408", 0.25),
        (BadStatus("", "", 429), "http 429", 0.25),
        (BadStatus("", "", 503), "http 503", 0.25),
        (BotChallenge("", "", 403), "bot challenge", 0.5),
        (RobotsDenied("", ""), "robots", 1.0),
        (RobotsDenied("", "", passing=True), "robots", 0.25),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_errors_weigh_what_they_should(error: FetchError, kind: str, weight: float) -> None:
    """R9: permanent 1, soft 0.5, temporary 0.25. R10: a bot challenge is not a dead feed."""
    assert (error.kind, error.weight) == (kind, weight)


# --- the rules


@pytest.mark.parametrize("rule", [*range(1, 11), 13, *range(18, 27)], ids=lambda number: f"R{number}")
def test_each_rule_is_named_by_a_test_that_proves_it(rule: int) -> None:
    folder = Path(__file__).parents[1]
    texts = [
        path.read_text("utf-8") for name in ("scraper", "claims") for path in (folder / name).glob("*.py")
    ]
    assert any(re.search(rf"\bR{rule}\b", text.replace(f'"R{rule}"', "")) for text in texts)
