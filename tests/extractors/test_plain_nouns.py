"""Plain things that launches and prices may be of, and services named like their company."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.candidates import names_of, product_candidates
from extractors.claim import Kind
from extractors.counted_nouns import singular
from extractors.document import read_document
from extractors.languages.lexicon import available, lexicon
from extractors.reading import Reading, read


def _reading(lang: str, text: str) -> Reading:
    return read(read_document("", text, lang, date(2025, 5, 20)))


def _plain(lang: str, text: str) -> set[str]:
    reading = _reading(lang, text)
    return {noun.name for context in reading.contexts for noun in reading.plain_nouns(context)}


def _offered(lang: str, text: str, kind: Kind) -> set[str]:
    reading = _reading(lang, text)
    return {p.name for p in product_candidates(reading, reading.contexts[-1], kind)}


@pytest.mark.parametrize(
    ("lang", "text", "nouns"),
    [
        ("en", "The next door recognises mice; it is due in June.", set()),  # "next" tells a time more often
        ("en", "A gilet for cold days follows in March.", {"gilet"}),
        ("en", "Wolters opened its vertical farm in Compton in May.", {"farm", "vertical farm"}),
        ("en", "It will open a satellite service for hikers in June.", {"satellite service"}),
        ("en", "The very large new vertical indoor farm opened in May.", {"farm"}),
        ("en", "The planned ferry is to start in 2027.", {"ferry", "planned ferry"}),
        ("de", "Ein Tagesticket gibt es ab Juni.", {"Tagesticket"}),
        ("de", "Preiswertere Fahrräder kommen im Herbst.", {"Fahrrad"}),
        (
            "de",
            "Für den Weinberg bringt die Firma im Mai ein E-Gespann heraus.",
            {"Weinberg", "Gespann", "E-Gespann"},
        ),
    ],
)
def test_nouns_without_a_table(lang: str, text: str, nouns: set[str]) -> None:
    assert _plain(lang, text) == nouns


@pytest.mark.parametrize(
    ("lang", "text", "word"),
    [
        ("en", "Sales begin in the village in June.", "village"),
        ("en", "It starts in June at the harbour.", "harbour"),
        ("en", "The company sells it from June.", "company"),
        ("de", "Der Verkauf beginnt im Juni auf dem kleinen Marktplatz.", "Marktplatz"),
        ("de", "Die Sparte wird ab Juni von der Zentrale geführt.", "Zentrale"),
        ("de", "Im Juni zahlt der Kunde mehr.", "Kunde"),
        ("de", "Im Juni gefällt es den Nutzern.", "Nutzer"),
        ("en", "The bike isn't out before June.", "bike isn"),
        ("en", "Both quarters end in June.", "quarter"),
    ],
)
def test_what_a_preposition_puts_aside_or_nobody_sells_is_none(lang: str, text: str, word: str) -> None:
    assert word not in _plain(lang, text)


def test_names_times_and_amounts_are_no_plain_things() -> None:
    assert _plain("de", "Nvidia verlangt ab März 999 Euro.") == set()


def test_launches_and_prices_may_be_of_them_and_orders_not() -> None:
    text = "Wolters will open a ferry in 2027."
    assert "ferry" in _offered("en", text, Kind.LAUNCH)
    assert "ferry" in _offered("en", text, Kind.PRICE)
    assert "ferry" not in _offered("en", text, Kind.ORDER)


def test_of_the_sentence_before_as_well() -> None:
    assert "Fähre" in _offered("de", "Bremen baut eine Fähre. Sie soll 2027 starten.", Kind.LAUNCH)


def test_a_listed_company_may_be_what_it_sells() -> None:
    assert "Netflix" in _offered("de", "Netflix kostet ab Juni 15,99 Euro.", Kind.PRICE)
    assert "Netflix" not in _offered("de", "Netflix bestellt 300 Kameras.", Kind.ORDER)


@pytest.mark.parametrize("lang", available())
def test_every_language_has_its_words(lang: str) -> None:
    words = lexicon(lang)
    for key in ("before", "aside", "never"):
        assert words.words(f"plain_nouns.{key}"), f"languages/{lang}.toml: plain_nouns.{key} is empty"


@pytest.mark.parametrize(
    ("lang", "text", "noun", "name"),
    [
        ("de", "Microsoft kaufte 485.000 Hopper-GPUs.", "Hopper-GPU", "NVIDIA Hopper"),
        ("de", "Microsoft kaufte 485.000 H100-Server.", "H100-Server", "H100-Server"),
        ("en", "Microsoft bought 485,000 Hopper GPUs.", "GPU", "NVIDIA Hopper"),
        ("en", "Microsoft bought 485,000 GPUs, not Hopper.", "GPU", "GPU"),
    ],
)
def test_a_listed_product_and_its_class_are_one_thing(lang: str, text: str, noun: str, name: str) -> None:
    reading = _reading(lang, text)
    products = product_candidates(reading, reading.contexts[-1], Kind.ORDER)
    meant = {product.name: told for product, told in zip(products, names_of(products), strict=True)}
    assert meant[noun] == name


@pytest.mark.parametrize(
    ("noun", "lang", "one"),
    [
        ("glasses", "en", "glasses"),
        ("Glasses", "en", "Glasses"),
        ("boxes", "en", "box"),
    ],
)
def test_a_noun_without_a_singular_stays_as_it_is(noun: str, lang: str, one: str) -> None:
    assert singular(noun, lang) == one
