"""Finds the words of time in a text: tokens that carry roles, in runs without a gap between them.

Words come from table [dues] of languages/*.toml. One regular expression a language, built as a tree of
letters, finds them all; a word that stands for a phrase ("Jahresende") becomes the phrase's tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from extractors.calendar import FIRST_YEAR, LAST_YEAR
from extractors.languages.lexicon import lexicon

Roles = dict[str, Any]

# Lists of one value each: the role of the words in the list.
PLAIN = ("final", "fillers", "fiscal", "and", "to", "close", "latest", "earliest", "ago", "later",
         "earlier", "pronouns", "then", "now", "vague", "ones", "again", "until_then", "spent",
         "repeat")  # fmt: skip
# Lists of lists: the role and the value of the first list.
NUMBERED = {"months": 1, "weekdays": 0, "ordinals": 1, "numbers": 1, "dayth": 1}
# Tables of lists: the value is the key.
KEYED = ("seasons", "parts", "relations", "units", "ending", "starting", "same")
# A run is read only if one of these is in it: the rest are little words.
ANCHORS = frozenset({"months", "weekdays", "seasons", "parts", "relations", "units", "days", "year", "date",
                     "compact", "now", "vague", "later", "earlier", "same", "fiscal", "ordinals",
                     "until_then", "month_number", "repeat", "feasts"})  # fmt: skip
IDLE_SHAPES = frozenset({"number", "dash", "slash", "comma", "paren"})  # no anchors
LONGEST = 24  # tokens of a run; the longest phrase in print has a dozen, a page of nothing but years is cut


@dataclass(frozen=True, slots=True)
class Token:
    """A word of time, or a number or mark beside one, and what it may mean."""

    start: int
    end: int
    text: str
    roles: Roles


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words: word → roles, the pattern that finds them, and the lists read as sets."""

    roles: dict[str, Roles]
    expansions: dict[str, tuple[str, ...]]
    pattern: re.Pattern[str]
    idle: frozenset[str]
    sets: dict[str, frozenset[str]]
    past_endings: tuple[str, ...]
    future_beginnings: tuple[str, ...]
    noun_capitals: bool
    month_first: bool
    verb_endings: tuple[str, ...]
    plural_endings: tuple[str, ...]
    quarter_letters: tuple[str, ...]
    future: re.Pattern[str]
    past: re.Pattern[str]
    told: re.Pattern[str]
    not_told: tuple[str, ...]
    weak_future: re.Pattern[str]
    weak_past: re.Pattern[str]
    intended: re.Pattern[str]
    saying: re.Pattern[str]
    joints: re.Pattern[str]


@cache
def words(lang: str) -> Words:
    """The words of a language; raises LexiconError where the table lacks something."""
    found: dict[str, Roles] = {}
    source = lexicon(lang)
    endings = source.words("dues.endings")
    for word, role, value in _entries(lang):
        for form in _forms(word, endings):
            found.setdefault(form, {}).setdefault(role, value)
    expansions = {word: tuple(phrase.split()) for word, phrase in source.table("dues.expand").items()}
    names = (
        "cased", "small", "shy", "founded", "serial", "counted", "moved", "neutral", "waiting", "articles",
        "about", "barring", "negations", "leaving_open", "closing", "behind_half_said",
    )  # fmt: skip
    return Words(
        roles=found,
        expansions=expansions,
        pattern=_pattern(lang, [*found, *expansions]),
        idle=frozenset(word for word in found if ANCHORS.isdisjoint(found[word])) - expansions.keys(),
        sets={name: frozenset(source.words(f"dues.{name}")) for name in names},
        past_endings=source.words("dues.past_endings"),
        future_beginnings=source.words("dues.future_beginnings"),
        noun_capitals=bool(source.value("dues.noun_capitals")),
        plural_endings=source.words("dues.plural_endings"),
        verb_endings=source.words("dues.verb_endings"),
        month_first=bool(source.value("dues.month_first")),
        quarter_letters=source.words("dues.quarter_letters"),
        future=_phrases(source.words("dues.future")),
        past=_phrases(source.words("dues.past")),
        told=_phrases(source.words("dues.told")),
        not_told=source.words("dues.not_told"),
        weak_future=_phrases(source.words("dues.weak_future")),
        weak_past=_phrases(source.words("dues.weak_past")),
        intended=_phrases(source.words("dues.intended")),
        saying=_phrases(source.words("dues.saying")),
        joints=_phrases(source.words("dues.and")),
    )


