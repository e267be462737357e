"""`claims digest show`: one digest, recipient by recipient."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, UserError
from claims.options import Command, config_option, format_option
from claims.present import Format, write
from claims.terminal import say

if TYPE_CHECKING:
    from db.outbox import Mail


class NoSuchRun(UserError):
    """The ledger has no digest of that number, or no such mail of it."""

    code = Exit.NOTHING


@click.command(
    "show",
    cls=Command,
    examples=("claims digest show 3", "claims digest show 3 --eml me@example.org > digest.eml"),
)
@click.argument("run", type=click.IntRange(1, 2**62))
@click.option("--eml", metavar="ADDRESS", help="The mail to this recipient instead, as it was sent.")
@format_option
@config_option
def command(run: int, eml: str | None, style: Format | None, config: Path | None) -> Exit:
    """Show what became of a digest: each recipient's mail, when it was sent, what the server said.

    RUN is the number that `claims digest list` shows. What was sent more than 90 days ago is no longer kept.
    """
    from claims.digest.listings import mails_listing
    from claims.settings import load
    from db.digest_runs import mails, run_with
    from db.errors import LedgerMissing
    from db.ledger import Ledger

    settings = load(config)
    if not settings.ledger.exists():
        raise LedgerMissing(f"there is no ledger at {settings.ledger}: collect something first")
    with Ledger.open(settings.ledger) as ledger:
        found = run_with(ledger, run)
        rows = mails(ledger, run)
    if found is None:
        raise NoSuchRun(f"there is no digest {run}; `claims digest list` shows their numbers")
    if eml:
        sys.stdout.buffer.write(_content(rows, eml, run))
        return Exit.OK
    zone = settings.digest.zone_info
    if style in {None, Format.TABLE, Format.TEXT} and sys.stdout.isatty():
        say(f"digest {run}: {found.start:%Y-%m-%d %H:%M} to {found.end:%Y-%m-%d %H:%M} UTC")
    write(rows, mails_listing(zone), style)
    return Exit.OK


def _content(rows: list[Mail], address: str, run: int) -> bytes:
    mail = next((row for row in rows if row.recipient == address), None)
    if mail is None:
        raise NoSuchRun(f"{address} is no recipient of digest {run}; `claims digest show {run}` names them")
    if mail.message is None:
        raise NoSuchRun(f"the mail of digest {run} to {address} is not kept: it is {mail.state}")
    return mail.message
