"""`claims reextract`: what today's parser and extractor make of the pages that were read before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
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
    from claims.rereading import Change, Rereading
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
    takes the place of the old one, which is kept aside, and claims that stay keep their numbers. While it
    writes, no round can be at work.
    """
    from claims.lock import round_lock
    from claims.memory import collect_seldom
    from claims.settings import load
    from db.errors import LedgerMissing
    from db.ledger import Ledger

    settings = load(config)
    if not settings.ledger.exists():
        raise LedgerMissing(f"there is no ledger at {settings.ledger}: collect something first")
    chosen = _Chosen(since, source, limit)
    collect_seldom()
    with ExitStack() as held:
        if wants_writing:
            held.enter_context(round_lock(settings.ledger))
        work = _Work(settings, held.enter_context(Ledger.open(settings.ledger)))
        write(work.changes(chosen, writing=wants_writing), _listing(), style)
        say(work.tally.sentence())
        if work.waiting and _agreed(len(work.waiting)):
            held.enter_context(round_lock(settings.ledger))
            work.write(replace(chosen, limit=None, only=frozenset(work.waiting)))
        elif work.waiting:
            say("nothing was written; --write does")
        if work.written or work.refused:
            say(f"{counted(work.written, 'text')} written anew")
    return Exit.OK if any(work.tally.verdicts.values()) else Exit.NOTHING


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which stored texts are read."""

    since: date | None
    source: str | None
    limit: int | None
    only: frozenset[int] | None = None


class _Work:
    """Reading again, one text after the other. What waits for a yes is held by its number only."""

    def __init__(self, settings: Config, ledger: Ledger) -> None:
        from claims.rereading import Tally

        self._settings, self._ledger = settings, ledger
        self.tally = Tally()
        self.waiting: list[int] = []
        self.written = 0
        self.refused = 0

    def changes(self, chosen: _Chosen, *, writing: bool) -> Iterator[Row]:
        """The rows, as they are found; with `writing` each text is written once its rows are out."""
        for one in self._readings(chosen):
            self.tally.add(one)
            if one.problem:
                say(f"claims: {one.problem}")
            yield from ((one, change) for change in one.changes)
            if one.differs and writing:
                self._keep(one)
            elif one.differs:
                self.waiting.append(one.version.id)

    def write(self, chosen: _Chosen) -> None:
        """Read once more what was shown, and write it."""
        for one in self._readings(chosen):
            if one.differs:
                self._keep(one)

    def _keep(self, one: Rereading) -> None:
        from claims.fetching import utc_now
        from claims.rereading import keep

        if sentence := keep(self._ledger, one, utc_now):
            self.refused += 1
            say(f"claims: {sentence}")
        else:
            self.written += 1

    def _readings(self, chosen: _Chosen) -> Iterator[Rereading]:
        from claims.fetching import page_reader
        from claims.reading import extract
        from claims.rereading import Shelf, rereadings

        total = self._ledger.count_versions(since=chosen.since, source=chosen.source)
        expected = min(total, chosen.limit or total) if chosen.only is None else len(chosen.only)
        with page_reader() as reader, _progress(expected) as advance:
            for one in rereadings(
                self._ledger,
                Shelf.of(self._settings.archive_folder, chosen.since),
                parser=reader.parse,
                extract=extract,
                since=chosen.since,
                source=chosen.source,
                limit=chosen.limit,
                only=chosen.only,
            ):
                yield one
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
