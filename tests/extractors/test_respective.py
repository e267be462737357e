"""Two lists told together: the amounts belong to the names one by one."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim, Kind
from extractors.pipeline import extract
from scraper.article import Article, Instant


def told(text: str, lang: str) -> list[Claim]:
    published = Instant.of_day(date(2026, 3, 4))
    return list(extract(Article("https://example.org/a", "", text, lang, published)))


def amounts(claims: list[Claim]) -> dict[str, float | None]:
    return {claim.subject: claim.quantity.low if claim.quantity else None for claim in claims}


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "en",
            "In 2025 Google and Microsoft installed 750,000 and 600,000 servers, respectively.",
            {"Google": 750_000, "Microsoft": 600_000},
        ),
        (
            "en",
            "Next year, Samsung and its neighbour SK Hynix will invest 48 trillion and 17 trillion won,"
            " respectively.",
            {"Samsung": 48e12, "SK Hynix": 17e12},
        ),
        (
            "de",
            "Google und Microsoft installierten 2025 750.000 beziehungsweise 600.000 Server.",
            {"Google": 750_000, "Microsoft": 600_000},
        ),
        (
            "de",
            "Intel und Dell streichen dieses Jahr 3.000 beziehungsweise 2.000 Stellen.",
            {"Intel": 3_000, "Dell": 2_000},
        ),
    ],
)
def test_each_party_has_the_amount_in_its_place(lang: str, text: str, expected: dict[str, float]) -> None:
    assert amounts(told(text, lang)) == expected


def test_each_product_has_the_price_in_its_place() -> None:
    claims = told("The iPhone 19 and the iPhone 19 Pro cost $799 and $1,099, respectively.", "en")
    found = {claim.object: claim.quantity.low for claim in claims if claim.quantity is not None}
    assert found == {"Apple iPhone 19": 799, "Apple iPhone 19 Pro": 1_099}


def test_three_parties_share_one_product() -> None:
    text = "Google, Microsoft and Oracle will install 12,000, 9,500 and 4,000 Nvidia H100 GPUs respectively."
    claims = told(text, "en")
    assert amounts(claims) == {"Google": 12_000, "Microsoft": 9_500, "Oracle": 4_000}
    assert {claim.object for claim in claims} == {"NVIDIA H100"}
    assert {claim.kind for claim in claims} == {Kind.DEPLOYMENT}
