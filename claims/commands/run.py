"""`claims run`: one round over the due sources. Made for cron: a lock, exit codes, silent when told so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command, config_option
from claims.terminal import say

if TYPE_CHECKING:
    from claims.round import Report
    from claims.settings import Config


@click.command(
    "run",
    cls=Command,
    examples=(
        "claims run",
        "*/20 * * * *  claims run --quiet --config ~/claims/config.toml    # in a crontab",
    ),
)
@click.option("--source", "names", metavar="NAME", multiple=True, help="Only this source; may be repeated.")
@click.option("--force", is_flag=True, help="Also sources that are not due yet.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something went wrong.")
@config_option
def command(names: tuple[str, ...], force: bool, quiet: bool, config: Path | None) -> Exit:
    """Run one round: due sources, new articles, their claims.

    Asks each source that is due, reads its new articles, and stores the claims found. Running it twice adds
    nothing. Exit code 3: some sources had problems, named on standard error; or another round is at work on
    the same ledger, and this one did nothing.
    """
    from claims.settings import load

    settings = load(config)
    _check_names(names, settings)
    report = perform(settings, only=frozenset(names), force=force, quiet=quiet)
    if not quiet:
        from claims.round import closing_line

        say(closing_line(report))
    _drop_old_texts(settings, quiet=quiet)
    return Exit.SOURCES if report.failed else Exit.OK


def _drop_old_texts(settings: Config, *, quiet: bool) -> None:
    """At a round's end, where the configuration wants it; see `claims prune`."""
    if settings.store.keep_text_days is None:
        return
    from claims.commands.prune import drop_old
    from claims.fetching import utc_now

    dropped = drop_old(settings, settings.store.keep_text_days, utc_now())
    if dropped.texts and not quiet:
        say(f"dropped {dropped.texts} old texts; their claims stay")


def _check_names(names: tuple[str, ...], settings: Config) -> None:
    known = {source.name for source in settings.sources}
    unknown = sorted(set(names) - known)
    if unknown:
        raise InputError(f"no source is named {', '.join(map(repr, unknown))}; `claims sources` lists them")
    if not known:
        raise InputError(f"{settings.file} names no sources; docs/adding-a-source.md says how")
    off = [source.name for source in settings.sources if source.name in names and not source.enabled]
    if off:
        raise InputError(f"{', '.join(map(repr, off))}: enabled = false in {settings.file}")


def perform(settings: Config, *, only: frozenset[str], force: bool, quiet: bool) -> Report:
    """One round under the lock, with progress on standard error. Raises UserError and LedgerError."""
    from claims.fetching import client_for, page_reader, utc_now
    from claims.lock import round_lock
    from claims.progress import watcher
    from claims.reading import extract
    from claims.round import run_round
    from db.ledger import Ledger

    with (
        round_lock(settings.ledger),
        Ledger.open(settings.ledger) as ledger,
        client_for(settings) as client,
        page_reader() as reader,
        watcher(quiet) as watching,
    ):
        return run_round(
            settings,
            ledger,
            client,
            extract,
            watching,
            parser=reader.parse,
            clock=utc_now,
            only=only,
            force=force,
        )
