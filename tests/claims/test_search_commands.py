"""claims search in the query language, claims due, and how both are written."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import wording
from claims.listings import DUES, FOUND_BY_WORDS, HIT_NAMES, expected_record, hit_record
from claims.present import _aligned
from db.dues import dues
from db.ledger import Ledger
from db.search import Query, search

from .conftest import ENGLISH, META, NOW, SENTENCE, Run

QUESTIONS = [
    ("search company:meta", [1]),
    ("search company:facebook", [1]),
    ("search --company facebook --product h100", [1]),
    ("search -company:meta", [2]),
    ("search -company:meta --lang de", [2]),
    ("search H100 OR Milliarden --min 1m", [2]),
    ("search H100 amount:>100k due:<2025 lang:en source:newswire", []),
    ("search --due <2025 --amount >=350k --published 2024", [1]),
    ("search --due 2025", []),
    ("search --speaker zuckerberg", [1]),
    ("search ( h100 OR zebra ) NOT denied", [1]),
]


@pytest.mark.parametrize(("question", "ids"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_search(question: str, ids: list[int], ledger: Path, run: Run) -> None:
    answer = run(*question.split())
    assert [json.loads(line)["id"] for line in answer.out.splitlines()] == ids
    assert answer.code == (0 if ids else 1)


def test_an_unknown_name_gets_a_proposal(ledger: Path, run: Run) -> None:
    answer = run("search", "--company", "Metta")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "nothing found\nno company 'Metta' in the ledger; did you mean Meta?\n"


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (("h100", "due:<20x5"), "is no date"),
        (("(h100",), "not closed"),
        (("--amount", "lots"), "amount: 'lots' is no amount"),
        (("--fields", "id,amont"), "there is no field 'amont'; the fields are id, kind"),
        (("--fields", " , "), "no field is named"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    question: tuple[str, ...], says: str, ledger: Path, run: Run
) -> None:
    answer = run("search", *question)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=12), max_size=3), st.sampled_from(["search", "due"]))
def test_whatever_is_typed_there_is_no_traceback(
    ledger: Path, run: Run, typed: list[str], command: str
) -> None:
    answer = run(command, "--", *typed)
    assert answer.code in {0, 1, 2}
    assert bool(answer.out) == (answer.code == 0)


# How it is written


def test_chosen_fields_in_each_format(ledger: Path, run: Run) -> None:
    def said(style: str, fields: str = "of,id,amount,due_end") -> str:
        return run("search", "H100", "--fields", fields, "--format", style).out

    assert json.loads(said("ndjson")) == {
        "of": "NVIDIA H100", "id": 1, "amount": "~350,000", "due_end": "2024-12-31"
    }  # fmt: skip
    assert json.loads(said("json"))[0]["id"] == 1
    assert said("csv") == 'of,id,amount,due_end\nNVIDIA H100,1,"~350,000",2024-12-31\n'
    assert said("md").splitlines()[::2] == [
        "| Of | Id | Amount | due_end |",
        "| NVIDIA H100 | 1 | ~350,000 | 2024-12-31 |",
    ]
    assert said("table").split()[:4] == ["Of", "Id", "Amount", "due_end"]
    assert "<th>due_end</th>" in said("html")
    at = SENTENCE.index("H100")
    assert json.loads(said("ndjson", "quantity,found_in")) == {
        "quantity": [350000, 350000], "found_in": wording.around(SENTENCE, at, at + 4)
    }  # fmt: skip


def test_every_field_can_be_chosen(ledger: Path, run: Run) -> None:
    for command in ("search", "due"):
        listing = FOUND_BY_WORDS if command == "search" else DUES
        for style in ("csv", "ndjson", "md", "html", "table"):
            answer = run(command, "--fields", ",".join(listing.fields()), "--format", style, *_ON[command])
            assert (answer.code, answer.err) == (0, "")


_ON = {"search": (), "due": ("--on", "2024-01-20")}


def test_the_names_of_fields_are_those_of_the_record(ledger: Path) -> None:
    [hit] = search(ledger, Query("H100"))
    assert tuple(hit_record(hit)) == HIT_NAMES
    [one] = dues(ledger, Query(), today=NOW.date().replace(year=2024))
    assert tuple(expected_record(one)) == DUES.names


def test_words_are_marked(ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    monkeypatch.setenv("COLUMNS", "160")
    table = run("search", "chip* OR h100", "--format", "table").out
    assert "\x1b[1;33mH100" in table
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("search", "h100", "--format", "table").out
    assert "<mark>H100</mark>" in run("search", "h100", "--format", "html").out
    assert "<mark>" not in run("search", "company:meta", "--format", "html").out


def test_a_marked_word_may_be_inflected(ledger: Path) -> None:
    [hit] = search(ledger, Query("standorte milliarden"))
    text = "Der Standort kostet Milliarden, am Standorten."
    assert [text[start:end] for start, end in hit.marked(text)] == ["Standort", "Milliarden", "Standorten"]


def test_a_phrase_is_marked_as_written(ledger: Path) -> None:
    [hit] = search(ledger, Query('"H100" company:meta'))
    assert hit.marked("H100 und H100s") == [(0, 4)]
    [hit] = search(ledger, Query("h100"))
    assert hit.marked("H100 and H100s") == [(0, 4), (9, 14)]
    [hit] = search(ledger, Query("h1*"))
    assert hit.marked("H100 and AH1") == [(0, 4)]


HOSTILE = "<script>alert(1)</script>\u202e|`x`\x1b[31m\"'&"


def test_hostile_text_stays_text(ledger: Path, run: Run) -> None:
    """A name of a page may hold markup of every format, and what a terminal would obey."""
    bad = replace(ENGLISH, url="javascript:alert(1)", source=HOSTILE, title=HOSTILE)
    with Ledger.open(ledger) as opened:
        claim = replace(META, subject="=HYPERLINK(1)" + HOSTILE, counterparty=HOSTILE)
        opened.store(bad, [claim], extractor="1", now=NOW)
    for style in ("html", "md", "csv", "table", "text"):
        said = run("search", "hyperlink", "--format", style).out
        assert "HYPERLINK" in said
        assert not {"\x1b", "\u202e"} & set(said)
        if style in {"html", "md"}:
            assert "<script" not in said
        if style == "csv":
            assert next(csv.DictReader(io.StringIO(said)))["subject"].startswith("'=HYPERLINK")
    page = run("search", "hyperlink", "--format", "html").out
    assert "href" not in page
    HTMLParser().feed(page)


def test_amounts_stand_above_each_other() -> None:
    assert _aligned(["Amount", "350,000", "~1.5 bn EUR", "", "10–20 GW"]) == [
        " Amount       ",
        "350,000       ",
        "   ~1.5 bn EUR",
        "              ",
        "  10–20 GW    ",
    ]


@pytest.mark.parametrize(
    ("span", "expected"),
    [((0, 3), "one two…"), ((8, 13), "…three four…"), ((19, 23), "…five six")],
)
def test_some_words_around_a_span(span: tuple[int, int], expected: str) -> None:
    said = wording.around("one two three four five six", *span, most=12)
    assert "one two three four five six"[slice(*span)] in said
    assert said.startswith("…") == expected.startswith("…")
    assert said.endswith("…") == expected.endswith("…")


# claims due


def test_due(ledger: Path, run: Run) -> None:
    answer = run("due", "--on", "2024-12-20")
    record = json.loads(answer.out)
    assert (record["id"], record["state"], record["days"]) == (1, "soon", 11)
    assert record["evidence"] == [SENTENCE]
    assert run("due", "--on", "2024-12-20", "--within", "10d").code == 1
    assert run("due", "--on", "2024-12-20", "--within", "2w", "company:facebook").code == 0
    assert run("due", "--on", "2024-12-20", "--overdue").err == "nothing found\n"
    assert json.loads(run("due", "--on", "2025-01-01", "--overdue").out)["state"] == "overdue"
    assert run("due", "--on", "2025-01-01").code == 1
    assert run("due", "company:metta").err.endswith("did you mean Meta?\n")


@pytest.mark.parametrize(
    ("day", "when"), [("2024-12-31", "today"), ("2024-12-30", "in 1 day"), ("2025-01-02", "2 days ago")]
)
def test_due_in_words(day: str, when: str, ledger: Path, run: Run) -> None:
    said = run("due", "--on", day, "--within", "1y", "--overdue", "--format", "text").out
    assert f", {when}: [1] Meta: ~350,000 NVIDIA H100 by 2024-12-31" in said
    assert SENTENCE in said


@pytest.mark.parametrize(("period", "days"), [("30d", 30), ("6w", 42), ("3m", 93), ("1y", 366), ("7", 7)])
def test_a_period(period: str, days: int, ledger: Path, run: Run) -> None:
    from datetime import date, timedelta  # noqa: PLC0415  beside its only use

    on = date(2024, 12, 31) - timedelta(days=days)
    assert run("due", "--on", str(on), "--within", period).code == 0
    assert run("due", "--on", str(on - timedelta(days=1)), "--within", period).code == 1


@pytest.mark.parametrize("period", ["soon", "-1", "3 x", "99999d"])
def test_no_period(period: str, ledger: Path, run: Run) -> None:
    answer = run("due", f"--within={period}")
    assert answer.code == 2
    assert "is no number of days" in answer.err
