"""The quality gate on the development articles, and the rules for moving its floors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.gate import (
    GOLD,
    LANGUAGES,
    LEVELS,
    MARGIN,
    Figures,
    GateError,
    below,
    compare,
    gold_file,
    measure,
    pin,
    read_floors,
    scorer,
)


def figures(value: float) -> Figures:
    return {lang: dict.fromkeys(LEVELS, value) for lang in LANGUAGES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for lang in LANGUAGES:
        shutil.copy(gold_file(lang), tmp_path)
    return tmp_path


def test_no_figure_falls_below_its_floor(capsys: pytest.CaptureFixture[str]) -> None:
    measured, floors = measure(scorer()), read_floors()
    with capsys.disabled():
        print("", *compare(measured, floors), sep="\n  ")
    assert below(measured, floors) == []


def test_the_development_articles_are_valid() -> None:
    assert scorer().check([str(gold_file(lang, GOLD)) for lang in LANGUAGES]) == 0


def test_a_floor_lies_a_margin_below_and_rises_with_the_figure(folder: Path) -> None:
    path = folder / "floors.toml"
    pin(figures(0.6), path, folder)
    assert read_floors(path, folder) == figures(round(0.6 - MARGIN, 4))
    pin(figures(0.7), path, folder)
    assert read_floors(path, folder) == figures(round(0.7 - MARGIN, 4))


def test_a_figure_within_the_margin_leaves_the_floor(folder: Path) -> None:
    path = folder / "floors.toml"
    pin(figures(0.6), path, folder)
    pin(figures(0.59), path, folder)
    assert read_floors(path, folder) == figures(round(0.6 - MARGIN, 4))


def test_lowering_needs_to_be_said(folder: Path) -> None:
    path = folder / "floors.toml"
    pin(figures(0.6), path, folder)
    with pytest.raises(GateError, match="would lower de core, de full, en core, en full: say --lower"):
        pin(figures(0.5), path, folder)
    assert read_floors(path, folder) == figures(round(0.6 - MARGIN, 4))
    pin(figures(0.5), path, folder, lower=True)
    assert read_floors(path, folder) == figures(round(0.5 - MARGIN, 4))


def test_floors_of_other_articles_count_for_nothing(folder: Path) -> None:
    path = folder / "floors.toml"
    pin(figures(0.6), path, folder)
    with gold_file("de", folder).open("a") as file:
        file.write("\n")
    with pytest.raises(GateError, match="not those of the floors"):
        read_floors(path, folder)
    with pytest.raises(GateError, match="not those of the floors"):
        pin(figures(0.9), path, folder)


def test_without_floors_it_says_how_to_pin(folder: Path) -> None:
    with pytest.raises(GateError, match=r"no floors at floors.toml: python -m benchmarks.gate --pin"):
        read_floors(folder / "floors.toml", folder)


def test_it_tells_what_was_gained_and_lost() -> None:
    lines = compare({**figures(0.6), "de": {"core": 0.5, "full": 0.55}}, figures(0.55))
    assert lines[0] == "de core: F1 0.5000, floor 0.5500 (BELOW by 0.0500)"
    assert lines[1] == "de full: F1 0.5500, floor 0.5500 (above by 0.0000)"
    assert lines[2] == "en core: F1 0.6000, floor 0.5500 (above by 0.0500)"
