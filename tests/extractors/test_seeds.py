"""The two real articles that must come out right: read as JSON Lines, and as a page that is stored.

Their text is not part of the project: it is read from the folder beside the repository.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.gate import scorer
from claims import cli
from db.search import Query, search

SHARED = Path(__file__).resolve().parents[3] / "shared" / "gold" / "dev.de.jsonl"
IDS = ("dev-de-001", "dev-de-002")

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the real articles are not on this machine")


@pytest.fixture(params=IDS)
def gold(request: pytest.FixtureRequest) -> dict[str, Any]:
    rows = map(json.loads, SHARED.read_text(encoding="utf-8").splitlines())
    row: dict[str, Any] = next(row for row in rows if row["id"] == request.param)
    return row


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    text = (
        '[store]\npath = "claims.db"\n\n[[sources]]\nname = "a"\nurl = "http://127.0.0.1:9/"\nlang = "de"\n'
    )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("CLAIMS_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path


def full_matches(gold: dict[str, Any], found: list[dict[str, Any]]) -> int:
    score = scorer()
    matched = score.match_claims(gold["claims"], found)
    return sum(score.full_agrees(gold["claims"][i], found[j]) for i, j in matched)


def extracted(gold: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    fields = ("id", "lang", "published", "title", "text", "url")
    file = home / "articles.jsonl"
    file.write_text(json.dumps({name: gold[name] for name in fields}) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.run(["extract", "--jsonl", str(file)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def page(gold: dict[str, Any]) -> str:
    """A page as an outlet would serve it: the date in JSON-LD, the text in paragraphs."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": gold["title"],
        "datePublished": gold["published"],
    }
    paragraphs = "\n".join(f"<p>{html.escape(part)}</p>" for part in gold["text"].split("\n\n"))
    title = html.escape(gold["title"])
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title>'
        f'<script type="application/ld+json">{json.dumps(data)}</script></head><body><main><article>'
        f"<h1>{title}</h1>\n{paragraphs}\n</article></main></body></html>"
    )


def test_json_lines_give_every_claim(
    gold: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = extracted(gold, home, capsys)
    assert full_matches(gold, found) == len(gold["claims"]), found


def test_a_saved_page_gives_the_same_claims_in_the_ledger(
    gold: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "page.html").write_text(page(gold), encoding="utf-8")
    assert cli.run(["add", str(home / "page.html")]) == 0, capsys.readouterr().err
    hits = search(home / "claims.db", Query(limit=100))
    stored = [hit.claim.record() for hit in hits]
    assert full_matches(gold, stored) == len(gold["claims"]), stored

    def plain(claims: list[dict[str, Any]]) -> list[str]:
        told = (
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
        )
        return sorted(json.dumps({name: claim[name] for name in told}) for claim in claims)

    assert plain(stored) == plain(extracted(gold, home, capsys))
