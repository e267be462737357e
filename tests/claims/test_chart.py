"""claims chart: what stands where, in which words, and what is said where there is nothing to draw."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import sys
import tomllib
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import matplotlib
import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from claims.charting import LARGEST, alt_text, thread_chart
from claims.charting.axes import LINES, marker
from claims.charting.labels import Box, around, placed
from claims.charting.lines import lines
from claims.charting.panels import STEPS, When, plot
from claims.charting.picture import svg
from claims.charting.ticks import shown, ticks
from claims.charting.words import LANGUAGES, Words
from db.charted import Course, course, thread
from db.ledger import Ledger
from db.search import Query
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Status
from scraper.article import Article, Instant

from .conftest import NOW, Run

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("1")</script> & $x^2$ \u202eAG'
END_2024, END_2025 = Due(None, date(2024, 12, 31)), Due(None, date(2025, 12, 31))


def store(path: Path, told: list[tuple[date, str, Claim]]) -> None:
    """An article a claim, with the numbers 1, 2, 3 …"""
    with Ledger.open(path) as ledger:
        for number, (day, source, made) in enumerate(told, 1):
            text = f"Sentence {number} says so."
            one = Article(f"https://example.org/{number}", "Title", text, "en", Instant.of_day(day), source)
            with_evidence = replace(made, evidence=(Evidence(0, len(text), text),))
            ledger.store(one, [with_evidence], extractor="1", now=NOW)


def claim(amount: float | tuple[float | None, float | None], **changes: object) -> Claim:
    low, high = amount if isinstance(amount, tuple) else (amount, amount)
    plain = Claim(
        Kind.DEPLOYMENT, "Meta", "NVIDIA H100", Quantity(low, high, "units"), END_2024, Status.PLANNED, ()
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def meta(config: Path) -> Path:
    """A plan told twice (1, 2), its revision (3), a denial (4), the outcome (5), other counts and units."""
    path = config.parent / "claims.db"
    fact = {"status": Status.ACTUAL, "due": None}
    store(
        path,
        [
            (date(2024, 1, 18), "heise", claim(350_000, speaker="Mark Zuckerberg")),
            (date(2024, 1, 19), "golem", claim(350_000)),
            (date(2024, 6, 3), "heise", claim(450_000, due=END_2025, speaker="Santosh Janardhan")),
            (date(2024, 8, 3), "heise", claim(800_000, due=END_2025, status=Status.DENIED)),
            (date(2025, 4, 2), "heise", claim(430_000, **fact)),
            (date(2024, 1, 18), "heise", claim(600_000, equivalent=True, status=Status.EXPECTED)),
            (date(2024, 2, 1), "heise", claim((37e9, 40e9), **_money())),
            (date(2024, 2, 1), "heise", claim(1e9, kind=Kind.POWER, subject=HOSTILE, quantity=WATTS)),
            (date(2024, 2, 1), "heise", claim(1, kind=Kind.LAUNCH, quantity=None)),
        ],
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("DELETE FROM members; DELETE FROM links;")
        of_thread = {1: 1, 2: 1, 3: 3, 4: 4, 5: 5, 6: 6}
        rows = [(number, 1, statement) for number, statement in of_thread.items()]
        connection.executemany("INSERT INTO members VALUES (?, ?, ?)", rows)
        steps = [(1, 3, "revision"), (3, 5, "outcome"), (3, 4, "denial"), (1, 6, "beside")]
        rows = [(*step, "why", NOW.isoformat()) for step in steps]  # type: ignore[misc]
        connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?)", rows)
    return path


WATTS = Quantity(1.2e9, 1.2e9, "W")


def _money() -> dict[str, object]:
    due = Due(date(2024, 1, 1), date(2024, 12, 31))
    return {"kind": Kind.INVESTMENT, "object": None, "due": due, "quantity": Quantity(37e9, 40e9, "USD")}


H100 = Query(product="H100", company="Meta")


# What stands where


def test_points_stand_at_their_due_and_amount(meta: Path) -> None:
    [panel] = plot(course(meta, replace(H100, kind="deployment"))).panels
    places = {(point.day, point.amount, str(point.status)): point.when for point in panel.points}
    assert places == {
        (date(2024, 12, 31), 350_000, "planned"): When.DUE,
        (date(2024, 12, 31), 600_000, "expected"): When.DUE,
        (date(2025, 12, 31), 450_000, "planned"): When.DUE,
        (date(2025, 12, 31), 800_000, "denied"): When.DUE,
        (date(2025, 4, 2), 430_000, "actual"): When.TOLD,
    }
    assert [link.relation for link in panel.links if link.relation in STEPS] == [
        "revision",
        "denial",
        "outcome",
    ]


def test_each_kind_and_unit_has_a_panel_and_what_has_no_amount_none(meta: Path) -> None:
    drawn = plot(course(meta, Query()))
    measures = [(str(panel.kind), panel.unit) for panel in drawn.panels]
    assert measures == [("deployment", "units"), ("investment", "USD"), ("power", "W")]
    assert drawn.left_out == 1


def texts(root: etree._Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def marks(root: etree._Element) -> dict[int, tuple[float, float]]:
    """Where the mark of each claim is in the picture; y grows downwards."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        if (name := group.get("id", "")).startswith("claim-"):
            [use] = group.iter(f"{SVG}use")
            found[int(name.removeprefix("claim-"))] = (float(use.get("x", 0)), float(use.get("y", 0)))
    return found


