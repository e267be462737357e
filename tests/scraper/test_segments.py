"""Blocks that come back: when they go, and everything that keeps a real paragraph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from scraper.segments import (
    ARTICLES,
    MAX_BLOCK,
    fingerprints,
    mark,
    outlet_key,
    remembered,
    without_recurring,
)
from tests.scraper.conftest import SENTENCE

BOX = "Dieser Text gehört zu einer Reihe, die das Probeblatt jede Woche herausgibt."
Memory = dict[str, tuple[str, ...]]


def article(number: int, *blocks: str) -> Article:
    own = [f"{SENTENCE.format(number)} {SENTENCE.format(number + 100)} Dazu kam {n}." for n in range(4)]
    text = "\n\n".join([*own, *blocks])
    return Article(f"https://www.probe.example/{number}", f"Bericht {number}", text, "de")


def after(*articles: Article, memory: Memory | None = None) -> Memory:
    known: Memory = dict(memory or {})
    for one in articles:
        known |= remembered(one, known)
    return known


def test_a_block_goes_from_the_fourth_article_on() -> None:
    memory: Memory = {}
    for number in range(1, ARTICLES + 1):
        one = article(number, BOX)
        assert without_recurring(one, memory) == one
        memory = after(one, memory=memory)
    fourth = article(4, BOX)
    assert without_recurring(fourth, memory).text == article(4).text


def test_the_same_article_read_often_counts_once() -> None:
    once = after(article(1, BOX))
    assert after(*[article(1, BOX)] * 9) == once
    assert without_recurring(article(2, BOX), once) == article(2, BOX)


def test_the_articles_that_made_the_count_keep_their_text() -> None:
    memory = after(article(1, BOX), article(2, BOX), article(3, BOX), article(4, BOX))
    for number in (1, 2, 3):
        assert without_recurring(article(number, BOX), memory) == article(number, BOX)


def test_what_is_known_is_told_again_so_that_it_is_not_forgotten() -> None:
    memory = after(*(article(number, BOX) for number in range(1, ARTICLES + 1)))
    assert remembered(article(9, BOX), memory)[mark(BOX)] == memory[mark(BOX)]
    mostly_known = Article("https://probe.example/x", "x", f"Neu.\n\n{BOX}", "de")
    assert remembered(mostly_known, memory) == {mark(BOX): memory[mark(BOX)]}


def test_long_and_short_blocks_are_never_looked_at() -> None:
    long, short = "Wort " * (MAX_BLOCK // 5 + 1), "Preise und Verfügbarkeit"
    memory = after(*(article(number, long, short) for number in range(1, 9)))
    assert without_recurring(article(9, long, short), memory) == article(9, long, short)
    assert mark(long) not in fingerprints(article(1, long, short))


def test_an_old_article_under_a_new_address_is_kept_and_not_counted() -> None:
    blocks = [
        f"Im Jahr {2020 + n} entstanden in der Halle {n} neue Plätze für {n}00 Leute." for n in range(40)
    ]
    texts = [Article(f"https://probe.example/{n}", "x", "\n\n".join(blocks), "de") for n in range(6)]
    memory = after(*texts)
    assert all(len(holders) == 1 for holders in memory.values())
    full = dict.fromkeys(memory, ("a", "b", "c"))
    assert without_recurring(texts[5], full) == texts[5]


def test_what_is_remembered_is_marks_not_text() -> None:
    memory = after(article(1, BOX))
    assert all(len(key) == 16 and all(len(one) == 16 for one in held) for key, held in memory.items())


def test_an_outlet_is_a_host() -> None:
    assert outlet_key(article(1)) == "probe.example"
    assert outlet_key(Article("file:///tmp/x.html", "x", "y", "de")) == ""


@given(st.lists(st.text(max_size=60), max_size=8), st.integers(0, 5))
def test_nothing_but_whole_blocks_goes(blocks: list[str], times: int) -> None:
    memory = after(*(article(number, BOX) for number in range(1, times + 1)))
    one = Article("https://probe.example/x", "x", "\n\n".join([*blocks, BOX]), "de")
    kept = without_recurring(one, memory).text.split("\n\n")
    whole = one.text.split("\n\n")
    assert [block for block in whole if block in kept] == kept
    assert {block for block in whole if block not in kept} <= {BOX}
