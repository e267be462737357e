"""Amounts beside what a sentence claims: differences, prices of before, converted sums, adverts."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim, Kind, Status
from extractors.document import read_document
from extractors.pipeline import extract
from extractors.reading import read
from extractors.sentence_rules import another_figure, unstated
from scraper.article import Article, Instant

PUBLISHED = date(2026, 3, 4)


def claims(lang: str, text: str) -> list[Claim]:
    return extract(Article("https://news.example/a", "", text, lang, Instant.of_day(PUBLISHED)))


def beside(lang: str, text: str, kind: Kind) -> dict[float, str]:
    """The amounts of a text that are another figure, and by which rule."""
    made, found = read(read_document("", text, lang, PUBLISHED)), {}
    for context in made.contexts:
        for anchor in context.anchors:
            rule = another_figure(made, context, anchor, kind)
            if rule and anchor.quantity is not None:
                found[anchor.quantity.low or 0.0] = rule[0]
    return found


@pytest.mark.parametrize(
    ("lang", "text", "amounts"),
    [
        ("en", "The small phone costs $749, the big one $200 more.", {200.0: "difference"}),
        ("en", "The phone costs $749 or more.", {}),
        ("de", "Das Handy kostet 749 Euro und ist damit 50 Euro teurer.", {50.0: "difference"}),
        ("de", "Das iPhone kostet wie bisher 949 Euro.", {}),
        ("en", "Starlink will initially cost $120 a month in India.", {}),
        ("de", "Bislang waren 3,40 Euro fällig, nun kostet die Stunde 2,90 Euro.", {3.4: "former price"}),
        ("en", "The plan costs $12 a month (previously $9).", {9.0: "former price"}),
        ("en", "A year costs £65 in Britain, where it used to be £54.99.", {54.99: "former price"}),
        ("en", "It costs £449, or €499 on the Continent.", {}),
        ("en", "The plan climbs to $18.99 from $17.99.", {17.99: "former price"}),
        ("en", "The phone sells for prices from $399.", {}),
    ],
)
def test_what_stands_beside_a_price(lang: str, text: str, amounts: dict[float, str]) -> None:
    assert beside(lang, text, Kind.PRICE) == amounts


@pytest.mark.parametrize(
    ("lang", "text", "amounts"),
    [
        (
            "de",
            "Der Umsatz stieg auf 412 Milliarden Taiwan-Dollar, umgerechnet rund 11,6 Milliarden Euro.",
            {11.6e9: "converted"},
        ),
        ("de", "Der Konzern zahlt umgerechnet 300 Millionen Euro.", {}),
        ("en", "Wooga paid 32 euros a share or 2.4 billion euros in total.", {}),
    ],
)
def test_a_sum_told_again_in_another_currency(lang: str, text: str, amounts: dict[float, str]) -> None:
    assert beside(lang, text, Kind.REVENUE) == amounts


@pytest.mark.parametrize(
    ("lang", "text", "rule"),
    [
        ("de", "Anzeige: Jetzt 20 GB für 9,99 Euro im Monat sichern!", "advert"),
        ("en", "Advertisement | Get 20 GB for $9.99 a month today.", "advert"),
        ("de", "Die Anzeige kostet 9.000 Euro im Monat.", None),
        (
            "en",
            "Revenue is to reach $5.2 billion, up from its previous forecast of $4.9 billion.",
            "replaced",
        ),
        (
            "en",
            "Sales will be $5.2 billion, up from a previous range of $4.8 billion to $4.9 billion.",
            "replaced",
        ),
    ],
)
def test_what_a_sentence_does_not_state(lang: str, text: str, rule: str | None) -> None:
    made = read(read_document("", text, lang, PUBLISHED))
    context = made.contexts[0]
    amount = [anchor for anchor in context.anchors if anchor.quantity is not None][-1]
    found = unstated(made, context, amount)
    assert (found and found[0]) == rule


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Zentara will cut 350 of its 2,900 jobs by the end of September, mostly in Asia."),
        ("de", "Zentara streicht bis Ende September 350 der 2.900 Stellen, die meisten in Asien."),
    ],
)
def test_what_is_done_to_a_part_is_not_done_to_the_whole(lang: str, text: str) -> None:
    by_amount = {claim.quantity.high: claim for claim in claims(lang, text) if claim.quantity is not None}
    assert by_amount[350].status is Status.PLANNED
    whole = by_amount[2900]
    assert (whole.status, whole.due) == (Status.ACTUAL, None)


@pytest.mark.parametrize(
    "text",
    [
        "Dunmore Systems is a cloud firm. Dunmore Systems reportedly has 4 million subscribers.",
        "Dunmore Systems is a cloud firm. Dunmore Systems is believed to operate 15,000 GPUs.",
        "Dunmore Systems is a cloud firm. The union said Dunmore Systems would cut 4,000 jobs.",
    ],
)
def test_what_nobody_named_tells_is_expected(text: str) -> None:
    (claim,) = claims("en", text)
    assert (claim.subject, claim.status, claim.speaker) == ("Dunmore Systems", Status.EXPECTED, None)


def test_whom_a_sentence_only_cites_has_no_users() -> None:
    found = claims(
        "de", "Der Dienst Quorvo hat laut Datendienst Appsignal im Mai 35 Millionen Nutzer erreicht."
    )
    assert all(claim.subject != "Appsignal" for claim in found)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Perch cut the price of the Doorbell 3 to $79.", [(79.0, 79.0)]),
        ("Apple cut the price of the iPad 11 to $299.", [(299.0, 299.0)]),
        ("Prices range from 10 to $20.", [(10.0, 20.0)]),
        ("They cost $10 to $20.", [(10.0, 20.0)]),
    ],
)
def test_the_number_of_a_name_opens_no_range(text: str, amounts: list[tuple[float, float]]) -> None:
    made = read(read_document("", text, "en", PUBLISHED))
    sums = [a.quantity for a in made.anchors if a.quantity is not None and a.measure == "currency"]
    assert [(q.low, q.high) for q in sums] == amounts


def test_what_is_planned_itself_is_no_fact_of_which_a_part_is_filled() -> None:
    found = claims("en", "Intel has filled 500 of the 3,000 jobs it promised in Ohio.")
    by_amount = {claim.quantity.high: claim.reasons for claim in found if claim.quantity is not None}
    assert not any(reason.rule == "whole" for reason in by_amount[3000])
