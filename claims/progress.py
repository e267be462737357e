"""What is seen of a running round: a bar on a terminal, log lines elsewhere and where they are asked for."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

from claims.terminal import is_tty, one_line, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from claims.logs import Logs
    from claims.report import Report, SourceReport
    from scraper.article import Article
    from scraper.collect import Problem


class Level(IntEnum):
    """From which level on something is said; the numbers are logging's."""

    DEBUG = logging.DEBUG
    INFO = logging.INFO
    WARNING = logging.WARNING
    ERROR = logging.ERROR


class Bar:
    """Sources, articles, claims and errors as they come; problems as lines above."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task
        self._articles = self._claims = self._errors = 0

    def begin(self, total: int) -> None:
        """The bar's length."""
        self._progress.update(self._task, total=total)

    def article(self, source: str, article: Article, claims: int) -> None:
        """Counts, and shows the title."""
        self._articles += 1
        self._claims += claims
        self._show(f"{source}: {one_line(article.title)}")

    def problem(self, source: str, problem: Problem) -> None:
        """Prints the problem above the bar."""
        self._errors += 1
        self._show("")
        self._progress.console.print(
            problem_line(source, problem), markup=False, highlight=False, soft_wrap=True
        )

    def finished(self, report: SourceReport) -> None:
        """Moves the bar."""
        self._progress.advance(self._task)
        for notice in report.notices:
            line = one_line(notice.text)
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def done(self, report: Report) -> None:
        """The round in one sentence, once the bar is gone."""
        from claims.report import closing_line

        self._progress.stop()
        say(closing_line(report))

    def _show(self, now: str) -> None:
        found = f"{self._articles:,} articles, {self._claims:,} claims, {self._errors:,} errors"
        self._progress.update(self._task, found=found, now=now)


def problem_line(source: str, problem: Problem) -> str:
    """`heise: http 503: the server answered 503 (https://…)`; a bug of ours is called one."""
    bug = " (a bug)" if problem.unexpected else ""
    return one_line(f"{source}: {problem.kind}: {problem.message} ({problem.url}){bug}")


@contextmanager
def progress(level: Level, *, as_json: bool, zone: str = "UTC") -> Iterator[Bar | Logs]:
    """A bar where a person looks on and did not ask for more or less than the usual; else logs.

    `zone`: the one whose times the logs show.
    """
    if as_json or level is not Level.INFO or not is_tty(sys.stderr):
        from claims.logs import Logs

        yield Logs(level, as_json=as_json, zone=zone)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sources, {task.fields[found]}"),
        TextColumn("{task.fields[now]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task("round", total=None, found="no articles yet", now=""))
