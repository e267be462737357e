from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claims import wording
from extractors.claim import Due, Evidence, Quantity

from .conftest import ENGLISH, META, NORVIK, SENTENCE

AMOUNTS = [
    (Quantity(350_000, 350_000, "units"), "350,000"),
    (Quantity(350_000, 350_000, "units", approx=True), "~350,000"),
    (Quantity(25_000, 30_000, "USD"), "25,000–30,000 USD"),
    (Quantity(35e9, 40e9, "EUR"), "35–40 bn EUR"),
    (Quantity(800e6, 1.2e9, "EUR"), "800 m EUR–1.2 bn EUR"),
    (Quantity(25e6, 30e6, "W", approx=True), "~25–30 MW"),
    (Quantity(1e9, None, "W"), "≥ 1 GW"),
    (Quantity(100_000, None, "units"), "≥ 100,000"),
    (Quantity(None, 5_000, "jobs"), "≤ 5,000"),
    (Quantity(1.4e9, 1.4e9, "EUR"), "1.4 bn EUR"),
    (Quantity(2_500_000, 2_500_000, "EUR"), "2.5 m EUR"),
    (Quantity(1.2e9, 1.2e9, "W"), "1.2 GW"),
    (Quantity(180e6, 180e6, "W"), "180 MW"),
    (Quantity(1e18, 1e18, "FLOPS"), "1 EFLOPS"),
    (Quantity(649.5, 649.5, "EUR"), "649.5 EUR"),
    (Quantity(12, 12, "W"), "12 W"),
    (Quantity(10e6, 10e6, "users"), "10,000,000"),
    (None, ""),
]


@pytest.mark.parametrize(("quantity", "expected"), AMOUNTS, ids=[text for _, text in AMOUNTS])
def test_amount(quantity: Quantity | None, expected: str) -> None:
    assert wording.amount(quantity) == expected


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


DUES = [
    (None, "2024-12-31", "by 2024-12-31"),
    ("2026-01-01", None, "from 2026-01-01"),
    ("2025-01-01", "2025-12-31", "2025"),
    ("2025-07-01", "2025-09-30", "Q3 2025"),
    ("2025-10-01", "2025-12-31", "Q4 2025"),
    ("2025-01-01", "2025-06-30", "H1 2025"),
    ("2025-07-01", "2025-12-31", "H2 2025"),
    ("2025-03-01", "2025-03-31", "2025-03"),
    ("2024-02-01", "2024-02-29", "2024-02"),
    ("2025-12-01", "2025-12-31", "2025-12"),
    ("2025-05-01", "2025-08-31", "2025-05-01 to 2025-08-31"),
    ("2025-03-04", "2025-03-04", "2025-03-04"),
    ("2025-12-01", "2026-02-28", "2025-12-01 to 2026-02-28"),
    ("9999-01-01", "9999-12-31", "9999-01-01 to 9999-12-31"),
]


@pytest.mark.parametrize(("start", "end", "expected"), DUES, ids=[row[2] for row in DUES])
def test_due(start: str | None, end: str | None, expected: str) -> None:
    assert wording.due(Due(day(start), day(end))) == expected


def test_no_due() -> None:
    assert wording.due(None) == ""


def test_sentence() -> None:
    said = "Meta: ~350,000 NVIDIA H100 by 2024-12-31 (deployment, planned, says Mark Zuckerberg)"
    assert wording.sentence(META) == said
    assert wording.sentence(NORVIK) == "Norvik Data: 1.4 bn EUR (investment, actual)"


def test_equivalents_and_counterparty() -> None:
    claim = replace(META, equivalent=True, counterparty="Nvidia", speaker="Meta")
    said = "Meta: ~350,000 NVIDIA H100 equivalents by 2024-12-31 (deployment, planned, with Nvidia)"
    assert wording.sentence(claim) == said


def test_the_paragraph_around_evidence() -> None:
    before, sentence, after = wording.paragraph_of(ENGLISH.text, META.evidence[0])
    assert (before, sentence, after) == ("Nothing here yet. ", SENTENCE, " And more to come.")


@pytest.mark.parametrize("text", ["Only one.", "Only one.\n\nTwo.", "Zero.\n\nOnly one."])
def test_the_paragraph_at_an_end(text: str) -> None:
    start = text.index("Only")
    assert wording.paragraph_of(text, Evidence(start, start + 9, "Only one.")) == ("", "Only one.", "")
