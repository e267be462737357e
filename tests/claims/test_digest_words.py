"""Numbers, days and claims as a language writes them, beside the Unicode consortium's own rules (CLDR)."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from claims.digest.tongue import LANGUAGES, tongue
from claims.errors import InputError
from extractors.claim import Due, Kind, Quantity, Status
from scraper.health import Health

from .conftest import META, NORVIK

LOCALES = {"de": "de", "en": "en_GB"}
NUMBERS = [0, 1, 12, 999, 1000, 350_000, 41e6, 1.4, 2.25, 649.5, 12_345.678, 0.125]


@pytest.mark.parametrize(
    ("first", "german", "english"),
    [
        (date(2026, 11, 15), "15. bis 22. November 2026", "15 to 22 November 2026"),
        (date(2026, 10, 30), "30. Oktober bis 22. November 2026", "30 October to 22 November 2026"),
        (date(2025, 11, 1), "1. November 2025 bis 22. November 2026", "1 November 2025 to 22 November 2026"),
    ],
)
def test_a_period_names_month_and_year_once(first: date, german: str, english: str) -> None:
    last = date(2026, 11, 22)
    assert (tongue("de").between(first, last), tongue("en").between(first, last)) == (german, english)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_numbers(language: str, number: float) -> None:
    wanted = format_decimal(number, format="#,##0.###", locale=LOCALES[language])
    assert tongue(language).number(number) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_days(language: str) -> None:
    words = tongue(language)
    for number in range(0, 400, 7):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert words.day(day) == format_date(day, "long", locale=LOCALES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_percent(language: str) -> None:
    wanted = format_percent(0.67, locale=LOCALES[language]).replace("\u00a0", " ")
    assert tongue(language).percent(0.67) == wanted


AMOUNTS = [
    (Quantity(350_000, 350_000, "units", approx=True), "rund 350.000", "about 350,000"),
    (Quantity(1.4e9, 1.4e9, "EUR"), "1,4 Mrd. EUR", "1.4 bn EUR"),
    (Quantity(800e6, 1.2e9, "USD"), "800 Mio. USD–1,2 Mrd. USD", "800 m USD–1.2 bn USD"),
    (Quantity(35e9, 40e9, "EUR"), "35–40 Mrd. EUR", "35–40 bn EUR"),
    (Quantity(1e9, None, "W"), "mindestens 1 GW", "at least 1 GW"),
    (Quantity(None, 5_000, "jobs"), "höchstens 5.000", "at most 5,000"),
    (Quantity(41e6, 41e6, "users"), "41 Mio.", "41 million"),
    (Quantity(649.5, 649.5, "EUR"), "649,5 EUR", "649.5 EUR"),
    (Quantity(25e6, 30e6, "W", approx=True), "rund 25–30 MW", "about 25–30 MW"),
    (None, "", ""),
]


@pytest.mark.parametrize(("quantity", "german", "english"), AMOUNTS)
def test_amounts(quantity: Quantity | None, german: str, english: str) -> None:
    assert (tongue("de").amount(quantity), tongue("en").amount(quantity)) == (german, english)


DUES = [
    (None, "2024-12-31", "bis 31. Dezember 2024", "by 31 December 2024"),
    ("2026-01-01", None, "ab 1. Januar 2026", "from 1 January 2026"),
    ("2025-01-01", "2025-12-31", "im Jahr 2025", "in 2025"),
    ("2025-07-01", "2025-09-30", "im 3. Quartal 2025", "in Q3 2025"),
    ("2025-07-01", "2025-12-31", "im 2. Halbjahr 2025", "in H2 2025"),
    ("2025-03-01", "2025-03-31", "im März 2025", "in March 2025"),
    ("2025-03-04", "2025-03-04", "am 4. März 2025", "on 4 March 2025"),
    ("2025-05-02", "2025-08-31", "zwischen 2. Mai 2025 und 31. August 2025", None),
]


@pytest.mark.parametrize(("start", "end", "german", "english"), DUES)
def test_dues(start: str | None, end: str | None, german: str, english: str | None) -> None:
    due = Due(*(date.fromisoformat(day) if day else None for day in (start, end)))
    assert tongue("de").due(due) == german
    assert tongue("en").due(due) == (english or "between 2 May 2025 and 31 August 2025")


def test_claims() -> None:
    assert tongue("de").headline(META) == "Meta: rund 350.000 NVIDIA H100 bis 31. Dezember 2024"
    assert tongue("en").headline(NORVIK) == "Norvik Data: 1.4 bn EUR"
    assert tongue("de").sort(META) == "Einsatz, geplant, sagt Mark Zuckerberg"
    equivalent = replace(META, equivalent=True, due=None)
    assert tongue("de").headline(equivalent) == "Meta: rund 350.000 NVIDIA H100-Äquivalente"
    jobs = replace(NORVIK, kind=Kind.JOBS, quantity=Quantity(650, 650, "jobs"), counterparty="Stade")
    assert tongue("de").headline(jobs) == "Norvik Data: 650 Stellen"
    assert tongue("en").sort(jobs) == "Jobs, stated as fact, with Stade"


def leaves(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def tables(language: str) -> dict[str, Any]:
    text = (resources.files("claims.digest") / "words" / f"{language}.toml").read_text("utf-8")
    return dict(leaves(tomllib.loads(text)))


def test_every_language_says_the_same() -> None:
    german, english = tables("de"), tables("en")
    assert german.keys() == english.keys()
    for key, text in english.items():
        if isinstance(text, str):
            assert _places(german[key]) == _places(text), key
        else:
            assert len(german[key]) == len(text), key


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_word_for_everything() -> None:
    known = tables("en")
    assert {f"kind.{kind}" for kind in Kind} <= known.keys()
    assert {f"status.{status}" for status in Status} <= known.keys()
    assert {f"source.{each}" for each in (Health.MUTED, Health.SILENT, Health.DEGRADED, Health.FAILING)} <= (
        known.keys()
    )


def test_no_words_for_another_language() -> None:
    with pytest.raises(InputError, match="choose de or en"):
        tongue("fr")
