"""Names that do not look like any: everyday words and small letters.

Everyday words that a text uses like names: "Paperboy is done", "Kormoran aus Kiel betreibt 58.000 GPUs".

Such a word opens a sentence or the headline before a verb in the singular, where an ordinary noun would have
an article; and the text never uses it in another way. They are names that may be, for the models to judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from extractors.catalogue.places import place
from extractors.document import Sentence
from extractors.name_shapes import QUOTES, NameShapes
from extractors.name_words import word_set
from extractors.quantities import is_amount
from extractors.vocabulary import base_form, is_everyday_word

_BULLETS = QUOTES + "–—-•|"
_LETTERS_AND_DIGITS = re.compile(r"[^\W\d_]{3,}\d+")


def uncapped_names(shapes: NameShapes, introduced: set[int]) -> frozenset[str]:
    """Names in small letters, told twice: introduced ("das Start-up 4graph"), or opening ("wolle7")."""
    told = Counter(word.text for word in shapes.words)
    opening = {s.first for s in shapes.document.sentences if s.first < s.last}
    numbered = {at for at in opening if _LETTERS_AND_DIGITS.fullmatch(shapes.words[at].text)}
    return frozenset(
        word.text
        for word in (shapes.words[index] for index in introduced | numbered)
        if word.text == word.lower
        and told[word.text] > 1
        and sum(c.isalpha() for c in word.text) > 1
        and not shapes.everyday(word)
        and not is_amount(word.text, shapes.document.lang)
    )


def bare_names(shapes: NameShapes, articled: Counter[str]) -> frozenset[str]:
    """The everyday words that a document uses as names; `articled`: how often each has an article."""
    return frozenset(_Reader(shapes, articled).names())


class _Reader:
    def __init__(self, shapes: NameShapes, articled: Counter[str]) -> None:
        self.shapes, self.articled = shapes, articled
        self.words, self.lang = shapes.words, shapes.document.lang
        self.used = Counter(word.text for word in self.words)
        self.plain = word_set(self.lang, "proper_names.plain_openers")
        self.running = {
            self.words[index].text
            for sentence in shapes.document.sentences
            for index in range(sentence.first + 1, sentence.last)
            if self.words[index].capital and not sentence.heading
        }

    def names(self) -> Iterator[str]:
        for sentence in self.shapes.document.sentences:
            index = self._opening(sentence)
            if index is None or not self._may_be_name(index) or not self._acts(index, sentence):
                continue
            text = self.words[index].text
            if sentence.title or (self.used[text] > 1 and (self.lang == "en" or text in self.running)):
                yield text

    def _opening(self, sentence: Sentence) -> int | None:
        """The first word of a sentence, behind quotation marks and bullets."""
        places = range(sentence.first, sentence.last)
        return next((index for index in places if self.words[index].text not in _BULLETS), None)

    def _may_be_name(self, index: int) -> bool:
        """An everyday word with a capital that the text never uses as one."""
        word, tables = self.words[index], self.shapes.tables
        if not (word.capital and word.text.isalpha() and len(word.text) > 2):
            return False
        if word.lower in tables.never_surnames or word.lower in self.plain:
            return False
        kind = any(tables.apposition.find(self.words, index, index + 1)) or word.lower in tables.references
        if not self.shapes.everyday(word) or kind or place(word.text) is not None:
            return False
        if self.lang == "en":
            return not (self.used[word.lower] or self.used[f"{word.lower}s"])
        compound = not is_everyday_word(word.text, self.lang)
        noun = base_form(word.text, self.lang)[:1].isupper()
        return compound or (noun and not self.articled[word.text])

    def _acts(self, index: int, sentence: Sentence) -> bool:
        """Does a verb in the singular follow, perhaps behind the town it is from?"""
        at = index + 1
        if at + 1 < sentence.last and self.words[at].lower == self.shapes.tables.origin:
            at += 2 if place(self.words[at + 1].text) is not None else 0
        return at < sentence.last and self.shapes.acts(self.words[at])
