"""A part of a year that the text named before, and the year's turn."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.dues import find_dues

PUBLISHED = date(2025, 8, 1)


def _last_days(text: str, lang: str) -> tuple[str, str]:
    """The first and the last day of the last time in a text."""
    due = find_dues(text, lang, PUBLISHED)[-1].due
    assert due is not None
    return str(due.start), str(due.end)


@pytest.mark.parametrize(
    ("lang", "text", "start", "end"),
    [
        ("en", "A comes in 2027. B follows at the end of that year.", "2027-10-01", "2027-12-31"),
        ("en", "A comes in 2027. B follows in the fourth quarter of that year.", "2027-10-01", "2027-12-31"),
        ("en", "A came in May 2023. B followed in the fall of the same year.", "2023-09-01", "2023-11-30"),
        ("en", "A comes in 2027. B is there by June of that year.", "None", "2027-06-30"),
        ("de", "A kommt 2027. B folgt Ende jenes Jahres.", "2027-10-01", "2027-12-31"),
        ("de", "A kommt im Mai 2027. B folgt im Herbst desselben Jahres.", "2027-09-01", "2027-11-30"),
        ("de", "A kam 2023, B im vierten Quartal desselben Jahres.", "2023-10-01", "2023-12-31"),
        ("en", "B is there by the turn of the year.", "None", "2025-12-31"),
        ("de", "B ist bis zur Jahreswende da.", "None", "2025-12-31"),
    ],
)
def test_the_year_is_the_one_that_was_named(lang: str, text: str, start: str, end: str) -> None:
    assert _last_days(text, lang) == (start, end)


def test_no_year_was_named() -> None:
    assert find_dues("B follows in the fall of that year.", "en", PUBLISHED)[-1].text == "in the fall"


@pytest.mark.parametrize(
    ("lang", "text", "start", "end"),
    [
        ("en", "A was 5 in the first quarter, B 4 in the year-ago quarter.", "2024-01-01", "2024-03-31"),
        (
            "en",
            "A was 5 in the six months to June, B 4 in the prior-year period.",
            "2024-01-01",
            "2024-06-30",
        ),
        ("en", "A was 5 in the quarter to June, B 4 a year earlier.", "2024-04-01", "2024-06-30"),
        ("de", "A war 5 im ersten Quartal, B 4 im Vorjahresquartal.", "2024-01-01", "2024-03-31"),
        (
            "de",
            "A war 5 im ersten Halbjahr, B 4 im gleichen Halbjahr des Vorjahres.",
            "2024-01-01",
            "2024-06-30",
        ),
        ("de", "A war 5 im März, B 4 im Vorjahresmonat.", "2024-03-01", "2024-03-31"),
        ("de", "A war 5 im zweiten Quartal. Vor einem Jahr waren es 4.", "2024-04-01", "2024-06-30"),
        ("de", "A war 5 zwischen April und Juni, vor einem Jahr waren es 4.", "2024-04-01", "2024-06-30"),
        ("en", "A was 5 in the first half. A year ago it was 4.", "2024-01-01", "2024-06-30"),
        (
            "de",
            "A war 5 im ersten Quartal nach 4 im Vorjahresquartal, B 3 nach 2 im Vorjahresquartal.",
            "2024-01-01",
            "2024-03-31",
        ),
        ("en", "A was 5 in Q2, 4 in the comparable quarter a year ago.", "2024-04-01", "2024-06-30"),
        (
            "de",
            "Am 5. Juli legte A Zahlen zum zweiten Quartal vor, 5 nach 4 im Vorjahresquartal.",
            "2024-04-01",
            "2024-06-30",
        ),
    ],
)
def test_the_same_period_a_year_before(lang: str, text: str, start: str, end: str) -> None:
    assert _last_days(text, lang) == (start, end)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "B was 4 in the year-ago quarter."),
        ("de", "B war 4 im Vorjahresquartal."),
        ("de", "Am 5. Juli kam A. B war 4 im Vorjahresquartal."),
        ("en", "It opened in 2023. In the year-ago quarter, B was 4."),
    ],
)
def test_no_such_period_was_named(lang: str, text: str) -> None:
    assert "quart" not in " ".join(due.text.lower() for due in find_dues(text, lang, PUBLISHED))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A year ago it paid 4."),
        ("en", "A comes in the fourth quarter. A year ago it paid 4."),
        ("de", "A kam im Mai. Vor einem Jahr zahlte B 4."),
        ("de", "A kam im zweiten Quartal 2019. Vor einem Jahr zahlte B 4."),
    ],
)
def test_a_year_ago_is_the_year_before_where_nothing_is_reported_on(lang: str, text: str) -> None:
    assert _last_days(text, lang) == ("2024-01-01", "2024-12-31")
