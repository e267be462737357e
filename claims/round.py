"""START HERE. One round: ask every due source, keep what is new.

    config.sources
        | due            which sources, by the ledger's own schedule            (pure)
        | lanes          sources of one host behind each other                  (pure)
        | collect        one source → articles, problems, its new fetch state   (scraper, several at once)
        | keep           recurring.py, in one thread:
        |   segments     without the blocks that the outlet repeats             (scraper)
        |   extract      one article → claims                                   (extractors)
        |   store        article, version, claims and blocks in one transaction (db)
        | Report         what became of each source                             → closing line, exit code

Hosts side by side (sidebyside.py), within a source one article after the other, stored before the next is
fetched, so that a killed round loses nothing. A source's fetch state is saved last, with those of the sources
that ended at the same time: where that does not happen the feed is asked again, and articles already stored
are recognised by their addresses. The schedule is in the ledger: a round started again polls nothing that was
polled, but for the few sources whose end was at hand.

One bad source never ends a round. What the scraper reports is a problem of the source; what it raises, or
what an extractor raises or makes so that the ledger refuses it, is a bug of ours and marked as unexpected.
A source that has more than fits into its time is cut off and goes on next time. Only a failing ledger and
Ctrl-C end the round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol
from urllib.parse import urlsplit

from claims.health import notices
from claims.recurring import keep
from claims.report import Report, SourceReport, Watcher
from claims.settings import Config
from claims.sidebyside import Brake, SideBySide, ctrl_c_stops
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
    is_muted,
    is_muted_by_hand,
    read_listing,
)
from scraper.errors import Word

# After a bug in reading a source, the source rests this long: the same bug is likely to come back.
_REST = timedelta(hours=1)

# Sources that ended close together are saved at once: a transaction costs more than what it saves.
_AT_ONCE = 20
_CLOSE = 0.02  # seconds

Item = Article | Problem


class Extract(Protocol):
    """What a round needs of the extractors; handed in, so that a round that finds nothing loads no model."""

    def __call__(self, article: Article) -> tuple[list[Claim], str]:
        """The article's claims and the version of what found them."""


def due(sources: Iterable[Source], state: Callable[[str], FetchState], now: datetime) -> list[Source]:
    """The sources whose time has come, the longest waiting first; one never asked comes before all."""
    known = [(state(source.name), source) for source in sources]
    ready = [(kept.next_check, source) for kept, source in known if is_due(source, kept, now)]
    return [source for at, source in sorted(ready, key=lambda pair: (pair[0] is not None, pair[0] or now))]


def next_due(
    sources: Iterable[Source], states: Mapping[str, tuple[str, FetchState]], now: datetime
) -> datetime | None:
    """When the first of these sources is due, by what the ledger keeps of each; None where all are muted."""
    waiting = []
    for source in sources:
        state = _remembered_of(source, states)
        if is_due(source, state, now):
            return now
        if source.enabled and state.next_check and not is_muted(state) and not is_muted_by_hand(state):
            waiting.append(state.next_check)
    return min(waiting, default=None)


def lanes(sources: Iterable[Source]) -> list[list[Source]]:
    """Sources of one host behind each other: it has one request at a time, and holds up one reader only."""
    hosts: dict[str, list[Source]] = {}
    for source in sources:
        hosts.setdefault((urlsplit(source.url).hostname or "").lower(), []).append(source)
    return list(hosts.values())


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
    brake: Brake | None = None,
) -> Report:
    """Asks the due sources (all chosen ones with `force`) and stores what they have.

    Raises LedgerError; KeyboardInterrupt after Ctrl-C, with the articles at hand stored. `parser` reads the
    pages, `lister` the feeds: those in a process of their own survive what hangs them.
    `brake` ends the round from elsewhere, which then returns what was done.
    """
    chosen = [
        entry.source() for entry in config.sources if entry.enabled and (not only or entry.name in only)
    ]
    kept = ledger.states()
    remembered = _remembered(chosen, kept)
    if silent := heard(state for _, state in kept.values()):
        client.hold(silent)
    asked = [one for one in chosen if one.name in only or not is_muted_by_hand(remembered[one.name])]
    turn = asked if force else due(chosen, remembered.__getitem__, clock())
    report = Report(waiting=len(chosen) - len(turn))
    number = ledger.start_round(clock())
    ledger.group_stories()
    ledger.group_threads(now=clock())
    shut: set[str] = set() if force else _shut_away(ledger, clock())
    watcher.begin(len(turn))
    with ledger.asked_by_threads() as known:
        reading = _Reading(client, known, shut, parser, lister, clock, config.round.source_time)
        keeping = _Keeping(ledger, extract, watcher, clock, shut)
        visits = [[_Visit(source, remembered[source.name]) for source in lane] for lane in lanes(turn)]
        work = SideBySide(visits, lambda visit: reading.items(visit, work), config.round.parallel)
        with ctrl_c_stops(work), (brake or Brake()).on(work):
            for arrival in work:
                if arrival.item is not None:
                    report.sources += keeping.settle()
                    keeping.take(arrival.job, arrival.item)
                else:
                    keeping.end(arrival.job, arrival.error)
                if len(keeping.ended) >= _AT_ONCE or (keeping.ended and work.quiet(_CLOSE)):
                    report.sources += keeping.settle()
            report.sources += keeping.settle()
    ledger.finish_round(
        number, now=clock(), articles=report.articles, claims=report.claims, errors=len(report.failed)
    )
    return report


