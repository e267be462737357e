"""The commands that keep a ledger: what they say, where they write, how they end."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from claims.commands import export, search
from claims.errors import Exit
from claims.lock import round_lock
from db.ledger import Ledger
from db.search import Query

from .conftest import ENGLISH, META, Run


def test_export_and_import_carry_the_ledger(run: Run, ledger: Path, tmp_path: Path) -> None:
    answer = run("export")
    assert answer.code == Exit.OK
    kinds = [json.loads(line)["type"] for line in answer.out.splitlines()]
    assert kinds == ["ledger", "source", "source", "article", "article", "end"]
    assert "2 articles written" in answer.err
    ledger.unlink()
    added = run("import", "-", stdin=answer.out.encode())
    assert (added.code, added.err) == (Exit.OK, "added 2 sources, 2 articles, 2 texts, 2 claims\n")
    assert run("export").out == answer.out
    again = run("import", "-", stdin=answer.out.encode())
    assert (again.code, again.err) == (Exit.OK, "nothing new: all of it is here already\n")


def test_a_text_read_otherwise_here_is_told(run: Run, ledger: Path) -> None:
    out = run("export").out.replace('"extractor": "1"', '"extractor": "2"')
    assert "2 texts had been read by another extractor here" in run("import", "-", stdin=out.encode()).err


def test_a_bad_line_is_one_sentence(run: Run, ledger: Path, home: Path) -> None:
    lines = run("export").out.splitlines()
    lines[3] = lines[3].replace("deployment", "rumour")
    file = home / "bad.ndjson"
    file.write_text("\n".join(lines))
    answer = run("import", str(file))
    assert answer.code == Exit.USAGE
    assert answer.err == (
        "claims: line 4: versions[0]: claims[0]: 'rumour' is not a valid Kind; nothing was imported\n"
    )


def test_an_import_waits_for_no_round_but_says_so(run: Run, ledger: Path) -> None:
    out = run("export").out
    with round_lock(ledger):
        answer = run("import", "-", stdin=out.encode())
    assert answer.code == Exit.SOURCES
    assert "another round" in answer.err


def test_export_to_a_file_is_whole_or_not_there(run: Run, ledger: Path, home: Path) -> None:
    assert run("export", "--out", "all.ndjson").code == Exit.OK
    before = (home / "all.ndjson").read_bytes()
    assert before.endswith(b"}\n")
    refused = run("export", "--out", "all.ndjson")
    assert (refused.code, "there already" in refused.err) == (Exit.USAGE, True)
    assert run("export", "--out", "all.ndjson", "--force").code == Exit.OK
    ledger.write_bytes(b"damaged" * 1000)
    assert run("export", "--out", "all.ndjson", "--force").code == Exit.USAGE
    assert (home / "all.ndjson").read_bytes() == before
    assert not list(home.glob("*.part"))


@pytest.mark.parametrize("name", ["claims.db", ".", "no/file.csv"])
def test_export_has_no_business_there(run: Run, ledger: Path, name: str) -> None:
    before = ledger.read_bytes()
    assert run("export", "--out", name, "--force").code == Exit.USAGE
    assert ledger.read_bytes() == before


def test_csv_is_what_search_writes(run: Run, ledger: Path, home: Path) -> None:
    """A search may say more, such as what it counts; what both say is the same."""
    found = list(csv.DictReader(io.StringIO(run("search", "H100", "--format", "csv").out)))
    wanted = list(csv.DictReader(io.StringIO(run("export", "H100", "--format", "csv").out)))
    assert len(found) == len(wanted) == 1
    assert len(wanted[0]) == 24
    assert wanted[0].items() <= found[0].items()
    assert run("export", "--out", "table.csv").code == Exit.OK
    rows = list(csv.DictReader(io.StringIO((home / "table.csv").read_text())))
    assert [row["subject"] for row in rows] == ["Meta", "Norvik Data"]


def test_export_takes_every_filter_of_search() -> None:
    def names(command: object) -> set[str]:
        return {param.name for param in command.params}  # type: ignore[attr-defined]

    asked = {field.name for field in dataclasses.fields(Query)}
    assert (names(search.command) & asked) - names(export.command) == {"limit"}
    assert len(names(search.command) & asked) > 10
    assert names(export.command) - names(search.command) == {"out", "force"}


def test_a_filter_takes_whole_articles(run: Run, ledger: Path) -> None:
    records = [json.loads(line) for line in run("export", "--company", "Meta").out.splitlines()]
    assert [record.get("url") for record in records if record["type"] == "article"] == [ENGLISH.url]
    nothing = run("export", "--company", "Nobody")
    assert (nothing.code, "nothing found" in nothing.err) == (Exit.NOTHING, True)


def test_parquet_without_pyarrow_says_what_to_do(
    run: Run, ledger: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = run("export", "--out", "table.parquet")
    assert answer.code == Exit.USAGE
    assert "pip install pyarrow" in answer.err
    assert not (home / "table.parquet").exists()


def test_parquet_has_the_same_rows(run: Run, ledger: Path, home: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra")
    assert run("export", "--out", "table.parquet").code == Exit.OK
    rows = parquet.read_table(home / "table.parquet").to_pylist()
    assert [(row["subject"], row["quantity_low"], row["due_end"]) for row in rows] == [
        ("Meta", 350_000.0, META.due.end if META.due else None),
        ("Norvik Data", 1.4e9, None),
    ]


def test_backup_and_verify(run: Run, ledger: Path, home: Path) -> None:
    answer = run("backup")
    copy = Path(answer.out.strip())
    assert (answer.code, copy.parent) == (Exit.OK, home)
    assert "checked" in answer.err
    whole = run("verify", str(copy))
    assert (whole.code, "nothing is wrong" in whole.err) == (Exit.OK, True)
    refused = run("backup", str(copy))
    assert (refused.code, "--force" in refused.err) == (Exit.USAGE, True)
    with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        connection.execute("DELETE FROM claims_fts WHERE rowid = 1")
    broken = run("verify", "--format", "ndjson")
    assert broken.code == Exit.USAGE
    finding = json.loads(broken.out)
    assert finding["wrong"] == "1 claims cannot be found by their words"
    assert "--reindex" in finding["todo"]
    mended = run("verify", "--reindex")
    assert (mended.code, "2 claims" in mended.err) == (Exit.OK, True)


def test_prune_drops_what_the_configuration_says(run: Run, ledger: Path, config: Path) -> None:
    assert "store.keep_text_days" in run("prune").err
    config.write_text(config.read_text().replace("[store]", "[store]\nkeep_text_days = 30", 1))
    assert "would drop 2 texts" in run("prune", "--dry-run").err
    assert "dropped 2 texts" in run("prune", "--compact").err
    assert "dropped 0 texts" in run("prune").err
    shown = run("show", "1", "--format", "text")
    assert META.evidence[0].text in " ".join(shown.out.split())
    assert run("explain", "1").code == Exit.OK
    assert run("search", "H100").code == Exit.OK
    assert run("verify").code == Exit.OK


def test_a_round_prunes_at_its_end_where_told(run: Run, ledger: Path, config: Path) -> None:
    config.write_text(config.read_text().replace("[store]", "[store]\nkeep_text_days = 30", 1))
    answer = run("run")
    assert "dropped 2 old texts" in answer.err
    with Ledger.open(ledger) as opened:
        assert opened.outdated("9") == []
        assert opened.counts().claims == 2


def test_a_text_is_kept_a_week_at_least(run: Run, ledger: Path, config: Path) -> None:
    config.write_text(config.read_text().replace("[store]", "[store]\nkeep_text_days = 3", 1))
    answer = run("prune")
    assert (answer.code, "store.keep_text_days" in answer.err) == (Exit.USAGE, True)
