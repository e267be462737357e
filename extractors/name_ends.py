"""Where a name ends though capitals go on: behind a German genitive, and at an "&" that joins two names.

No apostrophe marks the German genitive ("Quorvanes X200-Chips"), so the article itself has to show it: the
name without its s stands there, too, or ends in a capital letter ("vEPs Anlage").
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from extractors.document import Document
from extractors.mentions import Entity, Mention
from extractors.vocabulary import is_everyday_word

_SHORTEST = 3  # letters, the s among them
_ENDING = "s"


class NameEnds:
    """How the names of one article end."""

    def __init__(self, document: Document) -> None:
        self._document, self._words = document, document.words
        self._german = document.lang == "de"
        self._spans: dict[str, bool] = {}  # names of several words, and whether they stand in the text
        self._told = Counter(word.text for word in document.words if word.capital)
        self._pairs = Counter(
            (document.words[at - 1].text, after.text)
            for at, (sign, after) in enumerate(pairwise(document.words))
            if sign.text == "&" and at
        )

    def base(self, name: str) -> str | None:
        """The name without the ending of the genitive; None where it has none, as far as one can tell."""
        base = name.removesuffix(_ENDING)
        if not self._german or base == name or len(name) < _SHORTEST:
            return None
        return base if base[-1].isupper() or self._is_told(base) else None

    def _is_told(self, base: str) -> bool:
        if " " not in base:
            return base in self._told
        if base not in self._spans:
            found = re.search(rf"(?<!\w){re.escape(base)}(?!\w)", self._document.text)
            self._spans[base] = found is not None
        return self._spans[base]

    def in_genitive(self, first: int, last: int) -> bool:
        """Are these words a name in the genitive, with a word of its own behind?"""
        end = self._words[last - 1].end
        apart = last < len(self._words) and self._words[last].start > end
        return apart and self.base(self._document.text[self._words[first].start : end]) is not None

    def told_apart(self, mark: int) -> bool:
        """An "&" between two names that both stand alone elsewhere: "Nimbrix & Qorvane" in a heading."""
        one, two = self._words[mark - 1].text, self._words[mark + 1].text
        if self._words[mark].text != "&" or one == two or self._plain(one) or self._plain(two):
            return False
        alone = (self._told[name] + self._told[name + _ENDING] for name in (one, two))
        return min(alone) > self._pairs[one, two]

    def _plain(self, word: str) -> bool:
        """An everyday word, which says nothing by standing alone: "Marks & Spencer", "Kelvin & Partner"."""
        return is_everyday_word(word, self._document.lang) or is_everyday_word(word, "en")

    def domain_ends(self, index: int, end: int) -> bool:
        """The ending of a name that is an internet address: "Leberkas.io"."""
        if index + 1 >= end or self._words[index].text != ".":
            return False
        before, dot, ending = self._words[index - 1 : index + 2]
        joined = before.end == dot.start and dot.end == ending.start
        return joined and ending.text.isalpha() and ending.text.islower()


def is_genitive(text: str, mention: Mention, entity: Entity) -> bool:
    """Does a mention in a German text stand for its entity with the ending of the genitive?"""
    return text[mention.start : mention.end] == entity.name + _ENDING
