"""extract, add, explain FILE, run, doctor, demo: the commands that read articles."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims.demo.site import pages, serving, stories
from claims.lock import round_lock
from db.ledger import Ledger
from extractors.claim import Kind

from .conftest import Run

ROOT = Path(__file__).parents[2]
SAYS = "Meta will have about 350,000 Nvidia H100 GPUs by the end of 2024, Mark Zuckerberg said."
SAGT = "Bis Ende 2024 will Meta rund 350.000 Nvidia H100 im Einsatz haben, schrieb Mark Zuckerberg."
FIELDS = {
    "article",
    "kind",
    "subject",
    "object",
    "equivalent",
    "quantity",
    "approx",
    "unit",
    "due",
    "status",
    "speaker",
    "counterparty",
    "confidence",
    "evidence",
    "spans",
}


def row(name: str, text: str, /, **more: Any) -> bytes:
    fields = {"id": name, "lang": "en", "published": "2024-01-18", "title": "News", "text": text}
    return json.dumps(fields | more).encode() + b"\n"


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_the_machine_interface(home: Path, run: Run) -> None:
    stdin = row("a", SAYS) + row("b", "Nothing to see here.") + row("c", SAGT, lang=None)
    answer = run("extract", "--jsonl", "-", stdin=stdin)
    assert (answer.code, answer.err) == (0, "")
    first, second = lines(answer.out)
    assert set(first) == FIELDS
    assert (first["article"], second["article"]) == ("a", "c")
    for claim, text in ((first, SAYS), (second, SAGT)):
        assert (claim["kind"], claim["subject"], claim["object"]) == ("deployment", "Meta", "NVIDIA H100")
        assert (claim["quantity"], claim["approx"], claim["unit"]) == ([350_000, 350_000], True, "units")
        assert (claim["due"], claim["status"]) == ([None, "2024-12-31"], "planned")
        span = claim["spans"][0]
        assert span["in"] == "text"
        assert text[span["start"] : span["end"]] == claim["evidence"][0]


def test_bad_lines_are_named_and_the_others_go_on(home: Path, run: Run) -> None:
    (home / "a.jsonl").write_bytes(row("a", SAYS) + b"{oops\n" + row("b", SAYS) + row("", SAYS))
    answer = run("extract", "--jsonl", "a.jsonl")
    assert answer.code == 2
    assert [claim["article"] for claim in lines(answer.out)] == ["a", "b"]
    said = answer.err.splitlines()
    assert [problem.split(": ")[1:3] for problem in said] == [["a.jsonl", "line 2"], ["a.jsonl", "line 4"]]


@pytest.mark.parametrize("more", [{"lang": None, "text": "123 456"}, {"published": None}])
def test_an_odd_article_is_no_error(more: dict[str, Any], home: Path, run: Run) -> None:
    answer = run("extract", "--jsonl", stdin=row("a", SAYS) + row("b", "Hm.", **more))
    assert (answer.code, answer.err) == (0, "")
    assert [claim["article"] for claim in lines(answer.out)] == ["a"]


def test_a_language_without_words_is_named_with_its_line(home: Path, run: Run) -> None:
    answer = run("extract", "--jsonl", stdin=row("a", SAYS, lang="EN-us") + row("b", SAYS, lang="xx"))
    assert answer.code == 2
    assert [claim["article"] for claim in lines(answer.out)] == ["a"]
    assert answer.err == "claims: -: line 2: there are no words for the language 'xx'; known: de, en\n"


def test_other_formats_of_the_lines(home: Path, run: Run) -> None:
    out = run("extract", "--jsonl", "--format", "csv", stdin=row("a", SAYS)).out
    assert out.splitlines()[0].startswith("article,kind,subject")


def test_extract_from_standard_input(home: Path, run: Run) -> None:
    answer = run("extract", "--published", "2024-01-18", "--lang", "de", stdin=SAGT.encode())
    assert [claim["article"] for claim in lines(answer.out)] == ["-"]
    nothing = run("extract", stdin=b"The weather was fine, and nobody said anything about it at all.")
    assert (nothing.code, nothing.out, nothing.err) == (1, "", "nothing found\n")


def test_explain_a_file(home: Path, run: Run) -> None:
    (home / "a.txt").write_text(f"{SAYS} The memory has 80 GB.")
    answer = run("explain", "a.txt", "--published", "2024-01-18")
    assert answer.code == 0
    assert "Meta: ~350,000 NVIDIA H100 by 2024-12-31" in answer.out
    assert "1 claim, " in answer.out
    assert "turned down" in answer.out


def test_add_a_file_twice(config: Path, run: Run) -> None:
    body = f"<article><h1>News</h1><p>{SAYS}</p></article>"
    page = f"<html><head><title>News</title></head><body>{body}</body></html>"
    (config.parent / "a.html").write_text(page)
    first = run("add", "a.html", "--published", "2024-01-18", "--lang", "en")
    assert (first.code, first.out) == (0, "")
    assert "added with 1 claim" in first.err
    assert "already there, unchanged" in run("add", "a.html", "--published", "2024-01-18").err
    found = lines(run("search", "H100").out)
    assert [(claim["subject"], claim["quantity"]) for claim in found] == [("Meta", [350_000, 350_000])]


def test_one_bad_place_does_not_stop_the_others(config: Path, run: Run) -> None:
    (config.parent / "a.txt").write_text(f"News\n\n{SAYS}")
    answer = run("add", "missing.txt", "http://127.0.0.1:9/x", "a.txt", "--published", "2024-01-18")
    assert answer.code == 3
    missing, unreachable, added = answer.err.splitlines()
    assert missing == "claims: missing.txt: there is no such file"
    assert unreachable.startswith("claims: http://127.0.0.1:9/x: robots.txt cannot be read (connect error)")
    assert added == "News: added with 1 claim"
    assert len(lines(run("search").out)) == 1


def test_add_an_address(config: Path, run: Run) -> None:
    with serving() as base:
        answer = run("add", f"{base}/en/meta-compute-plan.html")
    assert answer.code == 0, answer.err
    claim = lines(run("search", "--company", "Meta", "--max", "400k").out)[0]
    assert (claim["published"], claim["quantity"]) == ("2024-01-18", [350_000, 350_000])


def test_run_twice_adds_nothing(home: Path, run: Run) -> None:
    with serving() as base:
        host = base.removeprefix("http://")
        source = f'[[sources]]\nname = "cold-aisle"\nurl = "{base}/en/feed.xml"\nlang = "en"\n'
        (home / "config.toml").write_text(f'[fetch]\nmin_gap = 0.01\nallow_hosts = ["{host}"]\n{source}')
        first = run("run")
        before = run("search", "--limit", "100").out
        quiet = run("run", "--quiet")
        forced = run("run", "--force")
    assert first.code == 0
    assert f"1 source asked: {len(stories('en'))} new articles, " in first.err.splitlines()[-1]
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert forced.code == 0
    assert "1 source asked: no new articles, no claims, no problems" in forced.err.splitlines()[-1]
    assert run("search", "--limit", "100").out == before


def test_a_round_at_work_turns_the_next_away(ledger: Path, run: Run) -> None:
    with round_lock(ledger):
        answer = run("run", "--quiet")
    assert answer.code == 3
    assert "another round (process" in answer.err


def test_doctor_when_all_is_well(ledger: Path, run: Run) -> None:
    answer = run("doctor")
    verdicts = {finding["about"]: finding["verdict"] for finding in lines(answer.out)}
    assert answer.code == 0, answer.out
    assert verdicts["words and models"] == "ok"
    assert verdicts["ledger"] == "ok"
    assert "source cold-aisle" in verdicts


@pytest.mark.parametrize(
    ("spoil", "about"),
    [
        (lambda home: (home / "claims.db").write_bytes(b"no ledger"), "ledger"),
        (lambda home: (home / "config.toml").write_text("stor = 1"), "configuration"),
        (lambda home: (home / "config.toml").unlink(), "configuration"),
    ],
    ids=["ledger", "bad configuration", "no configuration"],
)
def test_doctor_finds_what_is_broken(spoil: Any, about: str, ledger: Path, run: Run) -> None:
    spoil(ledger.parent)
    answer = run("doctor")
    assert answer.code == 2
    assert [finding["about"] for finding in lines(answer.out) if finding["verdict"] == "failed"] == [about]


def test_doctor_online(config: Path, run: Run) -> None:
    answer = run("doctor", "--online")
    broken = [finding for finding in lines(answer.out) if finding["verdict"] == "failed"]
    assert answer.code == 3
    assert [finding["about"] for finding in broken] == ["source cold-aisle online"]
    assert not (config.parent / "claims.db").exists()


def test_doctor_names_another_owner(config: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: {"db": ["other-db"]})
    assert "the package 'db' also belongs to other-db" in run("doctor").out


def test_the_demonstration(home: Path, run: Run) -> None:
    answer = run("demo", "--keep", "kept")
    assert answer.code == 0, answer.err
    assert "2 sources asked: 14 new articles, " in answer.out
    answered = answer.out.rpartition("$ claims search H100")[2]
    assert answered.count("350,000") >= 4
    with Ledger.open(home / "kept" / "claims.db") as ledger:
        assert ledger.integrity() == []
    found = lines(run("search", "--limit", "100", "--config", "kept/config.toml").out)
    assert {claim["kind"] for claim in found} == {str(kind) for kind in Kind}
    assert {claim["lang"] for claim in found} == {"de", "en"}
    assert not [claim for claim in found if "messe-in-zahlen" in claim["article"]]
    said = " ".join(text for claim in found for text in claim["evidence"])
    assert not [noise for noise in ("Anzeige", "readers", "server racks", "Partner") if noise in said]


def test_the_bundled_site() -> None:
    shelf = {lang: stories(lang) for lang in ("de", "en")}
    assert min(map(len, shelf.values())) >= 5
    retold = [story for both in shelf.values() for story in both if "350" in "".join(story.paragraphs)]
    assert len(retold) >= 4
    assert {story.published.date().isoformat() for story in retold} == {"2024-01-18", "2024-01-19"}
    served = pages("http://127.0.0.1:1")
    for name in ("/de/feed.xml", "/en/feed.xml", "/robots.txt"):
        assert served[name][1]
    assert not [name for name, (_, body) in served.items() if b"$title" in body or b"$url" in body]


def test_as_a_process(ledger: Path) -> None:
    """The console script's own end: exit code, a reader that leaves early, a full disk."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "claims", "search", "--config", str(ledger.parent / "config.toml")]
    done = subprocess.run([*command, "zebra"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "nothing found\n")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as left:
        assert left.stdout is not None
        assert left.stderr is not None
        left.stdout.close()
        assert left.stderr.read() == b""
    assert left.returncode == 0
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert (done.returncode, done.stderr) == (
            2,
            "claims: cannot write the output: No space left on device\n",
        )


def test_lines_stream_and_ctrl_c_ends_them(home: Path) -> None:
    """The first claim is out while the input is still open; an interrupt then says so in one sentence."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    command = [sys.executable, "-m", "claims", "extract", "--jsonl"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, **pipes) as process:  # type: ignore[call-overload]
        process.stdin.write(row("a", SAYS))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["article"] == "a"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
    assert process.returncode == 130
    assert said.splitlines() == ["claims: interrupted; what was stored so far is kept"]
