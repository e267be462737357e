"""Rows for people and for programs: table, text, Markdown, HTML, CSV, JSON, NDJSON.

A `Listing` says what the columns of a row are, what its machine record is, and how it reads as a sentence;
the writers know only that. Rows stream through NDJSON, CSV and text; the others need them all.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column for people. `keep` columns are never cut; `wide` ones need a terminal of some width.

    `aligned`: numbers above numbers, units above units. `widest`: only where there is room for all.
    `least`: characters of a column that wraps; ten hold a day and most names. `name`: what `--fields` calls
    it where the record has no such key. `link`: where a page leads to.
    """

    title: str
    value: Callable[[Row], str]
    right: bool = False
    keep: bool = False
    wide: bool = False
    widest: bool = False
    aligned: bool = False
    least: int = 10
    name: str = ""
    link: Callable[[Row], str] | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """What can be written of a row. `marks`: the spans of a column's text to pick out."""

    columns: tuple[Column[Row], ...]
    record: Callable[[Row], dict[str, Any]]
    sentence: Callable[[Row], str]
    marks: Callable[[Row, str], Sequence[tuple[int, int]]] | None = None
    names: tuple[str, ...] = ()

    def fields(self) -> tuple[str, ...]:
        """What `only` can choose from: the record's keys, their halves, and columns that no key has."""
        halves = (f"{key}_{end}" for key, ends in _PAIRS.items() if key in self.names for end in ends)
        return (*self.names, *halves, *(column.name for column in self.columns if column.name))

    def only(self, fields: Sequence[str]) -> Listing[Row]:
        """The listing with these fields alone, in this order."""
        columns = tuple(self._column(name) for name in fields)
        return replace(
            self, columns=columns, record=lambda row: {name: self._value(row, name) for name in fields}
        )

    def _column(self, name: str) -> Column[Row]:
        for column in self.columns:
            if name in {column.name, column.title.lower()}:
                return replace(column, wide=False, widest=False)
        return Column(name, lambda row: _cell(flat({name: self._value(row, name)}).get(name)))

    def _value(self, row: Row, name: str) -> Any:
        record = self.record(row)
        if name in record:
            return record[name]
        halves = flat(record)
        return halves[name] if name in halves else self._column(name).value(row)


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


def _write_html(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    """A page of its own, with no style and no script: to be sent, or pasted into another."""
    out.write('<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Claims</title>\n<table>\n')
    titles = "".join(f"<th>{_html(column.title)}</th>" for column in listing.columns)
    out.write(f"<thead><tr>{titles}</tr></thead>\n<tbody>\n")
    for row in rows:
        out.write(f"<tr>{''.join(_html_cell(row, column, listing) for column in listing.columns)}</tr>\n")
    out.write("</tbody>\n</table>\n</html>\n")


def _html_cell(row: Row, column: Column[Row], listing: Listing[Row]) -> str:
    text = one_line(column.value(row))
    inner, at = "", 0
    for start, end in listing.marks(row, text) if listing.marks else ():
        inner += f"{_html(text[at:start])}<mark>{_html(text[start:end])}</mark>"
        at = end
    inner += _html(text[at:])
    address = clean(column.link(row)) if column.link else ""
    # Any other scheme could be a script.
    if address.startswith(("https://", "http://")):
        inner = f'<a href="{_html(address)}" rel="noreferrer">{inner}</a>'
    return f'<td align="right">{inner}</td>' if column.right else f"<td>{inner}</td>"


def _html(text: str) -> str:
    from html import escape

    return escape(text, quote=True)


def _md_cell(text: str) -> str:
    """Text that Markdown shows as it is; `<` would open raw HTML."""
    plain = one_line(text).replace("\\", "\\\\")
    for mark in "|`*_[]":
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("<", "&lt;")


_WIDE = 110  # characters: below, a table of claims breaks its names
_WIDEST = 150  # characters: room for a sentence beside everything else


def _write_table(rows: Iterable[Row], listing: Listing[Row], out: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = _width(out)
    shown = list(rows)
    if not shown:
        return
    columns = [column for column in listing.columns if _has_room(column, width)]
    # Between columns three spaces, two where room is short.
    padding = (0, 1) if width >= _WIDE else (0, 1, 0, 0)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", padding=padding)
    cells = [[one_line(column.value(row)) for row in shown] for column in columns]
    for place, column in enumerate(columns):
        aligned = column.aligned and width >= _WIDE
        side: Literal["left", "right"] = "right" if column.right and not aligned else "left"
        least = None if column.keep else column.least
        if aligned:
            cells[place] = _aligned([column.title, *cells[place]])[1:]
        table.add_column(column.title, justify=side, no_wrap=column.keep or aligned, min_width=least)
    for row, texts in zip(shown, zip(*cells, strict=True), strict=True):
        spans = [listing.marks(row, text) if listing.marks else () for text in texts]
        table.add_row(*(_picked_out(Text(text), own) for text, own in zip(texts, spans, strict=True)))
    colour = wants_colour(out)
    buffer = io.StringIO()
    console = Console(
        file=buffer, force_terminal=colour, no_color=not colour, width=width, legacy_windows=False
    )
    console.print(table)
    out.write("\n".join(line.rstrip() for line in buffer.getvalue().strip("\n").split("\n")) + "\n")


def _has_room(column: Column[Any], width: int) -> bool:
    return width >= _WIDEST if column.widest else not column.wide or width >= _WIDE


def _picked_out(text: Any, spans: Sequence[tuple[int, int]]) -> Any:
    for start, end in spans:
        text.stylize("bold yellow", start, end)
    return text


_NUMBER = re.compile(r"(.*\d)(.*)")


def _aligned(texts: Sequence[str]) -> list[str]:
    """Numbers end above each other, and the units behind them begin so."""
    split = [(found[1], found[2]) if (found := _NUMBER.fullmatch(text)) else (text, "") for text in texts]
    before, after = max(len(number) for number, _ in split), max(len(unit) for _, unit in split)
    return [f"{number:>{before}}{unit:<{after}}" for number, unit in split]


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
    Format.HTML: _write_html,
    Format.TEXT: _write_text,
}