def test_the_svg_has_its_points_in_place(meta: Path) -> None:
    root = etree.fromstring(svg(plot(course(meta, replace(H100, kind="deployment"))), Words("en")))
    at = marks(root)
    assert sorted(at) == [1, 3, 4, 5, 6]
    assert at[1][0] == pytest.approx(at[6][0])  # the same due
    assert at[1][0] < at[5][0] < at[3][0] == pytest.approx(at[4][0])
    # Heights are in proportion: (600 - 350) : (450 - 350) thousand.
    assert (at[1][1] - at[6][1]) / (at[1][1] - at[3][1]) == pytest.approx(2.5, rel=1e-3)
    days = (date(2025, 12, 31) - date(2024, 12, 31)).days, (date(2025, 4, 2) - date(2024, 12, 31)).days
    assert (at[3][0] - at[1][0]) / (at[5][0] - at[1][0]) == pytest.approx(days[0] / days[1], rel=1e-3)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", ["Einsatz, Stück", "350.000", "Mark Zuckerberg, 18. Jan. 2024 (2 Quellen)", "geplant"]),
        ("en", ["Deployment, units", "350,000", "Mark Zuckerberg, 18 Jan 2024 (2 sources)", "planned"]),
    ],
)
def test_labels_are_in_the_language_asked_for(meta: Path, language: str, wanted: list[str]) -> None:
    drawn = plot(course(meta, replace(H100, kind="deployment")))
    written = texts(etree.fromstring(svg(drawn, Words(language))))
    assert [text for text in wanted if text not in written] == []


def test_the_same_picture_is_the_same_file_whatever_the_users_style(
    meta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = plot(course(meta, H100))
    first = svg(drawn, Words("de"))
    monkeypatch.setitem(matplotlib.rcParams, "axes.facecolor", "black")
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 30)
    assert svg(drawn, Words("de")) == first
    assert b"<dc:date>" not in first


def test_a_hostile_name_is_text_and_nothing_else(meta: Path) -> None:
    made = svg(plot(course(meta, Query(kind="power"))), Words("en"))
    root = etree.fromstring(made)
    assert not [each for each in root.iter("{*}*") if each.tag.endswith("script")]
    assert b"<script" not in made
    assert any('<script>alert("1")</script> & $x^2$ AG' in text for text in texts(root))
    assert "\u202e" not in made.decode()


def test_letters_that_the_font_lacks_are_no_error(config: Path) -> None:
    path = config.parent / "claims.db"
    store(path, [(date(2024, 1, 1), "s", claim(5, subject="漢字 𓀀", speaker="שלום"))])
    assert "漢字" in svg(plot(course(path, Query())), Words("de")).decode()


def test_statuses_and_steps_differ_without_colour() -> None:
    forms = {status: marker(status, "#000000") for status in Status}
    looks = {(form["marker"], form["markerfacecolor"]) for form in forms.values()}
    assert len(looks) == len(Status)
    assert set(LINES) == set(STEPS)
    assert len({str(line) for line in LINES.values()}) == len(LINES)


