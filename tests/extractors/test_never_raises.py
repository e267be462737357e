"""`extract` takes any string at all: it never raises, its evidence is true, and it is always the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.article import Article, Instant
from tests.extractors.holding import check

NAMES = ["Meta", "NVIDIAs", "H100", "iPad Air", "xAI", "der Konzern", "we", "GmbH", "Mark Zuckerberg", "Q3"]
NUMBERS = [
    "350.000",
    "350,000",
    "1,3",
    "2.5k",
    "eine halbe",
    "zwölf",
    "twenty-five",
    "9" * 400,
    "1e308",
    "0",
    "-7",
]
NUMBERS += [
    "½",
    "١٢٣",
    "三百万",
    "𝟙𝟚",
    "²",
    "1/0",
    "0/0",
    "12:61",
    "31.02.2025",
    "5–",
    "1.000.00",
    "$",
    "€",
    "USD",
    "%",
]
WORDS = [
    "Milliarden",
    "million",
    "bis Ende",
    "by the end of",
    "2025",
    "will",
    "soll",
    "GPUs",
    "Gigawatt",
    "je",
]
MARKS = [
    "„",
    "“",
    '"',
    "«",
    "»",
    "(",
    ")",
    "[",
    "…",
    "-",
    "–",
    ". ",
    "\n",
    "\n\n",
    "\t",
    "·",
    "|",
    "+++",
    "„‚«\"'" * 20,
]
ODD = [
    "\x00",
    "\x1b",
    "\x85",
    "\ud800",
    "\udc00",
    "\u202e",
    "\u2067",
    "\u0301" * 30,
    "e\u0308",
    "\u200b",
    "\ufeff",
]
ODD += ["עברית", "العربية", "İ", "ǅ", "ﬃ", "ß", "🇩🇪", "👩‍💻", "\U0010ffff", "\u2028"]

ANY = st.text(st.characters(), max_size=150)  # all of Unicode, halves of characters too
PIECES = st.sampled_from([*NAMES, *NUMBERS, *WORDS, *MARKS, *ODD])
JOINED = st.tuples(st.lists(PIECES, max_size=25), st.sampled_from([" ", "", "\u00a0", "\n"])).map(
    lambda parts: parts[1].join(parts[0])
)
NESTED = st.recursive(
    st.sampled_from(["Meta will buy 5 GPUs.", "Meta kauft 5 GPUs.", "3 Mio. Euro"]),
    lambda inner: st.tuples(st.sampled_from(["„{}“", '"{}"', "({})", "«{}", "{}: ‚{}‘"]), inner).map(
        lambda pair: pair[0].replace("{}", pair[1])
    ),
    max_leaves=6,
)
TEXTS = st.one_of(ANY, JOINED, NESTED)
DAYS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max]))
LANGUAGES = st.sampled_from(["de", "en"])


def article(title: str, text: str, lang: str, day: date | None) -> Article:
    return Article("https://example.org/a", title, text, lang, Instant.of_day(day) if day else None)


@given(title=TEXTS, text=TEXTS, lang=LANGUAGES, day=DAYS)
@settings(max_examples=150)
def test_any_text_is_read(title: str, text: str, lang: str, day: date | None) -> None:
    check(article(title, text, lang, day))


@given(sentence=st.lists(PIECES, max_size=6).map(" ".join), lang=LANGUAGES, day=DAYS)
@settings(max_examples=100)
def test_any_words_around_a_claim_are_read(sentence: str, lang: str, day: date | None) -> None:
    plain = {
        "de": "Meta will bis Ende {} 350.000 Nvidia H100 {} betreiben.",
        "en": "By the end {} of 2025, Meta {} will operate 350,000 Nvidia H100 GPUs.",
    }[lang]
    check(article("", plain.replace("{}", sentence), lang, day))


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("piece", [*NAMES, *NUMBERS, *WORDS, *MARKS, *ODD], ids=ascii)
def test_a_thousand_times_the_same_is_read(piece: str, lang: str) -> None:
    check(article(piece, f"{piece} " * (2000 // len(piece)), lang, date(2024, 5, 2)), twice=False)
