"""In the note of a research house "we" is the house, and what it reckons is expected."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim
from extractors.pipeline import extract
from scraper.article import Article, Instant

HEAD = "Larkfield Harrow Research | Devices | 15 January 2026 | Clients only\n\n"
OWN = "We now think that Corvella will ship 640,000 smartphones in 2026."


def claims(lang: str, text: str, title: str = "Devices: a better year") -> list[Claim]:
    day = Instant.of_day(date(2026, 1, 15))
    return extract(Article("https://research.example/a", title, text, lang, day))


def told(lang: str, text: str) -> list[tuple[str | None, str]]:
    return [(claim.speaker, str(claim.status)) for claim in claims(lang, text)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", f"{HEAD}{OWN}"),
        ("en", f"{HEAD}We estimate that Corvella shipped 640,000 smartphones in 2025."),
        ("de", f"{HEAD}Wir schätzen, dass Corvella 2025 rund 640.000 Smartphones verkauft hat."),
    ],
)
def test_what_we_reckon_is_what_the_house_expects(lang: str, text: str) -> None:
    assert told(lang, text) == [("Larkfield Harrow Research", "expected")]


def test_what_a_party_says_of_itself_stays_its_own() -> None:
    text = f"{HEAD}We believe it. Corvella said that it shipped 640,000 smartphones in 2025."
    assert told("en", text) == [("Corvella", "actual")]


def test_a_head_that_names_no_house_gives_no_speaker() -> None:
    assert told("en", f"EQUITY RESEARCH | Devices\n\n{OWN} We expect more.") == [(None, "expected")]


@pytest.mark.parametrize("head", ["", "By Ada Holm | Devices | 15 January 2026\n\n"])
def test_no_other_article_is_a_note(head: str) -> None:
    assert all(speaker != "Larkfield Harrow Research" for speaker, _ in told("en", f"{head}{OWN}"))


def test_it_is_told_why() -> None:
    (claim,) = claims("en", f"{HEAD}{OWN}")
    assert any(reason.rule == "house note" for reason in claim.reasons)
