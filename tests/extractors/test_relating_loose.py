"""A bound that holds an amount from afar joins two figures only where nothing else differs."""

from __future__ import annotations

from typing import Any

import pytest

from extractors.relate import relate_records

MORE, LESS = (None, 9000.0), (6000.0, None)


def claim(published: str, quantity: tuple[float | None, float | None], **fields: Any) -> dict[str, Any]:
    own = {
        "kind": "users",
        "subject": "Halvorsen",
        "object": None,
        "unit": "users",
        "due": None,
        "status": "actual",
        "speaker": None,
        "lang": "en",
        "title": published,
        "sentence": f"Halvorsen and its figure of {published}.",
    }
    return own | {"published": published, "quantity": list(quantity)} | fields


def relation(a: dict[str, Any], b: dict[str, Any]) -> str:
    return str(relate_records(a, b).relation)


PLAN = {"status": "planned", "due": [None, "2027-12-31"]}
MODULES = {"kind": "shipment", "unit": "units", "object": "Halvorsen Kiln"}
PRICE = {"kind": "price", "unit": "EUR", "object": "Halvorsen Kiln"}
YEAR, NEXT = ["2025-01-01", "2025-12-31"], ["2026-01-01", "2026-12-31"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(claim("2025-07-18", LESS), claim("2025-12-18", (9000, 9000)), id="months later"),
        pytest.param(claim("2025-12-18", (9000, 9000)), claim("2026-07-18", LESS), id="vaguer, later"),
        pytest.param(claim("2025-07-18", MORE, **PLAN), claim("2026-01-09", (5000, 5000)), id="below a cap"),
        pytest.param(
            claim("2025-07-18", (9000, 9000), **PLAN), claim("2025-10-18", LESS), id="on the way to it"
        ),
        pytest.param(
            claim("2025-07-18", LESS, **PRICE), claim("2025-07-20", (8900, 8900), **PRICE), id="base price"
        ),
        pytest.param(
            claim("2025-07-18", MORE, **PLAN | {"status": "expected"}, speaker="Ostrava Research"),
            claim("2025-07-20", (5000, 5000), **PLAN, speaker="Halvorsen"),
            id="what others expect at most",
        ),
        pytest.param(
            claim("2025-07-18", LESS, title="t"), claim("2025-07-18", (9000, 9000), title="t"), id="beside"
        ),
        pytest.param(
            claim("2026-02-01", (500, 500), **MODULES, status="planned", due=[None, "2028-12-31"]),
            claim("2026-03-01", (510, 510), **MODULES, due=YEAR),
            id="a fact from before the plan",
        ),
        pytest.param(
            claim("2025-02-01", (500, 500), **MODULES, status="planned", due=YEAR),
            claim("2027-02-01", (700, 700), **MODULES, due=NEXT),
            id="the next year's sales",
        ),
        pytest.param(
            claim("2025-02-01", (500, 500), **MODULES, status="planned", due=YEAR),
            claim("2027-01-20", (700, 700), **MODULES),
            id="sales told a year after the due",
        ),
        pytest.param(
            claim("2023-09-19", (350, 350), kind="jobs", unit="jobs"),
            claim("2023-10-05", (350, 350), kind="jobs", unit="jobs", **PLAN),
            id="as many as today, later",
        ),
    ],
)
def test_two_figures_stay_two(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert relation(a, b) == "unrelated"


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(claim("2025-07-18", LESS), claim("2025-07-25", (6800, 6800)), "refinement", id="days"),
        pytest.param(
            claim("2025-07-18", LESS), claim("2025-12-18", (6100, 6100)), "refinement", id="beside it"
        ),
        pytest.param(
            claim("2025-07-18", LESS, **PLAN | {"status": "expected"}, speaker="Ostrava Post"),
            claim("2025-07-26", (7500, 7500), **PLAN, speaker="Halvorsen"),
            "refinement",
            id="a rumour confirmed",
        ),
        pytest.param(
            claim("2025-07-18", LESS, **PLAN),
            claim("2027-05-18", (7000, 7000)),
            "outcome",
            id="reached early",
        ),
        pytest.param(
            claim("2025-07-18", MORE, **PRICE),
            claim("2025-07-20", (8000, 8000), **PRICE),
            "refinement",
            id="under",
        ),
        pytest.param(
            claim("2025-02-01", (500, 500), **MODULES, status="planned", due=YEAR),
            claim("2026-02-01", (450, 450), **MODULES),
            "outcome",
            id="sales told soon after the due",
        ),
    ],
)
def test_what_is_one_figure_stays_one(a: dict[str, Any], b: dict[str, Any], wanted: str) -> None:
    assert relation(a, b) == wanted
