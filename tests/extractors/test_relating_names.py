"""Names and deals: spellings of one party or thing meet, and what only looks like one deal stays two."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.relate import relate_records

BASE: dict[str, Any] = {
    "kind": "investment",
    "subject": "Xorvel",
    "object": None,
    "quantity": [9e9, 9e9],
    "unit": "EUR",
    "due": None,
    "status": "planned",
    "lang": "en",
    "published": "2025-03-01",
    "sentence": "",
}


LAUNCH = {"kind": "launch", "quantity": None, "unit": None, "due": ["2027-01-01", "2027-12-31"]}
FLOPS = {"kind": "performance", "unit": "FLOPS"}


def relation(one: dict[str, Any], two: dict[str, Any]) -> str:
    return str(relate_records(BASE | one, BASE | one | {"published": "2025-03-04"} | two).relation)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"subject": "Xorvel-Gruppe", "lang": "de"}, {"subject": "Xorvel"}),
        ({"subject": "Xorvel Group"}, {"subject": "Xorvel-Konzern", "lang": "de"}),
        ({"object": "chip fab in Magdeburg"}, {"object": "Chipfabrik in Sachsen-Anhalt", "lang": "de"}),
        (FLOPS | {"object": "Aurora", "subject": "Argonne National Laboratory"}, {"subject": "Aurora"}),
        (LAUNCH | {"object": "Xorvel 2 nm"}, {"object": "2nm chips"}),
        (LAUNCH | {"object": "Xorvel Car"}, {"object": "Xorvel-Auto", "lang": "de"}),
    ],
)  # fmt: skip
def test_two_spellings_of_one_thing_meet(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert relation(one, two) == "same"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"object": "cloud"}, {"kind": "revenue", "object": "cloud revenue"}),  # nobody deals with itself
        ({"kind": "power", "unit": "W", "counterparty": "Kelvard"}, {"counterparty": "Brennholt"}),
        ({"object": "chip fab in Dresden"}, {"object": "Chipfabrik in Sachsen-Anhalt", "lang": "de"}),
        ({"kind": "shipment", "unit": "units", "quantity": [9e4, 9e4], "object": "car", "status": "actual",
          "sentence": "Xorvel built 90,000 cars in March."},
         {"sentence": "Xorvel lieferte im März 80.000 Autos aus.", "lang": "de", "quantity": [8e4, 8e4]}),
        ({"kind": "shipment", "unit": "units", "quantity": [9e4, 9e4], "object": "car", "status": "actual",
          "sentence": "The core brand delivered 90,000 cars."},
         {"sentence": "Über alle Marken lieferte Xorvel 120.000 Autos aus.", "lang": "de",
          "quantity": [12e4, 12e4]}),
    ],
)  # fmt: skip
def test_what_only_looks_alike_stays_two(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert relation(one, two) == "unrelated"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"kind": "shipment", "unit": "units", "quantity": [9e4, 9e4], "object": "car", "status": "actual",
          "sentence": "Xorvel built 90,000 cars in March."},
         {"sentence": "Xorvel lieferte im März 90.000 Autos aus.", "lang": "de"}),
        ({"subject": "Schwarz Group"}, {"subject": "Schwarz Digits"}),  # owner and owned
        ({"kind": "users", "unit": "users", "quantity": [276e6, 276e6], "status": "actual",
          "sentence": "Xorvel added 5 million subscribers, bringing the total to 276 million."},
         {"sentence": "Xorvel has 276 million subscribers."}),
    ],
)  # fmt: skip
def test_plain_retellings_stay_together(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert relation(one, two) == "same"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"subject": "Land Rover"}, {"subject": "Rover"}),
        (LAUNCH | {"object": "2nm A20 chip"}, {"object": "2nm M6 chip"}),
        ({"object": "grant for Xorvel", "counterparty": "Kelvard"}, {"object": "stake in Xorvel"}),
        ({"object": "acquisition of Loopfield"}, {"object": "acquisition of Sandmark"}),
    ],
)
def test_a_shared_word_makes_no_deal_the_same(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert relation(one, two) == "unrelated"


def test_a_blank_object_is_none() -> None:
    assert relation({"kind": "price", "object": " "}, {"object": "Xorvel Kite"}) in ("same", "refinement")


def test_a_range_is_more_exact_than_its_upper_end() -> None:
    assert relation({"quantity": [None, 65e9]}, {"quantity": [60e9, 65e9]}) == "refinement"


def test_names_of_yearly_spending_meet_when_it_is_raised() -> None:
    due = ["2025-01-01", "2025-12-31"]
    told = {
        "object": "capital expenditure",
        "due": due,
        "sentence": "Xorvel expects capital expenditure of €9bn.",
    }
    raised = {
        "object": "Sachinvestitionen",
        "lang": "de",
        "quantity": [11e9, 11e9],
        "sentence": "Xorvel hebt die Sachinvestitionen auf elf Milliarden Euro an.",
    }
    assert relation(told, raised) == "revision"