SIZES = st.tuples(st.integers(20, 160), st.integers(10, 30))
SPOTS = st.tuples(st.integers(0, 800), st.integers(0, 500))


@given(st.lists(st.tuples(SPOTS, SIZES), max_size=25))
def test_labels_never_overlap(labels: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    points, sizes = [spot for spot, _ in labels], [size for _, size in labels]
    taken = [around(spot, 6) for spot in points]
    within = Box(0, 0, 800, 500)
    boxes = [box for box in placed(points, sizes, taken, within, 8) if box is not None]
    assert all(box.within(within) for box in boxes)
    for number, box in enumerate(boxes):
        assert not any(box.meets(other) for other in [*boxes[:number], *taken])


def test_a_label_without_room_is_left_out() -> None:
    within = Box(0, 0, 100, 40)
    found = placed([(50, 20), (50, 20)], [(40, 20), (90, 30)], [], within, 5)
    assert found[0] is not None
    assert found[1] is None


def test_a_crowd_is_drawn_and_says_what_has_no_label(config: Path) -> None:
    path = config.parent / "claims.db"
    crowd = [(date(2024, 1, 1) + timedelta(n), "s", claim(1000 * 1.1**n, due=END_2025)) for n in range(40)]
    store(path, crowd)
    written = " ".join(texts(etree.fromstring(svg(plot(course(path, Query())), Words("en")))))
    assert re.search(r"\d+ points have no label for want of room", written)


# Words, numbers, days


def keys(table: dict[str, object], before: str = "") -> set[str]:
    found = set()
    for name, value in table.items():
        path = f"{before}.{name}"
        found |= keys(value, path) if isinstance(value, dict) else {path}
    return found


def test_both_languages_have_the_same_words() -> None:
    folder = Path(sys.modules["claims.charting"].__file__ or "").parent
    tables = [tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in LANGUAGES]
    assert keys(tables[0]) == keys(tables[1])
    assert {f".kind.{kind}" for kind in Kind} <= keys(tables[0])
    assert {f".status.{status}" for status in Status} <= keys(tables[0])
    assert {f"{part}.{step}" for part in (".relation", ".before") for step in STEPS} <= keys(tables[0])


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.one_of(st.integers(1, 10**8), st.floats(1, 1e6).map(lambda value: round(value, 3))))
def test_numbers_are_written_as_the_language_does(language: str, value: float) -> None:
    assert Words(language).number(value) == format_decimal(value, locale=language)


@pytest.mark.parametrize("month", range(1, 13))
def test_days_are_written_as_the_language_does(month: int) -> None:
    day = date(2024, month, 5)
    assert Words("de").day(day) == format_date(day, "d. MMM y", locale="de")
    assert Words("en").day(day) == format_date(day, "d MMM y", locale="en")


FIGURES = [
    ((1.5e9, 1.5e9), "EUR", "1,5 Mrd. EUR", "1.5 bn EUR"),
    ((60e9, 65e9), "USD", "60–65 Mrd. USD", "60–65 bn USD"),
    ((9e8, 1.2e9), "USD", "900 Mio. USD–1,2 Mrd. USD", "900 m USD–1.2 bn USD"),
    ((100_000, None), "units", "≥ 100.000", "≥ 100,000"),
    ((None, 2e9), "W", "≤ 2 GW", "≤ 2 GW"),
    ((1.25e18, 1.25e18), "FLOPS", "1,25 EFLOPS", "1.25 EFLOPS"),
    ((0.07, 0.07), "EUR", "0,07 EUR", "0.07 EUR"),
    ((0, 0), "jobs", "0", "0"),
]


@pytest.mark.parametrize(("ends", "unit", "german", "english"), FIGURES, ids=str)
def test_amounts(ends: tuple[float, float], unit: str, german: str, english: str) -> None:
    quantity = Quantity(*ends, unit)
    assert (Words("de").amount(quantity), Words("en").amount(quantity)) == (german, english)
    assert Words("de").amount(replace(quantity, approx=True)) == f"rund {german}"


