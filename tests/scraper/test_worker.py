"""R20: a page that hangs, exhausts or ends its reader costs that page alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.article import Page
from scraper.errors import NotAnArticle, ReadError, ScraperError
from scraper.parse import parse
from scraper.worker import Reader, WorkerLimits
from tests.scraper.conftest import article_html


def page(body: str) -> Page:
    return Page("https://probe.example/a", 200, body.encode(), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(WorkerLimits(wall=1.0, pages=3), "tests.scraper.moody:moody") as running:
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
