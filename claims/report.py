"""What became of a round, source by source; what counts as failed; and the round in one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from claims.health import Notice
from claims.wording import counted
from scraper.article import Article
from scraper.collect import Problem

# One article that cannot be read says little about its source; that many, and not one that can, do.
_ALL_OF = 3


@dataclass(slots=True)
class SourceReport:
    """What became of one source in this round. `unlisted`: its feed could not be read."""

    name: str
    articles: int = 0
    versions: int = 0
    claims: int = 0
    problems: list[Problem] = field(default_factory=list)
    unlisted: bool = False
    muted: bool = False
    cut_off: bool = False
    notices: list[Notice] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether somebody should look: at the feed, at us, or at a site that gives us no article at all.

        Single articles fail every day, somewhere: they are told, but do not make a source fail.
        """
        none = not self.articles and not self.versions and len(self.problems) >= _ALL_OF
        return self.unlisted or self.muted or none or any(problem.unexpected for problem in self.problems)


@dataclass(slots=True)
class Report:
    """What became of the round. `waiting` sources were not due yet."""

    sources: list[SourceReport] = field(default_factory=list)
    waiting: int = 0

    @property
    def articles(self) -> int:
        """New articles and new versions of known ones."""
        return sum(source.articles + source.versions for source in self.sources)

    @property
    def claims(self) -> int:
        """Claims stored."""
        return sum(source.claims for source in self.sources)

    @property
    def problems(self) -> int:
        """Whatever went wrong, single articles too."""
        return sum(len(source.problems) for source in self.sources)

    @property
    def failed(self) -> list[SourceReport]:
        """The sources that somebody should look at."""
        return [source for source in self.sources if source.failed]


class Watcher(Protocol):
    """Told what happens, in order and in one thread; draws progress or stays silent."""

    def begin(self, total: int) -> None:
        """So many sources are asked."""

    def article(self, source: str, article: Article, claims: int) -> None:
        """An article was stored."""

    def problem(self, source: str, problem: Problem) -> None:
        """Something went wrong at a source."""

    def finished(self, report: SourceReport) -> None:
        """A source is done, its state saved."""


def closing_line(report: Report) -> str:
    """The round in one sentence; names the sources that somebody should look at."""
    if not report.sources:
        return f"nothing to do: no source is due ({report.waiting} waiting; --force asks them all the same)"
    changed = sum(source.versions for source in report.sources)
    troubled = sum(bool(source.problems) for source in report.sources)
    parts = [
        _counted(report.articles - changed, "new article"),
        *([f"{changed:,} changed"] if changed else []),
        _counted(report.claims, "claim"),
        _counted(report.problems, "problem") + (f" at {_counted(troubled, 'source')}" if troubled else ""),
    ]
    groups = {
        "failed": report.failed,
        "muted from now on": [source for source in report.sources if source.muted],
        "to be continued": [source for source in report.sources if source.cut_off],
    }
    notes = [f"; {what}: {_names(sources)}" for what, sources in groups.items() if sources]
    return f"{_counted(len(report.sources), 'source')} asked: {', '.join(parts)}{''.join(notes)}"


def _names(sources: list[SourceReport]) -> str:
    """The first five names in their order, and how many more there are."""
    names = sorted(source.name for source in sources)
    more = [f"{len(names) - 5} more"] if len(names) > 5 else []
    return ", ".join([*names[:5], *more])


def _counted(number: int, thing: str) -> str:
    return counted(number, thing) if number else f"no {thing}s"