def _shut_away(ledger: Ledger, now: datetime) -> set[str]:
    """Pages in quarantine, left alone; those that join them in this round are added."""
    return {page.url for page in ledger.in_quarantine() if page.until > now}


def _remembered(
    sources: Iterable[Source], kept: Mapping[str, tuple[str, FetchState]]
) -> dict[str, FetchState]:
    """What is kept of each source; of one whose address became another feed's, nothing."""
    return {source.name: _remembered_of(source, kept) for source in sources}


def _remembered_of(source: Source, kept: Mapping[str, tuple[str, FetchState]]) -> FetchState:
    url, state = kept.get(source.name, ("", FetchState()))
    return state if belongs(source, url, state) else FetchState()


@dataclass(slots=True)
class _Visit:
    """One source's turn. Its reader alone writes the times and `after`, the ledger's thread the rest."""

    source: Source
    before: FetchState
    after: FetchState | None = None
    report: SourceReport = field(init=False)
    began: float = 0.0
    spent: float = 0.0

    def __post_init__(self) -> None:
        self.report = SourceReport(self.source.name)

    def lost(self, url: str) -> bool:
        """Whether a bug of ours kept the article of this address out of the ledger."""
        return any(problem.unexpected and problem.url == url for problem in self.report.problems)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A reader's part, in its thread: what a source gives, within the source's time."""

    client: Client
    known: Callable[[str], bool]
    shut: Set[str]
    parser: Parser
    lister: Lister
    clock: Callable[[], datetime]
    most: float

    def items(self, visit: _Visit, work: SideBySide[_Visit, Item]) -> Iterator[Item]:
        """What the scraper finds. The source's time is its own: waiting for the ledger does not count."""

        def enough() -> bool:
            visit.report.cut_off = visit.spent + monotonic() - visit.began > self.most
            return visit.report.cut_off or work.stopping

        found = collect(
            visit.source,
            visit.before,
            self.client,
            known=self.known,
            shut=self.shut.__contains__,
            refused=visit.lost,
            now=self.clock(),
            parser=self.parser,
            lister=self.lister,
            enough=enough,
        )
        while True:
            visit.began = monotonic()
            item = next(found, None)
            visit.spent += monotonic() - visit.began
            if item is None:
                return
            if isinstance(item, FetchState):
                visit.after = item  # for its end: not worth a change of threads
            else:
                yield item


@dataclass(frozen=True, slots=True)
class _Keeping:
    """The rest, in the ledger's thread: extract, store, remember, tell."""

    ledger: Ledger
    extract: Extract
    watcher: Watcher
    clock: Callable[[], datetime]
    shut: set[str]
    ended: list[_Visit] = field(default_factory=list)

    def take(self, visit: _Visit, item: Item) -> None:
        """One thing that a source gave. Raises LedgerError."""
        if isinstance(item, Problem):
            self._note(visit, item)
        else:
            self._keep(visit, item)

    def end(self, visit: _Visit, error: Exception | None) -> None:
        """The source is done, by a bug of the scraper or in peace; `settle` saves it. Raises LedgerError."""
        if isinstance(error, LedgerError):
            raise error
        if error is not None:  # a bug in reading one source must not cost the others
            self._note(visit, _bug(error, visit.source.url))
        self.ended.append(visit)

    def settle(self) -> list[SourceReport]:
        """Save the states of the sources that are done, and tell what became of them. Raises LedgerError."""
        if not self.ended:
            return []
        done = [(visit, _to_keep(visit, self.clock())) for visit in self.ended]
        self.ended.clear()
        self.ledger.save_states([(visit.source, state) for visit, state in done])
        times = self.ledger.times_of(visit.source.name for visit, _ in done)
        return [self._told(visit, state, times[visit.source.name]) for visit, state in done]

    def _told(self, visit: _Visit, state: FetchState, times: list[datetime]) -> SourceReport:
        report = visit.report
        report.unlisted = state.failures > 0
        report.muted = is_muted(state) and not is_muted(visit.before)
        report.notices = notices(visit.source, visit.before, state, times)
        self.watcher.finished(report)
        return report

    def _keep(self, visit: _Visit, article: Article) -> None:
        try:
            article, stored = keep(article, self.ledger, self.extract, self.clock)
        except Exception as error:  # the same for one article
            # A ledger that refuses a record works: what we made of this article cannot be right.
            if isinstance(error, LedgerError) and not isinstance(error, RecordRefused):
                raise
            self._note(visit, _bug(error, article.url))
            return
        visit.report.articles += stored.new_article
        visit.report.versions += stored.new_version and not stored.new_article
        visit.report.claims += stored.claims
        if stored.new_version:
            self.watcher.article(visit.source.name, article, stored.claims)

    def _note(self, visit: _Visit, problem: Problem) -> None:
        if problem.harmful:
            told = (problem.kind, problem.message)
            self.ledger.shut_away(problem.harmful, *told, now=self.clock(), landed=problem.url)
            self.shut.add(problem.harmful)
        visit.report.problems.append(problem)
        self.watcher.problem(visit.source.name, problem)


def _to_keep(visit: _Visit, now: datetime) -> FetchState:
    """The state to save. After a bug the old validators stay, so that the feed is read in full again."""
    before, after = visit.before, visit.after
    bugs = [problem for problem in visit.report.problems if problem.unexpected]
    if after is None:
        after = replace(before, checked=now, next_check=now + _REST)
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
