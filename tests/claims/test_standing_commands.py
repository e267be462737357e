"""A claim's sources and history, what came true, and who promised what, as the commands tell it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from claims.listings import DUES, PROMISES, expected_record, promise_record
from db.dues import DueState, dues
from db.promises import record
from db.search import Query
from extractors.claim import Due, Status
from tests.told import Story, tell

from .conftest import Run

YEAR, SUMMER = Due(None, date(2024, 12, 31)), Due(None, date(2025, 6, 30))
SAID = {"subject": "Meta", "speaker": "Mark Zuckerberg"}
META = {"subject": "Meta"}
FACT = META | {"status": Status.ACTUAL}
VERGE, REGISTER = "https://www.theverge.com/1", "https://www.theregister.com/1"
HEISE, HEISE_AGAIN = "https://www.heise.de/1", "https://www.heise.de/2"
LATER = "228 days later: by 2025-06-30 and not by 2024-12-31"
STORIES = [
    Story("plan", date(2024, 1, 18), "Meta will have 1,000 H100 in 2024.", "the-verge", "en",
          url=VERGE, due=YEAR, claim=SAID),
    Story("echo", date(2024, 1, 18), "Meta will 2024 1.000 H100 haben, berichtet The Verge.",
          url=HEISE, same="plan", due=YEAR, claim=SAID),
    Story("golem", date(2024, 1, 19), "Meta will 2024 über 1.000 H100 verfügen.", "golem",
          same="plan", due=YEAR, claim=META),
    Story("delay", date(2024, 9, 2), "Meta verschiebt die 1.000 H100 laut Bloomberg auf Mitte 2025.",
          url=HEISE_AGAIN, relation="revision", to="plan", reason=LATER, due=SUMMER, claim=META),
    Story("fact", date(2025, 7, 1), "Meta runs 600 H100.", "the-register", "en", url=REGISTER,
          relation="outcome", to="delay", reason="a fact after the plan", amount=600.0, claim=FACT),
    Story("other", date(2024, 2, 1), "OpenAI will 2024 1.000 H100 kaufen.", "golem", due=YEAR,
          claim={"subject": "OpenAI"}),
]  # fmt: skip


@pytest.fixture
def ids(config: Path) -> dict[str, int]:
    return tell(config.parent / "claims.db", STORIES)


def page(run: Run, *arguments: str, width: int = 80) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        return run(*arguments).out.splitlines()


def test_show_tells_sources_and_history(ids: dict[str, int], run: Run) -> None:
    told = page(run, "show", str(ids["plan"]), "--format", "text")
    place = told.index("Told by 2 independent sources in 3 articles, 2024-01-18 to 2024-01-19")
    assert told[place + 1 : place + 4] == [
        "   1  2024-01-18  the-verge  en  [1]",
        "   -  2024-01-18  heise      de  [2]  translates The Verge",
        "   2  2024-01-19  golem      de  [3]",
    ]
    assert told[told.index("History") + 1 :] == [
        "> 2024-01-18  planned      Meta: 1,000 NVIDIA H100 by 2024-12-31",
        "                           Mark Zuckerberg · 2 sources · [1]",
        "  2024-09-02  delayed      Meta: 1,000 NVIDIA H100 by 2025-06-30",
        "                           heise · planned · 1 source · [4] · to [1]",
        "                           228 days later: by 2025-06-30 and not by 2024-12-31",
        "  2025-07-01  missed       Meta: 600 NVIDIA H100",
        "                           the-register · actual · 1 source · [5] · to [4]",
        "                           a fact after the plan",
    ]


def test_a_claim_alone_has_neither(ids: dict[str, int], run: Run) -> None:
    text = run("show", str(ids["other"]), "--format", "text").out
    assert "Told by" not in text
    assert "History" not in text


def test_show_for_programs(ids: dict[str, int], run: Run) -> None:
    shown = json.loads(run("show", str(ids["golem"]), "--format", "json").out)
    assert (shown["sources"], shown["tellings"]) == (2, 3)
    assert (shown["first_seen"], shown["last_seen"]) == ("2024-01-18", "2024-01-19")
    assert shown["first_source"] == "the-verge"
    assert [(one["source"], one["counted"], one["why_not"]) for one in shown["told_by"]] == [
        ("the-verge", True, None),
        ("heise", False, "translates The Verge"),
        ("golem", True, None),
    ]
    assert shown["told_by"][1]["origins"] == ["The Verge"]
    history = [(one["id"], one["change"], one["to"], one["reason"]) for one in shown["history"]]
    assert history == [
        (ids["plan"], None, None, None),
        (ids["delay"], "delayed", ids["plan"], LATER),
        (ids["fact"], "missed", ids["delay"], "a fact after the plan"),
    ]
    assert shown["history"][0]["by"] == "Mark Zuckerberg"
    assert shown["history"][2]["status"] == "actual"
    assert shown["history"][2]["link"].startswith(f"{REGISTER}#:~:text=Meta%20runs")


@pytest.mark.parametrize("style", ["text", "table", "json", "ndjson", "csv", "md", "html"])
def test_what_was_missed_with_its_evidence_in_every_format(style: str, ids: dict[str, int], run: Run) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "160")
        answer = run("due", "--missed", "--on", "2025-08-01", "--format", style)
    assert answer.code == 0
    assert "Meta runs 600 H100." in answer.out
    assert "delayed" in answer.out
    assert "missed" in answer.out
    if style in {"html", "json", "ndjson", "csv"}:
        assert REGISTER in answer.out


def test_which_dues_are_asked_for(ids: dict[str, int], run: Run) -> None:
    """The plan that was delayed is no due of its own any more."""
    assert run("due", "--met", "--on", "2025-08-01").code == 1
    answer = run("due", "--missed", "--overdue", "--on", "2025-08-01")
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert [(row["id"], row["state"]) for row in rows] == [
        (ids["delay"], "missed"),
        (ids["other"], "overdue"),
    ]
    assert (rows[0]["moved"], rows[0]["moved_from"]) == ("delayed", "2024-12-31")
    assert (rows[0]["outcome_id"], rows[0]["outcome_day"]) == (ids["fact"], "2025-07-01")
    assert rows[1]["outcome"] is None


def test_search_by_sources_and_by_statements(ids: dict[str, int], run: Run) -> None:
    def found(*asked: str) -> set[int]:
        return {json.loads(line)["id"] for line in run("search", *asked).out.splitlines()}

    assert found("sources:>1") == found("--sources", ">=2") == {ids["plan"], ids["echo"], ids["golem"]}
    assert found("--statements") == {ids["golem"], ids["delay"], ids["fact"], ids["other"]}
    rows = csv.DictReader(io.StringIO(run("search", "--fields", "id,sources", "--format", "csv").out))
    assert {int(row["id"]): row["sources"] for row in rows}[ids["echo"]] == "2"
    assert "Sources" in page(run, "search", "--statements", "--format", "table")[0]


def test_a_record(ids: dict[str, int], run: Run) -> None:
    head, _, titles, *_ = page(run, "record", "facebook", "--on", "2025-08-01", "--format", "table")
    assert head == "Meta: 1 promise: 1 missed; 1 of them delayed"
    assert titles.split()[:3] == ["Promised", "Kept", "Subject"]
    whole = json.loads(run("record", "Meta", "--on", "2025-08-01", "--format", "json").out)
    assert whole["names"] == ["Meta"]
    assert (whole["counts"]["missed"], whole["counts"]["open"], whole["delayed"]) == (1, 0, 1)
    [promise] = whole["promises"]
    assert (promise["promised"], promise["kept"]) == ("2024-01-18", "missed")
    assert promise["outcome_evidence"] == "Meta runs 600 H100."
    person = run("record", "zuckerberg", "--on", "2025-08-01", "--fields", "kept,promised", "--format", "csv")
    assert person.out == "kept,promised\nmissed,2024-01-18\n"  # also where his company revised it


def test_a_record_of_nobody(ids: dict[str, int], run: Run) -> None:
    answer = run("record", "Openei")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("no company or speaker 'Openei' in the ledger; did you mean OpenAI?\n")
    assert run("record", "...").code == 2


def test_records_have_the_fields_they_name(config: Path, ids: dict[str, int]) -> None:
    path = config.parent / "claims.db"
    [promise, *_] = record(path, "Meta", today=date(2025, 8, 1)).promises
    assert tuple(promise_record(promise)) == PROMISES.names
    [one, *_] = dues(path, Query(), today=date(2025, 8, 1), states=set(DueState))
    assert tuple(expected_record(one)) == DUES.names
