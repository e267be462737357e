"""`claims reextract`: what today's parser and extractor make of the pages that were read before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims import wording
from claims.errors import Exit
from claims.options import Command, DayType, config_option, format_option
from claims.present import Column, Format, Listing, write
from claims.terminal import is_tty, say
from claims.wording import counted

if TYPE_CHECKING:
    from claims.rereading import Change, Rereading, Tally
    from claims.settings import Config
    from db.ledger import Ledger

    Row = tuple[Rereading, Change]

_MARKS = {"added": "+", "gone": "-", "changed": "~"}


def _listing() -> Listing[Row]:
    from claims.rereading import record

    return Listing(
        columns=(
            Column("", lambda row: _MARKS[row[1].verdict], keep=True),
            Column("Kind", lambda row: str(row[1].claim.kind), keep=True),
            Column("Status", lambda row: str(row[1].claim.status), keep=True),
            Column("Subject", lambda row: row[1].claim.subject),
            Column("Amount", lambda row: wording.amount(row[1].claim.quantity), right=True),
            Column("Of", lambda row: wording.thing(row[1].claim)),
            Column("Due", lambda row: wording.due(row[1].claim.due)),
            Column("Other than before", lambda row: ", ".join(row[1].fields)),
            Column("Article", lambda row: row[0].article.title, wide=True),
        ),
        record=lambda row: record(*row),
        sentence=lambda row: f"{row[1].verdict}: {wording.sentence(row[1].claim)} · {row[0].article.title}",
    )


@click.command(
    "reextract",
    cls=Command,
    examples=("claims reextract --since 2026-11", "claims reextract --source heise --write > changes.ndjson"),
)
@click.option("--since", type=DayType(), help="Only what was collected on that day or later.")
@click.option("--source", metavar="NAME", help="Only this source.")
@click.option("--limit", type=click.IntRange(min=1), help="The most texts to read again.")
@click.option("--write", "wants_writing", is_flag=True, help="Put new claims in the place of the old ones.")
@format_option
@config_option
def command(
    since: date | None,
    source: str | None,
    limit: int | None,
    wants_writing: bool,
    style: Format | None,
    config: Path | None,
) -> Exit:
    """Read archived pages again and show which claims change.

    Today's parser and extractor read every stored text anew, from the page in the archive where it is still
    there, else from the text in the ledger. Claims that are added, gone or changed are listed. Nothing is
    written unless --write is given, or the question at a terminal is answered with yes: then the new reading
    takes the place of the old one, which is kept aside, and claims that stay keep their numbers.
    """
    from claims.fetching import utc_now
    from claims.rereading import Tally, keep
    from claims.settings import load
    from db.errors import LedgerMissing
    from db.ledger import Ledger

    settings = load(config)
    if not settings.ledger.exists():
        raise LedgerMissing(f"there is no ledger at {settings.ledger}: collect something first")
    tally = Tally()
    with Ledger.open(settings.ledger) as ledger:
        waiting: list[Rereading] = []
        rows = _changes(settings, ledger, tally, waiting, since, source, limit)
        write(rows, _listing(), style)
        say(tally.sentence())
        if waiting and (wants_writing or _agreed(len(waiting))):
            refused = keep(ledger, waiting, utc_now)
            for sentence in refused:
                say(f"claims: {sentence}")
            say(f"{counted(len(waiting) - len(refused), 'text')} written anew")
        elif waiting:
            say("nothing was written; --write does")
    return Exit.OK if any(tally.verdicts.values()) else Exit.NOTHING


def _changes(
    settings: Config,
    ledger: Ledger,
    tally: Tally,
    waiting: list[Rereading],
    since: date | None,
    source: str | None,
    limit: int | None,
) -> Iterator[Row]:
    """The rows, as they are found; `waiting` takes what would have to be written."""
    from claims.fetching import page_reader
    from claims.reading import extract
    from claims.rereading import Shelf, rereadings

    total = ledger.count_versions(since=since, source=source)
    with page_reader() as reader, _progress(min(total, limit or total)) as advance:
        shelf = Shelf.of(settings.archive_folder, since)
        chosen = {"since": since, "source": source, "limit": limit}
        for one in rereadings(ledger, shelf, parser=reader.parse, extract=extract, **chosen):  # type: ignore[arg-type]
            tally.add(one)
            if one.problem:
                say(f"claims: {one.problem}")
            if one.differs:
                waiting.append(one)
            yield from ((one, change) for change in one.changes)
            advance()


def _agreed(number: int) -> bool:
    """Asks, where a person can answer."""
    if not (is_tty(sys.stdin) and is_tty(sys.stdout)):
        return False
    return click.confirm(f"write {counted(number, 'text')} anew?", default=False, err=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, else nothing."""
    if not total or not is_tty(sys.stderr):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda: bar.advance(task)
