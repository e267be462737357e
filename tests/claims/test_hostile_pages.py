"""A page that hangs its reader or ends it costs itself alone: the round and the command go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims import fetching, reading
from db.ledger import Ledger
from scraper.worker import Reader, WorkerLimits
from tests.loopback import Site

from .conftest import Run

# Reads pages as tests/scraper/moody.py: it does what the page says, and "fine" is an article.
PAGES = {"/1": "fine", "/2": "hang", "/3": "fine", "/4": "crash", "/5": "greedy", "/6": "bug", "/7": "fine"}


@pytest.fixture
def hostile(home: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site of such pages in two feeds, and the configuration for it."""

    def moody() -> Reader:
        return Reader(WorkerLimits(wall=1.0), "tests.scraper.moody:moody")

    monkeypatch.setattr(fetching, "page_reader", moody)
    monkeypatch.setattr(reading, "extract", lambda article: ([], "1"))
    site.answer("/robots.txt", body=b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})
    for path, text in PAGES.items():
        site.page(path, text)
    site.page("/8", "fine")
    site.feed("/bad.xml", *(site.url + path for path in PAGES))
    site.feed("/good.xml", f"{site.url}/8")
    sources = "".join(
        f'[[sources]]\nname = "{name}"\nurl = "{site.url}/{name}.xml"\nlang = "en"\n'
        for name in ("bad", "good")
    )
    (home / "config.toml").write_text(f'[fetch]\nmin_gap = 0\nallow_hosts = ["127.0.0.1"]\n{sources}')
    yield site


def known(home: Path, site: Site) -> list[str]:
    with Ledger.open(home / "claims.db") as ledger:
        return [path for path in (*PAGES, "/8") if ledger.known(site.url + path)]


def test_a_round_goes_on_after_every_hostile_page(hostile: Site, home: Path, run: Run) -> None:
    answer = run("run", "--log-json")
    assert answer.code == 3
    assert known(home, hostile) == ["/1", "/3", "/7", "/8"]
    *events, closing = map(json.loads, answer.err.splitlines())
    problems = [event for event in events if "kind" in event]
    expected = [
        ("info", "too large", "/2", "more than 1 s"),
        ("info", "too large", "/4", "ended its reader"),
        ("info", "too large", "/5", "MemoryError"),
        ("error", "unexpected", "/6", "oops"),
    ]
    for event, (level, kind, path, why) in zip(problems, expected, strict=True):
        assert (event["level"], event["source"], event["kind"]) == (level, "bad", kind)
        assert why in event["message"]
        assert event["url"] == hostile.url + path
    assert closing["event"] == (
        "2 sources asked: 4 new articles, no claims, 4 problems at 1 source; failed: bad"
    )


def test_add_goes_on_after_a_page_that_hangs(hostile: Site, home: Path, run: Run) -> None:
    (home / "saved.html").write_text("<html>hang")
    answer = run("add", f"{hostile.url}/2", "saved.html", f"{hostile.url}/1")
    assert answer.code == 3
    first, second, third = answer.err.splitlines()
    assert first == f"claims: {hostile.url}/2: the page took more than 1 s"
    assert second == "claims: saved.html: the page took more than 1 s"
    assert third == "fine: added with 0 claims; --published would tell what 'this year' is"
    assert known(home, hostile) == ["/1"]


def test_no_command_reads_a_feed_in_its_own_process(
    hostile: Site, home: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R21: also outside a round what a server sends is read where it can be killed."""
    feeds = "tests.scraper.moody:listing"
    monkeypatch.setattr(fetching, "page_reader", lambda: Reader(WorkerLimits(wall=1.0), feeds=feeds))
    hostile.page("/bad.xml", "hang")
    hostile.page("/good.xml", "fine")
    check = run("sources", "check")
    assert (check.code, check.err) == (3, "bad: the page took more than 1 s\n")
    online = [json.loads(line) for line in run("doctor", "--online").out.splitlines()]
    assert [(line["verdict"], line["text"]) for line in online if line["about"].startswith("source ")] == [
        ("failed", "too large: the page took more than 1 s"),
        ("ok", "reached and read"),
    ]
    hostile.page("/new.xml", "hang")
    added = run("sources", "add", f"{hostile.url}/new.xml", "--lang", "de")
    assert (added.code, "the page took more than 1 s" in added.err) == (3, True)


def test_a_sites_page_that_hangs_its_reader_is_told(
    hostile: Site, home: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R20: the page that is searched for feeds, and the article that tells a feed's language."""
    sites = "tests.scraper.moody:moody"
    monkeypatch.setattr(fetching, "page_reader", lambda: Reader(WorkerLimits(wall=4.0), sites=sites))
    hostile.page("/site", "<html>hang")
    added = run("sources", "add", f"{hostile.url}/site", "--lang", "de")
    assert (added.code, "the page took more than 4 s" in added.err) == (3, True)
    hostile.feed("/mute.xml", f"{hostile.url}/2")
    added = run("sources", "add", f"{hostile.url}/mute.xml", "--lang", "de", "--name", "mute")
    assert added.code == 0, added.err
