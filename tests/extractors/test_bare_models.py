"""Models called by their number alone."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.reading import read

_FULL = {
    "de": "Das Spitzenmodell Lumatic LX 8700 kostet 649 Euro. ",
    "en": "At the top sits the Lumatic LX 8700 at $649. ",
}


def _names(lang: str, text: str) -> list[str]:
    products = read(read_document("", text, lang, date(2026, 3, 4))).products
    return [product.name for product in products if product.start >= len(_FULL[lang])]


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("de", "Die 8700 kommt am 20. März in den Handel.", "Lumatic LX 8700"),
        ("de", "Der Vorgänger, die 7700, kostete 519 Euro.", "Lumatic LX 7700"),
        ("de", "Die 8700X folgt im Herbst.", "Lumatic LX 8700X"),
        ("en", "The 8700 goes on sale on March 20.", "Lumatic LX 8700"),
        ("en", "Its predecessor, the 7700, came in at $519.", "Lumatic LX 7700"),
        ("en", "Nobody has the 8700s in stock.", "Lumatic LX 8700"),
    ],
)
def test_a_number_alone_is_a_model_of_the_line(lang: str, text: str, name: str) -> None:
    assert name in _names(lang, _FULL[lang] + text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Die 2500 Mitarbeiter freut es."),
        ("de", "Die 750 sind noch zu haben."),  # of other length
        ("de", "Das 2026 geplante Werk entfällt."),
        ("de", "Er nannte 7700."),
        ("en", "The 2500 employees cheered."),
        ("en", "The 2026 range is late."),
        ("en", "All 3000 were sold within a day."),
        ("en", "It beat the 4000 mark."),
    ],
)
def test_a_number_that_counts_or_is_a_year_is_none(lang: str, text: str) -> None:
    assert not any(name.startswith("Lumatic") for name in _names(lang, _FULL[lang] + text))


def test_of_two_lines_a_number_that_neither_has_is_of_none() -> None:
    text = "The Lumatic LX 8700 and the Harrow V 9900 cost the same. The 7700 is gone. The 9900 stays."
    products = read(read_document("", text, "en", date(2026, 3, 4))).products
    names = [product.name for product in products]
    assert "Harrow V 9900" in names
    assert not any("7700" in name for name in names)
