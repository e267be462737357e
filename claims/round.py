"""START HERE. One round: ask every due source, keep what is new.

    config.sources
        | due            which sources, by the ledger's own schedule            (pure)
        | collect        one source → articles, problems, its new fetch state   (scraper)
        | extract        one article → claims                                   (extractors)
        | store          article, version and claims in one transaction         (db)
        | Report         what became of each source                             → closing line, exit code

One source after the other; within a source one article after the other, stored before the next is
fetched, so that a killed round loses nothing. A source's fetch state is saved last: where that does not
happen the feed is asked again, and articles already stored are recognised by their addresses.

One bad source never ends a round. What the scraper reports is a problem of the source; what it raises, or
what an extractor raises or makes so that the ledger refuses it, is a bug of ours and marked as unexpected.
Only a failing ledger ends the round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from claims.health import Notice, notices
from claims.settings import Config
from claims.wording import counted
from db.errors import LedgerError, RecordRefused
from db.ledger import Ledger
from extractors.claim import Claim
from scraper.article import Article, FetchState, Source
from scraper.client import Client
from scraper.collect import (
    Lister,
    Parser,
    Problem,
    belongs,
    collect,
    heard,
    is_due,
    is_muted_by_hand,
    read_listing,
)
from scraper.errors import Word

# After a bug in reading a source, the source rests this long: the same bug is likely to come back.
_REST = timedelta(hours=1)


class Extract(Protocol):
    """What a round needs of the extractors; handed in, so that a round that finds nothing loads no model."""

    def __call__(self, article: Article) -> tuple[list[Claim], str]:
        """The article's claims and the version of what found them."""


@dataclass(slots=True)
class SourceReport:
    """What became of one source in this round."""

    name: str
    articles: int = 0
    versions: int = 0
    claims: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything went wrong, be it one article of many."""
        return bool(self.problems)


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
    def failed(self) -> list[SourceReport]:
        """The sources with problems."""
        return [source for source in self.sources if source.failed]


class Watcher(Protocol):
    """Told what happens, in order; draws progress or stays silent."""

    def source(self, source: Source, number: int, total: int) -> None:
        """A source's turn has come; `number` counts from 1."""

    def article(self, article: Article, claims: int) -> None:
        """An article was stored."""

    def problem(self, source: Source, problem: Problem) -> None:
        """Something went wrong at a source."""


def due(sources: Iterable[Source], state: Callable[[str], FetchState], now: datetime) -> list[Source]:
    """The sources whose time has come, the longest waiting first; one never asked comes before all."""
    known = [(state(source.name), source) for source in sources]
    ready = [(kept.next_check, source) for kept, source in known if is_due(source, kept, now)]
    return [source for at, source in sorted(ready, key=lambda pair: (pair[0] is not None, pair[0] or now))]


def run_round(
    config: Config,
    ledger: Ledger,
    client: Client,
    extract: Extract,
    watcher: Watcher,
    *,
    parser: Parser,
    lister: Lister = read_listing,
    clock: Callable[[], datetime],
    only: frozenset[str] = frozenset(),
    force: bool = False,
) -> Report:
    """Asks the due sources (all chosen ones with `force`) and stores what they have. Raises LedgerError.

    `parser` reads the pages, `lister` the feeds: those in a process of their own survive what hangs them.
    """
    chosen = [
        entry.source() for entry in config.sources if entry.enabled and (not only or entry.name in only)
    ]
    remembered = _remembered(chosen, ledger)
    if silent := heard(remembered.values()):
        client.hold(silent)
    asked = [one for one in chosen if one.name in only or not is_muted_by_hand(remembered[one.name])]
    turn = asked if force else due(chosen, remembered.__getitem__, clock())
    report = Report(waiting=len(chosen) - len(turn))
    number = ledger.start_round(clock())
    for position, source in enumerate(turn, 1):
        watcher.source(source, position, len(turn))
        visit = _Visit(source, ledger, client, parser, lister, extract, watcher, clock)
        report.sources.append(visit.run(remembered[source.name]))
    ledger.finish_round(
        number, now=clock(), articles=report.articles, claims=report.claims, errors=len(report.failed)
    )
    return report


