"""What is seen of a round: the bar on a terminal, logs elsewhere; levels, JSON, and page text made safe."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from claims.health import Notice
from claims.logs import Logs
from claims.progress import Level, progress
from claims.report import Report, SourceReport, Watcher
from scraper.collect import Problem

from .conftest import ENGLISH, Run

GONE = Problem("http 404", "the server answered 404", "https://example.org/gone")
DOWN = Problem("http 503", "the server answered 503", "https://example.org/feed")
BUG = Problem("unexpected", "KeyError: 'x'", "https://example.org/b", unexpected=True)
MUTED = Notice("down: muted after http 503", event=True)
EVIL = "Meta\x1b[31m\u202e counts\r\nits\x9b2J \ud800chips"


def a_round(watcher: Watcher) -> Report:
    """A good source with an article that is gone, one that is down and muted, one with a bug."""
    watcher.begin(3)
    watcher.article("good", replace(ENGLISH, title=EVIL), 2)
    good = SourceReport("good", articles=1, claims=2, problems=[GONE], cut_off=True)
    down = SourceReport("down", problems=[DOWN], unlisted=True, muted=True, notices=[MUTED])
    odd = SourceReport("odd", problems=[BUG])
    for report in (good, down, odd):
        for problem in report.problems:
            watcher.problem(report.name, problem)
        watcher.finished(report)
    return Report([good, down, odd])


Said = pytest.CaptureFixture[str]


def logged(said: Said, level: Level, *, as_json: bool = False) -> list[str]:
    with progress(level, as_json=as_json) as watcher:
        watcher.done(a_round(watcher))
    assert isinstance(watcher, Logs)
    return said.readouterr().err.splitlines()


def test_quiet_leaves_what_somebody_should_look_at(capsys: Said) -> None:
    """Cron mails whatever is said: a page that is gone is no reason for a mail."""
    lines = logged(capsys, Level.WARNING)
    assert [line.partition(" ")[2] for line in lines] == [
        'level=warning event="source failed" source=down kind="http 503" '
        'message="the server answered 503" url=https://example.org/feed',
        'level=warning event="source notice" source=down notice="down: muted after http 503"',
        "level=error event=bug source=odd kind=unexpected message=\"KeyError: 'x'\" "
        "url=https://example.org/b",
    ]


def test_by_default_each_source_each_problem_and_the_round(capsys: Said) -> None:
    lines = logged(capsys, Level.INFO)
    assert [line.partition("event=")[2].partition(" source=")[0] for line in lines[:-1]] == [
        "problem",
        '"source asked"',
        '"source to be continued"',
        "problem",
        '"source asked"',
        '"source failed"',
        '"source notice"',
        "bug",
        '"source asked"',
    ]
    assert (
        '"3 sources asked: 1 new article, 2 claims, 3 problems at 3 sources; failed: down, odd; ' in lines[-1]
    )


def test_verbose_adds_articles(capsys: Said) -> None:
    lines = logged(capsys, Level.DEBUG)
    assert len(lines) == 12
    assert 'event="article stored" source=good claims=2 title="Meta counts its chips"' in lines[1]


def test_json_is_for_programs(capsys: Said) -> None:
    events = [json.loads(line) for line in logged(capsys, Level.DEBUG, as_json=True)]
    assert {event["level"] for event in events} == {"debug", "info", "warning", "error"}
    assert events[1]["title"] == EVIL
    assert events[-1]["failed"] == 2
    assert all(event["timestamp"].endswith("Z") for event in events)


@pytest.mark.parametrize("as_json", [False, True])
def test_r24_no_page_text_commands_the_terminal(capsys: Said, as_json: bool) -> None:
    """One event a line, too, whatever a title holds."""
    lines = logged(capsys, Level.DEBUG, as_json=as_json)
    assert len(lines) == 12
    assert not [character for line in lines for character in "\x1b\x9b\u202e\ud800\r" if character in line]


@pytest.fixture
def terminal(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> Said:
    """A standard error that is a terminal of 100 columns."""
    real = Console.__init__

    def on_terminal(self: Console, **options: object) -> None:
        real(self, file=sys.stderr, force_terminal=True, width=100, color_system=None)

    monkeypatch.setattr(Console, "__init__", on_terminal)
    monkeypatch.setattr("claims.progress.is_tty", lambda stream: True)
    return capsys


def test_a_terminal_shows_sources_articles_claims_and_errors(terminal: Said) -> None:
    with progress(Level.INFO, as_json=False) as watcher:
        report = a_round(watcher)
        watcher._progress.refresh()  # type: ignore[union-attr]
        shown = terminal.readouterr().err
        watcher.done(report)
    assert "3/3 sources, 1 articles, 2 claims, 3 errors" in shown
    assert "good: http 404: the server answered 404 (https://example.org/gone)\n" in shown
    assert "odd: unexpected: KeyError: 'x' (https://example.org/b) (a bug)\n" in shown
    assert "down: muted after http 503\n" in shown
    assert (
        "3 sources asked: 1 new article, 2 claims, 3 problems at 3 sources; "
        in terminal.readouterr().err.splitlines()[-1]
    )


@pytest.mark.parametrize(
    ("level", "as_json"), [(Level.WARNING, False), (Level.DEBUG, False), (Level.INFO, True)]
)
def test_who_asks_for_logs_gets_them_on_a_terminal_too(terminal: Said, level: Level, as_json: bool) -> None:
    assert all(
        ("level=" in line) or line.startswith("{") for line in logged(terminal, level, as_json=as_json)
    )


def test_the_command_says_at_the_end_what_happened(config: Path, run: Run) -> None:
    """Nothing listens there: the source fails, and exit code 3 says so; `--quiet` leaves one line of it."""
    answer = run("run")
    assert (answer.code, answer.out) == (3, "")
    closing = "1 source asked: no new articles, no claims, 1 problem at 1 source; failed: cold-aisle"
    assert f'event="{closing}" sources=1 ' in answer.err.splitlines()[-1]
    quiet = run("run", "--force", "--quiet")
    assert quiet.code == 3
    assert len(quiet.err.splitlines()) == 1
    assert run("run", "--quiet", "--verbose").code == 2


def test_json_when_configured(config: Path, run: Run) -> None:
    config.write_text(f"[round]\nlog_json = true\n{config.read_text()}")
    events = [json.loads(line) for line in run("run").err.splitlines()]
    assert [event["level"] for event in events] == ["info", "info", "warning", "info"]
