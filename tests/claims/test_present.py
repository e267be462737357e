from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from claims.listings import FOUND, Found
from claims.present import Column, Format, Listing, write

from .conftest import ENGLISH, META, NORVIK


@dataclass(frozen=True)
class Row:
    name: str
    number: int


LISTING: Listing[Row] = Listing(
    columns=(
        Column("Name", lambda row: row.name),
        Column("Number", lambda row: f"{row.number:,}", right=True, keep=True),
    ),
    record=lambda row: {"name": row.name, "number": row.number},
    sentence=lambda row: f"{row.name} has {row.number}",
)
ROWS = [Row("Größe", 7), Row("b", 1_200_000)]


def written(style: Format | None, rows: list[Row] | None = None) -> str:
    out = io.StringIO()
    write(ROWS if rows is None else rows, LISTING, style, out)
    return out.getvalue()


def test_a_pipe_gets_ndjson() -> None:
    assert written(None) == '{"name": "Größe", "number": 7}\n{"name": "b", "number": 1200000}\n'


def test_json() -> None:
    assert json.loads(written(Format.JSON)) == [
        {"name": "Größe", "number": 7},
        {"name": "b", "number": 1_200_000},
    ]


def test_text() -> None:
    assert written(Format.TEXT) == "Größe has 7\nb has 1200000\n"


def test_markdown_escapes_its_own_marks() -> None:
    lines = written(Format.MD, [Row("a|b <i> *c*\n[d]", 1)]).splitlines()
    assert lines[:2] == ["| Name | Number |", "| --- | ---: |"]
    assert lines[2] == r"| a\|b &lt;i> \*c\* \[d\] | 1 |"


def test_a_table_aligns_amounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("CLICOLOR_FORCE", raising=False)
    head, _, first, second = written(Format.TABLE).splitlines()
    assert head.split() == ["Name", "Number"]
    assert first.endswith("        7")
    assert second.endswith("1,200,000")
    assert len(first) == len(second)


def test_a_table_shows_markup_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    table = written(Format.TABLE, [Row("[bold]x[/bold] :smile: \x1b[31mred", 1)])
    assert "[bold]x[/bold] :smile: red" in table
    assert "\x1b" not in table


def test_colour_only_where_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1m" in written(Format.TABLE)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in written(Format.TABLE)


@pytest.mark.parametrize("style", list(Format))
def test_no_rows(style: Format) -> None:
    said = written(style, [])
    assert said in {"", "[]\n", "| Name | Number |\n| --- | ---: |\n"} or "<tbody>\n</tbody>" in said


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\x00=1", "\u202e=1"])
def test_no_cell_is_a_formula(start: str) -> None:
    cell = next(csv.DictReader(io.StringIO(written(Format.CSV, [Row(start, 1)]))))["name"]
    assert cell.startswith("'")


def test_csv_of_claims() -> None:
    out = io.StringIO()
    write([Found("a", ENGLISH, META), Found("b", ENGLISH, NORVIK)], FOUND, Format.CSV, out)
    first, second = csv.DictReader(io.StringIO(out.getvalue()))
    assert (first["quantity_low"], first["due_start"], first["due_end"]) == ("350000", "", "2024-12-31")
    assert first["evidence"] == META.evidence[0].text
    assert first["spans"].startswith("text:")
    assert (second["subject"], second["due_end"]) == ("Norvik Data", "")


def test_rows_stream() -> None:
    """Each line is out before the next row is asked for: a long run can be followed."""
    out, seen = io.StringIO(), []

    def rows() -> Iterator[Row]:
        for row in ROWS:
            seen.append(out.getvalue().count("\n"))
            yield row

    assert write(rows(), LISTING, Format.NDJSON, out) == 2
    assert seen == [0, 1]


def test_the_record_of_a_found_claim() -> None:
    record: dict[str, Any] = FOUND.record(Found("x-1", ENGLISH, META))
    assert record["article"] == "x-1"
    assert set(record) == {"article", *META.record()}
