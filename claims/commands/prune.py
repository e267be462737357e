"""`claims prune`: old texts go, their claims stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit
from claims.options import Command, config_option
from claims.terminal import say
from claims.wording import counted

if TYPE_CHECKING:
    from claims.settings import Config
    from db.retention import Dropped


@click.command(
    "prune",
    cls=Command,
    examples=("claims prune --dry-run", "claims prune --keep-days 365 --compact"),
)
@click.option("--dry-run", "-n", is_flag=True, help="Only say what would be dropped.")
@click.option(
    "--keep-days",
    type=click.IntRange(7, 36_500),
    metavar="DAYS",
    help="Keep texts that long, whatever store.keep_text_days says.",
)
@click.option("--compact", is_flag=True, help="Then give the disk back what the file no longer uses.")
@config_option
def command(dry_run: bool, keep_days: int | None, compact: bool, config: Path | None) -> Exit:
    """Drop the full texts of old articles.

    Which ones says store.keep_text_days of the configuration: texts that were stored longer ago. Claims,
    their evidence sentences, titles and addresses stay, and can be searched and shown as before. What is
    dropped cannot be read again by a better version of the extractors.
    """
    from claims.fetching import utc_now
    from claims.settings import load
    from db.retention import compact as compacted
    from db.retention import droppable

    settings = load(config)
    days = keep_days or settings.store.keep_text_days
    if days is None:
        raise click.UsageError(f"set store.keep_text_days in {settings.file}, or say --keep-days")
    if dry_run:
        say(f"would drop {_told(droppable(settings.ledger, utc_now() - timedelta(days=days)))}")
        return Exit.OK
    say(f"dropped {_told(drop_old(settings, days, utc_now()))}")
    if compact:
        say(f"the file is {max(0, compacted(settings.ledger)) / 1e6:,.1f} MB smaller")
    return Exit.OK


def drop_old(settings: Config, days: int, now: datetime) -> Dropped:
    """Drops what is older than so many days. Raises LedgerError."""
    from db.retention import drop_texts

    return drop_texts(settings.ledger, now - timedelta(days=days), now=now)


def _told(dropped: Dropped) -> str:
    return f"{counted(dropped.texts, 'text')} of {dropped.characters:,} characters"