def _phrases(entries: tuple[str, ...]) -> re.Pattern[str]:
    if not entries:
        return re.compile(r"(?!)")
    # A word may begin inside another only with its own apostrophe: "he'll".
    return re.compile(rf"(?:(?<!\w)|(?=\W))(?:{_tree(sorted(entries))})(?!\w)")


def _entries(lang: str) -> Iterator[tuple[str, str, Any]]:
    """Every word of the table with its role and value."""
    source = lexicon(lang)
    for name in PLAIN:
        yield from ((word, name, True) for word in source.words(f"dues.{name}"))
    for name, first in NUMBERED.items():
        for value, group in enumerate(source.value(f"dues.{name}"), first):
            yield from ((word, name, value) for word in group)
    for name in KEYED:
        for key, group in source.table(f"dues.{name}").items():
            yield from ((word, name, key) for word in group)
    for form, group in source.table("dues.prepositions").items():  # one word may have several forms
        yield from ((word, form, True) for word in group)
    for word, day in source.table("dues.feasts").items():
        yield word, "feasts", tuple(map(int, day.split("-")))
    yield from ((word, "days", offset) for word, offset in source.table("dues.days").items())


def _forms(word: str, endings: tuple[str, ...]) -> list[str]:
    return [word[:-1] + ending for ending in endings] if word.endswith("~") else [word]


def _pattern(lang: str, entries: list[str]) -> re.Pattern[str]:
    source = lexicon(lang)
    quarter, half = ("".join(source.words(f"dues.{unit}_letters")) for unit in ("quarter", "half"))
    ordinal_marks = source.words("dues.ordinal_marks")
    after_number = "|".join(map(re.escape, ordinal_marks))
    fiscal = "|".join(source.words("dues.fiscal_letters"))
    short = "." in ordinal_marks  # elsewhere "2.6." is a number that ends its sentence
    dotted = r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}(?!\d)" + (
        r"|\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2}(?!\d))?" if short else ""
    )
    shapes = (
        rf"(?P<date>(?<![./-])(?:\d{{4}}([./-])\d{{1,2}}\2\d{{1,2}}|{dotted}"
        r"|\d{1,2}([/-])\d{1,2}\3(?:\d{4}|\d{2}))(?![\d/-]|\.\d))",
        r"(?P<month_number>(?<![.,/-])(?:(?:19|20)\d\d(?:[/-](?:0?[1-9]|1[0-2])|\s?[/-]\s?(?:0[1-9]|1[0-2])"
        r"|\s?\.\s?0[1-9])|(?:(?:0?[1-9]|1[0-2])[./-]|(?:0[1-9]|1[0-2])\s?[/-]\s?|0[1-9]\.\s{1,2})(?:19|20)\d\d)"
        r"(?![\d/%:-]|[.,]\d))",
        r"(?P<year>(?<![.,$€£])(?<!\D\d\d\d-)(?:19|20)\d\d(?![\w%€$]|[.,]\d)(?:/(?:\d{4}|\d\d)(?![\d/]))?)",
        rf"(?P<ordinal>(?<![.,])\d{{1,2}}(?:{after_number})(?![\d.]))",
        r"(?P<number>(?<![.,'$€£])(?<![$€£] )\d{1,3}(?![\w%€$]|[.,]\d))",
    )
    compact = (
        rf"(?P<compact>(?:[{quarter}][1-4]|[{half}][12]|(?:{fiscal})(?=\s?'?\d\d)|[1-4][{quarter}](?=\d\d)"
        rf"|[12][{half}](?=\d\d))(?:[ /-]{{0,2}}'?(?:\d{{4}}|\d\d))?\b)"
    )
    short_year = r"(?P<short_year>(?<=\s)['’]\d\d(?![\w'’%]|[.,]\d))"
    marks = rf"{short_year}|(?P<dash>[-–—])|(?P<slash>/)|(?P<comma>,)|(?P<paren>[()])"
    tree = _tree(sorted(entries))
    # Asked first whether a word begins here at all: most places are inside one.
    return re.compile(
        rf"(?<!\w)(?:(?=\d)(?:{'|'.join(shapes)})|{compact}|(?<![$#@])(?P<word>{tree})(?!\w))|{marks}"
    )


