"""Who orders, who is only ordered from, who is only spoken to, and who can promise nothing."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Status
from extractors.pipeline import extract
from scraper.article import Article, Instant


def _article(lang: str, text: str) -> Article:
    day = Instant.of_day(date(2026, 3, 4))
    return Article(url="https://news.example/a", title="", text=text, lang=lang, published=day)


def _claims(lang: str, text: str) -> list[tuple[str, str, str | None]]:
    return [(str(c.kind), c.subject, c.speaker) for c in extract(_article(lang, text))]


@pytest.mark.parametrize(
    ("lang", "text", "buyer"),
    [
        ("en", "Bluetarn has won an order for 12,000 AI servers from Norrkraft.", "Norrkraft"),
        ("en", "Bluetarn received an order from Norrkraft for 300 robots.", "Norrkraft"),
        ("en", "Norrkraft has ordered 300 robots from Bluetarn.", "Norrkraft"),
        ("de", "Greifo hat von Hollux einen Auftrag über 1.000 Roboterarme bekommen.", "Hollux"),
        ("de", "Hollux hat bei Greifo 1.000 Roboterarme bestellt.", "Hollux"),
        ("en", "The cloud provider Bluetarn leases 4,000 H100 GPUs to Norrkraft.", "Norrkraft"),
        ("en", "Norrkraft leases 4,000 H100 GPUs from the cloud provider Bluetarn.", "Norrkraft"),
        ("de", "Bluetarn vermietet 4.000 H100 an Norrkraft.", "Norrkraft"),
    ],
)
def test_who_orders_is_the_subject(lang: str, text: str, buyer: str) -> None:
    assert [(kind, subject) for kind, subject, _ in _claims(lang, text)] == [("order", buyer)]


def test_who_is_ordered_from_is_no_buyer_even_where_nobody_else_is_named() -> None:
    assert _claims("de", "Das Justizministerium hat bei der Firma Lumeo 320 Server bestellt.") == []


def test_a_place_that_only_tells_where_is_no_party() -> None:
    assert _claims("de", "In Soest fallen 80 Stellen weg.") == []


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("en", "Bosch will lay off 450 people by the end of June, a spokesperson told Reuters.", "Bosch"),
        ("en", "Bosch will lay off 450 people, people familiar with the matter told Reuters.", "Reuters"),
        ("de", "Bosch streicht bis Ende Juni 450 Stellen, sagte ein Sprecher der dpa.", "Bosch"),
        ("de", "Wie eine Sprecherin der FAZ sagte, streicht Bosch bis Ende Juni 450 Stellen.", "Bosch"),
        ("de", "Gegenüber heise online bestätigte Siemens den Abbau von 450 Stellen.", "Siemens"),
    ],
)
def test_who_is_spoken_to_does_not_speak(lang: str, text: str, speaker: str) -> None:
    assert [told for _, _, told in _claims(lang, text)] == [speaker]


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        ("en", "Siemens will create 275 jobs in Ohio, Governor Mike DeWine said.", Status.EXPECTED),
        (
            "de",
            "Siemens schafft bis 2027 in Jena 275 Stellen, sagte Bürgermeisterin Eva Holler.",
            Status.EXPECTED,
        ),
        ("en", "Siemens will create 275 jobs in Ohio, chief executive Eva Holler said.", Status.PLANNED),
    ],
)
def test_a_public_office_only_expects_what_a_company_does(lang: str, text: str, status: Status) -> None:
    assert [claim.status for claim in extract(_article(lang, text))] == [status]


@pytest.mark.parametrize(
    ("lang", "text", "subjects"),
    [
        (
            "en",
            "Pellucid Robotics lays off 220 staff. Tessellon employs 640 people.",
            ["Pellucid Robotics", "Tessellon"],
        ),
        ("de", "Pellucid streicht 220 Stellen. Tessellon beschäftigt 640 Leute.", ["Pellucid", "Tessellon"]),
    ],
)
def test_who_opens_a_sentence_alone_is_its_subject(lang: str, text: str, subjects: list[str]) -> None:
    assert [subject for _, subject, _ in _claims(lang, text)] == subjects


def test_a_contract_won_is_paid_for_by_who_gave_it() -> None:
    text = "Skerry Cloud has won a $780 million contract from the Department of Energy."
    assert [subject for _, subject, _ in _claims("en", text)] == ["US Department of Energy"]


@pytest.mark.parametrize(
    ("lang", "text", "subject"),
    [
        ("en", "Oracle won a contract and bought 40,000 GPUs from Nvidia.", "Oracle"),
        ("en", "Siemens won its biggest order and will order 500 robots from Kuka.", "Siemens"),
        ("en", "Intel, which received an order from Microsoft, will invest $20 billion in Ohio.", "Intel"),
        ("de", "Siemens hat den Auftrag gewonnen und bestellt bei Kuka 500 Roboter.", "Siemens"),
    ],
)
def test_another_order_in_the_sentence_changes_nothing(lang: str, text: str, subject: str) -> None:
    assert [found for _, found, _ in _claims(lang, text)] == [subject]
