"""What is given up is denied; what the same verb places or cuts is not."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.pipeline import extract
from scraper.article import Article, Instant


def statuses(lang: str, text: str) -> list[str]:
    article = Article("https://news.example/a", "", text, lang, Instant.of_day(date(2026, 3, 4)))
    return [str(claim.status) for claim in extract(article)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Corvella gibt den Bau eines Rechenzentrums mit 300 Megawatt in Ohio auf."),
        ("de", "Corvella hat ein Rechenzentrum mit 300 Megawatt in Ohio aufgegeben."),
        ("de", "Die Pläne für einen Chip, von dem Corvella 30.000 Stück bauen wollte, gab der Konzern auf."),
        ("en", "Corvella's hall in Wales, with 90 megawatts, has been quietly dropped."),
        ("en", "The plan of Corvella to install 12,000 TPUs was withdrawn in August."),
    ],
)
def test_what_is_given_up_is_denied(lang: str, text: str) -> None:
    assert statuses(lang, text) == ["denied"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Corvella gab bei Nvidia eine Bestellung über 30.000 H100 auf."),
        ("de", "Corvella hat bei AMD eine Bestellung über 5.000 MI300X aufgegeben."),
        ("de", "Corvella gibt für das Rechenzentrum 300 Millionen Euro aus."),
        ("en", "Corvella has installed 12,000 TPUs in a plant that was withdrawn from sale."),
    ],
)
def test_what_is_not_given_up_is_not_denied(lang: str, text: str) -> None:
    found = statuses(lang, text)
    assert found
    assert "denied" not in found
