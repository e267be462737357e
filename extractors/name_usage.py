"""How often an article uses each capitalised word: with an article, without one, amid small words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.name_shapes import QUOTES, NameShapes


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts by word; of two neighbours in `pairs`."""

    bare: Counter[str] = field(default_factory=Counter)
    articled: Counter[str] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    """Behind a word without a capital, where an English word has one only in a name."""
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)


def count_usage(shapes: NameShapes) -> Usage:
    """The counts of a whole document."""
    usage, words, lang = Usage(), shapes.words, shapes.document.lang
    usage.pairs.update((a.text, b.text) for a, b in pairwise(words) if a.capital and b.capital)
    for sentence in shapes.document.sentences:
        running = not sentence.heading or shapes.in_sentence_case(sentence)
        if sentence.title and lang != "de" and not running:
            continue
        for index in range(sentence.first, sentence.last):
            word = words[index]
            if not word.capital:
                continue
            before = words[index - 1] if index > sentence.first else None
            owned = shapes.hyphenated(index)  # then the article is that of the last part
            if running and before is not None and before.text[0].islower():
                usage.running[word.text] += 1
            if before is not None and not owned and shapes.has_article(index, sentence):
                usage.articled[word.text] += 1
            elif lang == "de" or (before is not None and before.text not in QUOTES + ":.–-"):
                usage.bare[word.text] += 1
    return usage
