"""What a person types → an FTS5 expression. Every string gives one, or a BadQuery; never a syntax error.

All words must occur; "several words" in double quotes must stand together, as written; word* is a beginning.
Nothing else is an operator: AND, NOT, brackets and colons are words or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.errors import BadQuery
from db.stems import STEMMED, fold, stem, words

# FTS5 nests no deeper than 256 and every word becomes three phrases; nobody types this many.
MOST_WORDS = 64
_ANYWHERE = "{subject object counterparty evidence title}"
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
_PARTS = re.compile(r'"([^"]*)(?:"|$)|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand together. `literal`: no stems; `prefix`: the last one is a beginning."""

    words: tuple[str, ...]
    literal: bool
    prefix: bool


def terms(typed: str) -> list[Term]:
    """The parts of what was typed, each once. Raises BadQuery where there are none, or too many."""
    found = dict.fromkeys(
        term for term in map(_term, _PARTS.finditer(typed.translate(_QUOTES))) if term.words
    )
    if not found:
        raise BadQuery(f"nothing to search for in {typed[:80]!r}: give at least one letter or digit")
    if sum(len(term.words) for term in found) > MOST_WORDS:
        raise BadQuery(f"more than {MOST_WORDS} words to search for: leave some out")
    return list(found)


def _term(part: re.Match[str]) -> Term:
    phrase, chunk = part.groups()
    if chunk is None:
        return Term(tuple(words(phrase)), literal=True, prefix=False)
    return Term(tuple(words(chunk)), literal=False, prefix=chunk.endswith("*"))


def anywhere(typed: str) -> str:
    """The expression for words in any column."""
    return " AND ".join(f"({_expression(term)})" for term in terms(typed))


def _expression(term: Term) -> str:
    whole = f"{_ANYWHERE} : {_phrase(fold(word) for word in term.words)}"
    if term.prefix:
        return whole + "*"
    if term.literal:
        return whole
    stems = (f"{lang} : {_phrase(stem(word, lang) for word in term.words)}" for lang in STEMMED)
    return " OR ".join([whole, *stems])


def named(name: str, columns: str) -> str:
    """The expression for a name in the named columns, matched by whole words: "h100" meets "NVIDIA H100"."""
    spelled = words(name)
    if not spelled:
        raise BadQuery(f"no name in {name[:80]!r}: give at least one letter or digit")
    if len(spelled) > MOST_WORDS:
        raise BadQuery(f"a name of more than {MOST_WORDS} words: shorten it")
    return f"({{{columns}}} : {_phrase(fold(word) for word in spelled)})"


def _phrase(spelled: Iterable[str]) -> str:
    """Quoted, so that nothing in it is an operator; words and their foldings never hold a quotation mark."""
    return f'"{" ".join(spelled)}"'
