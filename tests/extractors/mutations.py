"""Articles damaged as scraping, copying and typing damage them; the same seed, the same damage."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from benchmarks.gate import article
from benchmarks.training.gold import load
from scraper.article import Article

Rows = list[dict[str, Any]]
Chance = random.Random

ODD = [
    *(
        "$",
        "€",
        "£",
        "¥",
        "%",
        "‰",
        "½",
        "²",
        "①",
        "Ⅷ",
        "٣",
        "三",
        "𝟚",
        "1e999",
        "9" * 80,
        "1.2.3.4",
        "-5",
        "0,0",
    ),
    *(
        "\u0301",
        "\u200b",
        "\u200d",
        "\u00ad",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\x00",
        "\x1b[31m",
        "\x85",
        "\u2028",
    ),
    *(
        "\ud800",
        "\udfff",
        "ﬁ",
        "ß",
        "İ",
        "ǅ",
        "ſ",
        "עברית",
        "العربية",
        "🇩🇪",
        "👩‍💻",
        "\t",
        "\r\n",
        "\n\n",
        "„",
        "“",
        "«",
        "(",
        "]",
    ),
]
"""Signs and strings that a reader of words and numbers may stumble over."""


def _cut(text: str, chance: Chance) -> str:
    start, end = sorted((_place(text, chance), _place(text, chance)))
    return text[:start] + text[end:]


def _truncate(text: str, chance: Chance) -> str:
    return text[: _place(text, chance)]


def _behead(text: str, chance: Chance) -> str:
    return text[_place(text, chance) :]


def _insert(text: str, chance: Chance) -> str:
    at = _place(text, chance)
    return text[:at] + chance.choice(ODD) + text[at:]


def _digits(text: str, chance: Chance) -> str:
    at = _place(text, chance)
    return text[:at] + str(chance.randrange(10 ** chance.randrange(1, 25))) + text[at:]


def _swap_words(text: str, chance: Chance) -> str:
    return _swap(text, " ", chance)


def _swap_lines(text: str, chance: Chance) -> str:
    return _swap(text, "\n", chance)


def _double(text: str, chance: Chance) -> str:
    start, end = sorted((_place(text, chance), _place(text, chance)))
    return text[:end] + text[start:end] + text[end:]


def _join_words(text: str, chance: Chance) -> str:
    return _change_some(text, " ", "", chance)


def _split_words(text: str, chance: Chance) -> str:
    return _change_some(text, "e", "e ", chance)


def _lose_points(text: str, chance: Chance) -> str:
    return _change_some(text, ".", "", chance)


def _lose_paragraphs(text: str, chance: Chance) -> str:
    return _change_some(text, "\n\n", " ", chance)


def _case(text: str, chance: Chance) -> str:
    start, end = sorted((_place(text, chance), _place(text, chance)))
    change = chance.choice((str.upper, str.lower, str.title, str.swapcase))
    return text[:start] + change(text[start:end]) + text[end:]


CHANGES: tuple[Callable[[str, Chance], str], ...] = (
    *(_cut, _truncate, _behead, _insert, _digits, _swap_words, _swap_lines, _double),
    *(_join_words, _split_words, _lose_points, _lose_paragraphs, _case),
)


def mutated(count: int, seed: int) -> Iterator[Article]:
    """So many damaged articles of the annotated ones, each with one to four kinds of damage."""
    rows = load("*.jsonl")
    chance = random.Random(seed)  # noqa: S311  repeatable, no secret
    for _ in range(count):
        one = article(chance.choice(rows))
        title, text = one.title, one.text
        for change in chance.choices(CHANGES, k=chance.randint(1, 4)):
            text = change(text, chance)
            title = change(title, chance) if chance.random() < 0.3 else title
        lang = one.lang if chance.random() < 0.95 else {"de": "en", "en": "de"}[one.lang]
        published = one.published if chance.random() < 0.9 else None
        yield replace(one, title=title, text=text, lang=lang, published=published)


def _place(text: str, chance: Chance) -> int:
    return chance.randint(0, len(text))


def _swap(text: str, sign: str, chance: Chance) -> str:
    parts = text.split(sign)
    for _ in range(chance.randint(1, 5)):
        left, right = chance.randrange(len(parts)), chance.randrange(len(parts))
        parts[left], parts[right] = parts[right], parts[left]
    return sign.join(parts)


def _change_some(text: str, old: str, new: str, chance: Chance) -> str:
    share = chance.choice((0.02, 0.2, 1.0))
    parts = text.split(old)
    return parts[0] + "".join((new if chance.random() < share else old) + part for part in parts[1:])
