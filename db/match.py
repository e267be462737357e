"""Words, phrases and beginnings → an FTS5 expression, and → what marks them in a text.

A word is found in any inflection, by its stem in either language; a phrase as written; a beginning as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from db.stems import STEMMED, fold, stem

# FTS5 nests no deeper than 256 and every word becomes three phrases; nobody types this many.
MOST_WORDS = 64
_ANYWHERE = "{subject object counterparty evidence title}"
# The columns of the index behind the fields that search one part of a claim.
_COLUMNS = {None: _ANYWHERE, "title": "title", "text": "evidence"}


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand together. `literal`: no stems; `prefix`: the last one is a beginning."""

    words: tuple[str, ...]
    literal: bool
    prefix: bool


def expression(term: Term, column: str | None = None) -> str:
    """The expression for a term, in any column or in that of a field."""
    whole = f"{_COLUMNS[column]} : {phrase(term.words)}"
    if term.prefix:
        return f"({whole}*)"
    # The stem columns hold all parts of a claim together.
    if term.literal or column is not None:
        return f"({whole})"
    stems = (f"{lang} : {_quoted(stem(word, lang) for word in term.words)}" for lang in STEMMED)
    return f"({' OR '.join([whole, *stems])})"


def phrase(spelled: Iterable[str]) -> str:
    """Whole words that stand together."""
    return _quoted(fold(word) for word in spelled)


def _quoted(folded: Iterable[str]) -> str:
    """Quoted, so that nothing in it is an operator; words and their foldings never hold a quotation mark."""
    return f'"{" ".join(folded)}"'


def marks(text: str, terms: Iterable[Term], lang: str) -> list[tuple[int, int]]:
    """Where the terms stand in a text of that language: spans in order, none within another."""
    tokens = [(found.start(), found.end(), found[0].lower()) for found in _WORD.finditer(text)]
    spans = [span for term in terms for span in _spans(tokens, term, lang)]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


_WORD = re.compile(r"[^\W_]+")


def _spans(tokens: list[tuple[int, int, str]], term: Term, lang: str) -> Iterator[tuple[int, int]]:
    size = len(term.words)
    for place in range(len(tokens) - size + 1):
        run = tokens[place : place + size]
        if _fits([word for _, _, word in run], term, lang):
            yield run[0][0], run[-1][1]


def _fits(run: list[str], term: Term, lang: str) -> bool:
    typed = list(term.words)
    whole, meant = [fold(word) for word in run], [fold(word) for word in typed]
    if whole == meant:
        return True
    if term.prefix:
        return whole[:-1] == meant[:-1] and whole[-1].startswith(meant[-1])
    if term.literal:
        return False
    codes = [code for code, readers in STEMMED.items() if lang in readers]
    return any([stem(w, code) for w in run] == [stem(w, code) for w in typed] for code in codes)
