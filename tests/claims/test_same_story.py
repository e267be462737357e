"""One story in several places: `claims show` names them, `claims search` counts them once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from db.ledger import Ledger
from tests.told import file_alike

from .conftest import ENGLISH, META, NOW, SENTENCE, Run, evidence_of

LONG = " ".join(f"The company listed item {n} of its plan number {n * 7}." for n in range(30))


@pytest.fixture
def copies(ledger: Path) -> Path:
    """The story of Meta's chips once more, in two magazines that carry an agency's text."""
    with Ledger.open(ledger) as opened:
        for name, head in (("serverhalle", ""), ("netzblatt", "SAN FRANCISCO (AP) — ")):
            text = f"{head}{SENTENCE} {LONG}"
            article = replace(ENGLISH, url=f"https://example.org/{name}", text=text, source=name)
            claim = replace(META, evidence=(evidence_of(article, SENTENCE),))
            opened.store(article, [claim], extractor="1", now=NOW)
    return ledger


def test_show_names_the_other_places(run: Run, config: Path, copies: Path) -> None:
    answer = run("show", "4", "--format", "text", "--config", str(config))
    told = answer.out.partition("The same text in 2 places, which count as one source:\n")[2]
    assert told.splitlines() == [
        "  netzblatt · 2024-01-18 · Meta counts its chips (first, AP, this article)",
        "    https://example.org/netzblatt",
        "  serverhalle · 2024-01-18 · Meta counts its chips",
        "    https://example.org/serverhalle",
    ]
    record = json.loads(run("show", "3", "--format", "ndjson", "--config", str(config)).out)
    assert [(place["source"], place["lead"]) for place in record["same_text"]] == [
        ("netzblatt", True),
        ("serverhalle", False),
    ]


def test_an_article_of_its_own_has_no_such_list(run: Run, config: Path, copies: Path) -> None:
    assert "The same text" not in run("show", "1", "--format", "text", "--config", str(config)).out
    assert json.loads(run("show", "1", "--config", str(config)).out)["same_text"] == []


def test_search_counts_copies_once(run: Run, config: Path, copies: Path) -> None:
    file_alike(copies)
    answer = run("search", "--company", "Meta", "--config", str(config))
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert len({row["story"] for row in rows}) == 2
    assert [(row["sources"], row["tellings"]) for row in rows] == [(2, 3)] * 3


def test_show_tells_why_a_copy_does_not_count(run: Run, config: Path, copies: Path) -> None:
    file_alike(copies)
    page = run("show", "1", "--format", "text", "--config", str(config)).out
    assert page.partition("Told by ")[2].splitlines() == [
        "2 independent sources in 3 articles, 2024-01-18",
        "   1  2024-01-18  cold-aisle   en  [1]",
        "   2  2024-01-18  netzblatt    en  [4]  as told by AP",
        "   -  2024-01-18  serverhalle  en  [3]  the same text as netzblatt",
    ]
