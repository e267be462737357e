"""`claims backup`: a checked copy of the ledger, also while a round writes to it."""

from __future__ import annotations

from pathlib import Path

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.options import Command, config_option
from claims.terminal import say


@click.command(
    "backup",
    cls=Command,
    examples=(
        "claims backup",
        "claims backup /mnt/backup/claims.db --force",
        "30 3 * * *  claims backup --config ~/claims/config.toml    # in a crontab",
    ),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@config_option
def command(file: Path | None, force: bool, config: Path | None) -> Exit:
    """Copy the ledger, whole and checked.

    FILE is the copy; without it, one beside the ledger with the date and time in its name. Rounds may go on
    meanwhile: the copy is one moment of the ledger. It takes its name only after it was checked. To go back
    to it, put it in the ledger's place while nothing runs. Prints the copy's path.
    """
    from claims.fetching import utc_now
    from db.backup import backup

    ledger = ledger_path(config)
    target = file or ledger.with_name(f"{ledger.stem}-{utc_now():%Y-%m-%d-%H%M%S}{ledger.suffix}")
    size = backup(ledger, target, force=force)
    click.echo(target)
    say(f"{size / 1e6:,.1f} MB, checked")
    return Exit.OK
