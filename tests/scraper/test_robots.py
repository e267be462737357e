"""R7: robots.txt by RFC 9309, as hostile as any other file."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

import pytest

from scraper import robots
from scraper.article import Page
from scraper.errors import BadStatus, RefusedAddress, RobotsDenied, TooSlow, Unreachable, Word
from scraper.robots import MAX_BYTES, RobotsCache, Rules, read_rules, sitemaps_in

SITE = "https://probe.example"
AGENT = "claims-monitor"


def allowed(text: str, path: str) -> bool:
    try:
        read_rules(text.encode(), AGENT).check(f"{SITE}{path}")
    except RobotsDenied:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: CLAIMS-Monitor\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/a", False),
        ("User-agent: claims-monitor\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", "/b", True),
        ("User-agent: claims\nDisallow: /a\nUser-agent: claims-monitor\nAllow: /", "/a", True),
        ("User-agent: x\nUser-agent: claims-monitor\nDisallow: /a", "/a", False),
        ("User-agent: claims-monitor\n\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: claims-monitor\nDisallow: /a\nUser-agent: x\nAllow: /\nUser-agent: claims-monitor\n"
         "Disallow: /b", "/b", False),
        ("User-agent: claims-monitor # us\nSitemap: /s\nDisallow: /a # not this", "/a", False),
        ("User-agent: x\nRequest-rate: 1/5\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: claims-monitor\nRequest-rate: 1/5\nUser-agent: *\nDisallow: /", "/a", True),
        ("user agent : *\rdissallow /a", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a", "/a", False),
        ("Disallow: /", "/a", True),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("User-agent: monitor\nDisallow: /", "/a", True),
        ("<html><body>Nicht gefunden</body></html>", "/a", True),
    ],
)  # fmt: skip
def test_which_rules_count(text: str, path: str, expected: bool) -> None:
    """R7: the groups of our own name, else those of everyone; the longest match decides."""
    assert allowed(text, path) is expected


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: claims-monitor\nCrawl-delay: 7\nUser-agent: *\nCrawl-delay: 3", 7),
        ("User-agent: *\nCrawl-delay: nan", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: soon", None),
    ],
)
def test_crawl_delay(text: str, delay: float | None) -> None:
    """R6, R7."""
    assert read_rules(text.encode(), "claims-monitor").crawl_delay == delay


def test_what_is_longer_than_the_limit_is_cut() -> None:
    """R7: at least 500 KiB are read, the rest is left away, and the file still counts."""
    rule = "User-agent: *\nDisallow: /a\n"
    assert not allowed(rule + "#" * MAX_BYTES, "/a")
    assert allowed("#" * MAX_BYTES + "\n" + rule, "/a")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"user-agent:a{n}\n" for n in range(17_000)) + "allow:/\n" * 30_000,
        "".join(f"user agent c{n}\n" for n in range(17_000)) + "disallow:/\n" * 30_000,
        "user-agent:*\ndisallow:/" + "*a" * 200_000 + "$",
        "user-agent:*\n" * 40_000,
    ],
    ids=["agents times rules", "the same oddly spelled", "stars", "everyone again"],
)
def test_no_file_exhausts_its_reader(text: str) -> None:
    """R18, R20: 17,000 robots with 30,000 rules each would be 500 million."""
    began = time.process_time()
    rules = read_rules(text.encode(), "claims-monitor")
    rules.check(f"{SITE}/b" + "a" * 1900)
    assert time.process_time() - began < 20


def test_sitemaps_are_found() -> None:
    text = (
        "Sitemap: https://probe.example/a.xml\nsite-map : /b.xml # old\nUser-agent: *\nSitemap:\n"
        + "sitemap: x\n" * 500
    )
    assert sitemaps_in(text.encode())[:2] == ["https://probe.example/a.xml", "/b.xml"]
    assert len(sitemaps_in(text.encode())) == 100


# --- the cache


class Web:
    """Answers for robots.txt, and a clock."""

    def __init__(self, answer: bytes | Exception = b"User-agent: *\nDisallow: /a\n") -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.time = 0.0

    def fetch(self, url: str) -> Page:
        self.asked.append(url)
        time.sleep(0.01)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Page(url, 200, self.answer, datetime(2026, 11, 22, tzinfo=UTC))

    def cache(self) -> RobotsCache:
        return RobotsCache(self.fetch, "claims-monitor", lambda: self.time)


def kind(check: Callable[[], None]) -> str:
    try:
        check()
    except (RobotsDenied, RefusedAddress, Unreachable) as error:
        return error.kind
    return "allowed"


def test_rules_are_kept_for_a_day_at_most() -> None:
    """R7."""
    web = Web()
    cache = web.cache()
    for web.time, asked in ((0.0, 1), (86_399.0, 1), (86_401.0, 2)):
        cache.rules(f"{SITE}/x")
        assert len(web.asked) == asked
    cache.rules("http://probe.example/x")
    cache.rules(f"{SITE}:8443/x")
    assert web.asked[2:] == ["http://probe.example/robots.txt", f"{SITE}:8443/robots.txt"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (BadStatus("", "", 404), "allowed"),
        (BadStatus("", "", 401), "allowed"),
        (BadStatus("", "", 429), "robots"),
        (BadStatus("", "", 503), "robots"),
        (TooSlow("", SITE), "robots"),
        (Unreachable("", SITE), "robots"),
        (Unreachable("", SITE, Word.TLS), "robots"),
        (Unreachable("", SITE, Word.DNS), "dns"),
        (RefusedAddress("", SITE), "refused address"),
        (RefusedAddress("", "http://127.0.0.1/robots.txt"), "robots"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{type(value).__name__} {value.kind}",
)
def test_a_robots_that_cannot_be_had(answer: Exception, expected: str) -> None:
    """R7: 4xx allows; 5xx, "too many" or no answer denies, and is asked again after ten minutes."""
    web = Web(answer)
    cache = web.cache()
    for web.time, asked in ((0.0, 1), (599.0, 1)):
        assert kind(lambda: cache.rules(f"{SITE}/a").check(f"{SITE}/a")) == expected
        assert len(web.asked) == asked
    web.answer, web.time = b"", 601.0
    assert kind(lambda: cache.rules(f"{SITE}/a").check(f"{SITE}/a")) == "allowed"


def test_many_threads_ask_once() -> None:
    """R6, R7: sources of one site, side by side."""
    web = Web()
    cache = web.cache()
    found: list[Rules] = []
    threads = [Thread(target=lambda: found.append(cache.rules(f"{SITE}/a"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(web.asked), len(found)) == (1, 20)


def test_the_rules_of_many_sites_do_not_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """R18: a feed may link to a thousand hosts, each with a robots.txt of the largest size."""
    monkeypatch.setattr(robots, "MAX_KEPT", 20_000)
    web = Web(b"User-agent: *\n" + b"Disallow: /a\n" * 500)
    cache = web.cache()
    for number in range(10):
        cache.rules(f"https://{number}.example/")
    kept = [site.rules.size for site in cache._known.values() if site.rules]
    assert sum(kept) <= 20_000
    assert len(kept) == 2
    cache.rules("https://9.example/")
    assert len(web.asked) == 10
