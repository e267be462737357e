"""`claims search`: stored claims by words and fields. Loads nothing heavy: it must answer at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.listings import FOUND_BY_WORDS, HITS, each_told_by
from claims.options import FieldsType, QueryCommand, check_days, more, query_options, rows_options
from claims.present import Format, write
from claims.terminal import say


@click.command(
    "search",
    cls=QueryCommand,
    examples=(
        "claims search H100 --company Meta --min 100k",
        "claims search 'rechenzentr* (Strom OR power) -status:denied amount:>500m unit:W'",
        "claims search --kind investment --due '<2027' --min '1,5 Mrd' --format csv",
        "claims search company:facebook product:h100 --fields id,amount,of,due,published,source",
        "claims search --statements kind:power 'sources:>2'",
    ),
)
@query_options
@click.option("--all-versions", "every_version", is_flag=True, help="Also claims of texts changed since.")
@click.option(
    "--statements", is_flag=True, help="Of claims that say the same, in any language, only the best."
)
@rows_options(FieldsType(FOUND_BY_WORDS.fields))
def command(
    words: tuple[str, ...],
    style: Format | None,
    config: Path | None,
    limit: int,
    chosen: tuple[str, ...] | None,
    **fields: Any,
) -> Exit:
    """Find stored claims.

    WORDS must all occur in the claim or its evidence, in most inflections; "in quotes" as written, and
    beginn* for beginnings. AND, OR, NOT (or -) and brackets combine them, and every option that names a
    field can be written among them: company:meta due:<2025 amount:>100k. The best match comes first, without
    words the newest article.
    """
    from db.search import Query, meant, search

    check_days(fields["since"], fields["until"])
    query = Query(words=" ".join(words), limit=limit, **fields)
    path = ledger_path(config)
    hits = search(path, query)
    if not hits:
        say("\n".join(["nothing found", *meant(path, query)]))
        if style is Format.JSON:  # who reads it expects a list
            write([], FOUND_BY_WORDS, style)
        return Exit.NOTHING
    listing = FOUND_BY_WORDS if hits[0].terms else HITS
    listing = each_told_by(listing) if query.statements else listing
    write(hits, FOUND_BY_WORDS.only(chosen) if chosen else listing, style)
    if len(hits) == limit:
        say(more(limit))
    return Exit.OK
