"""Cues: the words by which a claim, its status and its speaker are told. Found here, weighed later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extractors.document import Document, Sentence
from extractors.languages.lexicon import lexicon
from extractors.phrases import PhraseMatcher


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of one cue list, over the words [first, last)."""

    name: str
    first: int
    last: int


@cache
def _matcher(lang: str) -> PhraseMatcher[str]:
    table = lexicon(lang).table("cues")
    return PhraseMatcher((phrase, name) for name, phrases in table.items() for phrase in phrases)


@cache
def _times(lang: str) -> frozenset[str]:
    """Words that with a capital are a time."""
    return frozenset(lexicon(lang).words("dues.cased"))


def find_cues(document: Document, sentence: Sentence) -> tuple[Cue, ...]:
    """All cues of a sentence, in order; one word may be a cue of several lists.

    The month of May is none, as far as its capital tells: not in a headline nor where a sentence begins.
    """
    found = _matcher(document.lang).find(document.words, sentence.first, sentence.last)
    times = _times(document.lang)
    return tuple(
        Cue(name, first, last)
        for first, last, name in found
        if first == sentence.first
        or sentence.title
        or sentence.heading
        or not (document.words[first].capital and document.words[first].lower in times)
    )
