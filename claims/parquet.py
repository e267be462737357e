"""Claims as a Parquet file, for data frames. pyarrow is an extra: only this needs it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import InputError
from claims.terminal import is_tty

if TYPE_CHECKING:
    import pyarrow

# Rows of one group: large enough to be read fast, small enough to be held.
_GROUP = 10_000
_DAYS = ("due_start", "due_end", "published")


def check(out: Path | None) -> None:
    """Raises InputError where no Parquet can be written, before anything is read."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise InputError(
            "Parquet needs pyarrow, which is not installed: pip install pyarrow, or take --format csv"
        ) from None
    if out is None and is_tty(sys.stdout):
        raise InputError("Parquet is not for a terminal: name a file with --out")


def write_parquet(rows: Iterable[dict[str, Any]], file: BinaryIO) -> int:
    """Writes the rows, group by group; returns how many there were."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    number, schema, source = 0, _schema(), iter(rows)
    with ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(itertools.islice(source, _GROUP)):
            table = pyarrow.Table.from_pylist([_typed(row) for row in group], schema=schema)
            writer.write_table(table)
            number += len(group)
    return number


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS}
    amounts = {
        name: None if row[name] is None else float(row[name]) for name in ("quantity_low", "quantity_high")
    }
    return {**row, **days, **amounts}


def _schema() -> pyarrow.Schema:
    import pyarrow as pa

    text, span = (
        pa.string(),
        pa.struct([("in", pa.string()), ("start", pa.int32()), ("end", pa.int32())]),
    )
    return pa.schema(
        [
            ("id", pa.int64()),
            ("kind", text),
            ("subject", text),
            ("object", text),
            ("equivalent", pa.bool_()),
            ("quantity_low", pa.float64()),
            ("quantity_high", pa.float64()),
            ("approx", pa.bool_()),
            ("unit", text),
            ("due_start", pa.date32()),
            ("due_end", pa.date32()),
            ("status", text),
            ("speaker", text),
            ("counterparty", text),
            ("confidence", pa.float64()),
            ("evidence", pa.list_(text)),
            ("spans", pa.list_(span)),
            ("article", text),
            ("title", text),
            ("lang", text),
            ("published", pa.date32()),
            ("source", text),
            ("version", pa.int32()),
            ("current", pa.bool_()),
        ]
    )
