"""`claims verify`: whether the ledger, or a copy of it, is whole; and what to do where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.options import Command, config_option, format_option
from claims.present import Column, Format, Listing, write
from claims.terminal import say
from claims.wording import counted

if TYPE_CHECKING:
    from db.verify import Finding

LISTING: Listing[Finding] = Listing(
    columns=(
        Column("Wrong", lambda finding: finding.what),
        Column("Where", lambda finding: ", ".join(finding.places), wide=True),
        Column("What to do", lambda finding: finding.todo),
    ),
    record=lambda finding: {
        "wrong": finding.what,
        "where": list(finding.places),
        "todo": finding.todo,
    },
    sentence=lambda finding: f"{finding.what}{_where(finding)}: {finding.todo}",
)


def _where(finding: Finding) -> str:
    return f" ({', '.join(finding.places)})" if finding.places else ""


@click.command(
    "verify",
    cls=Command,
    examples=(
        "claims verify",
        "claims verify claims-2026-11-22-033000.db",
        "claims verify --reindex",
    ),
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--reindex", "again", is_flag=True, help="First make the word index anew from the claims.")
@click.option("--regroup", "group", is_flag=True, help="First group all claims into threads anew.")
@format_option
@config_option
def command(file: Path | None, again: bool, group: bool, style: Format | None, config: Path | None) -> Exit:
    """Check the ledger, row by row.

    Looks at the file's pages and indexes, at rows that point to nothing, at tables that are not as the
    program makes them, at each evidence sentence against the text it stands in, at each text against its
    digest, at the word index against the claims, and at threads: a sample of the claims is grouped again.
    FILE: a backup to look at instead. Changes nothing without --reindex or --regroup. Exit code 2 where
    something is wrong, with what to do about it.
    """
    from db.verify import regroup, reindex, verify

    path = file or ledger_path(config)
    if again:
        say(f"the word index has {counted(reindex(path), 'claim')}")
    if group:
        from claims.fetching import utc_now

        say(f"{counted(regroup(path, now=utc_now()), 'claim')} grouped anew")
    findings = verify(path)
    if not findings:
        say(f"{path}: nothing is wrong")
        return Exit.OK
    write(findings, LISTING, style)
    return Exit.USAGE
