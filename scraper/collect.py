"""START HERE. One source → articles or problems, one by one, and at the end what to remember.

    source, state → asking.ask (address, robots, validators) → links.read_listing → seen (changed?)
        → backlog (new? known? tried too often?) → client.article (robots) → parse
        → Article | Problem → … → FetchState

One generator a source; sources may run side by side over one client. Everything that decides stands apart
from what does: `schedule` (due? when next? muted?), `backlog` and `seen` (which entries?), `moves` (which
address?), `health` (how is it doing?), `links` and `parse` (what does it say?) are functions of their
arguments.

What this folder does not decide: which sources there are, where articles go, what a claim is. What must be
remembered between two polls is handed in as a FetchState and handed back as one.

Read next: asking.py, client.py, links.py, parse.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from scraper import silence
from scraper.article import Article, FetchState, Page, Source
from scraper.asking import Lister, ask
from scraper.backlog import Backlog, Open
from scraper.client import Client
from scraper.errors import PERMANENT, BadStatus, NotAnArticle, ReadError, ScraperError, Word
from scraper.files import read_file
from scraper.health import marked
from scraper.links import read_listing
from scraper.moves import after_dead_end, after_success, belongs
from scraper.parse import parse
from scraper.schedule import Pace, failed, is_due, is_muted, is_muted_by_hand, muted, succeeded, unmuted
from scraper.seen import Memory
from scraper.silence import heard
from scraper.transport import host_of
from scraper.urls import check, clean

__all__ = [
    "Lister",
    "Pace",
    "Problem",
    "belongs",
    "collect",
    "heard",
    "is_due",
    "is_muted",
    "is_muted_by_hand",
    "muted",
    "read_file",
    "read_listing",
    "read_url",
    "unmuted",
]


MAX_REREADINGS = 20  # of changed articles, at one source in one poll; the others come at the next


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong and ended nothing else. `kind` is a word of the vocabulary in `errors.Word`.

    `unexpected` marks a bug of ours, so that a reader sees at once whether it is the network or us. `harmful`
    is the listed address of an article that hung or killed its reader: that is not remembered here, so that
    whoever keeps it away through `shut` also decides when it is tried again.
    """

    kind: str
    message: str
    url: str
    unexpected: bool = False
    harmful: str = ""


Item = Article | Problem | FetchState
Parser = Callable[..., Article]


def collect(
    source: Source,
    state: FetchState,
    client: Client,
    *,
    known: Callable[[str], bool],
    shut: Callable[[str], bool] = lambda url: False,
    refused: Callable[[str], bool] = lambda url: False,
    now: datetime,
    full: bool = False,
    limit: int | None = None,
    pace: Pace | None = None,
    parser: Parser = parse,
    lister: Lister = read_listing,
    enough: Callable[[], bool] = lambda: False,
) -> Iterator[Item]:
    """Articles and problems, as they come; last, exactly one FetchState.

    Articles that are not `known` yet, and known ones whose listing says that they have changed (see seen.py).
    None that is `shut` away: of those, one that has changed waits until it is shut away no longer.
    After each article `refused` says of its address whether it could not be kept: then it comes again.
    `full` asks without validators and tries given-up entries again. `limit` is the most articles to fetch;
    what is left over stays in the state and comes next time; so it does once `enough` says so, which is asked
    before each article. `lister` reads feeds and `parser` pages: `worker.Reader().parse` survives those that
    hang. Raises nothing but what `known`, `shut` and `refused` raise.
    """
    bounds, held = pace or Pace(), client.held_hosts()
    try:
        state, backlog, problems = _listing(source, state, client, now, full, bounds, lister)
    except Exception as error:
        failure = _own(error, source.url)
        yield _problem(failure)
        until = bounds.after_failure(source, now, state.failures + failure.weight, failure)
        # A feed that is down says nothing about its articles, but their host is likely down as well.
        yield _kept(failed(_readdressed(source, state, failure), failure, now, until), source, client, held)
        return
    yield from problems
    wanted = backlog.wanted(now)[: None if limit is None else _reach(backlog, known, shut, limit, now)]
    if wanted:  # nearly all polls end without: then the memory need not be read and written
        memory = Memory.load(state.extra)
        backlog, memory = yield from _articles(
            backlog,
            memory,
            wanted,
            lambda one: _read(one, source, client, parser),
            known,
            shut,
            refused,
            enough,
        )
        state = replace(state, extra=memory.save(state.extra))
    extra = backlog.save(state.extra)
    yield _kept(state if extra == state.extra else replace(state, extra=extra), source, client, held)


def _kept(state: FetchState, source: Source, client: Client, before: dict[str, datetime]) -> FetchState:
    """The state to hand back: with the silence that hosts have asked for in this poll (R5)."""
    held = client.held_hosts()
    if not held and "silence" not in state.extra:
        return state
    return silence.kept(state, host_of(source.url), before, held)


