"""When two texts are copies of each other, and whose text it is."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.duplicates import (
    agencies,
    are_copies,
    containment,
    jaccard,
    may_be_copies,
    sample,
    shingles,
)

WORDS = [f"wort{n}" for n in range(400)]


def text(seed: int, length: int = 200) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))  # noqa: S311


WHOLE = text(1)
SENTENCES = [WHOLE[at : at + 100] for at in range(0, len(WHOLE), 100)]
COPIES = {
    "the same": WHOLE,
    "cut tail": WHOLE[: len(WHOLE) // 2],
    "agency prefix": f"BERLIN (dpa) - {WHOLE}",
    "other capitals and signs": WHOLE.upper().replace(" ", ", "),
    "another beginning and end": f"{text(2, 60)} {WHOLE} {text(3, 60)}",
    "every third sentence is new": " ".join(
        text(10 + n, 14) if n % 3 == 0 else one for n, one in enumerate(SENTENCES)
    ),
    "in a longer article": f"{WHOLE} {text(4, 800)}",
}
OTHERS = {
    "another text": text(5),
    "a quotation in common": f"{text(6)} {' '.join(WHOLE.split()[50:70])}",
    "nothing": "",
    "three words": "wort1 wort2 wort3",
    "the same words in another order": " ".join(sorted(WHOLE.split())),
}


@pytest.mark.parametrize("other", COPIES.values(), ids=COPIES)
def test_copies_are_found(other: str) -> None:
    one, two = shingles(WHOLE), shingles(other)
    assert are_copies(one, two)
    assert may_be_copies(len(sample(one) & sample(two)), len(sample(one)), len(sample(two)))


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_other_texts_are_not(other: str) -> None:
    assert not are_copies(shingles(WHOLE), shingles(other))


def test_texts_of_one_outlet_must_agree_nearly_in_full() -> None:
    """What an outlet says under every article makes no copy."""
    notice = text(7, 120)
    one, two = shingles(f"{text(8, 40)} {notice}"), shingles(f"{text(9, 40)} {notice}")
    assert are_copies(one, two)
    assert not are_copies(one, two, same_outlet=True)
    assert are_copies(one, one, same_outlet=True)


@given(st.text(), st.text())
def test_measures_are_shares_and_know_no_order(one: str, other: str) -> None:
    a, b = shingles(one), shingles(other)
    assert jaccard(a, b) == jaccard(b, a)
    assert containment(a, b) == containment(b, a)
    assert 0 <= jaccard(a, b) <= containment(a, b) <= 1
    assert are_copies(a, b) == are_copies(b, a)
    assert sample(a & b) <= sample(a) & sample(b)
    assert jaccard(a, a) == (1 if a else 0)


def test_numbers_are_the_same_in_every_process() -> None:
    call = "from scraper.duplicates import shingles; print(sorted(shingles('Ein Text von fünf Wörtern')))"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(sorted(shingles("Ein Text von fünf Wörtern")))


MARKED = {
    "HANAU (lhe) - Der Betreiber will ausbauen.": {"dpa"},
    "Berlin (dpa) – Der Konzern will.": {"dpa"},
    "Berlin (dpa/tmn) – Der Konzern will.": {"dpa"},
    "BERLIN/dpa – Der Konzern will.": {"dpa"},
    "NEW YORK (Reuters) - The company said.": {"Reuters"},
    "SAN FRANCISCO (AP) — The company said.": {"AP"},
    "Wien (APA/Reuters) - Der Konzern.": {"APA", "Reuters"},
    "Der Konzern will bauen.\n\nQuelle: dpa": {"dpa"},
    "Der Konzern will bauen. (AFP)": {"AFP"},
    "Der Konzern will bauen.\n\n© dpa-infocom, dpa:261122-930-1/2": {"dpa"},
    "Der Konzern baut, erfuhr die dpa.\n\nMehr dazu morgen an dieser Stelle und am Freitag im Heft.": set(),
    "Gov. of Harrisburg, PA said so. " * 10: set(),
    "The AP is a box. It stands in a room.": set(),
    "": set(),
}


@pytest.mark.parametrize(("told", "whose"), MARKED.items(), ids=[one[:30] for one in MARKED])
def test_agency_marks(told: str, whose: set[str]) -> None:
    assert agencies(told) == whose


def test_an_agency_may_be_the_author() -> None:
    assert agencies("Ein Text.", ("Ana Özil", "dpa")) == {"dpa"}
    assert agencies("A text.", ("Associated Press",)) == {"AP"}
    assert agencies("A text.", ("Jo Reutersward", "Pat April")) == set()
