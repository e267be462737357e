"""Articles and claims made to measure, and every method of the ledger with arguments that make it work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from db import digest_runs, outbox
from db.dues import dues
from db.ledger import Ledger
from db.search import Query, meant, search, show
from extractors.claim import Claim, Due, Evidence, Kind, Place, Quantity, Reason, Status
from scraper.article import Article, FetchState, Instant, Origin, Precision, Source

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
SOURCE = Source("heise", "https://www.example.org/feed", "de", "Europe/Berlin")
STATE = FetchState(
    etag='W/"1"',
    last_modified="Sat, 01 Mar 2025 11:00:00 GMT",
    checked=NOW,
    next_check=NOW,
    failures=0.25,
    last_status="http-error",
    last_message="nein: 503 — später",
    last_success=NOW,
    body_digest="ab" * 32,
    extra={"cursor": "7", "grüße": "ja"},
)


def article(number: int = 1, text: str | None = None, **changes: object) -> Article:
    """Article `number`; its text is one sentence a claim can rest on."""
    fields: dict[str, object] = {
        "url": f"https://www.example.org/{number}",
        "title": f"Bericht {number}",
        "text": text or f"Acme will bis Ende 2026 genau {number}.000 Rechner kaufen.",
        "lang": "de",
        "published": Instant(NOW, "1. März 2025, 13:00", Precision.MINUTE, Origin.JSON_LD, "Europe/Berlin"),
        "source": SOURCE.name,
        "authors": ("Ana Özil",),
        "fetched_url": f"https://www.example.org/{number}?feed",
    }
    return Article(**(fields | changes))  # type: ignore[arg-type]


def claim(about: Article, **changes: object) -> Claim:
    """A claim that rests on the article's whole text."""
    fields: dict[str, object] = {
        "kind": Kind.ORDER,
        "subject": "Acme",
        "object": "NVIDIA H100",
        "quantity": Quantity(1000.0, 1000.0, "units", approx=True),
        "due": Due(None, date(2026, 12, 31)),
        "status": Status.PLANNED,
        "evidence": (Evidence(0, len(about.text), about.text, Place.TEXT),),
        "speaker": "Jo Doe",
        "counterparty": "NVIDIA",
        "confidence": 0.75,
        "reasons": (Reason("kind", "order.cue", "kaufen", 0.9), Reason("due", "by", "bis Ende 2026")),
    }
    return Claim(**(fields | changes))  # type: ignore[arg-type]


def fill(path: Path, articles: int = 3) -> None:
    """A small ledger: some articles with one claim each, one source's state, one finished round."""
    with Ledger.open(path) as ledger:
        number = ledger.start_round(NOW)
        for one in map(article, range(1, articles + 1)):
            ledger.store(one, [claim(one)], extractor="1", now=NOW)
        ledger.save_state(SOURCE, STATE)
        ledger.finish_round(number, now=NOW, articles=articles, claims=articles, errors=0)


# Too large for the free space of a few pages, so that a full disk shows.
LARGE = "Wort " * 20_000


def _store(ledger: Ledger) -> object:
    one = article(99, LARGE)
    return ledger.store(one, [claim(one)], extractor="1", now=NOW)


def _replace(ledger: Ledger) -> object:
    one = article(1)
    return ledger.replace_claims(1, [claim(one, speaker=LARGE)], "2")


def _reread(ledger: Ledger) -> object:
    one = article(1, LARGE)
    return ledger.reread(1, one, [claim(one)], extractor="2", now=NOW)


def _save_state(ledger: Ledger) -> object:
    return ledger.save_state(SOURCE, FetchState(extra={"large": LARGE}))


def _save_states(ledger: Ledger) -> object:
    ledger.save_states([(SOURCE, FetchState(extra={"large": LARGE}))])
    return None


def _asked_by_threads(ledger: Ledger) -> object:
    with ledger.asked_by_threads() as known:
        return known("https://www.example.org/1")


