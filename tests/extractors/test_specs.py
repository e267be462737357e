"""Number, money and measure tables of Recognizers-Text: the shares that the readers must reach on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.specs import FILES, LANGUAGES, TARGETS, measure, reason

SPECS = Path(__file__).parents[3] / "shared" / "specs"


@pytest.mark.skipif(not SPECS.is_dir(), reason="the public specs are not here")
@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readers_reach_their_target(language: str, kind: str) -> None:
    tally = measure(SPECS, language, kind)
    assert tally.share >= TARGETS[kind], tally.missed
    assert tally.counted >= 20


def _row(text: str, expected: str, value: str | None) -> dict[str, object]:
    return {"Input": text, "Results": [{"Text": expected, "Resolution": {"value": value}}]}


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [("five and a half", "five and a half", "5.5"), ("1.5 million", "1.5 million", "1500000")],
)
def test_amounts_are_not_left_out(text: str, expected: str, value: str) -> None:
    assert reason(_row(text, expected, value), "Number") is None


def test_shares_and_bare_units_are_left_out() -> None:
    assert reason(_row("two thirds", "two thirds", "0.667"), "Number") is not None
    assert reason(_row("the dollar", "dollar", None), "Currency") is not None
