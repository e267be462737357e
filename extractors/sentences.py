"""Where sentences end, in German and English: by punctuation, abbreviations and ordinals.

spaCy's sentencizer splits after "Corp." and not after "in 2026."; this reader does it the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extractors.languages.lexicon import lexicon

_PARAGRAPH = re.compile(r"[^\n]+")
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'»«”“’)\]*]*(?=\s|$)|(?<=[.!?])[\"»«”“](?=\s)")
_OPENERS = "\"'„“‚‘»«([–—-•*+"
_HEADING_LENGTH = 110
_LONGEST = 2_000  # a longer "sentence" is a table run together; what looks at all of one must stay quick
_BETWEEN_WORDS = re.compile(r"[\W_]")
_WINDOW = 60  # characters looked at on each side of a mark: a page may be one line of 200,000
_MIXED_CASE = re.compile(r"[a-z]{1,3}[A-Z]")  # xAI, iPhone


@cache
def _tables(lang: str) -> tuple[frozenset[str], frozenset[str]]:
    words = lexicon(lang)
    abbreviations = frozenset(word.casefold() for word in words.words("sentences.abbreviations"))
    return abbreviations, frozenset(word.casefold() for word in words.words("sentences.after_ordinal"))


def sentence_spans(text: str, lang: str) -> Iterator[tuple[int, int, int, bool]]:
    """Yield (start, end, paragraph, heading) of each sentence, in order.

    A line break always ends a sentence. A heading is a short line without a full stop.
    """
    for number, match in enumerate(_PARAGRAPH.finditer(text)):
        line = match.group()
        spans = list(_split_line(line, lang))
        heading = (
            len(spans) == 1
            and len(line) < _HEADING_LENGTH
            and not line.rstrip(' "“”»«').endswith((".", "!", ":"))
        )
        for start, end in spans:
            yield match.start() + start, match.start() + end, number, heading


def _split_line(line: str, lang: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(line):
        if _ends_sentence(line, match, lang):
            yield from _pieces(line, start, match.end())
            start = match.end()
    yield from _pieces(line, start, len(line))


def _pieces(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence as it is, or, where it is endless, in pieces cut between words."""
    while end - start > _LONGEST and (cut := _BETWEEN_WORDS.search(line, start + _LONGEST, end)):
        yield from _trimmed(line, start, cut.end())
        start = cut.end()
    yield from _trimmed(line, start, end)


def _trimmed(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = line[start:end]
    left = len(piece) - len(piece.lstrip())
    if piece.strip():
        yield start + left, start + len(piece.rstrip())


def _ends_sentence(line: str, match: re.Match[str], lang: str) -> bool:
    mark = match.group()
    following = line[match.end() : match.end() + _WINDOW].lstrip() or line[match.end() :].lstrip()[:_WINDOW]
    if not following:
        return True
    first = following.lstrip(_OPENERS).lstrip()
    if first[:1].islower() and not _MIXED_CASE.match(first):
        return False
    if "." not in mark or mark.startswith("..."):
        return not mark.startswith("…") or first[:1].isupper()
    before = re.search(r"[\w.&'’-]*$", line[max(match.start() - _WINDOW, 0) : match.start()])
    word = before.group() if before else ""
    if word.isdigit() and not line[: match.start() - len(word)].strip(" " + _OPENERS):
        return False  # the number of a list item
    return len(mark) > 1 or not _is_abbreviated(word, following, lang)


def _is_abbreviated(word: str, following: str, lang: str) -> bool:
    """Does the full stop belong to the word before it rather than to the sentence?"""
    abbreviations, after_ordinal = _tables(lang)
    tail = re.split(r"[-'’]", word)[-1]
    if tail.casefold() in abbreviations or word.casefold() in abbreviations:
        return True
    if len(tail) == 1 and tail.isalpha():
        return True  # initials, and the first half of "z. B."
    if tail.isdigit() and len(tail) <= 2:
        next_word = re.match(r"\W*([\w]+)", following)
        return bool(next_word) and next_word.group(1).casefold() in after_ordinal  # type: ignore[union-attr]
    return bool(re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word))
