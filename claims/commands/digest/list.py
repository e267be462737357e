"""`claims digest list`: which digests there were, and what became of them."""

from __future__ import annotations

from pathlib import Path

import click

from claims.errors import Exit
from claims.options import Command, config_option, format_option
from claims.present import Format, write
from claims.terminal import say


@click.command("list", cls=Command, examples=("claims digest list", "claims digest list --format json"))
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="The most rows."
)
@format_option
@config_option
def command(limit: int, style: Format | None, config: Path | None) -> Exit:
    """List the digests that were sent, the newest first.

    Each with its period, when it was composed, and how many of its mails are in which state. Exit code 1:
    there was none yet.
    """
    from claims.digest.listings import runs_listing
    from claims.settings import load
    from db.digest_runs import runs
    from db.ledger import Ledger

    settings = load(config)
    if not settings.ledger.exists():
        say("no digest was sent yet")
        return Exit.NOTHING
    with Ledger.open(settings.ledger) as ledger:
        found = runs(ledger, limit)
    if not write(found, runs_listing(settings.digest.zone_info), style):
        say("no digest was sent yet")
        return Exit.NOTHING
    return Exit.OK
