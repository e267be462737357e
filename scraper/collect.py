"""START HERE. One source → articles or problems, one by one, and at the end what to remember.

    source, state → client.feed (validators) → links.read_feed → backlog (new? known? tried too often?)
        → client.article (robots) → parse → Article | Problem → … → FetchState

One generator a source; sources may run side by side over one client. Everything that decides stands apart
from what does: `schedule` (due? when next? muted?), `backlog` (which entries?), `links` and `parse` (what
does it say?) are functions of their arguments.

What this folder does not decide: which sources there are, where articles go, what a claim is. What must be
remembered between two polls is handed in as a FetchState and handed back as one.

Read next: client.py, links.py, parse.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from scraper.article import Article, FetchState, Page, Source
from scraper.backlog import Backlog
from scraper.client import Client
from scraper.errors import BadStatus, NotAnArticle, ReadError, ScraperError, Word
from scraper.files import read_file
from scraper.links import Entry, read_feed
from scraper.parse import parse
from scraper.schedule import Pace, failed, is_due, is_muted, succeeded
from scraper.urls import check, clean

__all__ = ["Pace", "Problem", "collect", "is_due", "is_muted", "read_file", "read_url"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong and ended nothing else. `kind` is a word of the vocabulary in `errors.Word`.

    `unexpected` marks a bug of ours, so that a reader sees at once whether it is the network or us. `harmful`
    is the listed address of an article that hung or killed its reader: it is not remembered here, so that
    whoever keeps it away through `known` also decides when it is tried again.
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
    now: datetime,
    full: bool = False,
    limit: int | None = None,
    pace: Pace | None = None,
    parser: Parser = parse,
) -> Iterator[Item]:
    """Articles that are not `known` yet and problems, as they come; last, exactly one FetchState.

    `full` asks without validators and tries given-up entries again. `limit` is the most articles to fetch;
    what is left over stays in the state and comes next time. `parser` reads the pages:
    `worker.Reader().parse` survives those that hang. Raises nothing but what `known` raises.
    """
    bounds = pace or Pace()
    try:
        state, backlog = _listing(source, state, client, now, full, bounds)
    except Exception as error:
        failure = _own(error, source.url)
        yield _problem(failure)
        until = bounds.after_failure(source, now, state.failures + failure.weight, failure)
        state, backlog = failed(state, failure, now, until), Backlog.load(state.extra)
        # A feed that is down says nothing about its articles, but their host is likely down as well.
        yield replace(state, extra=backlog.save(state.extra))
        return
    for entry in backlog.wanted()[: None if limit is None else _reach(backlog, known, limit)]:
        if known(entry.url):
            backlog = backlog.without(entry.url)
            continue
        try:
            article = _read(entry, source, client, parser)
        except Exception as error:
            failure = _own(error, entry.url)
            harmful = isinstance(failure, ReadError) and failure.harmful
            yield replace(_problem(failure), harmful=entry.url if harmful else "")
            if isinstance(failure, BadStatus) and failure.retry_after:
                break  # the host wants silence: what is left is not at fault and comes next time
            backlog = backlog.without(entry.url) if harmful else backlog.failed(entry.url, failure.weight)
            continue
        same = article.url == entry.url
        backlog = backlog.without(entry.url) if same else backlog.done(entry.url)
        if same or not known(article.url):
            yield article
    yield replace(state, extra=backlog.save(state.extra))


def _reach(backlog: Backlog, known: Callable[[str], bool], limit: int) -> int:
    """How many of the wanted entries hold `limit` unknown ones."""
    left = limit
    for number, entry in enumerate(backlog.wanted()):
        if left <= 0:
            return number
        left -= not known(entry.url)
    return len(backlog.wanted())


def _listing(
    source: Source, state: FetchState, client: Client, now: datetime, full: bool, pace: Pace
) -> tuple[FetchState, Backlog]:
    """Ask the feed: the state after its answer, and every entry that is open."""
    backlog = Backlog.load(state.extra)
    ask = FetchState() if full else state
    page = client.feed(check(source.url), etag=ask.etag, last_modified=ask.last_modified)
    state = _validated(state, page)
    ttl, word = None, Word.NOT_MODIFIED
    if not page.not_modified:
        digest = hashlib.sha256(page.body).hexdigest()
        word = Word.SAME if digest == ask.body_digest else Word.OK
        feed = read_feed(page, source.zone)
        ttl = feed.ttl
        backlog = backlog.again() if full else backlog
        backlog = backlog.listed(feed.entries)
        state = replace(state, body_digest=digest)
    validators = bool(state.etag or state.last_modified)
    then = pace.next_check(source, now, validators=validators, headers=page.headers, ttl=ttl)
    return succeeded(state, word, now, then), backlog


def _validated(state: FetchState, page: Page) -> FetchState:
    """Both validators, verbatim, after every 200 and 304. A 304 may leave one out; a 200 drops it."""
    etag, modified = page.headers.get("etag"), page.headers.get("last-modified")
    if page.not_modified:
        return replace(state, etag=etag or state.etag, last_modified=modified or state.last_modified)
    return replace(state, etag=etag, last_modified=modified)


def _read(entry: Entry, source: Source, client: Client, parser: Parser) -> Article:
    page = client.article(entry.url)
    _check_readable(page)
    return parser(
        page,
        source=source.name,
        lang=source.lang,
        title=entry.title,
        zone=source.zone,
        feed_date=entry.published,
    )


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
