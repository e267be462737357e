"""A time without a year is the last or the next one, as the claim on it is told as a fact or as a plan."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Due
from extractors.document import read_document
from extractors.dues import Turned, find_dues
from extractors.pipeline import extract
from extractors.reading import read
from scraper.article import Article, Instant

PUBLISHED = date(2025, 3, 20)
JUNE = "Die Halle, die im Juni öffnet, hat er angemietet."


def test_a_stretch_can_be_read_as_past_and_as_to_come() -> None:
    plain = find_dues(JUNE, "de", PUBLISHED)
    for tense, year in ((-1, 2024), (1, 2025)):
        (turned,) = find_dues(JUNE, "de", PUBLISHED, Turned(plain[0].start, plain[0].end, tense))
        assert turned.due == Due(date(year, 6, 1), date(year, 6, 30))


def test_only_the_stretch_turns() -> None:
    text = "In May it had had 500 robots. It will have more of them in July."
    may, july = find_dues(text, "en", PUBLISHED)
    turned = find_dues(text, "en", PUBLISHED, Turned(july.start, july.end, -1))
    assert turned[0].due == may.due == Due(date(2024, 5, 1), date(2024, 5, 31))
    assert july.due == Due(date(2025, 7, 1), date(2025, 7, 31))
    assert turned[1].due == Due(date(2024, 7, 1), date(2024, 7, 31))


def test_a_time_that_cannot_be_another_does_not_turn() -> None:
    made = read(read_document("", "It sold 500 robots in May 2024.", "en", PUBLISHED))
    (due,) = made.dues
    assert made.turned(due, 1) is None
    assert made.turned(due, -1) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Quorvane said it was aiming for 4 million users by September.", 2025),
        ("Lena Ortiz said Quorvane was on track for 4 million users by September.", 2025),
        ("By September it had 4 million users.", 2024),
    ],
)
def test_a_deadline_of_a_plan_of_then_is_to_come(text: str, year: int) -> None:
    (found,) = find_dues(text, "en", PUBLISHED)
    assert found.due == Due(None, date(year, 9, 30))


JUNE_2024, JUNE_2025 = Due(date(2024, 6, 1), date(2024, 6, 30)), Due(date(2025, 6, 1), date(2025, 6, 30))
END_OF_JUNE = Due(date(2024, 6, 30), date(2024, 6, 30))
LAST_OF_2025 = Due(date(2025, 10, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("lang", "text", "due"),
    [
        ("de", "Hafenblick hat gesagt, sein Greifer Kiebitz 2 komme im vierten Quartal.", LAST_OF_2025),
        ("en", "Plenary Robotics collected 160 million euros in June from investors.", JUNE_2024),
        ("en", "Plenary Robotics: 48.5 million subscribers on June 30, says the annual report.", END_OF_JUNE),
        ("en", "Plenary Robotics opened its factory in Leeds in June.", JUNE_2024),
        ("en", "Plenary Robotics will open its factory in Leeds in June.", JUNE_2025),
    ],
)
def test_what_is_told_as_fact_is_past_and_what_is_planned_to_come(lang: str, text: str, due: Due) -> None:
    article = Article("https://example.org/a", "", text, lang, Instant.of_day(PUBLISHED))
    assert [claim.due for claim in extract(article)] == [due]
