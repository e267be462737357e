"""`claims explain` for people and for programs: decisions in plain words, what was turned down, and why."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from claims.decisions import decisions, grounds_in_words, sureness
from claims.demo.site import stories
from claims.grounds import _CUES, _SMALL, phrase
from db.ledger import Ledger
from extractors.claim import Reason
from extractors.pipeline import explain
from scraper.article import Article, Instant

from .conftest import NOW, Run

ROOT = Path(__file__).parents[2]
SAYS = "Meta will have about 350,000 Nvidia H100 GPUs by the end of 2024, Mark Zuckerberg said."
SAGT = "Bis Ende 2024 will Meta rund 350.000 Nvidia H100 im Einsatz haben, schrieb Mark Zuckerberg."
DATASHEET = "The memory has 80 GB. The card has 2,480 cores."


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "a.txt"
    path.write_text(f"{SAYS} {DATASHEET}", encoding="utf-8")
    return path


@pytest.mark.parametrize(("lang", "text"), [("en", SAYS), ("de", SAGT)])
def test_each_decision_is_told_in_plain_words(lang: str, text: str, home: Path, run: Run) -> None:
    (home / "a.txt").write_text(text, encoding="utf-8")
    said = run("explain", "a.txt", "--published", "2024-01-18", "--lang", lang).out
    block = said.split("\n\n")[0]
    assert block.startswith("Meta: ~350,000 NVIDIA H100 by 2024-12-31 (deployment, planned")
    for start in (
        "  kind         deployment (",
        "  of what      NVIDIA H100 (",
        "  who          Meta (",
        "  when         “",
        "  who says so  Mark Zuckerberg (",
        "  how firm     planned (",
    ):
        assert f"\n{start}" in block
    assert block.count("for: ") >= 5
    assert "chooser" not in said
    assert "grade=" not in said


def test_what_was_turned_down_is_told_with_its_reason(file: Path, run: Run) -> None:
    said = run("explain", file.name, "--published", "2024-01-18").out
    assert "1 claim, " in said
    assert "\n2,480: turned down, no claim hangs on it\n  “The card has 2,480 cores.”\n" in said


def test_raw_names_are_for_the_verbose(file: Path, run: Run) -> None:
    raw = re.compile(r"\[[^\]]+ [+-]\d+\.\d\]")
    said = run("explain", file.name, "--verbose", "--published", "2024-01-18").out
    assert raw.search(" ".join(said.split()))
    assert not raw.search(" ".join(run("explain", file.name, "--published", "2024-01-18").out.split()))


def test_the_machine_form(file: Path, run: Run) -> None:
    record = json.loads(run("explain", file.name, "--json", "--published", "2024-01-18").out)
    claim = record["claims"][0]
    assert (claim["subject"], claim["quantity"]) == ("Meta", [350_000, 350_000])
    about = {decision["field"]: decision for decision in claim["decisions"]}
    assert list(about) == ["kind", "object", "subject", "due", "speaker", "status"]
    assert about["subject"]["settled"] == "Meta"
    assert all({"feature", "weight", "words"} == set(g) for d in about.values() for g in d["grounds"])
    turned = next(each for each in record["rejected"] if each["what"] == "2,480")
    span = turned["spans"][0]
    assert file.read_text("utf-8")[span["start"] : span["end"]] == turned["evidence"][0]


def test_a_stored_claim_has_the_same_machine_form(ledger: Path, run: Run) -> None:
    record = json.loads(run("explain", "1", "--json").out)
    (claim,) = record["claims"]
    assert (claim["id"], claim["subject"], record["extractor"]) == (1, "Meta", "1")
    assert claim["decisions"][0]["detail"] == "will have"


@pytest.mark.parametrize("width", [30, 59, 60, 100])
def test_lines_keep_to_the_width(width: int, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.commands.explain.text_width", lambda out: width)
    said = run("explain", file.name, "--published", "2024-01-18").out
    assert [line for line in said.splitlines() if len(line) > width] == []
    assert "\x1b" not in said


def test_nothing_of_the_page_reaches_the_terminal_as_a_command(config: Path, run: Run) -> None:
    """Reasons hold words of the page; here a stored one tries to change colours."""
    evil = "deployment: c:\x1b[31mred +1.0, s:deploy +0.5"
    article = Article("https://example.org/x", "T", SAYS, "en", None)
    claim = explain(article).claims[0]
    with Ledger.open(config.parent / "claims.db") as ledger:
        changed = type(claim)(
            **{name: getattr(claim, name) for name in claim.__slots__ if name != "reasons"},
            reasons=(Reason("kind", "chooser", evil, 0.7),),
        )
        ledger.store(article, [changed], extractor="1", now=NOW)
    assert "“red” in its clause" in run("explain", "1").out
    assert "\x1b" not in run("explain", "1", "--json").out


def only(field: str, rule: str, detail: str, score: float | None = None) -> Any:
    return decisions([Reason(field, rule, detail, score)], SAYS)[0]


@pytest.mark.parametrize(
    ("field", "rule", "detail", "settled"),
    [
        ("due", "chooser", "by the end of 2024 (late year): same clause +1.2", "“by the end of 2024”"),
        ("due", "chooser", "none: none +0.9", "no time"),
        ("kind", "chooser", "none", "no claim"),
        ("speaker", "chooser", "nobody: none +0.6", "nobody named"),
        ("due", "quarter", "in Q3", "“in Q3”, the time that it hangs on"),
        (
            "claim",
            "threshold",
            "belief 0.16 below 0.29",
            "not sure enough: all in all 0.16, and claims are told from 0.29 on",
        ),
        (
            "claim",
            "candidates",
            "no party",
            "no party, site or system is named that it could be about",
        ),
        ("claim", "supposition", "the sentence only supposes", "the sentence only supposes"),
        ("kind", "cue", "will have", "cue: will have"),
    ],
)
def test_what_was_settled(field: str, rule: str, detail: str, settled: str) -> None:
    assert only(field, rule, detail).settled == settled


def test_grounds_are_split_into_for_and_against() -> None:
    decision = only("speaker", "chooser", "X: prev=, +0.5, none+say -1.7, subject=True|next=| +0.2", 0.5)
    assert [(g.feature, g.weight) for g in decision.grounds] == [
        ("prev=,", 0.5),
        ("none+say", -1.7),
        ("subject=True|next=|", 0.2),
    ]
    told = grounds_in_words(decision, against=False, verbose=False)
    assert told == "stands behind “,”; “|” follows"
    assert grounds_in_words(decision, against=True, verbose=True).endswith("[none+say -1.7]")


def test_the_same_word_is_told_once_where_it_stands_nearest() -> None:
    decision = only("kind", "chooser", "jobs: s:jobs +1.5, k:jobs> +1.1, cl:jobs +1.1, ne:jobs> +1.0")
    told = grounds_in_words(decision, against=False, verbose=False)
    assert told == "a word of jobs and staff right behind the amount"


@pytest.mark.parametrize(
    ("field", "feature", "words"),
    [
        ("kind", "c:instal", "“install” in its clause"),
        ("kind", "w:anlag", "“anlag” in the sentence"),
        ("kind", "currency|mg=9", "the number is in the billions"),
        ("kind", "mg=16", "the number is beyond ten billions"),
        ("kind", "product:listed>0", "a product of the catalogue right behind the amount"),
        ("object", "order|back=2", "named two sentences earlier"),
        ("subject", "users|gap<12", "up to 12 words before the amount"),
        ("due", "time past+fact", "a time of the past, with a word of what is or was"),
        ("status", "its person|cl:plan", "a word of planning in its clause"),
        ("status", "role:type unknown", "a name beside it that is in no list"),
        ("status", "s:will", "“will” in the sentence"),
        ("kind", "bias", None),
        ("kind", "something new", None),
    ],
)
def test_features_in_words(field: str, feature: str, words: str | None) -> None:
    assert phrase(field, feature, "They will install a few.") == words


def test_every_list_of_cues_has_words() -> None:
    for lang in ("de", "en"):
        text = (ROOT / "extractors" / "languages" / f"{lang}.toml").read_text(encoding="utf-8")
        assert set(tomllib.loads(text)["cues"]) <= {*_CUES, *_SMALL}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_most_of_what_is_told_of_real_articles_has_words(lang: str) -> None:
    """Else explanations grow empty when features are renamed."""
    told = []
    for story in stories(lang):
        day = Instant.of_day(story.published.date())
        extraction = explain(Article("x", story.title, "\n\n".join(story.paragraphs), lang, day))
        for found in (*extraction.claims, *extraction.rejected):
            told += [(g.feature, g.words) for d in decisions(found.reasons, "") for g in d.grounds]
    silent = {"bias", "none", "unit=None"}
    named = [words for name, words in told if not name.startswith("measure=") and name not in silent]
    assert len(named) > 100
    assert sum(words is not None for words in named) / len(named) > 0.9


def test_sureness_falls_with_the_score() -> None:
    words = [sureness(score) for score in (1.0, 0.9, 0.7, 0.5, 0.1)]
    assert len(set(words)) == len(words)
