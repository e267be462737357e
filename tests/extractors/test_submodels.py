"""Models called by the end of their name, and companies by what they make or own."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Kind
from extractors.document import read_document
from extractors.pipeline import extract
from extractors.reading import read
from scraper.article import Article, Instant

PUBLISHED = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("lang", "text", "prices"),
    [
        (
            "en",
            "Halden showed the Halden 7 on Tuesday. The Halden 7 costs $749. The Max costs $949.",
            {"Halden 7": 749, "Halden 7 Max": 949},
        ),
        (
            "en",
            "Apple's iPhone 16 costs $799, the Pro model costs $999.",
            {"Apple iPhone 16": 799, "Apple iPhone 16 Pro": 999},
        ),
        (
            "de",
            "Samsungs Galaxy S25 kostet 899 Euro. Das Ultra kostet 1.449 Euro.",
            {"Samsung Galaxy S25": 899, "Samsung Galaxy S25 Ultra": 1449},
        ),
    ],
)
def test_the_end_of_a_name_stands_for_the_model(lang: str, text: str, prices: dict[str, int]) -> None:
    found = extract(Article("https://news.example/a", "", text, lang, Instant.of_day(PUBLISHED)))
    told = {c.object: c.quantity.low for c in found if c.kind is Kind.PRICE and c.quantity is not None}
    assert told == prices


@pytest.mark.parametrize(
    "text",
    [
        "The iPhone 16 costs $799. Max Braun of Tessellon called that dear.",  # no article: a person
        "The Ultra costs $1,299.",  # nothing before it
        "Canva paid for GPT-5. The Max plan costs $15 a month.",  # a service
    ],
)
def test_other_words_stay_as_they_are(text: str) -> None:
    made = read(read_document("", text, "en", PUBLISHED))
    assert not [p.name for p in made.products if p.name.endswith((" Max", " Ultra"))]


@pytest.mark.parametrize(
    ("lang", "text", "subject"),
    [
        ("de", "Die Facebook-Mutter will bis Ende 2027 bis zu 250.000 TPUs von Google kaufen.", "Meta"),
        ("en", "The Facebook parent will buy 3,000 chips from Nvidia.", "Meta"),
        ("en", "ChatGPT maker OpenAI will buy 3,000 chips from Nvidia.", "OpenAI"),
        ("en", "The ChatGPT maker will buy 3,000 chips from Nvidia.", "OpenAI"),
        ("en", "The owner of Instagram could take up to 250,000 TPUs from Google in 2027.", "Meta"),
        ("en", "TikTok owner ByteDance plans to buy 12,000 chips from Nvidia in 2027.", "ByteDance"),
    ],
)
def test_a_party_called_by_what_it_makes_or_owns(lang: str, text: str, subject: str) -> None:
    (claim,) = extract(Article("https://news.example/a", "", text, lang, Instant.of_day(PUBLISHED)))
    assert claim.subject == subject


@pytest.mark.parametrize(
    ("text", "seller"),
    [
        ("Garmin showed the Fenix 8 Pro for $1,199. The Apple Watch Ultra 3 costs $799.", "Apple"),
        ("The Samsung Galaxy S25 costs $799 at Perch, a retailer. Perch has 300 employees.", "Perch"),
        ("Best Buy launched its spring sale on Monday. The iPhone 17 costs $799.", "Best Buy"),
    ],
)
def test_a_rivals_product_is_its_makers(text: str, seller: str) -> None:
    found = extract(Article("https://news.example/a", "", text, "en", Instant.of_day(PUBLISHED)))
    prices = {c.quantity.low: c.subject for c in found if c.kind is Kind.PRICE and c.quantity is not None}
    assert prices[799] == seller


@pytest.mark.parametrize(
    ("lang", "text", "subject"),
    [
        ("de", "DeepSeek wächst. Der OpenAI-Konkurrent hat 100 Millionen Nutzer.", "DeepSeek"),
        ("en", "BYD overtook Tesla. The electric car maker plans to sell 1.6 million cars in 2026.", "BYD"),
    ],
)
def test_what_several_may_be_called_is_no_name(lang: str, text: str, subject: str) -> None:
    (claim,) = extract(Article("https://news.example/a", "", text, lang, Instant.of_day(PUBLISHED)))
    assert claim.subject == subject
