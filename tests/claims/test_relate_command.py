"""`claims relate`: one relation for each pair, each bad line named, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claims.cli import run
from claims.errors import Exit
from tests.extractors.test_relate import H100


def pair(name: Any, **changed: Any) -> str:
    return json.dumps({"id": name, "a": H100, "b": {**H100, **changed}})


def related(
    path: Path, capsys: pytest.CaptureFixture[str], *lines: str | bytes
) -> tuple[int, list[Any], str]:
    raw = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    file = path / "pairs.jsonl"
    file.write_bytes(raw)
    code = run(["relate", "--jsonl", str(file)])
    told = capsys.readouterr()
    return code, [json.loads(line) for line in told.out.splitlines()], told.err


def test_each_pair_has_a_line_in_its_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = pair("x"), "", pair(2, quantity=[300000, 300000], published="2024-06-01")
    code, rows, errors = related(tmp_path, capsys, *lines)
    assert (code, errors) == (Exit.OK, "")
    assert [(row["id"], row["relation"]) for row in rows] == [("x", "same"), (2, "revision")]
    assert all(set(row) == {"id", "relation", "reason"} and row["reason"] for row in rows)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"id": "x"', "line 2: not JSON"),
        ("[1]", "line 2: not a JSON object"),
        (b"\xff", "line 2: not text in UTF-8"),
        ('{"a": {}, "b": {}}', "line 2: no id"),
        ('{"id": true, "a": {}, "b": {}}', "line 2: id must be"),
        ('{"id": 1, "b": {}}', "line 2: no a"),
        ('{"id": 1, "a": 5, "b": {}}', "line 2: a must be an object"),
        (json.dumps({"id": 1, "a": H100, "b": {**H100, "kind": "x"}}), "line 2: b: kind must be one of"),
        ("[" * 100_000, "line 2: not JSON"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_line_is_named_and_the_others_go_on(
    line: str | bytes, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows, errors = related(tmp_path, capsys, pair(1), line, pair(3))
    assert code == Exit.USAGE
    assert [row["id"] for row in rows] == [1, 3]
    assert complaint in errors


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["relate", "--jsonl", "no-such-file.jsonl"]) == Exit.USAGE
    assert "cannot read no-such-file.jsonl" in capsys.readouterr().err


def test_a_page_cannot_speak_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    related(tmp_path, capsys, pair("\x1b[31mred", subject="\x1b[2JMeta"))
    file = tmp_path / "pairs.jsonl"
    assert run(["relate", "--jsonl", str(file)]) == Exit.OK
    assert "\x1b" not in capsys.readouterr().out
