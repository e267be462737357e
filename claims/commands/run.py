"""`claims run`: one round over the due sources. Made for cron: a lock, exit codes, silent when told so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command, config_option
from claims.terminal import say

if TYPE_CHECKING:
    from claims.report import Report, Watcher
    from claims.settings import Config
    from claims.sidebyside import Brake


@click.command(
    "run",
    cls=Command,
    examples=(
        "claims run",
        "*/20 * * * *  claims run --quiet --config ~/claims/config.toml    # in a crontab",
        "claims run --log-json 2>> claims.log",
    ),
)
@click.option("--source", "names", metavar="NAME", multiple=True, help="Only this source; may be repeated.")
@click.option("--force", is_flag=True, help="Also sources that are not due yet.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless somebody should look at a source.")
@click.option("--verbose", "-v", is_flag=True, help="Log every article.")
@click.option("--log-json", is_flag=True, help="Log in JSON, one event a line.")
@config_option
def command(
    names: tuple[str, ...], force: bool, quiet: bool, verbose: bool, log_json: bool, config: Path | None
) -> Exit:
    """Run one round: due sources, new articles, their claims.

    Asks each source that is due, several hosts at a time, reads its new articles, and stores the claims
    found. Running it twice adds nothing. On a terminal a bar shows how far it is; elsewhere events are logged
    to standard error. Says which sources were muted, have moved or fallen silent.

    Exit code 3: some sources failed. Their feed could not be read, or none of at least three new articles; or
    a bug of ours came in between. A single article that cannot be read is told, but fails nothing. The same
    code when another round is at work on the same ledger, and this one did nothing; and when an alert's
    message or a mail was refused for good (see `claims alerts`). Mail that waits in the outbox is sent behind
    the round.
    """
    from claims.progress import Level, progress
    from claims.settings import load

    if quiet and verbose:
        raise InputError("--quiet and --verbose exclude each other")
    settings = load(config)
    _check_names(names, settings)
    level = Level.WARNING if quiet else Level.DEBUG if verbose else Level.INFO
    with progress(level, as_json=log_json or settings.round.log_json, zone=settings.daemon.zone) as watcher:
        report = perform(settings, watcher, only=frozenset(names), force=force)
        watcher.done(report)
    told = _tell(settings, quiet=quiet)
    _drop_old_texts(settings, quiet=quiet)
    return Exit.SOURCES if report.failed or told else Exit.OK


def _tell(settings: Config, *, quiet: bool) -> bool:
    """Tells alerts, and sends mail that waits, digests too. Whether something failed for good."""
    if not (settings.alerts or settings.mail.host):
        return False
    from claims.alerts import run_alerts
    from claims.fetching import utc_now
    from claims.sending import send_waiting
    from db.ledger import Ledger

    with Ledger.open(settings.ledger) as ledger:
        told = run_alerts(ledger, settings, utc_now(), clock=utc_now)
        waits, failed = send_waiting(ledger, settings, utc_now()) if settings.mail.host else ([], [])
    if (line := told.line()) and not quiet:
        say(line)
    trouble = [*told.trouble, *failed]
    for one in trouble if quiet else (*told.later, *waits, *trouble):
        say(f"claims: {one}")
    return bool(trouble)


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


def perform(
    settings: Config, watcher: Watcher, *, only: frozenset[str], force: bool, brake: Brake | None = None
) -> Report:
    """One round under the lock, `watcher` looking on, `brake` ending it. Raises UserError and LedgerError."""
    from claims.alerts import begin_alerts
    from claims.fetching import archive_for, client_for, page_reader, utc_now
    from claims.lock import round_lock
    from claims.memory import collect_seldom
    from claims.reading import extract
    from claims.round import run_round
    from db.ledger import Ledger

    collect_seldom()
    with (
        round_lock(settings.ledger),
        Ledger.open(settings.ledger) as ledger,
        archive_for(settings) as archive,
        client_for(settings, archive) as client,
        page_reader() as reader,
    ):
        begin_alerts(ledger, settings, utc_now())
        return run_round(
            settings,
            ledger,
            client,
            extract,
            watcher,
            parser=reader.parse,
            lister=reader.listing,
            clock=utc_now,
            only=only,
            force=force,
            brake=brake,
        )