def _articles(
    backlog: Backlog,
    memory: Memory,
    wanted: Iterable[Open],
    read: Callable[[Open], Article],
    known: Callable[[str], bool],
    shut: Callable[[str], bool],
    refused: Callable[[str], bool],
    enough: Callable[[], bool],
) -> Generator[Article | Problem, None, tuple[Backlog, Memory]]:
    """Reads what is wanted, one by one; gives back what then is left and what to remember."""
    rereadings = 0
    past: list[str] = []  # dropped in one go: most of a long listing is
    for one in wanted:
        url, again = one.entry.url, one.due is not None
        if shut(url) or (not again and known(url)):
            past += [] if again else [url]
            continue
        if enough():
            break
        rereadings += again
        if again and rereadings > MAX_REREADINGS:
            continue  # it stays, and comes next time
        try:
            article = read(one)
        except Exception as error:
            failure = _own(error, url)
            harmful = isinstance(failure, ReadError) and failure.harmful
            yield replace(_problem(failure), harmful=url if harmful else "")
            if isinstance(failure, BadStatus) and failure.retry_after:
                break  # the host wants silence: what is left is not at fault and comes next time
            if not (again and harmful and shut(url)):  # shut away by now: it waits, as above
                backlog = backlog.without(url) if harmful else backlog.failed(url, failure.weight)
            continue
        same = article.url == url
        if same or again or not known(article.url):
            yield article
            if refused(article.url):
                continue  # what is listed may say nothing of it again
        backlog = backlog.without(url) if same else backlog.done(url)
        memory = memory if same else memory.read(url, article.url)
    return backlog.without(*past), memory


def _reach(
    backlog: Backlog, known: Callable[[str], bool], shut: Callable[[str], bool], limit: int, now: datetime
) -> int:
    """How many of the wanted entries hold `limit` to be read."""
    left = limit
    wanted = backlog.wanted(now)
    for number, one in enumerate(wanted):
        if left <= 0:
            return number
        url = one.entry.url
        left -= not shut(url) and (one.due is not None or not known(url))
    return len(wanted)


def _listing(
    source: Source, state: FetchState, client: Client, now: datetime, full: bool, pace: Pace, lister: Lister
) -> tuple[FetchState, Backlog, list[Problem]]:
    """Ask the feed: the state after its answer, every entry that is open, and what went wrong in parts."""
    backlog = Backlog.load(state.extra)
    answer = ask(source, state, client, lister, full=full)
    page, feed = answer.page, answer.feed
    state = _validated(state, page, answer.extra)
    word = Word.NOT_MODIFIED
    if feed is not None:
        backlog = backlog.again() if full else backlog
        known, part = Memory.load(state.extra), answer.partial
        memory, changes = known.listed(feed.entries, now, backlog.waiting(), partial=part)
        backlog = backlog.listed(feed.entries, changes, partial=part)
        state = replace(state, extra=marked(memory.save(state.extra), feed.degraded))
    if not page.not_modified:
        digest = hashlib.sha256(page.body).hexdigest()
        word = Word.SAME if digest == state.body_digest and not full else Word.OK
        state = replace(state, body_digest=digest)
    ttl = feed.ttl if feed else None
    validators = bool(state.etag or state.last_modified)
    then = pace.next_check(source, now, validators=validators, headers=page.headers, ttl=ttl)
    state = after_success(source, succeeded(state, word, now, then), page, now)
    return state, backlog, [_problem(error) for error in answer.problems]


def _readdressed(source: Source, state: FetchState, failure: ScraperError) -> FetchState:
    """An adopted address that is dead is given up, before it takes the source down with it (R11)."""
    dead = failure.weight >= PERMANENT or failure.word is Word.DNS
    return after_dead_end(source, state) if dead else state


def _validated(state: FetchState, page: Page, extra: dict[str, str]) -> FetchState:
    """The state with this extra and both validators, verbatim, after every 200 and 304.

    A 304 may leave one out; a 200 drops it.
    """
    etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
    if page.not_modified:
        etag, modified = etag or state.etag, modified or state.last_modified
    return replace(state, etag=etag, last_modified=modified, extra=extra)


def _read(one: Open, source: Source, client: Client, parser: Parser) -> Article:
    """The article of an entry; kept under its old address where only the entry's link has changed (R17)."""
    entry = one.entry
    page = client.article(entry.url)
    _check_readable(page)
    article = parser(
        page,
        source=source.name,
        lang=source.lang,
        title=entry.title,
        zone=source.zone,
        feed_date=entry.published,
    )
    return replace(article, url=one.article) if one.article else article


def read_url(
    url: str, client: Client, *, zone: str = "UTC", lang: str | None = None, parser: Parser = parse
) -> Article:
    """The article at a URL that a person named. Raises ScraperError.

    `lang` overrides the guess; a date without a zone is read in `zone`.
    """
    page = client.article(clean(check(url.strip())))
    _check_readable(page)
    article = parser(page, lang=lang, zone=zone)
    return replace(article, lang=lang) if lang else article


def _check_readable(page: Page) -> None:
    """Only pages of text are parsed: a PDF or a film would be read as noise."""
    if not page.body.strip():
        raise NotAnArticle("the page is empty", page.url)
    kind = page.content_type
    if kind and not kind.startswith("text/") and "xml" not in kind and "html" not in kind:
        raise ReadError(f"this is {kind}, not a page", page.url)


def _own(error: Exception, url: str) -> ScraperError:
    """Our own error, or one that marks a bug: it ends nothing, but it must be seen."""
    if isinstance(error, ScraperError):
        return error
    unexpected = ScraperError(f"{type(error).__name__}: {error}", url, Word.UNEXPECTED)
    unexpected.__cause__ = error
    return unexpected


def _problem(error: ScraperError) -> Problem:
    return Problem(error.kind, str(error), error.url, error.word is Word.UNEXPECTED)
