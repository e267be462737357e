"""Time expressions: the word tables are complete, and any text whatever is read soundly."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.dues import DueMention, find_dues
from extractors.duewords import LONGEST, lowered, runs, words
from extractors.languages.lexicon import available, lexicon

PUBLISHED = date(2025, 5, 14)


def _one(text: str, lang: str) -> DueMention:
    (mention,) = find_dues(text, lang, PUBLISHED)
    return mention


@pytest.mark.parametrize("lang", available())
def test_the_words_are_complete(lang: str) -> None:
    source = lexicon(lang)
    sizes = {"months": 12, "weekdays": 7, "ordinals": 4, "numbers": 20}
    for key, size in sizes.items():
        groups = source.value(f"dues.{key}")
        assert len(groups) == size, f"languages/{lang}.toml: dues.{key} needs {size} lists"
        assert all(groups), f"languages/{lang}.toml: dues.{key} has an empty list"
    tables = {
        "seasons": {"spring", "summer", "autumn", "winter"},
        "parts": {"early", "mid", "late"},
        "relations": {
            "previous",
            "current",
            "next",
            "following",
            "preceding",
            "begun",
            "coming",
            "last_but_one",
            "next_but_one",
        },
        "units": {"day", "week", "month", "quarter", "half", "year", "decade"},
        "prepositions": {"by", "before", "in", "from", "since", "after", "within", "over", "per", "between"},
        "ending": {"past", "future", "open"},
    }
    for key, names in tables.items():
        table = source.table(f"dues.{key}")
        assert set(table) == names, f"languages/{lang}.toml: dues.{key} needs exactly {sorted(names)}"
        assert all(table.values()), f"languages/{lang}.toml: dues.{key} has an empty list"


@pytest.mark.parametrize("lang", available())
def test_words_that_stand_for_phrases_use_known_words(lang: str) -> None:
    known = words(lang)
    for word, phrase in known.expansions.items():
        missing = [part for part in phrase if part not in known.roles]
        assert not missing, f"languages/{lang}.toml: dues.expand {word!r} uses unknown words {missing}"


@pytest.mark.parametrize("lang", available())
def test_every_month_weekday_and_season_is_read(lang: str) -> None:
    source = lexicon(lang)
    for number, names in enumerate(source.value("dues.months"), 1):
        for name in names:
            mention = _one(f"x {name.capitalize()} 2026 x", lang)
            assert mention.due is not None
            assert mention.due.start == date(2026, number, 1), name
    for number, names in enumerate(source.value("dues.weekdays")):
        for name in names:
            found = _one(f"x {name.capitalize()} x", lang).due
            assert found is not None
            assert found.start is not None
            assert found.start.weekday() == number, name


_PIECES = st.sampled_from(
    """
    by until bis the end of Ende des Jahres 2025 2026 Q3 3Q25 FY25 in im dritten third quarter Quartal
    next nächsten year Jahr March März 24. 31 30.02.2025 October from ab von an to and und between
    zwischen two zwei years Jahren later darauf ended that das , - ( ) / half Mitte mid - winter Winter
    decade last one day Tag before vor ago same period 99.12. 45/45/2020 13-2025 2025-13-40 fiscal Q9
    5Q25 bis dahin by then Monday Montag 9999 1950 2100/01 W
    """.split()  # noqa: SIM905 (a list of these would be a screen long)
)


@given(st.lists(_PIECES, max_size=14).map(" ".join), st.sampled_from(["de", "en"]), st.dates())
def test_any_words_of_time_give_sound_mentions(text: str, lang: str, published: date) -> None:
    mentions = find_dues(text, lang, published)
    assert mentions == find_dues(text, lang, published)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@pytest.mark.parametrize("lang", available())
@pytest.mark.parametrize("word", ["Q3", "2025", "first", "last", "March", "ended", "erstes", "2025,", "bis"])
def test_a_page_of_nothing_but_time_words_is_read_in_short_runs(word: str, lang: str) -> None:
    text = f"{word} " * 3000
    found = list(runs(text, lowered(text), lang))
    assert all(len(run) <= 2 * LONGEST for run in found)
    for mention in find_dues(text, lang, PUBLISHED):
        assert text[mention.start : mention.end] == mention.text


@given(st.text(max_size=200), st.sampled_from(["de", "en"]))
def test_any_text_is_read_without_error(text: str, lang: str) -> None:
    for mention in find_dues(text, lang, PUBLISHED):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("lang", "text", "start", "end"),
    [
        ("en", "Sales for the year ended March 31 were down.", date(2024, 4, 1), date(2025, 3, 31)),
        ("en", "in the three-month period ended March 31", date(2025, 1, 1), date(2025, 3, 31)),
        ("en", "It will hire 300 engineers over the next year.", PUBLISHED, date(2026, 5, 14)),
        ("en", "It will invest over the next decade.", PUBLISHED, date(2035, 5, 14)),
        ("de", "im Dezember-Quartal waren es mehr", date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_business_periods_by_their_end_or_their_length(lang: str, text: str, start: date, end: date) -> None:
    due = _one(text, lang).due
    assert due is not None
    assert (due.start, due.end) == (start, end)
