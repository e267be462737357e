"""Rows for people and for programs: table, text, Markdown, CSV, JSON, NDJSON.

A `Listing` says what the columns of a row are, what its machine record is, and how it reads as a sentence;
the writers know only that. Rows stream through NDJSON, CSV and text; the others need them all.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Literal, TextIO, TypeVar

from claims.terminal import clean, escape_unsafe, is_tty, one_line, wants_colour

Row = TypeVar("Row")


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    MD = "md"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column for people. `keep` columns are never cut; `wide` ones need a terminal of some width."""

    title: str
    value: Callable[[Row], str]
    right: bool = False
    keep: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """What can be written of a row."""

    columns: tuple[Column[Row], ...]
    record: Callable[[Row], dict[str, Any]]
    sentence: Callable[[Row], str]


def default_format(out: TextIO) -> Format:
    """A table for a person, NDJSON for a pipe or a file."""
    return Format.TABLE if is_tty(out) else Format.NDJSON


def write(rows: Iterable[Row], listing: Listing[Row], style: Format | None, out: TextIO | None = None) -> int:
    """Writes the rows and gives their number."""
    out = out or sys.stdout
    counted = _Counted(rows)
    _WRITERS[style or default_format(out)](counted, listing, out)
    out.flush()
    return counted.number


class _Counted(Generic[Row]):
    """Counts rows as they stream by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.number = 0
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.number += 1
            yield row


def dumps(record: Any, indent: int | None = None) -> str:
    """JSON in readable UTF-8, except for characters that a terminal would obey."""
    return escape_unsafe(json.dumps(record, ensure_ascii=False, indent=indent))


def _write_ndjson(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    for row in rows:
        out.write(dumps(listing.record(row)) + "\n")
        out.flush()  # the reader of a pipe follows line by line


def _write_json(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    out.write(dumps([listing.record(row) for row in rows], indent=2) + "\n")


def _write_text(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    for row in rows:
        out.write(one_line(listing.sentence(row)) + "\n")


def _write_csv(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    """The flattened record; the head is the first row's keys, which are the same for every row."""
    writer: Any = None
    for row in rows:
        record = flat(listing.record(row))
        if writer is None:
            writer = csv.DictWriter(out, list(record), lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
        writer.writerow({key: _cell(value) for key, value in record.items()})


def flat_pairs(record: dict[str, Any]) -> dict[str, Any]:
    """Pairs become two columns."""
    row: dict[str, Any] = {}
    for key, value in record.items():
        if key in _PAIRS:
            row[f"{key}_{_PAIRS[key][0]}"], row[f"{key}_{_PAIRS[key][1]}"] = value or (None, None)
        else:
            row[key] = value
    return row


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """Pairs become two columns, lists one cell, so that a spreadsheet can sort by them."""
    row: dict[str, Any] = {}
    for key, value in flat_pairs(record).items():
        if key == "spans":
            row[key] = " ".join(f"{span['in']}:{span['start']}-{span['end']}" for span in value)
        else:
            row[key] = " | ".join(map(str, value)) if isinstance(value, list) else value
    return row


_PAIRS = {"quantity": ("low", "high"), "due": ("start", "end")}


def _cell(value: Any) -> str:
    """A spreadsheet runs what begins like a formula: such a text gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()  # as in JSON
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\n")) else text


def _write_md(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    columns = listing.columns
    out.write("| " + " | ".join(column.title for column in columns) + " |\n")
    out.write("|" + "|".join(" ---: " if column.right else " --- " for column in columns) + "|\n")
    for row in rows:
        out.write("| " + " | ".join(_md_cell(column.value(row)) for column in columns) + " |\n")


def _md_cell(text: str) -> str:
    """Text that Markdown shows as it is; `<` would open raw HTML."""
    plain = one_line(text).replace("\\", "\\\\")
    for mark in "|`*_[]":
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("<", "&lt;")


_WIDE = 110  # characters: below, a table of claims breaks its names
_LEAST = 10  # characters of a column that wraps: a day, most names


def _write_table(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = _width(out)
    columns = [column for column in listing.columns if not column.wide or width >= _WIDE]
    # Between columns three spaces, two where room is short.
    padding = (0, 1) if width >= _WIDE else (0, 1, 0, 0)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=padding)
    for column in columns:
        side: Literal["left", "right"] = "right" if column.right else "left"
        least = None if column.keep else _LEAST
        table.add_column(column.title, justify=side, no_wrap=column.keep, min_width=least)
    for row in rows:
        table.add_row(*(Text(one_line(column.value(row))) for column in columns))
    if not table.row_count:
        return
    colour = wants_colour(out)
    buffer = io.StringIO()
    console = Console(
        file=buffer, force_terminal=colour, no_color=not colour, width=width, legacy_windows=False
    )
    console.print(table)
    out.write("\n".join(line.rstrip() for line in buffer.getvalue().strip("\n").split("\n")) + "\n")


def _width(out: TextIO) -> int:
    """The terminal's width; in a file, wide enough that names are not broken."""
    import shutil

    return shutil.get_terminal_size((100 if is_tty(out) else 140, 40)).columns


_WRITERS: dict[Format, Callable[[Iterable[Any], Listing[Any], TextIO], None]] = {
    Format.TABLE: _write_table,
    Format.JSON: _write_json,
    Format.NDJSON: _write_ndjson,
    Format.CSV: _write_csv,
    Format.MD: _write_md,
    Format.TEXT: _write_text,
}
