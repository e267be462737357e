"""Pages that no newsroom prints: one word, one number, one sentence of a megabyte. All end, and soon."""

from __future__ import annotations

import pytest

from extractors.pipeline import explain, extract
from extractors.quantities import find_quantities
from extractors.sentences import sentence_spans
from scraper.article import Article


def _article(text: str, lang: str, title: str = "Title") -> Article:
    return Article("https://example.org/", title, text, lang)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("piece", ["a", "A", "Aab", "7", "1.", "tausend", "-", "_"])
def test_one_word_of_endless_length_holds_no_claim(piece: str, lang: str) -> None:
    assert extract(_article(piece * (400_000 // len(piece)), lang)) == []


def test_a_title_of_a_megabyte_is_cut() -> None:
    title = "Nvidia ships 550,000 H100 in 2023. " * 30_000
    found = explain(_article("", "en", title))
    assert len(found.claims) <= 1


@pytest.mark.parametrize("lang", ["de", "en"])
def test_an_endless_sentence_is_cut_between_words(lang: str) -> None:
    text = "wort 17, " * 2_000
    spans = [(start, end) for start, end, _, _ in sentence_spans(text, lang)]
    assert len(spans) > 5
    assert all(end - start <= 2_010 for start, end in spans)
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


def test_a_long_sentence_of_a_text_is_left_whole() -> None:
    text = "It has " + "many, many " * 100 + "servers."
    assert [(start, end) for start, end, _, _ in sentence_spans(text, "en")] == [(0, len(text))]


@pytest.mark.parametrize("piece", ["5 kroner ", "one ", "a ", "3 hundred and ", "5 million and a half "])
def test_many_numbers_side_by_side_are_read(piece: str) -> None:
    text = piece * 20_000
    found = find_quantities(text, "en")
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
