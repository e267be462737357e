from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest

from claims.articles import BadLine, article_of, read_jsonl

ROW = {"id": "a-1", "lang": "en", "published": "2024-01-18", "title": "T", "text": "Some text."}


def line(**changes: Any) -> bytes:
    return json.dumps({**ROW, **changes}).encode()


def test_a_line() -> None:
    name, article = article_of(line(url="https://example.org/1", claims=[], unknown=1))
    assert (name, article.url, article.lang) == ("a-1", "https://example.org/1", "en")
    assert article.published is not None
    assert article.published.day == date(2024, 1, 18)


@pytest.mark.parametrize("missing", ["lang", "published", "title"])
def test_what_may_be_missing(missing: str) -> None:
    row = {key: value for key, value in ROW.items() if key != missing}
    name, article = article_of(json.dumps(row).encode())
    assert name == "a-1"
    assert article.text == "Some text."


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Das Unternehmen baut ein neues Rechenzentrum und stellt viele Leute ein.", "de"),
        ("The company is building a new data center and hires many people.", "en"),
    ],
)
def test_the_language_is_recognised(text: str, lang: str) -> None:
    assert article_of(line(text=text, title="", lang=None))[1].lang == lang


@pytest.mark.parametrize(
    ("written", "lang"),
    [("DE", "de"), ("de-AT", "de"), ("de_CH", "de"), (" En ", "en"), ("en-GB", "en"), ("EN_us", "en")],
)
def test_a_language_in_any_case_and_of_any_region(written: str, lang: str) -> None:
    assert article_of(line(lang=written))[1].lang == lang


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"\xff\xfe{}", "not"),
        (b"[" * 100_000, "not JSON"),
        (line(id=None), "no id"),
        (line(id=""), "no id"),
        (line(id=[1]), "id must be a string"),
        (line(text=None), "no text"),
        (line(text=3), "text must be a string"),
        (line(title=["x"]), "title must be a string"),
        (line(text=" ", title=""), "neither text nor title"),
        (line(published="yesterday"), "published must be a date"),
        (line(published="2024-02-30"), "published must be a date"),
        (line(published=2024), "published must be a date"),
        (line(published="20240118"), "published must be a date"),
        (line(published="2024-W03-4"), "published must be a date"),
        (line(lang="xx"), "no words for the language 'xx'; known: de, en"),
        (line(lang="fr-CA"), "no words for the language 'fr-CA'"),
        (line(text="x" * 1_000_001), "more than 1,000,000"),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_a_bad_line(raw: bytes, message: str) -> None:
    with pytest.raises(BadLine, match=message):
        article_of(raw)


def test_a_bad_line_spoils_no_other() -> None:
    said: list[str] = []
    stream = io.BytesIO(b"\n".join([line(id="1"), b"oops", b"", line(id="2"), line(id=None)]))
    assert [name for name, _ in read_jsonl(stream, said.append)] == ["1", "2"]
    assert [problem.split(":")[0] for problem in said] == ["line 2", "line 5"]
