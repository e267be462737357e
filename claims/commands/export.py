"""`claims export`: the ledger, or what a search finds in it, as a file for a ledger or another program."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.commands import search as searching
from claims.config import ledger_path
from claims.errors import Exit
from claims.options import config_option
from claims.output import written
from claims.terminal import say
from claims.wording import counted

if TYPE_CHECKING:
    from db.search import Query


class Carrier(StrEnum):
    """What the file is for: a ledger again, a spreadsheet, or a data frame."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


def _filters(function: Callable[..., Any]) -> Callable[..., Any]:
    """The words and options of `claims search` that say what to look for."""
    from db.search import Query

    wanted = {field.name for field in dataclasses.fields(Query)} - {"limit"}
    found = [param for param in searching.command.params if param.name in wanted]
    function.__click_params__ = [*getattr(function, "__click_params__", []), *reversed(found)]  # type: ignore[attr-defined]
    return function


@click.command(
    "export",
    cls=type(searching.command),
    examples=(
        "claims export --out ledger.ndjson",
        "claims export H100 --company Meta --format csv > meta.csv",
        "claims export --kind investment --out investments.parquet",
    ),
)
@_filters
@click.option(
    "--format",
    "-f",
    "style",
    type=click.Choice([str(style) for style in Carrier]),
    help="What to write; by the ending of --out where not given, else ndjson.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to; else the output.")
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@config_option
def command(
    words: tuple[str, ...],
    style: str | None,
    out: Path | None,
    force: bool,
    config: Path | None,
    **fields: Any,
) -> Exit:
    """Write the ledger to a file.

    ndjson is what `claims import` reads: sources, articles with every text they had, claims with their
    evidence and reasons, one article a line, and what you split and joined by hand. With words or options
    as of `claims search`: the articles that hold a claim found, whole, and without what is remembered of
    their feeds. csv and parquet are tables of claims, a row each, as `claims search` finds them.
    """
    carrier = _carrier(style, out)
    ledger = ledger_path(config)
    query = _query(words, fields)
    number = _WRITERS[carrier](ledger, _of_current(query, carrier), out, force)
    if query is not None and not number:
        say("nothing found")
        return Exit.NOTHING
    what = "article" if carrier is Carrier.NDJSON else "claim"
    say(f"{counted(number, what)} written" + (f" to {out}" if out else ""))
    return Exit.OK


def _carrier(style: str | None, out: Path | None) -> Carrier:
    if style:
        return Carrier(style)
    ending = out.suffix.lower() if out else ""
    return {".csv": Carrier.CSV, ".parquet": Carrier.PARQUET}.get(ending, Carrier.NDJSON)


def _query(words: tuple[str, ...], fields: dict[str, Any]) -> Query | None:
    """What to look for; None where nothing was said, which is everything."""
    from db.search import Query

    query = Query(words=" ".join(words), **fields)
    return None if query == Query() else query


def _of_current(query: Query | None, carrier: Carrier) -> Query | None:
    """A ledger is carried with every text anyway: asking for all of them looks for nothing in particular."""
    from db.search import Query

    return None if carrier is Carrier.NDJSON and query == Query(every_version=True) else query


def _ledger(ledger: Path, query: Query | None, out: Path | None, force: bool) -> int:
    from claims.present import dumps
    from db.export import records

    articles = 0
    with written(out, ledger, force=force) as file:
        for record in records(ledger, query):
            articles += record["type"] == "article"
            file.write(f"{dumps(record)}\n".encode())
    return articles


def _csv(ledger: Path, query: Query | None, out: Path | None, force: bool) -> int:
    import io

    from claims.present import Format, Listing, write
    from db.export import rows

    listing: Listing[dict[str, Any]] = Listing(columns=(), record=lambda row: row, sentence=str)
    with written(out, ledger, force=force) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
        try:
            return write(rows(ledger, query), listing, Format.CSV, text)
        finally:
            text.detach()


def _parquet(ledger: Path, query: Query | None, out: Path | None, force: bool) -> int:
    from claims.parquet import check, write_parquet
    from db.export import rows

    check(out)
    with written(out, ledger, force=force) as file:
        return write_parquet(_counted(rows(ledger, query)), file)


def _counted(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    from claims.present import flat_pairs

    for row in rows:
        yield flat_pairs(row)


_WRITERS: dict[Carrier, Callable[[Path, Query | None, Path | None, bool], int]] = {
    Carrier.NDJSON: _ledger,
    Carrier.CSV: _csv,
    Carrier.PARQUET: _parquet,
}
