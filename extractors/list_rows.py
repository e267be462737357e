"""Whose row of a list it is: its head, before a cell mark or its home, is a name whatever it looks like.

"Spule & Garn | H200 | 3,48", "– drei Halme, Kiel: 1,1 Millionen", "1. noon (Malmö, small n). Raised …".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from extractors.catalogue.places import place
from extractors.document import Sentence
from extractors.listings import BULLETS
from extractors.name_shapes import QUOTES, NameShapes
from extractors.name_words import word_set
from extractors.vocabulary import base_form, is_everyday_word

_OPENING = QUOTES + BULLETS + "|"
_LONGEST_HEAD = 5
_LONGEST_PLACE = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a list with its head over the words [first, last); `located`: its home follows."""

    paragraph: int
    first: int
    last: int
    located: bool


def opening(shapes: NameShapes, sentence: Sentence) -> int:
    """The first word of a sentence behind bullets, quotation marks and the number of a list's item."""
    words, index = shapes.words, sentence.first
    while index < sentence.last:
        text = words[index].text
        numbered = text.isdecimal() and index + 1 < sentence.last
        circled = text.isnumeric() and not text.isdecimal()
        if text in _OPENING or circled:
            index += 1
        elif numbered and index == sentence.first and words[index + 1].text in ".)":
            index += 2
        else:
            break
    return index


def row_heads(shapes: NameShapes, listed: set[int]) -> Iterator[tuple[int, int]]:
    """The heads that are plainly names; `listed`: words of names that the catalogue has."""
    rows = [row for sentence in shapes.document.sentences for row in _row(shapes, sentence)]
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1].paragraph - pair[0]):
        together = [row for _, row in group]
        parties = any(row.first in listed for row in together)
        small = [row for row in together if shapes.words[row.first].text.islower()]
        for row in together:
            own_small = shapes.words[row.first].text.islower() and 2 * len(small) < len(together)
            among = len(together) > 2 and (parties or own_small)
            if (row.located or among) and _may_be_name(shapes, row) and row.first not in listed:
                yield row.first, row.last


def _row(shapes: NameShapes, sentence: Sentence) -> Iterator[_Row]:
    words, first = shapes.words, opening(shapes, sentence)
    if sentence.title or first >= sentence.last:
        return
    end = min(first + _LONGEST_HEAD + 1, sentence.last)
    last = next((at for at in range(first, end) if words[at].text in ",(|:;"), None)
    if last is None or last == first or any(words[at].text in QUOTES for at in range(first, last)):
        return
    in_list = first > sentence.first
    after = _behind_place(shapes, last + 1, sentence)
    if words[last].text == "," and after is not None:
        located = words[after].text == "|" or (in_list and words[after].text == ":")
    else:
        located = words[last].text == "(" and in_list and after is not None and words[after].text in ",)"
    cell = words[last].text == "|" or (located and any(word.text == "|" for word in words[last:after]))
    amount = any(word.text[0].isdigit() for word in words[last : sentence.last])
    if located or (cell and amount):
        yield _Row(sentence.paragraph, first, last, located)


def _behind_place(shapes: NameShapes, index: int, sentence: Sentence) -> int | None:
    """The mark behind a place that begins here; None where none does."""
    for end in range(index + 1, min(index + 1 + _LONGEST_PLACE, sentence.last)):
        name = " ".join(word.text for word in shapes.words[index:end])
        if not shapes.words[end].text.isalnum() and place(name) is not None:
            return end
    return None


def _may_be_name(shapes: NameShapes, row: _Row) -> bool:
    """Neither a sum, nor a place, an adverb or a person's office."""
    head = shapes.words[row.first : row.last]
    barred = word_set(shapes.document.lang, "proper_names.plain_heads")
    if any(word.lower in barred for word in head) or head[0].lower in shapes.tables.titles:
        return False
    article = head[0].lower in shapes.tables.determiners and len(head) > 2
    if (head[0].lower in shapes.tables.never and not article) or (
        head[0].text[0].isdigit() and not row.located
    ):
        return False
    if not any(word.capital for word in head) and not _is_distinct(shapes, row):
        return False
    return sum(char.isalpha() for word in head for char in word.text) > 2 and (
        place(" ".join(word.text for word in head)) is None
    )


def _is_distinct(shapes: NameShapes, row: _Row) -> bool:
    """More than one small word, or no German adjective: "offen | 187"."""
    word, lang = shapes.words[row.first].text, shapes.document.lang
    noun = lang != "de" or base_form(word, lang)[:1].isupper()
    return row.last - row.first > 1 or noun or not is_everyday_word(word, lang)
