"""Models of a listed line with one more name, and nouns behind a product that only say what it is."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim
from extractors.document import read_document
from extractors.pipeline import extract
from extractors.products import find_listed
from scraper.article import Article, Instant

DAY = date(2026, 3, 4)


def names(text: str, lang: str, title: str = "") -> list[str]:
    return [mention.name for mention in find_listed(read_document(title, text, lang, DAY))]


def told(text: str, lang: str) -> list[Claim]:
    return list(extract(Article("https://example.org/a", "", text, lang, Instant.of_day(DAY))))


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "Helping is the new ThinkPad X1 Nimbus, which starts in May.", "Lenovo ThinkPad X1 Nimbus"),
        ("en", "Apple will launch the iPhone 19 Nimbus in September.", "Apple iPhone 19 Nimbus"),
        (
            "de",
            "Bestellt wurden 6.000 Stück des Galaxy Tab Tactivo 4 von Samsung.",
            "Samsung Galaxy Tab Tactivo 4",
        ),
    ],
)
def test_a_further_name_makes_another_model(lang: str, text: str, name: str) -> None:
    assert name in names(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("de", "Damit macht Xiaomi dem iPhone 17 Konkurrenz.", "Apple iPhone 17"),
        ("de", "Das Galaxy S25 Ende September zu zeigen, hält er für falsch.", "Samsung Galaxy S25"),
        ("de", "Ein Galaxy S25 Käufern zu schenken, lohnt sich nicht.", "Samsung Galaxy S25"),
        ("en", "He showed the iPhone 17 Tuesday.", "Apple iPhone 17"),
        ("en", "The iPhone 17 Launch Event was long.", "Apple iPhone 17"),
        ("en", "She holds the iPhone 17 Foxconn built.", "Apple iPhone 17"),
        ("en", "Nvidia showed the H100 Nimbus.", "NVIDIA H100"),
    ],
)
def test_another_word_behind_a_product_is_no_part_of_its_name(lang: str, text: str, name: str) -> None:
    assert name in names(text, lang)


def test_an_english_heading_says_nothing() -> None:
    assert names("Nothing.", "en", title="iPhone 17 Nimbus") == ["Apple iPhone 17"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Samsung sold 3 million Galaxy S25 phones in February.", "Samsung Galaxy S25"),
        ("Nvidia shipped 40,000 H100 cards to Meta in February.", "NVIDIA H100"),
        ("Google shipped 12 million Pixel phones in 2025.", "Google Pixel"),
    ],
)
def test_a_noun_behind_a_listed_product_only_says_what_it_is(text: str, name: str) -> None:
    assert [claim.object for claim in told(text, "en")] == [name]


def test_pixels_stay_a_measure() -> None:
    assert told("Samsung's new sensor has 200 million pixels since 2025.", "en") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Dell shipped 4,000 H100 servers to Oracle in February.", ["H100 server"]),
        ("Apple sold 12 million iPhone cases in 2025.", ["iPhone case"]),
        ("Tesla sold 2,000 Model Y cars in Norway in February.", ["Tesla Model Y"]),
        (
            "Meta has ordered 5,000 MI300X accelerators and 300 MI300X servers.",
            ["AMD Instinct MI300X", "MI300X server"],
        ),
    ],
)
def test_a_noun_for_another_thing_is_what_is_counted(text: str, names: list[str]) -> None:
    assert [claim.object for claim in told(text, "en")] == names
