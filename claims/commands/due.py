"""`claims due`: what was announced for when, the nearest first, with its evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.listings import DUES
from claims.options import (
    DayType,
    FieldsType,
    QueryCommand,
    WithinType,
    check_days,
    more,
    query_options,
    rows_options,
)
from claims.present import Format, write
from claims.terminal import say


@click.command(
    "due",
    cls=QueryCommand,
    examples=(
        "claims due --within 30d",
        "claims due --overdue --company Meta",
        "claims due --met --missed --since 2024 --format md",
        "claims due kind:power amount:>1bn --format md",
    ),
)
@query_options
@click.option(
    "--within", type=WithinType(), metavar="PERIOD", help="Only what falls due so soon: 30d, 6w, 3m, 1y."
)
@click.option("--overdue", is_flag=True, help="What should have come true by now, the latest first.")
@click.option("--met", is_flag=True, help="What came true, in time or late, with the sentence that says so.")
@click.option("--missed", is_flag=True, help="What did not come true, or was denied.")
@click.option("--unknown", is_flag=True, help="What should have begun by now, and names no end.")
@click.option("--on", "today", type=DayType(), help="Count from that day instead of today.")
@rows_options(FieldsType(DUES.fields))
def command(
    words: tuple[str, ...],
    style: Format | None,
    config: Path | None,
    today: date | None,
    limit: int,
    chosen: tuple[str, ...] | None,
    within: int | None,
    **fields: Any,
) -> Exit:
    """Show what is planned or expected, by the day it falls due.

    Each statement stands there once, however many articles tell it, with its newest claim; a plan that was
    revised gives way to the newer one. Without --within, --overdue, --met, --missed and --unknown: all that
    is still to come; "soon" is what falls due within 30 days. WORDS and the fields choose as in
    `claims search`.
    """
    from db.dues import AHEAD, SOON, DueState, dues
    from db.search import Query, meant

    check_days(fields["since"], fields["until"])
    asked = {DueState.SOON: within is not None} | {DueState(name): fields.pop(name) for name in _FLAGS}
    query = Query(words=" ".join(words), limit=limit, **fields)
    found = dues(
        ledger_path(config),
        query,
        today=today or datetime.now(UTC).date(),
        within=SOON if within is None else within,
        states={state for state, wanted in asked.items() if wanted} or AHEAD,
    )
    if not found:
        say("\n".join(["nothing found", *meant(ledger_path(config), query)]))
        return Exit.NOTHING
    write(found, DUES.only(chosen) if chosen else DUES, style)
    if len(found) == limit:
        say(more(limit))
    return Exit.OK


# Options that are named as the state they ask for.
_FLAGS = ("overdue", "met", "missed", "unknown")
