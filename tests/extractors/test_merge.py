"""When two statements are one, and what the one keeps; what equivalents inherit; how a product is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from extractors.claim import Claim, Due, Evidence, Kind, Place, Quantity, Status
from extractors.decision import object_name
from extractors.mentions import Entity, EntityType, ProductMention
from extractors.merge import inherit_dues, merge_claims, same_statement

YEAR = Due(date(2024, 1, 1), date(2024, 12, 31))
BY = Due(None, date(2024, 12, 31))
CLAIM = Claim(
    kind=Kind.DEPLOYMENT,
    subject="Norvik",
    object="NVIDIA H100",
    quantity=Quantity(5000, 5000, "units"),
    due=BY,
    status=Status.PLANNED,
    evidence=(Evidence(0, 3, "One"),),
)
LATER = (Evidence(10, 13, "Two"),)
TITLE = (Evidence(0, 5, "Title", Place.TITLE),)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"due": None}, True),
        ({"due": YEAR}, True),
        ({"due": Due(None, date(2025, 12, 31))}, False),
        ({"quantity": Quantity(5010, 5010, "units")}, True),
        ({"quantity": Quantity(5100, 5100, "units")}, False),
        ({"quantity": Quantity(5000, None, "units")}, False),
        ({"quantity": Quantity(5000, 5000, "users")}, False),
        ({"subject": "Xorvel"}, False),
        ({"object": "GPU"}, False),
        ({"object": "GPU", "evidence": TITLE}, True),
        ({"equivalent": True}, False),
        ({"kind": Kind.ORDER}, False),
        ({"due": None, "status": Status.ACTUAL}, False),
    ],
    ids=str,
)
def test_what_makes_two_statements_one(change: dict[str, Any], same: bool) -> None:
    other = replace(CLAIM, **change)
    assert same_statement(CLAIM, other) is same
    assert same_statement(other, CLAIM) is same


def test_the_same_words_at_two_places_say_one_thing() -> None:
    order = replace(CLAIM, kind=Kind.ORDER, status=Status.EXPECTED)
    again = replace(order, evidence=(Evidence(10, 13, "One"),))
    assert merge_claims([CLAIM, again])[0].kind is Kind.DEPLOYMENT
    assert len(merge_claims([CLAIM, again])) == 1
    assert len(merge_claims([CLAIM, order])) == 2  # one sentence may tell of an order and of what runs
    assert len(merge_claims([replace(one, evidence=TITLE) for one in (CLAIM, order)])) == 1
    assert len(merge_claims([CLAIM, replace(again, object="GPU")])) == 2
    later = Due(date(2025, 1, 1), date(2025, 12, 31))
    assert len(merge_claims([CLAIM, replace(again, due=later)])) == 2
    titles = [replace(one, evidence=TITLE) for one in (CLAIM, replace(order, due=later))]
    assert len(merge_claims(titles)) == 2


def test_one_claim_keeps_both_sentences_and_what_either_knows() -> None:
    bare = replace(CLAIM, due=None, confidence=0.5)
    (one,) = merge_claims([bare, replace(CLAIM, evidence=LATER, speaker="Ada Lunde", confidence=0.8)])
    assert (one.due, one.speaker, one.confidence) == (BY, "Ada Lunde", 0.8)
    assert one.evidence == (*CLAIM.evidence, *LATER)


def test_a_headline_yields_to_the_text() -> None:
    (one,) = merge_claims([replace(CLAIM, object="GPU", evidence=TITLE), CLAIM])
    assert one.object == "NVIDIA H100"
    assert one.evidence == (*TITLE, *CLAIM.evidence)


def test_equivalents_take_the_time_of_the_count_they_include() -> None:
    total = replace(CLAIM, equivalent=True, quantity=Quantity(9000, 9000, "units"), due=None, evidence=LATER)
    _, inherited = inherit_dues([CLAIM, total])
    assert inherited.due == BY
    assert inherited.evidence == (*LATER, *CLAIM.evidence)
    for other in (replace(total, quantity=Quantity(4000, 4000, "units")), replace(total, subject="Xorvel")):
        assert inherit_dues([CLAIM, other])[1] == other


@pytest.mark.parametrize(
    ("change", "party"),
    [
        ({}, "Norvik"),
        ({"speaker": "Jon Aas"}, "Xorvel"),
        ({"speaker": None}, "Xorvel"),
        ({"evidence": (Evidence(10, 20, "Xorvel has"),)}, "Xorvel"),
        ({"quantity": Quantity(4000, 4000, "units")}, "Xorvel"),
    ],
)
def test_a_speakers_total_in_equivalents_is_of_the_party_that_he_counted_for(
    change: dict[str, Any], party: str
) -> None:
    counted = replace(CLAIM, speaker="Ida Berg")
    total = replace(
        counted,
        equivalent=True,
        subject="Xorvel",
        due=None,
        quantity=Quantity(9000, 9000, "units"),
        evidence=LATER,
    )
    assert inherit_dues([counted, replace(total, **change)])[1].subject == party


@pytest.mark.parametrize(
    ("name", "grade", "maker", "expected"),
    [
        ("Skerry 2", "built", "Norvik", "Norvik Skerry 2"),
        ("Norvik Skerry 2", "built", "Norvik", "Norvik Skerry 2"),
        ("Skerry", "name", None, "Skerry"),
        ("GPU", "class", None, "GPU"),
        ("Xbox Series X", "listed", "Microsoft", "Xbox Series X"),
    ],
)
def test_a_product_is_named_maker_first(name: str, grade: str, maker: str | None, expected: str) -> None:
    product = ProductMention(name, 0, 1, 0, 1, grade, maker)
    assert object_name(product, Entity(0, "Norvik", EntityType.COMPANY, True), Kind.LAUNCH) == expected
