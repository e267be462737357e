"""The benchmarks that judge: bins of confidence, figures by kind, field and language, blocks of a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import breakdown, calibration, predictions
from benchmarks.breakdown import by_kind, count, rate
from benchmarks.calibration import bins, judge
from benchmarks.predictions import Judged, PredictionsError, held, write_block


def claim(**fields: Any) -> dict[str, Any]:
    plain = {"kind": "jobs", "subject": "Norvik", "quantity": [5, 5], "unit": "jobs", "object": None}
    return {**plain, "status": "planned", "due": None, "evidence": ["It adds 5 jobs."], **fields}


def article(name: str, lang: str, *claims: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "lang": lang, "claims": list(claims)}


@pytest.fixture
def judged() -> Judged:
    """A right claim, one right but for its status, one wrong; an empty article with a claim, one without."""
    rows = [
        article("a", "de", claim(), claim(subject="Halden"), claim(subject="Missed")),
        article("b", "en", claim(kind="users", unit="users")),
        article("c", "en"),
        article("d", "de"),
    ]
    found = {
        "a": [claim(confidence=0.91), claim(subject="Halden", status="actual", confidence=0.55)],
        "b": [claim(kind="users", unit="users", quantity=[6, 6], confidence=0.5)],
        "c": [claim(confidence=1.0)],
        "d": [],
    }
    return Judged("some", rows, found)


def test_confidence_is_set_beside_what_is_right(judged: Judged) -> None:
    pairs = judge(judged)
    assert sorted(pairs) == [(0.5, False), (0.55, True), (0.91, True), (1.0, False)]
    parts = bins(pairs)
    assert [part.count for part in parts] == [0, 0, 0, 0, 0, 2, 0, 0, 0, 2]
    assert (parts[5].stated, parts[5].right) == (pytest.approx(0.525), 0.5)


@pytest.mark.parametrize(
    ("confidence", "right", "number", "verdict"),
    [(0.55, 6, 10, "ok"), (0.55, 3, 10, "short"), (0.55, 0, 9, "too few"), (0.45, 6, 10, "short")],
)
def test_a_bin_is_judged_by_its_distance(confidence: float, right: int, number: int, verdict: str) -> None:
    pairs = [(confidence, position < right) for position in range(number)]
    part = bins(pairs)[int(confidence * 10)]
    assert part.verdict == verdict
    assert f" {verdict} |" in calibration.report(bins(pairs))


def test_figures_by_kind_field_and_language(judged: Judged) -> None:
    counts = count(judged)
    core, full = by_kind(counts, "all", "core"), by_kind(counts, "all", "full")
    assert (core["all"]["gold"], core["all"]["found"]) == (4, 4)
    assert (core["jobs"]["p"], core["jobs"]["r"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert full["jobs"]["r"] == pytest.approx(1 / 3)
    assert core["users"]["f1"] == 0.0
    assert by_kind(counts, "de", "core")["all"]["p"] == 1.0
    assert (counts.agreeing["de", "status"], counts.matched["de"], counts.matched["en"]) == (1, 2, 0)
    assert (rate(counts, "en"), rate(counts, "de"), rate(counts, "all")) == (10.0, 0.0, 5.0)


def test_errors_fall_into_classes() -> None:
    chip = {"kind": "order", "object": "Chip A", "unit": "units"}
    rows = [article("a", "en", claim(), claim(quantity=[7, 7]), claim(**chip))]
    found = [claim(subject="Halden"), claim(**{**chip, "object": "Chip B"}), claim(quantity=[8, 8])]
    counts = count(Judged("some", rows, {"a": found}))
    assert {name: counts.errors["en", name] for name in breakdown.CLASSES} == dict.fromkeys(
        breakdown.CLASSES, 1
    )


def test_the_report_names_what_is_too_much(judged: Judged) -> None:
    told = breakdown.report(count(judged))
    assert "| en             |        1 |      1 | 10.00 |     1 | too many |" in told
    assert "| de             |        1 |      0 |  0.00 |     1 |       ok |" in told


def test_held_back_predictions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles of the same tenth count although nothing was found in them; beliefs become confidences."""
    rows = [article(f"t-{i:03}", "en", claim()) for i in range(1, 21)]
    monkeypatch.setattr(predictions, "load", lambda pattern: rows)
    file = tmp_path / "held.jsonl"
    file.write_text(json.dumps({"article": "t-020", **claim(), "belief": 1.0}), encoding="utf-8")
    judged = held(file)
    assert [row["id"] for row in judged.articles] == ["t-010", "t-020"]
    assert judged.found["t-010"] == []
    assert 0.5 < judged.found["t-020"][0]["confidence"] <= 1.0
    file.write_text(json.dumps({"article": "elsewhere", **claim(), "belief": 1.0}), encoding="utf-8")
    with pytest.raises(PredictionsError, match="elsewhere"):
        held(file)


@pytest.mark.parametrize("content", ["", "{", '{"article": "a"}'])
def test_predictions_that_cannot_be_used(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "held.jsonl"
    file.write_text(content, encoding="utf-8")
    assert calibration.main(["--held", str(file)]) == 2
    assert breakdown.main(["--held", str(file)]) == 2
    assert str(file) in capsys.readouterr().err


PAGE = predictions.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("articles", ["dev", "held back"])
@pytest.mark.parametrize("name", ["breakdown", "calibration"])
def test_the_page_of_limits_holds_the_present_figures(name: str, articles: str) -> None:
    block = PAGE.partition(f"<!-- {name} {articles}: ")[2].partition(f"<!-- /{name} {articles} -->")[0]
    held = " --held FILE" if articles == "held back" else ""
    todo = f"the models have changed: run python -m benchmarks.{name}{held} --write"
    assert f"models of digest {predictions.model_digest()}." in block, todo


def test_a_block_of_a_page_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures: by us -->\nold\n<!-- /figures -->\nafter\n", encoding="utf-8")
    write_block(page, "figures", "new")
    wanted = "before\n<!-- figures: by us -->\nnew\n<!-- /figures -->\nafter\n"
    assert page.read_text(encoding="utf-8") == wanted
    with pytest.raises(PredictionsError, match="others"):
        write_block(page, "others", "new")
    assert page.read_text(encoding="utf-8") == wanted
