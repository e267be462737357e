"""Rivals hear each other: of two that want one thing the less sure gives way, as far as it doubts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.document import read_document
from extractors.pipeline import extract
from extractors.reading import Anchor, read
from extractors.rivals import apart, are_rivals
from scraper.article import Article, Instant

SHARES = st.dictionaries(st.sampled_from("abcdefg"), st.floats(0.01, 1.0), min_size=1)


def always(_one: int, _other: int) -> bool:
    return True


@given(st.lists(SHARES, min_size=1, max_size=8), st.floats(0.01, 1.0))
def test_belief_is_moved_and_never_made(beliefs: list[dict[str, float]], same: float) -> None:
    after = apart(beliefs, always, same)
    assert [set(shares) for shares in after] == [set(shares) for shares in beliefs]
    for before, shares in zip(beliefs, after, strict=True):
        assert sum(shares.values()) == pytest.approx(sum(before.values()))


@given(st.lists(SHARES, min_size=1, max_size=6))
def test_who_are_no_rivals_keep_their_belief(beliefs: list[dict[str, float]]) -> None:
    assert apart(beliefs, lambda *_: False, 0.1) == beliefs
    for before, shares in zip(beliefs, apart(beliefs, always, 1.0), strict=True):
        assert shares == pytest.approx(before)


def test_the_less_sure_one_gives_way() -> None:
    sure, unsure = apart([{"a": 0.95, "b": 0.05}, {"a": 0.6, "b": 0.4}], always, 0.2)
    assert sure["a"] > 0.9
    assert unsure["b"] > 0.6


def test_two_that_are_sure_of_the_same_stay() -> None:
    for shares in apart([{"a": 0.99, "b": 0.01}, {"a": 0.99, "b": 0.01}], always, 0.2):
        assert shares["a"] > 0.9


def test_what_is_beyond_the_limits_keeps_its_belief() -> None:
    beliefs = [{"a": 0.6, "b": 0.4}] * 6
    assert apart(beliefs, always, 0.1)[4:] == beliefs[4:]
    many = {name: 0.2 - n / 100 for n, name in enumerate("abcdef")}
    first, _ = apart([many, {"a": 1.0}], always, 0.1)
    assert (first["e"], first["f"]) == (many["e"], many["f"])
    assert first["a"] < many["a"]


def anchors(text: str, what: str) -> list[Anchor]:
    found = read(read_document("", text, "en", date(2025, 1, 10))).anchors
    return [a for a in found if (a.quantity is None) == (what == "times")]


@pytest.mark.parametrize(
    ("text", "what", "rivals"),
    [
        ("The H200 costs $30,000, the B300 $40,000.", "amounts", True),
        ("The H200 costs $30,000, in Europe €30,000.", "amounts", False),  # of one thing in two currencies
        ("The H200 costs $30,000, the B300 $30,000.", "amounts", False),
        ("The H200 comes in May 2025, the B300 in June 2025.", "times", True),
        ("The H200 comes in May 2025, the B300 in May 2025.", "times", False),
    ],
)
def test_only_what_differs_is_a_rival(text: str, what: str, rivals: bool) -> None:
    first, second = anchors(text, what)
    assert are_rivals(first, second) is rivals
    assert not are_rivals(first, first)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Nvidia's H200 ships in May 2025, the B300 comes in the fall of 2025."),
        ("de", "Nvidias H200 kommt im Mai 2025 auf den Markt, der B300 folgt im Herbst 2025."),
    ],
)
def test_each_time_is_told_of_its_own_product(lang: str, text: str) -> None:
    claims = extract(Article("https://example.org/a", "", text, lang, Instant.of_day(date(2025, 1, 10))))
    told = {claim.due.start: claim.object for claim in claims if claim.due is not None}
    assert len(set(told.values())) == 2
    first, second = (told[day] for day in (date(2025, 5, 1), date(2025, 9, 1)))
    assert text.index(str(first).split()[-1]) < text.index(str(second).split()[-1])
