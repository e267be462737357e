"""`claims record`: what somebody promised, and what became of it."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.listings import PROMISES
from claims.options import Command, DayType, FieldsType, more, rows_options
from claims.present import Format, default_format, dumps, write
from claims.terminal import folded, one_line, say, text_width
from claims.wording import counted

if TYPE_CHECKING:
    from db.promises import Record


@click.command(
    "record",
    cls=Command,
    examples=(
        "claims record Meta",
        "claims record 'Mark Zuckerberg' --format json | jq .counts",
        "claims record facebook --fields promised,kept,amount,of,due,outcome_evidence",
    ),
)
@click.argument("name")
@click.option("--on", "today", type=DayType(), help="Count from that day instead of today.")
@rows_options(FieldsType(PROMISES.fields))
def command(
    name: str,
    style: Format | None,
    config: Path | None,
    today: date | None,
    limit: int,
    chosen: tuple[str, ...] | None,
) -> Exit:
    """Show what a company or a person promised, and what came true.

    NAME is a company by any of its names, or a speaker. A company promises what it plans and what it says
    will come. Each plan stands there once, as it was last told: met, beaten, late, missed, denied, overdue or
    open.
    """
    from db.promises import like, record

    path = ledger_path(config)
    found = record(path, name, today=today or datetime.now(UTC).date())
    if not found.promises:
        say(_nothing(name, found, like(path, name)))
        return Exit.NOTHING
    _write(found, style, limit, chosen)
    if len(found.promises) > limit:
        say(more(limit))
    return Exit.OK


def _nothing(name: str, found: Record, near: list[str]) -> str:
    if found.names:
        return f"nothing found: the ledger has no promise of {', '.join(found.names)}"
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"nothing found\nno company or speaker {name!r} in the ledger{hint}"


def _write(found: Record, style: Format | None, limit: int, chosen: tuple[str, ...] | None) -> None:
    listing = PROMISES.only(chosen) if chosen else PROMISES
    style = style or default_format(sys.stdout)
    shown = found.promises[:limit]
    if style is Format.JSON:
        rows = [listing.record(promise) for promise in shown]
        counts = {str(kept): number for kept, number in found.counts.items()}
        whole = {"names": list(found.names), "counts": counts, "delayed": found.delayed, "promises": rows}
        click.echo(dumps(whole, indent=2))
        return
    summary = folded(one_line(_summary(found)), text_width(sys.stdout))
    if style in {Format.TABLE, Format.TEXT}:
        click.echo("\n".join([*summary, ""]))
    else:
        say("\n".join(summary))
    write(shown, listing, style)


def _summary(found: Record) -> str:
    """ "Meta: 5 promises: 2 met, 1 late, 2 open; 1 of them delayed"."""
    parts = [f"{number} {kept}" for kept, number in found.counts.items() if number]
    delayed = f"; {found.delayed} of them delayed" if found.delayed else ""
    who = ", ".join(found.names)
    return f"{who}: {counted(len(found.promises), 'promise')}: {', '.join(parts)}{delayed}"
