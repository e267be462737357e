"""Whatever is wrong: one clear sentence on standard error, the right exit code, nothing stored is lost."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from claims.demo.site import serving
from db.errors import LedgerFull
from db.ledger import Ledger, Stored
from scraper.article import Article

from .conftest import Run

Prepare = Callable[[Path], object]


def nothing(home: Path) -> None:
    """No preparation."""


def file(name: str, content: bytes | str) -> Prepare:
    raw = content.encode() if isinstance(content, str) else content
    return lambda home: (home / name).write_bytes(raw)


def folder(name: str) -> Prepare:
    return lambda home: (home / name).mkdir()


def spoiled(home: Path) -> None:
    (home / "claims.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 8000)


def newer(home: Path) -> None:
    Ledger.open(home / "claims.db").close()
    with closing(sqlite3.connect(home / "claims.db")) as connection:
        connection.execute("PRAGMA user_version = 9999")
        connection.commit()


CONFIG = "--config given.toml"
# what it is, preparation, command, exit code, what the sentence says
CASES: list[tuple[str, Prepare, str, int, str]] = [
    ("no command of that name", nothing, "serch H100", 2, "no such command 'serch'"),
    ("no option of that name", nothing, "search --kompany X", 2, "no such option.*--company"),
    ("an argument missing", nothing, "show", 2, "missing argument 'ID'"),
    ("no number", nothing, "show twelve", 2, "'twelve' is not a valid integer"),
    ("a number below one", nothing, "show 0", 2, "0 is not in the range"),
    ("no claim of that number", nothing, "show 999", 1, "there is no claim 999"),
    ("a number beyond all", nothing, "explain 99999999999999999999", 1, "there is no claim 9{20}"),
    ("no kind", nothing, "search --kind rumour", 2, "'rumour' is not one of"),
    ("no status", nothing, "search --status maybe", 2, "'maybe' is not one of"),
    ("no date", nothing, "search --since soon", 2, "'soon' is no date; write 2024"),
    ("a date that does not exist", nothing, "search --until 2023-02-29", 2, "there is no date '2023-02-29'"),
    ("days the wrong way round", nothing, "search --since 2025 --until 2024", 2, "is after --until"),
    ("no amount", nothing, "search --min many", 2, "'many' is no amount"),
    ("an amount of two readings", nothing, "search --min 1.500", 2, "'1.500' may be 1.5 or 1,500"),
    ("a limit of none", nothing, "search --limit 0", 2, "0 is not in the range"),
    ("no format", nothing, "search --format xml", 2, "'xml' is not one of"),
    (
        "a format of rows for one claim",
        nothing,
        "show 1 --format csv",
        2,
        "'csv' is not one of 'text', 'json'",
    ),
    ("words without a letter", nothing, "search ???", 2, "letter or digit"),
    ("a config that is not there", nothing, f"search {CONFIG}", 2, "given.toml does not exist"),
    ("a config that is a folder", folder("given.toml"), f"run {CONFIG}", 2, "given.toml is a directory"),
    ("bad TOML", file("given.toml", "a ="), f"run {CONFIG}", 2, "is not valid TOML: Invalid value"),
    ("an unknown key", file("given.toml", "stor = 1"), f"run {CONFIG}", 2, "did you mean 'store'"),
    ("a config without sources", file("given.toml", ""), f"run {CONFIG}", 2, "names no sources"),
    ("no source of that name", nothing, "run --source nix", 2, "no source is named 'nix'"),
    (
        "a source switched off",
        file(
            "given.toml", '[[sources]]\nname = "a"\nurl = "https://x.example"\nlang = "de"\nenabled = false'
        ),
        f"run {CONFIG} --source a",
        2,
        "'a': enabled = false in .*given.toml",
    ),
    ("a missing file", nothing, "extract missing.html", 2, "missing.html.*no such file"),
    ("a folder for a file", folder("somewhere"), "add somewhere", 2, "somewhere.*folder"),
    ("an empty file", file("empty.txt", ""), "extract empty.txt", 2, "empty"),
    ("white space only", file("white.txt", " \n\n\t "), "add white.txt", 2, "empty"),
    ("a binary file", file("a.bin", bytes(range(256)) * 50), "add a.bin", 2, "a.bin"),
    ("a PDF", file("a.pdf", b"%PDF-1.7\n" + b"x" * 999), "extract a.pdf", 2, "PDF"),
    (
        "10 MB of text",
        file("big.txt", "word " * 2_000_000),
        "extract big.txt",
        2,
        "larger than 8 MB|more than",
    ),
    ("5 MB of text", file("big.txt", "word " * 1_000_000), "add big.txt", 2, "more than 1,000,000"),
    ("no language", nothing, "extract - --lang xx", 2, "'xx' is not one of"),
    ("no day", nothing, "add x.html --published someday", 2, "'someday' is no date"),
    ("no JSONL file", nothing, "extract --jsonl missing.jsonl", 2, "cannot read missing.jsonl"),
    ("a JSONL folder", folder("lines"), "extract --jsonl lines", 2, "cannot read lines"),
    ("a bad JSONL line", file("a.jsonl", "{\n"), "extract --jsonl a.jsonl", 2, "a.jsonl: line 1: not JSON"),
    ("jsonl with a title", nothing, "extract --jsonl - --title x", 2, "do not go with --jsonl"),
    ("an address that is none", nothing, "add http://", 3, "http://"),
    ("an address of another kind", nothing, "add ftp://example.org/x", 3, "ftp"),
    ("no network", nothing, "add http://127.0.0.1:9/x", 3, "127.0.0.1"),
    (
        "no name server",
        nothing,
        "add http://nowhere.example/x",
        3,
        "x: the host's name nowhere.example cannot be",
    ),
    (
        "a private address",
        nothing,
        "add http://10.0.0.1/x",
        3,
        "10.0.0.1 leads to.*not on the public internet",
    ),
    ("a source that is down", nothing, "run --quiet", 3, 'source=cold-aisle kind="connect error"'),
    ("a ledger that is a folder", folder("claims.db"), "search", 2, "claims.db"),
    ("a ledger that is a folder, writing", folder("claims.db"), "run", 2, "claims.db"),
    ("a ledger that is no ledger", file("claims.db", "hello"), "search", 2, "damaged or not a ledger"),
    ("a damaged ledger", spoiled, "search", 2, "damaged or not a ledger"),
    ("a damaged ledger, writing", spoiled, "run", 2, "damaged or not a ledger"),
    ("a newer ledger", newer, "search", 2, "later version|newer"),
    ("a newer ledger, writing", newer, "add x", 2, "later version|newer"),
]
WITHOUT_LEDGER = {"claims.db"}


@pytest.mark.parametrize(
    ("prepare", "command", "code", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_one_sentence(
    prepare: Prepare,
    command: str,
    code: int,
    message: str,
    config: Path,
    run: Run,
    request: pytest.FixtureRequest,
) -> None:
    prepare(config.parent)
    ours = not (config.parent / "claims.db").exists()
    if ours:
        request.getfixturevalue("ledger")
    answer = run(*command.split())
    assert answer.code == code
    assert re.search(message, answer.err), answer.err
    assert "Traceback" not in answer.err
    assert "a bug" not in answer.err
    assert answer.out == ""
    assert len(answer.err.splitlines()) <= (2 if "given.toml" in command else 1)
    if ours:
        with Ledger.open(config.parent / "claims.db") as kept:
            assert kept.counts().claims == 2


def test_no_ledger_yet(config: Path, run: Run) -> None:
    answer = run("search", "H100")
    assert answer.code == 2
    assert "there is no ledger at" in answer.err
    assert not (config.parent / "claims.db").exists()


def test_no_configuration(home: Path, run: Run) -> None:
    answer = run("run")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("claims: no configuration found (looked at config.toml")


def test_a_locked_ledger(ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger.open.__func__, "__kwdefaults__", {"wait": 0.1})
    with closing(sqlite3.connect(ledger)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = run("run", "--force")
    assert answer.code == 2
    assert "in use by another process" in answer.err


def test_a_ledger_that_may_not_be_written(ledger: Path, run: Run) -> None:
    (ledger.parent / "elsewhere").write_text("[store]\npath = '/proc/claims.db'\n[[sources]]\n")
    answer = run("run", "--config", "elsewhere")
    assert (answer.code, "Traceback" in answer.err) == (2, False)


def test_a_ledger_that_fails_in_the_middle_of_a_round(
    config: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The round ends there, in one sentence; what was stored before stays."""
    keep, asked = Ledger.store, []

    def full(self: Ledger, article: Article, *rest: Any, **more: Any) -> Stored:
        asked.append(article)
        if len(asked) == 3:
            raise LedgerFull("no room left for claims.db: free disk space")
        return keep(self, article, *rest, **more)

    monkeypatch.setattr(Ledger, "store", full)
    monkeypatch.setattr("claims.reading.extract", lambda article: ([], "1"))
    with serving() as base:
        text = config.read_text().replace("http://127.0.0.1:9", base)
        config.write_text(text.replace("allow_hosts", "min_gap = 0\nallow_hosts"))
        answer = run("run")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "claims: no room left for claims.db: free disk space\n"
    with Ledger.open(config.parent / "claims.db") as kept:
        assert (kept.counts().articles, kept.integrity()) == (2, [])


def test_a_bug_is_called_one(config: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("claims.commands.search.ledger_path", broken)
    answer = run("search")
    assert answer.code == 70
    assert answer.err == "claims: unexpected ZeroDivisionError: oops (a bug; CLAIMS_DEBUG=1 shows where)\n"


def test_ctrl_c(config: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("claims.commands.search.ledger_path", interrupted)
    answer = run("search")
    assert (answer.code, answer.out) == (130, "")
    assert answer.err.startswith("claims: interrupted")