def _remembered(sources: Iterable[Source], ledger: Ledger) -> dict[str, FetchState]:
    """What is kept of each source; of one whose address became another feed's, nothing."""
    rows = {row.name: row for row in ledger.sources()}
    states = {}
    for source in sources:
        row = rows.get(source.name)
        states[source.name] = row.state if row and belongs(source, row.url, row.state) else FetchState()
    return states


@dataclass(slots=True)
class _Visit:
    """One source's turn in a round."""

    source: Source
    ledger: Ledger
    client: Client
    parser: Parser
    lister: Lister
    extract: Extract
    watcher: Watcher
    clock: Callable[[], datetime]
    report: SourceReport = field(init=False)

    def run(self, before: FetchState) -> SourceReport:
        self.report = SourceReport(self.source.name)
        after: FetchState | None = None
        for item in self._collected(before):
            if isinstance(item, FetchState):
                after = item
            elif isinstance(item, Problem):
                self._note(item)
            else:
                self._keep(item)
        kept = self._to_keep(before, after)
        self.ledger.save_state(self.source, kept)
        times = self.ledger.article_times(self.source.name)
        self.report.notices = notices(self.source, before, kept, times)
        return self.report

    def _collected(self, before: FetchState) -> Iterator[Article | Problem | FetchState]:
        """What the scraper finds; a bug of its own becomes a problem."""
        known, now = self.ledger.known, self.clock()
        try:
            yield from collect(
                self.source,
                before,
                self.client,
                known=known,
                now=now,
                parser=self.parser,
                lister=self.lister,
            )
        except LedgerError:
            raise
        except Exception as error:  # a bug in reading one source must not cost the others
            yield _bug(error, self.source.url)

    def _keep(self, article: Article) -> None:
        try:
            claims, version = self.extract(article)
            stored = self.ledger.store(article, claims, extractor=version, now=self.clock())
        except Exception as error:  # the same for one article
            # A ledger that refuses a record works: what we made of this article cannot be right.
            if isinstance(error, LedgerError) and not isinstance(error, RecordRefused):
                raise
            self._note(_bug(error, article.url))
            return
        self.report.articles += stored.new_article
        self.report.versions += stored.new_version and not stored.new_article
        self.report.claims += stored.claims
        self.watcher.article(article, stored.claims)

    def _note(self, problem: Problem) -> None:
        self.report.problems.append(problem)
        self.watcher.problem(self.source, problem)

    def _to_keep(self, before: FetchState, after: FetchState | None) -> FetchState:
        """The state to save. After a bug the old validators stay, so that the feed is read in full again."""
        bugs = [problem for problem in self.report.problems if problem.unexpected]
        if after is None:
            after = replace(before, checked=self.clock(), next_check=self.clock() + _REST)
        if not bugs:
            return after
        return replace(
            after,
            etag=before.etag,
            last_modified=before.last_modified,
            body_digest=before.body_digest,
            last_status=bugs[0].kind,
            last_message=bugs[0].message,
        )


def _bug(error: Exception, url: str) -> Problem:
    return Problem(str(Word.UNEXPECTED), f"{type(error).__name__}: {error}", url, unexpected=True)


def closing_line(report: Report) -> str:
    """The round in one sentence."""
    asked = _counted(len(report.sources), "source")
    if not report.sources:
        return f"nothing to do: no source is due ({report.waiting} waiting; --force asks them all the same)"
    problems = sum(len(source.problems) for source in report.sources)
    where = f" at {_counted(len(report.failed), 'source')}" if problems else ""
    parts = [
        _counted(report.articles, "new article"),
        _counted(report.claims, "claim"),
        _counted(problems, "problem") + where,
    ]
    return f"{asked} asked: {', '.join(parts)}"


def _counted(number: int, thing: str) -> str:
    return counted(number, thing) if number else f"no {thing}s"
