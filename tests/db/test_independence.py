"""Which tellings are independent, by hand-written cases; the order of storing changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.independence import Judged, Telling, independent, judged
from scraper.duplicates import RELEASE


def telling(
    day: int, outlet: str, story: int = 0, lang: str = "de", origins: tuple[str, ...] = ()
) -> Telling:
    return Telling(
        outlet, story or f"{outlet}{day}", origins, lang, (f"2025-01-{day:02}", f"{outlet}{story}")
    )


CASES: dict[str, tuple[list[Telling], list[str]]] = {
    "two outlets": ([telling(1, "heise"), telling(2, "Golem")], ["", ""]),
    "one outlet twice": ([telling(1, "heise"), telling(2, "heise")], ["", "heise again"]),
    "one outlet in two languages": (
        [telling(1, "The Decoder"), telling(2, "The Decoder", lang="en")],
        ["", "The Decoder again, in another language"],
    ),
    "a copy": ([telling(1, "heise", 7), telling(2, "Golem", 7)], ["", "the same text as heise"]),
    "a copy, and an article of its own": (
        [telling(1, "heise", 7), telling(2, "Golem", 7), telling(3, "Golem")],
        ["", "the same text as heise", ""],
    ),
    "a retelling": (
        [telling(1, "Handelsblatt"), telling(2, "Golem", origins=("Handelsblatt",))],
        ["", "retells Handelsblatt"],
    ),
    "a translation": (
        [telling(1, "The Verge", lang="en"), telling(2, "Golem", origins=("The Verge",))],
        ["", "translates The Verge"],
    ),
    "two retellings of an outlet that the ledger does not have": (
        [
            telling(1, "heise", origins=("Bloomberg",)),
            telling(2, "The Register", lang="en", origins=("Bloomberg",)),
        ],
        ["", "retells Bloomberg"],
    ),
    "an agency's text in two papers": (
        [telling(1, "heise", origins=("dpa",)), telling(2, "Spiegel", origins=("dpa",)), telling(3, "t3n")],
        ["", "retells dpa", ""],
    ),
    "one press release": (
        [telling(1, "heise", origins=(RELEASE,)), telling(2, "Golem", origins=(RELEASE,))],
        ["", "from the same press release"],
    ),
    "the retelling came first": (
        [telling(1, "Golem", origins=("Handelsblatt",)), telling(2, "Handelsblatt")],
        ["retells Handelsblatt", ""],
    ),
    "whose source another one stands for": (
        [telling(1, "Golem", origins=("Bloomberg",)), telling(2, "Bloomberg", origins=("dpa",))],
        ["", "Golem stands for it"],
    ),
    "many bridges join nothing": (
        [
            telling(1, "heise"),
            telling(2, "heise", origins=("dpa",)),
            telling(3, "Golem", origins=("dpa",)),
            telling(4, "t3n"),
        ],
        ["", "heise again", "", ""],
    ),
    "nobody": ([], []),
}


@pytest.mark.parametrize(("told", "why"), CASES.values(), ids=CASES)
def test_why(told: list[Telling], why: list[str]) -> None:
    assert [one.why for one in judged(told)] == why
    assert independent(told) == why.count("")


def test_of_one_day_the_source_stands_before_who_retells_it() -> None:
    day = ("2025-01-01",)
    golem = Telling("Golem", 1, ("t3n",), "de", (*day, "a"))
    assert judged([golem, Telling("t3n", 2, (), "de", (*day, "b"))])[0].telling.outlet == "t3n"


NAMES = ("a", "b", "c", "d")
TELLINGS = st.lists(
    st.builds(
        telling,
        st.integers(1, 9),
        st.sampled_from(NAMES),
        st.integers(0, 3),
        st.sampled_from(("de", "en")),
        st.lists(st.sampled_from((*NAMES, "dpa", RELEASE)), max_size=2, unique=True).map(tuple),
    ),
    max_size=7,
    unique_by=lambda one: one.moment,
)


@given(TELLINGS, st.randoms(use_true_random=False))
def test_the_order_of_storing_changes_nothing(told: list[Telling], chance: object) -> None:
    mixed = list(told)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    verdicts: list[Judged] = judged(told)
    assert judged(mixed) == verdicts
    counted = [one.telling for one in verdicts if one.counted]
    # Where anybody tells it there is a source, and no two have outlet or text in common.
    assert bool(counted) == bool(told)
    assert len({one.outlet for one in counted}) == len({one.story for one in counted}) == len(counted)
