"""Variants of one product: told apart by a measure ("256 GByte", "the 13-inch model"), or by a "Pro"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from extractors.catalogue.names import fold
from extractors.claim import Kind
from extractors.languages.lexicon import available, lexicon
from extractors.relating.statement import Statement
from extractors.relating.things import product_endings
from extractors.relating.wording import LONGEST, languages, words_of

# Of these a product's variants have a number of their own.
_KINDS = frozenset({Kind.PRICE, Kind.LAUNCH, Kind.SHIPMENT, Kind.ORDER})


@cache
def _measures(lang: str) -> dict[str, re.Pattern[str]]:
    """How each measure is written in a language: a number before one of its words."""
    table = lexicon(lang).table("relating.measures")
    return {
        name: re.compile(rf"(?<![\w.,])(\d+(?:[.,]\d+)?)[\s-]*(?:{'|'.join(map(re.escape, words))})(?!\w)")
        for name, words in table.items()
    }


def _number(digits: str) -> float:
    """Three digits behind a mark are thousands: no variant is told to a thousandth."""
    whole, mark, rest = digits.replace(",", ".").partition(".")
    return float(whole + rest) if len(rest) == 3 else float(whole + mark + rest)


@lru_cache(maxsize=20_000)
def _measured(text: str, lang: str) -> dict[str, frozenset[float]]:
    """The numbers of each measure that a sentence tells."""
    found: dict[str, set[float]] = {}
    for code in languages(lang):
        for name, pattern in _measures(code).items():
            numbers = map(_number, pattern.findall(text[:LONGEST]))
            found.setdefault(name, set()).update(numbers)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def other_variant(a: Statement, b: Statement) -> str:
    """Why two sentences are about two variants; empty where they may be about one."""
    if parts := _other_part(a, b):
        return parts
    if a.kind not in _KINDS:
        return ""
    ours, theirs = (_measured(s.text, s.lang) for s in (a, b))
    for name in _measures(available()[0]):
        one, two = ours.get(name, frozenset()), theirs.get(name, frozenset())
        if len(one) == len(two) == 1 and one != two:
            return f"another variant by its {name}, {min(two):g} and not {min(one):g}"
    first, second = _endings_told(a), _endings_told(b)
    if first is not None and second is not None and first != second:
        return f"another variant, {second or 'the plain one'} and not {first or 'the plain one'}"
    return ""


@cache
def _numbered(lang: str) -> dict[str, str]:
    """What a site has several of, with numbers ("Halle 7"): its words, each with one of all languages."""
    table = lexicon(lang).table("relating.numbered")
    return {word.lower(): part for part, words in table.items() for word in words}


@lru_cache(maxsize=20_000)
def _parts(text: str, lang: str) -> dict[str, frozenset[str]]:
    """The numbers of the numbered parts that a sentence names."""
    found: dict[str, set[str]] = {}
    for code in languages(lang):
        for noun, number in pairwise(words_of(text, code)):
            part = _numbered(code).get(noun.lower)
            if part is not None and number.text.isdecimal():
                found.setdefault(part, set()).add(number.text)
    return {noun: frozenset(numbers) for noun, numbers in found.items()}


def _other_part(a: Statement, b: Statement) -> str:
    """Why two sentences are about two of some numbered things."""
    ours, theirs = (_parts(s.text, s.lang) for s in (a, b))
    for noun in sorted(ours.keys() & theirs.keys()):
        if ours[noun].isdisjoint(theirs[noun]):
            return f"{noun} {min(theirs[noun])} and not {min(ours[noun])}"
    return ""


def _endings_told(statement: Statement) -> str | None:
    """The "Pro" behind the object's name in the sentence, "" for nothing; None: not named, or both."""
    name = statement.object.split()[-1] if statement.object.strip() else ""
    words = words_of(statement.text, statement.lang)
    places = [index for index, word in enumerate(words) if name and word.text == name]
    if not places or not name[0].isupper():
        return None
    behind = {words[index + 1].text if index + 1 < len(words) else "" for index in places}
    told = {
        word for word in behind if len(word) > 1 and word[0].isupper() and fold(word) in product_endings()
    }
    if not told:
        return ""
    return min(told) if told == behind else None