def enqueue_large(ledger: Ledger) -> bool:
    return outbox.enqueue(
        ledger, key="k", recipient="a@example.org", message=LARGE.encode(), message_id="<1@x>", now=NOW
    )


WRITING: dict[str, Callable[[Ledger], object]] = {
    "store": _store,
    "replace_claims": _replace,
    "reread": _reread,
    "shut_away": lambda ledger: ledger.shut_away(LARGE, "too large", "it hung", now=NOW),
    "release": lambda ledger: ledger.release(),
    "save_state": _save_state,
    "start_round": lambda ledger: ledger.start_round(NOW),
    "finish_round": lambda ledger: ledger.finish_round(1, now=NOW, articles=1, claims=1, errors=0),
}
MAILING: dict[str, Callable[[Ledger], object]] = {
    "enqueue": enqueue_large,
    "begin_digest": lambda ledger: digest_runs.begin(
        ledger, NOW, NOW + timedelta(days=7), [(f"{LARGE}@example.org", "<1@x>")], regular=True, now=NOW
    ),
}
WRITING |= MAILING | {"save_states": _save_states}
READING: dict[str, Callable[[Ledger], object]] = {
    "due_mail": lambda ledger: outbox.due(ledger, NOW),
    "digest_runs": digest_runs.runs,
    "last_digest": digest_runs.last_end,
    "tally": outbox.tally,
    "state": lambda ledger: ledger.state(SOURCE.name),
    "known": lambda ledger: ledger.known("https://www.example.org/1"),
    "asked_by_threads": _asked_by_threads,
    "lacks": lambda ledger: ledger.lacks(article(1)),
    "states": lambda ledger: ledger.states(),
    "times_of": lambda ledger: ledger.times_of([SOURCE.name]),
    "outdated": lambda ledger: ledger.outdated("2"),
    "article": lambda ledger: ledger.article(1),
    "count_versions": lambda ledger: ledger.count_versions(),
    "versions": lambda ledger: ledger.versions(),
    "group_stories": lambda ledger: ledger.group_stories(),  # reads only, where nothing is to be compared
    "group_threads": lambda ledger: ledger.group_threads(now=NOW),  # the same
    "quarantined": lambda ledger: ledger.quarantined("https://www.example.org/1", now=NOW),
    "in_quarantine": lambda ledger: ledger.in_quarantine(),
    "rounds": lambda ledger: ledger.rounds(),
    "segments": lambda ledger: ledger.segments("www.example.org", ["m1"]),
    "sources": lambda ledger: ledger.sources(),
    "article_times": lambda ledger: ledger.article_times(SOURCE.name),
    "counts": lambda ledger: ledger.counts(),
    "schema_version": lambda ledger: ledger.schema_version(),
}
# Checking the word index needs the writer's lock, though it changes nothing.
CHECKING: dict[str, Callable[[Ledger], object]] = {"integrity": lambda ledger: ledger.integrity()}
METHODS = WRITING | READING | CHECKING

FUNCTIONS: dict[str, Callable[[Path], object]] = {
    "search": lambda path: search(path, Query()),
    "search-words": lambda path: search(path, Query("rechner")),
    "search-fields": lambda path: search(path, Query("company:acme due:2026 amount:>1")),
    "meant": lambda path: meant(path, Query(company="acne")),
    "dues": lambda path: dues(path, Query(), today=NOW.date()),
    "show": lambda path: show(path, 1),
}


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, read without the program's own reading."""

    tables = (
        *("sources", "articles", "addresses", "versions", "claims", "evidence", "rounds", "claims_fts"),
        *("members", "links", "placed", "blocks", "rulings", "ruled"),
        *("stories", "fingerprints", "shingles", "readings", "quarantine", "segments", "names"),
        *("digest_runs", "outbox", "standings"),
    )
    # When a link was noticed is told by the clock.
    columns = {"links": "earlier, later, relation, reason"}
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT {columns.get(name, '*')} FROM {name}").fetchall()  # noqa: S608
            for name in tables
        }
