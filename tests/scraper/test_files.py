"""Files: text and pages told apart by content, and every bad file named with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.article import Instant, Origin
from scraper.collect import read_file
from scraper.errors import ScraperError, TooLarge, UnreadableFile
from tests.scraper.conftest import SENTENCE, article_html

BODY = f"{SENTENCE.format(3)}\n\n{SENTENCE.format(4)}"


def write(folder: Path, data: str | bytes, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_the_first_line_is_the_title(tmp_path: Path) -> None:
    article = read_file(write(tmp_path, f"Beispielwerk baut\n\n\n{BODY}\n"))
    assert (article.title, article.text, article.lang) == ("Beispielwerk baut", BODY, "de")
    assert article.url == (tmp_path / "a.txt").as_uri()
    assert article.published is None


@pytest.mark.parametrize(
    "text", [f"Beispielwerk baut\n{BODY}", f"{'lang ' * 80}\n\n{BODY}", "Nur ein einziger Absatz mit Worten."]
)
def test_a_first_line_that_is_no_title(tmp_path: Path, text: str) -> None:
    article = read_file(write(tmp_path, text))
    assert article.title == ""
    assert article.text == text.replace("lang \n", "lang\n")


def test_what_is_given_counts_more(tmp_path: Path) -> None:
    article = read_file(
        write(tmp_path, f"Zeile eins\n\n{BODY}"),
        url="https://probe.example/a?utm_source=x",
        published=date(2024, 1, 20),
        lang="en",
        title="Gegeben",
    )
    assert (article.url, article.title, article.lang) == ("https://probe.example/a", "Gegeben", "en")
    assert article.text.startswith("Zeile eins\n\n")
    assert article.published is not None
    assert (article.published.day, article.published.origin) == (date(2024, 1, 20), Origin.GIVEN)


def test_an_instant_may_be_given(tmp_path: Path) -> None:
    instant = Instant.of_day(date(2024, 1, 20))
    assert read_file(write(tmp_path, BODY), published=instant).published == instant
    moment = datetime(2024, 1, 20, 23, tzinfo=UTC)
    found = read_file(write(tmp_path, BODY), published=moment).published
    assert found is not None
    assert found.day == date(2024, 1, 20)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a", "a.json"])
def test_a_page_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    head = "<meta property='article:published_time' content='2026-11-20T08:00:00'>"
    article = read_file(write(tmp_path, article_html("Ein Titel", head), name), zone="Europe/Berlin")
    assert article.title == "Ein Titel"
    assert "<p>" not in article.text
    assert article.published is not None
    assert article.published.at.hour == 7


def test_a_text_about_html_stays_text(tmp_path: Path) -> None:
    text = f"Ein Text, der <html> und <p> nennt.\n\n{BODY}"
    assert "<html>" in read_file(write(tmp_path, text)).title


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16", b"")]
)
def test_encodings(tmp_path: Path, encoding: str, mark: bytes) -> None:
    text = "Größe: „über 300“ Straßen – für 5 €\n\nUnd noch ein Absatz über Käse."
    article = read_file(write(tmp_path, mark + text.encode(encoding)))
    assert f"{article.title}\n\n{article.text}" == text


def test_line_ends_are_one_kind(tmp_path: Path) -> None:
    text = "Titel\r\n\r\nErster Absatz\r\nzweite Zeile\r\n \t\r\nZweiter Absatz"
    assert read_file(write(tmp_path, text)).text == "Erster Absatz\nzweite Zeile\n\nZweiter Absatz"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x00\x01\x02\x03" * 100, "binary"),
        (bytes(range(256)) * 10, "binary"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "zip"),
        (b"\x1f\x8b\x08....", "gzip"),
        (b"--- *** ---\n\n...", "no words"),
        (b"<html><body></body></html>", "no text"),
    ],
    ids=["nothing", "blank", "nul", "all bytes", "pdf", "zip", "gzip", "signs", "bare page"],
)
def test_bad_files(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(ScraperError, match=why):
        read_file(write(tmp_path, data))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="larger than"):
        read_file(write(tmp_path, b"word " * 2_100_000))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_file(tmp_path / "missing.txt")
    with pytest.raises(UnreadableFile, match="a folder"):
        read_file(tmp_path)
    with pytest.raises(UnreadableFile):
        read_file(Path("a\0b"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))))
def test_any_bytes_give_an_article_or_our_error(tmp_path: Path, data: bytes) -> None:
    try:
        article = read_file(write(tmp_path, data))
    except ScraperError:
        return
    assert article.text.strip() == article.text != ""
    assert "\0" not in article.text
