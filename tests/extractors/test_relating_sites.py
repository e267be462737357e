"""Where two statements are at home: places that exclude each other, and names that no list has."""

from __future__ import annotations

import pytest

from extractors.catalogue.places import place
from extractors.claim import Kind
from extractors.relate import read_statement, relate
from extractors.relating.sites import related, system_names, unlisted_places


def relation(kind: Kind, amount: float | None, unit: str | None, one: str, two: str) -> str:
    record = {
        "kind": str(kind),
        "subject": "Nimbrix",
        "object": "robotaxi" if kind is Kind.LAUNCH else None,
        "quantity": [amount, amount] if amount is not None else None,
        "unit": unit,
        "due": ["2025-06-01", "2025-06-30"] if kind is Kind.LAUNCH else None,
        "status": "planned",
        "lang": "en",
        "published": "2025-03-01",
    }
    statements = [read_statement(record | {"sentence": sentence}) for sentence in (one, two)]
    return str(relate(*statements).relation)


@pytest.mark.parametrize(
    ("one", "two", "may"),
    [
        ("Abilene", "Texas", True),
        ("Abilene", "Michigan", False),
        ("Portland", "Maine", True),
        ("Portland", "Oregon", True),
        ("Leipzig", "Sachsen", True),
        ("Leipzig", "Bayern", False),
        ("Essen", "Ruhrgebiet", True),  # no list says what lies in it
        ("Wien", "Tirol", True),
        ("Memphis", "USA", True),
        ("Memphis", "Germany", False),
        ("Memphis", "Abilene", False),
        ("Springfield", "Oregon", True),  # a name of many towns
        ("Gainesville", "Virginia", True),
        ("Berlin", "Brandenburg", True),  # the city states are left out
    ],
)
def test_a_city_lies_in_its_region_and_in_no_other(one: str, two: str, may: bool) -> None:
    first, second = place(one), place(two)
    assert first is not None
    assert second is not None
    assert related([first], [second]) is may
    assert related([second], [first]) is may


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("de", "Nimbrix baut in Feuerbach 1.500 Stellen ab.", {"feuerbach"}),
        ("de", "Nimbrix baut in Rechenzentren 1.500 Stellen ab.", set()),
        ("de", "Nimbrix baut in Stuttgart 1.500 Stellen ab.", set()),
        ("de", "Nimbrix baut nach Rekordquartal 1.500 Stellen ab.", set()),
        ("en", "Nimbrix cuts 1,500 jobs in Torvaldsnes.", {"torvaldsnes"}),
    ],
)
def test_towns_that_no_list_has(lang: str, text: str, names: set[str]) -> None:
    assert unlisted_places(text, lang) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nimbrix runs the Jeroboam cluster.", {"jeroboam"}),
        ("Nimbrix runs the large cluster.", set()),
        ("Large clusters need power.", set()),
        ("Nimbrix runs the London cluster.", set()),
        ("Nimbrix Opens Giant Data Center", set()),
        ("Nimbrix to Spend Billions on New Data Center", set()),
    ],
)
def test_an_everyday_word_with_a_capital_names_a_system(text: str, names: set[str]) -> None:
    assert system_names(text, "en") - {"nimbrix"} == names


@pytest.mark.parametrize(
    ("kind", "amount", "unit", "one", "two", "expected"),
    [
        (
            Kind.LAUNCH,
            None,
            None,
            "Nimbrix starts in Austin in June.",
            "Nimbrix starts in California in June.",
            "unrelated",
        ),
        (
            Kind.LAUNCH,
            None,
            None,
            "Nimbrix starts in Austin in June.",
            "Nimbrix starts in Texas in June.",
            "same",
        ),
        (
            Kind.USERS,
            1e9,
            "users",
            "Sprintly, which belongs to Nimbrix, has 1 billion users.",
            "Quillo has 1 billion users, says Nimbrix.",
            "unrelated",
        ),
    ],
)
def test_what_is_elsewhere_or_of_another_service_is_another_claim(
    kind: Kind, amount: float | None, unit: str | None, one: str, two: str, expected: str
) -> None:
    assert relation(kind, amount, unit, one, two) == expected