DUES = [
    (Due(None, date(2024, 12, 31)), "bis 31. Dez. 2024", "by 31 Dec 2024"),
    (Due(date(2025, 1, 1), None), "ab 1. Jan. 2025", "from 1 Jan 2025"),
    (Due(date(2025, 1, 1), date(2025, 12, 31)), "2025", "2025"),
    (Due(date(2025, 7, 1), date(2025, 9, 30)), "3. Quartal 2025", "Q3 2025"),
    (Due(date(2025, 7, 1), date(2025, 12, 31)), "2. Halbjahr 2025", "H2 2025"),
    (Due(date(2025, 3, 1), date(2025, 3, 31)), "März 2025", "Mar 2025"),
    (Due(date(2025, 3, 4), date(2025, 3, 4)), "4. März 2025", "4 Mar 2025"),
    (Due(date(2025, 3, 4), date(2025, 5, 4)), "4. März 2025 – 4. Mai 2025", "4 Mar 2025 – 4 May 2025"),
]


@pytest.mark.parametrize(("due", "german", "english"), DUES, ids=str)
def test_dues(due: Due, german: str, english: str) -> None:
    assert (Words("de").due(due), Words("en").due(due)) == (german, english)


def test_a_language_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no pictures in 'fr'"):
        Words("fr")


@given(st.dates(), st.dates())
def test_the_axis_of_time_has_few_marks_in_order(one: date, other: date) -> None:
    first, last = shown([one, other])
    found = ticks(first, last, Words("en"))
    assert [at for at, _ in found] == sorted({at for at, _ in found})
    assert len(found) <= 7
    assert all(first <= at <= last for at, _ in found)


# On a terminal


def page(found: Course, width: int = 80, encoding: str = "utf-8") -> list[str]:
    return list(lines(plot(found), Words("en"), width, colour=False, encoding=encoding))


def test_the_text_chart_shows_plan_against_fact(meta: Path) -> None:
    written = page(course(meta, replace(H100, kind="deployment")))
    [plan] = [line for line in written if " 350,000 " in line]
    [revised] = [line for line in written if " 450,000 " in line]
    assert plan.startswith("by 31 Dec 2024")
    assert 1.2 < revised.count("░") / plan.count("░") < 1.4
    assert any("Santosh Janardhan, 3 Jun 2024 · revised, before 350,000" in line for line in written)
    [fact] = [line for line in written if " 430,000 " in line]
    assert set("█") <= set(fact)
    assert "░░ planned  ▒▒ expected by others  ██ reported as fact  ╳╳ denied" in written


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_text_chart_keeps_to_its_width(meta: Path, width: int) -> None:
    found = course(meta, Query())
    # Below 80 columns amounts and days alone may need more.
    assert max(map(len, page(found, width))) <= max(width, 70)


def test_a_terminal_without_blocks_gets_plain_letters(meta: Path) -> None:
    written = "\n".join(page(course(meta, H100), encoding="ascii"))
    assert "----" in written and "░" not in written


# The command


def chart(run: Run, *arguments: str) -> tuple[int, str, str]:
    answer = run("chart", *arguments)
    return answer.code, answer.out, answer.err


def test_into_a_pipe_goes_the_data(meta: Path, run: Run) -> None:
    code, out, _ = chart(run, "company:meta", "kind:deployment")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    by_number = {row["statement"]: row for row in rows}
    assert (by_number[1]["tellings"], by_number[1]["outlets"]) == (2, ["heise", "golem"])
    assert by_number[3]["after"] == ["revision 1"]
    assert by_number[3]["thread"] == 1


def test_on_a_terminal_goes_the_chart(meta: Path, run: Run) -> None:
    code, out, _ = chart(run, "company:meta", "kind:deployment", "--format", "text", "--language", "de")
    assert code == 0
    assert "Was für wann behauptet wurde" in out and "350.000  ░░░" in out


@pytest.mark.parametrize("name", ["c.svg", "c.PNG"])
def test_out_draws_a_picture(meta: Path, run: Run, home: Path, name: str) -> None:
    assert chart(run, "company:meta", "--out", name) == (0, "", f"drawn: {name}\n")
    made = (home / name).read_bytes()
    if name.endswith("svg"):
        assert "Chart: Meta: NVIDIA H100." in "".join(etree.fromstring(made).itertext())
    else:
        assert Image.open(io.BytesIO(made)).size[0] > 1000
    assert chart(run, "company:meta", "--out", name)[0] == 2
    assert chart(run, "company:meta", "--out", name, "--force")[0] == 0


