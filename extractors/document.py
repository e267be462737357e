"""An article laid out for reading: one text with title first, its words and sentences, all by offset.

Every later layer points into `Document.text`; `Document.evidence` translates back into the article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from Stemmer import Stemmer

from extractors.claim import Evidence, Place
from extractors.sentences import sentence_spans

GAP = "\n\n"
_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]*[^\W\d_][^\W_]*|\d+(?:[.,'’]\d+)*|[^\w\s]|_")
_STEMMERS = {"de": Stemmer("german"), "en": Stemmer("english")}


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters, a number or one mark, at [start, end) of the document."""

    start: int
    end: int
    text: str
    lower: str
    lang: str

    @property
    def stem(self) -> str:
        """The Snowball stem; worked out when asked for, as most words never are."""
        return stem(self.lower, self.lang)

    @property
    def capital(self) -> bool:
        """Begins like a name."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at [start, end) holding the words [first, last)."""

    index: int
    start: int
    end: int
    first: int
    last: int
    paragraph: int
    title: bool
    heading: bool


@dataclass(frozen=True, slots=True)
class Document:
    """Title and text as one string, with its words and sentences in order."""

    text: str
    title_end: int
    lang: str
    published: date | None
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    word_starts: tuple[int, ...]

    def word_index(self, offset: int) -> int:
        """The index of the word that holds or precedes a character."""
        return max(0, bisect_right(self.word_starts, offset) - 1)

    def first_word_from(self, offset: int) -> int:
        """The index of the first word starting at or after a character."""
        return bisect_right(self.word_starts, offset - 1)

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds a character; the last one before it where it stands between two."""
        low, high = 0, len(self.sentences) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.sentences[middle].start <= offset:
                low = middle
            else:
                high = middle - 1
        return self.sentences[low]

    def evidence(self, sentence: Sentence) -> Evidence:
        """The sentence as evidence, with offsets into the article's own title or text."""
        shift = 0 if sentence.title else self.title_end + len(GAP)
        place = Place.TITLE if sentence.title else Place.TEXT
        text = self.text[sentence.start : sentence.end]
        return Evidence(sentence.start - shift, sentence.end - shift, text, place)


_LONGEST_STEMMED = 100  # no word of a language is longer; the stemmer's time grows with the letters


@lru_cache(maxsize=100_000)
def stem(lower: str, lang: str) -> str:
    """The Snowball stem of a lower-case word; words of an unknown language stay as they are."""
    stemmer = _STEMMERS.get(lang) if len(lower) <= _LONGEST_STEMMED else None
    return stemmer.stemWord(lower) if stemmer and lower.isalpha() else lower


def word_texts(text: str) -> list[str]:
    """The letters, numbers and marks that `read_words` tells apart, as bare strings."""
    return _WORD.findall(text)


def read_words(text: str, lang: str) -> tuple[Word, ...]:
    """Split into letters, numbers and marks; hyphenated compounds fall into their parts."""
    words = []
    for match in _WORD.finditer(text):
        form = match.group()
        words.append(Word(match.start(), match.end(), form, form.lower(), lang))
    return tuple(words)


def read_document(title: str, text: str, lang: str, published: date | None) -> Document:
    """Lay out an article; works for any strings, also empty ones."""
    whole = title + GAP + text
    words = read_words(whole, lang)
    starts = tuple(word.start for word in words)
    spans = [(0, len(title), 0, True, True)] if title.strip() else []
    shift = len(title) + len(GAP)
    for start, end, paragraph, heading in sentence_spans(text, lang):
        spans.append((start + shift, end + shift, paragraph + 1, False, heading))
    sentences = tuple(
        Sentence(
            i, s, e, bisect_right(starts, s - 1), bisect_right(starts, e - 1), paragraph, is_title, heading
        )
        for i, (s, e, paragraph, is_title, heading) in enumerate(spans)
    )
    return Document(whole, len(title), lang, published, words, sentences, starts)
