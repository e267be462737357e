"""R20, R21: a page or feed that hangs, exhausts or ends its reader costs itself alone."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.article import Page, Source
from scraper.errors import NotAFeed, NotAnArticle, ReadError, ScraperError
from scraper.links import read_listing
from scraper.lockedxml import LOCKED
from scraper.parse import parse
from scraper.worker import Reader, WorkerLimits
from tests.scraper.conftest import article_html

ROOT = Path(__file__).parents[2]


def page(body: str) -> Page:
    return Page("https://probe.example/a", 200, body.encode(), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(
        WorkerLimits(wall=1.0, pages=3), "tests.scraper.moody:moody", "tests.scraper.moody:listing"
    ) as running:
        yield running


def test_the_child_reads_as_we_do() -> None:
    one = page(article_html("Ein Titel"))
    with Reader() as reader:
        assert reader.parse(one, source="probe", zone="Europe/Berlin") == parse(
            one, source="probe", zone="Europe/Berlin"
        )


@pytest.mark.parametrize(("what", "why"), [("hang", "more than 1 s"), ("crash", "ended its reader")])
def test_a_page_that_kills_costs_itself_alone(reader: Reader, what: str, why: str) -> None:
    reader.parse(page("fine"))
    began = time.monotonic()
    with pytest.raises(NotAnArticle, match=why) as caught:
        reader.parse(page(what))
    assert time.monotonic() - began < 20
    assert caught.value.kind == "too large"
    assert reader.parse(page("fine")).title == "fine"


def test_memory_is_limited(reader: Reader) -> None:
    with pytest.raises(ReadError, match="MemoryError"):
        reader.parse(page("greedy"))
    assert reader.parse(page("fine")).title == "fine"


def test_errors_and_bugs_come_back(reader: Reader) -> None:
    with pytest.raises(ReadError) as caught:
        reader.parse(page("error"))
    assert (caught.value.kind, caught.value.url) == ("empty", "https://probe.example/a")
    with pytest.raises(ScraperError, match="ZeroDivisionError: oops") as bug:
        reader.parse(page("bug"))
    assert bug.value.kind == "unexpected"


def test_noise_does_not_break_the_pipe(reader: Reader) -> None:
    assert reader.parse(page("print")).title == "fine"


def test_the_child_is_kept_and_renewed(reader: Reader) -> None:
    children = [reader.parse(page("fine")).text for _ in range(4)]
    assert len(set(children[:3])) == 1
    assert children[3] != children[0]


def test_the_child_lists_as_we_do() -> None:
    """R21: feeds are read there, too."""
    items = "".join(
        f"<item><title>{n}</title><link>https://probe.example/{n}</link></item>" for n in range(50)
    )
    one = page(f"<rss version='2.0'><channel><title>Probe</title>{items}</channel></rss>")
    source = Source("probe", one.url, "de", "Europe/Berlin")
    with Reader() as reader:
        assert reader.listing(one, source) == read_listing(one, source)
        assert reader.parse(page(article_html("Ein Titel"))).title == "Ein Titel"
        with pytest.raises(NotAFeed) as caught:
            reader.listing(page(""), source)
        assert (caught.value.kind, caught.value.url) == ("empty", one.url)


@pytest.mark.parametrize("what", ["hang", "crash", "greedy"])
def test_a_feed_that_kills_costs_itself_alone(reader: Reader, what: str) -> None:
    """R21."""
    source = Source("probe", "https://probe.example/feed", "de")
    with pytest.raises(NotAFeed) as caught:
        reader.listing(page(what), source)
    assert caught.value.kind == "too large"
    assert reader.listing(page("fine"), source).title == "probe"


def test_closing_does_not_wait_for_a_page_that_hangs() -> None:
    """R20: Ctrl-C ends a round at once, whatever another thread is reading."""
    heard: list[ScraperError] = []
    reader = Reader(WorkerLimits(wall=50.0), "tests.scraper.moody:moody")
    reader.parse(page("fine"))

    def read(body: str) -> None:
        with pytest.raises(ScraperError) as caught:
            reader.parse(page(body))
        heard.append(caught.value)

    threads = [threading.Thread(target=read, args=(body,)) for body in ("hang", "fine", "fine")]
    threads[0].start()
    time.sleep(0.3)
    for thread in threads[1:]:
        thread.start()
    began = time.monotonic()
    reader.close()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 20
    assert [str(error) for error in heard] == ["the reader is closed"] * 3
    assert not any(isinstance(error, ReadError) for error in heard), "the page is not at fault"


def test_processor_time_counts_before_the_clock() -> None:
    """R20: on a busy machine a good page takes long by the clock, and a bad one no longer than it may."""
    with Reader(WorkerLimits(wall=50.0, cpu=0.5), "tests.scraper.moody:moody") as reader:
        with pytest.raises(NotAnArticle, match=r"more than 0\.5 s of processor time") as caught:
            reader.parse(page("spin"))
        assert caught.value.kind == "too large"
        with pytest.raises(NotAnArticle, match=r"more than 0\.25 s of processor time"):
            reader.parse(page("spin"))
        assert reader.parse(page("fine")).title == "fine"


def test_a_host_that_hangs_gets_less_time(reader: Reader) -> None:
    """R20: or a thousand such pages would fill a day. Other hosts are not at fault."""
    waits = []
    for _ in range(6):
        with pytest.raises(NotAnArticle, match="took more than") as caught:
            reader.parse(page("hang"))
        waits.append(float(str(caught.value).split()[-2]))
    assert waits == [1.0, 0.5, 0.25, 0.125, 0.0625, 0.0625]
    other = Page("https://other.example/a", 200, b"hang", datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(NotAnArticle, match="more than 1 s"):
        reader.parse(other)


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel>" + "<a>" * 100_000,
        "<rss version='2.0'><channel><x " + " ".join(f"a{n}='b'" for n in range(100_000)) + "/>",
        "<rss version='2.0'><channel>" + "<" * 450_000,
    ],
    ids=["nested", "attributes", "brackets"],
)
def test_feeds_that_hang_feedparser(body: str) -> None:
    """R21: by a look before reading, or by the limit."""
    with Reader(WorkerLimits(cpu=4.0)) as reader, pytest.raises(NotAFeed) as caught:
        reader.listing(page(body), Source("probe", "https://probe.example/feed", "de"))
    assert caught.value.kind == "too large"


@pytest.mark.parametrize("path", sorted((ROOT / "scraper").glob("*.py")), ids=lambda path: path.name)
def test_every_xml_parser_is_locked(path: Path) -> None:
    """R22: no entities, no network, no DTD, no huge trees; nothing that reads XML without saying so."""
    allowed = {"fromstring": 2, "iterparse": 1, "XMLParser": 0, "HTMLParser": 0, "document_fromstring": 1}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            assert not any(name.startswith(("xml.", "defusedxml")) for name in names)
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        keys = {keyword.arg for keyword in node.keywords}
        locked = any(isinstance(k.value, ast.Name) and k.value.id == "LOCKED" for k in node.keywords)
        if called in {"XMLParser", "iterparse"}:
            assert locked or keys >= {"resolve_entities", "no_network", "load_dtd", "huge_tree"}
        elif called == "HTMLParser":
            assert keys >= {"no_network", "huge_tree"}
        elif called in {"fromstring", "document_fromstring", "XML", "HTML"}:
            assert "parser" in keys or len(node.args) == allowed.get(called, 2)
        assert called not in {"XSLT", "XInclude", "xinclude", "parse_xml"}


def test_what_locked_means() -> None:
    """R22."""
    assert LOCKED == {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
    }


PARENT = """
from scraper.worker import Reader, WorkerLimits
from tests.scraper.test_worker import page
reader = Reader(WorkerLimits(wall=1.5), "tests.scraper.moody:moody")
print(reader.parse(page("fine")).text, flush=True)
reader.parse(page("hang"))
"""


def test_a_killed_parent_leaves_no_child_that_hangs() -> None:
    folders = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(folders)}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.5)
        parent.send_signal(signal.SIGKILL)
    assert parent.returncode == -signal.SIGKILL
    until = time.monotonic() + 40
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)


def alive(process: int) -> bool:
    """A zombie is not: where nobody collects it, its number stays."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