TROUBLE = [
    (["company:nobody", "--out", "x.svg"], 1, "nothing found"),
    (["kind:launch"], 0, ""),
    (["kind:launch", "--out", "x.svg"], 1, "nothing to draw: none of 1 statement has an amount"),
    (["--out", "x.gif"], 2, "x.gif: a picture's name ends in .svg or .png"),
    (["--out", "x.svg", "--format", "csv"], 2, "give one of them"),
    (["--out", "missing/x.svg"], 2, "there is no folder missing"),
    (["due:<20x5"], 2, "is no date"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), TROUBLE, ids=str)
def test_trouble_is_one_sentence(
    meta: Path, run: Run, home: Path, arguments: list[str], code: int, said: str
) -> None:
    answer = chart(run, *arguments)
    assert answer[0] == code
    assert said in answer[2]
    assert not (home / "x.svg").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(meta: Path, run: Run, home: Path) -> None:
    (home / "shut").mkdir(mode=0o500)
    code, _, err = chart(run, "--out", "shut/x.svg")
    assert (code, err) == (2, "claims: shut/x.svg cannot be written: Permission denied\n")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder that nobody may write to")
def test_a_file_that_cannot_be_made_is_named(meta: Path, run: Run) -> None:
    code, _, err = chart(run, "--out", "/proc/x.svg")
    assert (code, err) == (2, "claims: /proc/x.svg cannot be written: No such file or directory\n")


def test_too_much_for_a_picture_says_what_to_narrow(config: Path, run: Run) -> None:
    path = config.parent / "claims.db"
    units = ["EUR", "USD", "GBP", "CHF", "JPY"]
    made = [claim(5, kind=Kind.REVENUE, quantity=Quantity(5, 5, unit)) for unit in units]
    made += [claim(100 + n, subject=f"Firm {n}") for n in range(61)]
    store(path, [(date(2024, 1, 1), "s", each) for each in made])
    code, _, err = chart(run, "kind:revenue", "--out", "x.svg")
    assert code == 2 and "add one of kind:revenue unit:EUR; " in err
    assert chart(run, "kind:revenue", "unit:EUR", "--out", "x.svg")[0] == 0
    code, _, err = chart(run, "kind:deployment", "--out", "y.svg")
    assert code == 2 and "61 statements (kind:deployment unit:units, 61 subjects) do not fit" in err


# In a mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_in_a_mail_is_small_and_white(meta: Path, language: str) -> None:
    made = thread_chart(thread(meta, 1), language)
    assert len(made) <= LARGEST
    image = Image.open(io.BytesIO(made)).convert("RGB")
    assert image.width == 1008
    assert image.getpixel((0, 0)) == image.getpixel((1007, 5)) == (255, 255, 255)
    assert made == thread_chart(thread(meta, 1), language)


def test_its_alternative_text_says_the_same(meta: Path) -> None:
    said = alt_text(thread(meta, 1), "de")
    assert said.startswith("Diagramm: Meta: NVIDIA H100. ")
    assert "350.000 (bis 31. Dez. 2024, geplant): Mark Zuckerberg, 18. Jan. 2024" in said
    assert "430.000 (2. Apr. 2025, als Tatsache gemeldet): heise, 2. Apr. 2025" in said


def test_a_thread_without_amounts_has_no_picture(meta: Path) -> None:
    found = course(meta, Query(kind="launch"))
    assert (thread_chart(found, "de"), alt_text(found, "de")) == (b"", "")


def test_a_large_thread_stays_small(config: Path) -> None:
    path = config.parent / "claims.db"
    day = date(2024, 1, 1)
    names = [f"Speaker {n} of Some Long House" for n in range(25)]
    made = [
        claim(1000 + 70 * n * n, due=Due(None, day + timedelta(40 * n)), speaker=names[n]) for n in range(25)
    ]
    store(path, [(day, "s", each) for each in made])
    assert len(thread_chart(course(path, Query()), "en")) <= LARGEST
