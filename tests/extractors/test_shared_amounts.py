"""One amount or time told of several is one claim for each."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim, Kind
from extractors.pipeline import extract
from scraper.article import Article, Instant


def told(text: str, lang: str) -> list[Claim]:
    published = Instant.of_day(date(2025, 1, 10))
    return list(extract(Article("https://example.org/a", "", text, lang, published)))


@pytest.mark.parametrize(
    ("lang", "text", "subjects"),
    [
        ("en", "Microsoft and Oracle will each invest $19 billion in data centers.", {"Microsoft", "Oracle"}),
        ("en", "Microsoft, Amazon and Oracle have each ordered 40,000 Nvidia H200 GPUs.",
         {"Microsoft", "Amazon", "Oracle"}),
        (
            "de",
            "Der Elektronikkonzern Hanbit und der Autobauer Daeyang Motor ordern jeweils 30.000 GPUs.",
            {"Hanbit", "Daeyang Motor"},
        ),
        ("de", "Microsoft und Oracle wollen jeweils 19 Milliarden Dollar in Rechenzentren investieren.",
         {"Microsoft", "Oracle"}),
    ],
)  # fmt: skip
def test_each_of_several_parties_has_its_own_claim(lang: str, text: str, subjects: set[str]) -> None:
    claims = told(text, lang)
    assert {claim.subject for claim in claims} == subjects
    assert len({(claim.kind, claim.quantity, claim.due) for claim in claims}) == 1


def test_what_they_do_together_is_one_claim() -> None:
    assert len(told("Microsoft and Oracle will invest $19 billion in data centers.", "en")) == 1


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Nvidia will launch the GeForce RTX 5090 and the GeForce RTX 5080 in March 2025."),
        ("de", "Nvidia bringt die GeForce RTX 5090 und die GeForce RTX 5080 im März 2025 auf den Markt."),
    ],
)
def test_products_listed_together_start_together(lang: str, text: str) -> None:
    claims = [claim for claim in told(text, lang) if claim.kind is Kind.LAUNCH]
    assert {claim.object for claim in claims} == {"NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 5080"}
    assert {claim.due for claim in claims} == {claims[0].due}
    shared = [claim for claim in claims if any(reason.rule == "shared" for reason in claim.reasons)]
    assert len(shared) == 1


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Nvidia showed the RTX 5090 and the RTX 5080. Both ship in March 2025."),
        ("de", "Nvidia hat die RTX 5090 und die RTX 5080 gezeigt. Beide kommen im März 2025 in den Handel."),
    ],
)
def test_both_are_the_two_named_before(lang: str, text: str) -> None:
    starts = {claim.object for claim in told(text, lang) if claim.kind == "launch"}
    assert starts == {"NVIDIA GeForce RTX 5090", "NVIDIA GeForce RTX 5080"}


def test_both_beside_a_name_is_not_the_two() -> None:
    text = "Nvidia showed the RTX 5090 and the RTX 5080. The RTX 5090 ships in March 2025, in both colours."
    assert {c.object for c in told(text, "en") if c.kind == "launch"} == {"NVIDIA GeForce RTX 5090"}
