"""search, show, explain ID, sources: the commands that only read the ledger."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from claims.fragment import link_to
from claims.terminal import clean
from db.ledger import Ledger
from scraper.article import FetchState

from .conftest import ENGLISH, META, NOW, SENTENCE, SOURCE, Run

ROOT = Path(__file__).parents[2]

QUESTIONS = [
    ("search H100", [1]),
    ("search", [2, 1]),
    ("search --company meta --min 100k", [1]),
    ("search --min 350001", [2]),
    ("search --min 1m", [2]),
    ("search --max 400000 --unit units", [1]),
    ("search --product H100 --kind deployment --status planned", [1]),
    ("search --due-before 2025", [1]),
    ("search --due-before 2024", []),
    ("search --lang de", [2]),
    ("search --since 2024-02", [2]),
    ("search --until 2024-01", [1]),
    ("search --until 18.1.2024 --since 18.1.2024", [1]),
    ("search --source serverhalle", [2]),
    ("search --limit 1", [2]),
    ("search Milliarden Standort", [2]),
    ("search zebra", []),
]


@pytest.mark.parametrize(("question", "ids"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_search(question: str, ids: list[int], ledger: Path, run: Run) -> None:
    answer = run(*question.split())
    assert [json.loads(line)["id"] for line in answer.out.splitlines()] == ids
    assert answer.code == (0 if ids else 1)
    assert answer.err == ("" if ids else "nothing found\n") or "--limit" in question


def test_a_search_that_finds_nothing_is_still_json(ledger: Path, run: Run) -> None:
    answer = run("search", "zebra", "--format", "json")
    assert (answer.code, answer.out, answer.err) == (1, "[]\n", "nothing found\n")


@pytest.mark.parametrize("amount", ["1,5 Mrd", "1.5 billion", "1500m", "1,5 Milliarden"])
def test_amounts_as_people_write_them(amount: str, ledger: Path, run: Run) -> None:
    assert run("search", "--max", amount, "--unit", "EUR").code == 0
    assert run("search", "--min", amount, "--unit", "EUR").code == 1


def test_the_record_of_a_hit(ledger: Path, run: Run) -> None:
    record = json.loads(run("search", "H100").out)
    assert record["subject"] == "Meta"
    assert record["due"] == [None, "2024-12-31"]
    assert record["evidence"] == [SENTENCE]
    assert ENGLISH.text[record["spans"][0]["start"] : record["spans"][0]["end"]] == SENTENCE
    assert (record["article"], record["published"]) == (ENGLISH.url, "2024-01-18")


def test_formats(ledger: Path, run: Run) -> None:
    assert len(json.loads(run("search", "--format", "json").out)) == 2
    assert len(list(csv.DictReader(io.StringIO(run("search", "--format", "csv").out)))) == 2
    assert run("search", "H100", "--format", "text").out.startswith("[1] Meta: ~350,000 NVIDIA H100")
    assert run("search", "--format", "md").out.count("\n") == 4
    table = run("search", "--format", "table").out
    assert "~350,000" in table
    assert "1.4 bn EUR" in table


def test_a_spreadsheet_reads_true_and_false_as_json_writes_them(ledger: Path, run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("search", "H100", "--format", "csv").out)))
    assert [(row["approx"], row["equivalent"], row["current"]) for row in rows] == [("true", "false", "true")]


def test_an_article_without_a_date(ledger: Path, run: Run) -> None:
    undated = replace(ENGLISH, url="https://example.org/undated", source="", published=None)
    with Ledger.open(ledger) as opened:
        opened.store(undated, [replace(META, due=None, speaker=None)], extractor="1", now=NOW)
    for style in ("text", "table", "md", "csv"):
        answer = run("search", "--format", style)
        assert "Meta" in answer.out
        assert "None" not in answer.out
    assert "https://example.org/undated, undated\n" in run("search", "--format", "text").out
    assert "None" not in run("show", "3", "--format", "text").out


@pytest.mark.parametrize("installed", [True, False])
def test_the_version(installed: bool, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if not installed:
            raise PackageNotFoundError(name)
        return "9.8"

    monkeypatch.setattr("importlib.metadata.version", version)
    answer = run("--version")
    said = "claims 9.8\n" if installed else "claims (run from its source, not installed)\n"
    assert (answer.code, answer.out, answer.err) == (0, said, "")


def test_limit_is_told(ledger: Path, run: Run) -> None:
    assert run("search", "--limit", "1").err == "the first one is shown; --limit shows more\n"


def test_show_marks_the_sentence_and_links_to_it(ledger: Path, run: Run) -> None:
    said = run("show", "1", "--format", "text").out
    assert f"Nothing here yet. >>{SENTENCE}<< And more to come." in said
    assert "A first paragraph" not in said
    assert "https://example.org/meta#:~:text=Meta%20will%20have%20about%20350%2C000" in said
    assert "Mark Zuckerberg" in said


def test_show_for_programs(ledger: Path, run: Run) -> None:
    record = json.loads(run("show", "1").out)
    assert record["links"] == [link_to(ENGLISH.url, SENTENCE)]
    assert record["subject"] == META.subject


def test_show_in_colour(ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert f"\x1b[1;30;43m{SENTENCE}\x1b[0m" in run("show", "1", "--format", "text").out


def test_explain_a_stored_claim(ledger: Path, run: Run) -> None:
    said = run("explain", "1").out
    assert "  kind         cue: will have (0.80, sure)\n" in said
    assert SENTENCE in said
    assert "  confidence   0.90: of a hundred such claims about 90 are right" in said


def test_sources(ledger: Path, run: Run) -> None:
    record = json.loads(run("sources").out)
    assert (record["name"], record["status"], record["articles"], record["claims"]) == (
        "cold-aisle",
        "ok",
        1,
        1,
    )
    assert "never asked" not in run("sources", "--format", "table").out


@pytest.mark.parametrize(
    ("state", "every"),
    [
        (FetchState(), 60),
        (FetchState(etag='"1"', last_success=NOW), 60),
        (FetchState(last_success=NOW), 24 * 60),
    ],
    ids=["never read", "with validators", "without validators"],
)
def test_sources_tell_how_often_they_are_asked(state: FetchState, every: int, config: Path, run: Run) -> None:
    config.write_text(config.read_text() + "interval = 10\n")
    with Ledger.open(config.parent / "claims.db") as opened:
        opened.save_state(SOURCE, state)
    record = json.loads(run("sources").out)
    assert (record["interval"], record["every"]) == (10, every)
    assert f" {every} min " in run("sources", "--format", "table").out


def test_sources_before_the_first_round(config: Path, run: Run) -> None:
    assert json.loads(run("sources").out)["status"] == "never asked"
    assert not (config.parent / "claims.db").exists()


def test_on_a_terminal_it_is_a_table(ledger: Path, tmp_path: Path) -> None:
    """A pseudo-terminal instead of a pipe: a coloured table as wide as the terminal, no NDJSON."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "90"}
    environment.pop("NO_COLOR", None)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "claims", "search", "--config", str(ledger.parent / "config.toml")]
    done = subprocess.run(command, env=environment, stdout=theirs, check=True, timeout=60)
    os.close(theirs)
    said = os.read(ours, 20_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "\x1b[1m" in said
    assert "Subject" in said
    assert '{"id"' not in said
    assert max(len(clean(line)) for line in said.splitlines()) <= 90