def _tree(entries: list[str]) -> str:
    """One regular expression for many words, sharing their beginnings: 20 times faster than a plain list."""
    root: dict[str, Any] = {}
    for entry in entries:
        node = root
        for letter in entry:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    parts = [_letter(key) + _branch(below) for key, below in node.items() if key]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    # Longest first: the end of a shorter word is tried only when the longer words have failed.
    return f"(?:{body})?" if "" in node else body


def _letter(letter: str) -> str:
    return r"\s+" if letter == " " else re.escape(letter)


def lowered(text: str) -> str:
    """The text in lower case, every letter at its old place."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def runs(text: str, low: str, lang: str) -> Iterator[list[Token]]:
    """Chains of tokens with nothing but blanks between, each with at least one anchor."""
    known = words(lang)
    for chain in _chains(text, low, known.pattern):
        if all(match.lastgroup in IDLE_SHAPES or match.group() in known.idle for match in chain):
            continue
        tokens = [token for match in chain for token in _tokens(match, text, known)]
        if any(not ANCHORS.isdisjoint(token.roles) for token in tokens):
            yield tokens


def _chains(text: str, low: str, pattern: re.Pattern[str]) -> Iterator[list[re.Match[str]]]:
    """What the pattern finds, as far as nothing but blanks stands between."""
    chain: list[re.Match[str]] = []
    end = 0
    for match in pattern.finditer(low):
        if chain and (len(chain) >= LONGEST or not _blank(text, end, match.start())):
            yield chain
            chain = []
        chain.append(match)
        end = match.end()
    if chain:
        yield chain


def _blank(text: str, start: int, end: int) -> bool:
    """Whether two tokens belong to one phrase; a paragraph's end parts them."""
    if start == end:
        return True
    gap = text[start:end]
    return gap.isspace() and gap.count("\n") < 2 and len(gap) < 9


def _tokens(match: re.Match[str], text: str, known: Words) -> list[Token]:
    shape, found = str(match.lastgroup), match.group()
    start, end = match.span()
    if shape == "word":
        return _word_tokens(" ".join(found.split()), start, end, text, known)
    return [Token(start, end, found, _shape_roles(shape, found))]


def _shape_roles(shape: str, found: str) -> Roles:
    """What a number or mark may be."""
    if shape == "short_year":
        return {"year": f"20{found[1:]}"}
    if shape == "ordinal":
        digits = int(re.sub(r"\D", "", found))
        return {"dayth": digits, **({"ordinals": digits} if digits < 5 else {})}
    if shape == "month_number":
        month, year = sorted(map(int, re.findall(r"\d+", found)))
        # "August 2, 2024 - 06": behind a day the year is only the year.
        return {"month_number": [month, year], **({"year": found[:4]} if found[:4].isdigit() else {})}
    if shape == "number":
        return {"numbers": int(found), "dayth": int(found)}
    if shape == "year":
        return {"year": found} if FIRST_YEAR <= int(found[:4]) <= LAST_YEAR else {}
    return {shape: found}


def _word_tokens(found: str, start: int, end: int, text: str, known: Words) -> list[Token]:
    if found in known.sets["cased"] and not text[start].isupper():
        return [Token(start, end, found, {})]
    inside = text[max(0, start - 2) : start].rstrip()[-1:].isalpha()
    if found in known.sets["small"] and text[start].isupper() and inside:
        return [Token(start, end, found, {})]
    phrase = known.expansions.get(found)
    if phrase is None:
        return [Token(start, end, found, known.roles[found])]
    return [Token(start, end, word, known.roles.get(word, {})) for word in phrase]
