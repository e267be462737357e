"""Halves of surrogate pairs, as broken pages have them, are no words and stop nothing."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.pipeline import explain
from extractors.vocabulary import base_form, is_everyday_word
from scraper.article import Article, Instant


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("word", ["\ud800", "Kunden\udfff", "\udfffwert", "Der\ud800n"])
def test_a_half_is_no_word(word: str, lang: str) -> None:
    assert not is_everyday_word(word, lang)
    assert base_form(word, lang) == word


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "VELDHOVEN – Der\udfff wertvollste Technologiekonzern Europas, Meta, kauft 5.000 H100."),
        ("de", "Meta redet mit potenzielle\ud800n Kunden und kauft 5.000 H100."),
        ("en", "The\udfff world's most valuable group, Meta, buys 5,000 H100s from customers\ud800' Nvidia."),
    ],
)
def test_an_article_with_halves_is_read(lang: str, text: str) -> None:
    article = Article("https://www.example.org/1", "", text, lang, Instant.of_day(date(2025, 6, 1)), "s")
    assert [claim.quantity.low for claim in explain(article).claims if claim.quantity] == [5000.0]
