"""`claims housekeeping`: the daily work, for those who have cron do it."""

from __future__ import annotations

from pathlib import Path

import click

from claims.errors import Exit
from claims.options import Command, config_option


@click.command(
    "housekeeping",
    cls=Command,
    examples=("claims housekeeping", "30 3 * * *  claims housekeeping --config ~/claims/config.toml"),
)
@config_option
def command(config: Path | None) -> Exit:
    """Do the daily work; the daemon does it by itself.

    Makes the daily copy of the ledger and deletes those beyond the number to keep, drops texts and pages that
    are older than the configuration wants, and does what SQLite needs now and then. Says nothing when all is
    well; what fails is named, and the rest is done all the same.
    """
    from claims.chores import keep_house
    from claims.fetching import utc_now
    from claims.settings import load

    keep_house(load(config), utc_now())
    return Exit.OK
