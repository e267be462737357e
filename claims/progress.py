"""What a person sees of a running round: a bar on a terminal, problems as lines, else nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from claims.terminal import is_tty, one_line, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from claims.round import Watcher
    from scraper.article import Article, Source
    from scraper.collect import Problem


class Lines:
    """Says problems only, one a line."""

    def source(self, source: Source, number: int, total: int) -> None:
        """A source's turn is nothing to talk about."""

    def article(self, article: Article, claims: int) -> None:
        """Nor is an article."""

    def problem(self, source: Source, problem: Problem) -> None:
        """A problem is, whether a person is looking or cron is."""
        say(problem_line(source.name, problem))


class Bar(Lines):
    """A bar over the sources, with the title of the article just read."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task
        self._claims = 0

    def source(self, source: Source, number: int, total: int) -> None:
        """Moves the bar."""
        self._progress.update(self._task, completed=number - 1, total=total, source=source.name)

    def article(self, article: Article, claims: int) -> None:
        """Counts."""
        self._claims += claims
        self._progress.update(self._task, claims=self._claims)

    def problem(self, source: Source, problem: Problem) -> None:
        """Prints the problem above the bar."""
        self._progress.console.print(problem_line(source.name, problem), markup=False, highlight=False)


def problem_line(source: str, problem: Problem) -> str:
    """`heise: http 503: the server answered 503 (https://…)`; a bug of ours is called one."""
    bug = " (a bug)" if problem.unexpected else ""
    return one_line(f"{source}: {problem.kind}: {problem.message} ({problem.url}){bug}")


@contextmanager
def watcher(quiet: bool) -> Iterator[Watcher]:
    """A bar on a terminal unless quiet, else only lines."""
    if quiet or not is_tty(sys.stderr):
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[claims]} claims"),
        TextColumn("{task.fields[source]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress, progress.add_task("round", total=None, claims=0, source=""))
