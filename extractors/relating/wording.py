"""What a sentence says beside its fields: an update, one more, training or inference, a second phase.

Words stand in languages/*.toml under [relating]. A sentence may hold several claims, so that a word counts
for the amount that it stands nearest to. Sentences are read once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from extractors.claim import Kind
from extractors.document import Word, read_words
from extractors.languages.lexicon import REFERENCE, LexiconError, available, lexicon
from extractors.phrases import PhraseMatcher
from extractors.quantities import QuantityMention, find_quantities
from extractors.relating.statement import Statement

_CLAUSE_ENDS = re.compile(r"[.;:,]\s")
# How many words may stand between an amount and the "another" that belongs to it: behind it, before it.
_REACH = (2, 3)
# Between "instead of" and the amount: "statt der im März angekündigten 40.000".
_REACH_OF_FORMER = 5
_REACH_OF_CONTRAST = 2  # words between "rather than" and what is not meant
# "Grew by 5,000" is 5,000 more of these; of jobs and users it would be another claim anyway.
_GROWING = frozenset({Kind.DEPLOYMENT, Kind.ORDER, Kind.POWER, Kind.INVESTMENT})
# Sentences are remembered; a text beyond this is a page, of which the first part must do.
LONGEST = 2_000
_BESIDE = ("more_before", "more_behind", "part_before", "part_behind", "former_before", "by")
_MARKS = (
    "update",
    "correction",
    "opposition",
    "confirmation",
    "later",
    "earlier",
    "more_anywhere",
    "everywhere",
    "contrast",
    "there",
    "describing",
    "describing_endings",
)


# The checks of one comparison ask for the words of the same two sentences, one after the other.
@lru_cache(maxsize=500)
def words_of(text: str, lang: str) -> tuple[Word, ...]:
    """The words of a sentence's first part."""
    return read_words(text[:LONGEST], lang)


@lru_cache(maxsize=500)
def lower_words(text: str, lang: str) -> frozenset[str]:
    """The same in lower case, each once: to see at once that none of a list is among them."""
    return frozenset(word.lower for word in words_of(text, lang))


class _Language:
    """All phrases of one language in one matcher: a mark's, of what stands beside an amount, a meaning's."""

    def __init__(self, lang: str) -> None:
        words = lexicon(lang)
        self.said: PhraseMatcher[_Said] = PhraseMatcher(
            chain(
                ((w, _Said(mark=mark)) for mark in _MARKS for w in words.words(f"relating.{mark}")),
                ((w, _Said(beside=name)) for name in _BESIDE for w in words.words(f"relating.{name}")),
                ((w, _Said(meaning=meaning)) for w, meaning in _meanings(lang)),
            )
        )
        self.than = frozenset(words.words("relating.than"))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a phrase says: one of the three."""

    mark: str = ""
    beside: str = ""
    meaning: tuple[str, str] | None = None


def _meanings(lang: str) -> Iterator[tuple[str, tuple[str, str]]]:
    groups = lexicon(lang).table("relating.meanings")
    for group in lexicon(REFERENCE).table("relating.meanings"):
        if group not in groups:
            raise LexiconError(f"languages/{lang}.toml: no key 'relating.meanings.{group}'")
        for value, phrases in groups[group].items():
            yield from ((phrase, (group, value)) for phrase in phrases)


@cache
def _language(lang: str) -> _Language:
    return _Language(lang)


def languages(lang: str) -> tuple[str, ...]:
    """The language, or all where it is not known."""
    return (lang,) if lang in available() else available()


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence read once: its marks, and by group of meanings the values with their places."""

    marks: frozenset[str]
    meanings: Mapping[str, tuple[tuple[int, str], ...]]
    beside: tuple[tuple[int, int, str], ...]  # first and last character of a word that belongs to an amount


@lru_cache(maxsize=20_000)
def read_sentence(text: str, lang: str) -> Reading:
    """All that a sentence says beside its fields; a language that is not known is read as each known one."""
    marks: set[str] = set()
    meanings: dict[str, tuple[tuple[int, str], ...]] = {}
    beside: list[tuple[int, int, str]] = []
    for code in languages(lang):
        words, language = words_of(text, code), _language(code)
        found = list(language.said.find(words, 0, len(words)))
        parties = _describing(words, found)
        denied = _denied(found)
        for first, last, said in found:
            if said.mark:
                marks.add(said.mark)
            elif said.meaning is not None:
                if last - 1 not in parties and first not in denied:
                    group, value = said.meaning
                    meanings[group] = (*meanings.get(group, ()), (words[first].start, value))
            elif last >= len(words) or words[last].lower not in language.than:  # "more than" is a bound
                beside.append((words[first].start, words[last - 1].end, said.beside))
    return Reading(frozenset(marks), meanings, tuple(beside))


def _denied(found: list[tuple[int, int, _Said]]) -> set[int]:
    """Where what is not meant begins: the first meaning behind words such as "rather than"."""
    ends = [last for _, last, said in found if said.mark == "contrast"]
    if not ends:
        return set()
    meanings = sorted(first for first, _, said in found if said.meaning is not None)
    denied = set()
    for last in ends:
        behind = [first for first in meanings if last <= first <= last + _REACH_OF_CONTRAST]
        denied |= set(behind[:1])
    return denied


def _describing(words: tuple[Word, ...], found: list[tuple[int, int, _Said]]) -> set[int]:
    """The words that tell what a party is, not what an amount is of: "memory maker", "Speicherhersteller"."""
    nouns = {first for first, _, said in found if said.mark == "describing"}
    compounds = {first for first, _, said in found if said.mark == "describing_endings"}
    return {first - 1 - (words[first - 1].text == "-") for first in nouns if first} | (compounds - nouns)


@lru_cache(maxsize=20_000)
def _amounts(text: str, lang: str) -> tuple[QuantityMention, ...]:
    """The amounts of a sentence; most comparisons need none."""
    return tuple(one for code in languages(lang) for one in find_quantities(text[:LONGEST], code))


def amounts_told(statement: Statement) -> tuple[QuantityMention, ...]:
    """All amounts of a statement's sentence."""
    return _amounts(statement.text, statement.lang)


def reading(statement: Statement) -> Reading:
    """The reading of a statement's sentence."""
    return read_sentence(statement.text, statement.lang)


def says(statement: Statement, mark: str) -> bool:
    """Whether the sentence has one of a mark's words ("update", "correction", "opposition" …)."""
    return mark in reading(statement).marks


def mentions(statement: Statement) -> list[QuantityMention]:
    """The places of the sentence where the statement's own amount stands."""
    ends = [end for end in (statement.low, statement.high) if end is not None]
    return [m for m in amounts_told(statement) if any(_is(m, end) for end in ends)]


def _is(mention: QuantityMention, amount: float) -> bool:
    return any(
        end is not None and abs(end - amount) <= 0.006 * max(abs(amount), 1e-9)
        for end in (mention.low, mention.high)
    )


def values(statement: Statement, group: str, wanted: frozenset[str] | None = None) -> frozenset[str]:
    """What the sentence says of a group of meanings; of several values those nearest to the amount.

    `wanted`: only these values count.
    """
    told = reading(statement).meanings.get(group)
    if told is None:
        return frozenset()
    found = [(place, value) for place, value in told if wanted is None or value in wanted]
    if len({value for _, value in found}) < 2:
        return frozenset(value for _, value in found)
    own = mentions(statement)
    if not own or len({m.start for m in amounts_told(statement) if m.excluded is None}) < 2:
        return frozenset(value for _, value in found)
    near = min(_distance(place, own) for place, _ in found)
    return frozenset(value for place, value in found if _distance(place, own) == near)


def values_beside(statement: Statement, group: str) -> frozenset[str]:
    """What the sentence says of a group of meanings in the clause of the amount."""
    told = reading(statement).meanings.get(group, ())
    if not told:
        return frozenset()
    own, text = mentions(statement), statement.text
    return frozenset(
        value
        for place, value in told
        if any(not _CLAUSE_ENDS.search(text[min(place, m.start) : max(place, m.start)]) for m in own)
    )


def all_values(statement: Statement, group: str) -> frozenset[str]:
    """All that the sentence says of a group of meanings."""
    return frozenset(value for _, value in reading(statement).meanings.get(group, ()))


def text_values(text: str, lang: str, group: str) -> frozenset[str]:
    """What another text, such as an object's name, says of a group, in whatever language it is written."""
    if not text:
        return frozenset()
    codes = dict.fromkeys((REFERENCE, *languages(lang)))
    found = (entry for code in codes for entry in read_sentence(text, code).meanings.get(group, ()))
    return frozenset(value for _, value in found)


def _distance(place: int, own: list[QuantityMention]) -> int:
    return min(abs(place - m.start) for m in own)


def one_more(statement: Statement) -> bool:
    """Whether the amount comes on top of another: "weitere 5.000", "5,000 more"."""
    if says(statement, "more_anywhere") or _stands_beside(statement, "more"):
        return True
    return statement.kind in _GROWING and says(statement, "rising") and _stands_beside(statement, "by")


def a_part(statement: Statement) -> bool:
    """Whether the amount is part of another: "davon 240", "of which 240"."""
    return _stands_beside(statement, "part")


def overtaken(statement: Statement) -> bool:
    """Whether the sentence tells the amount as the earlier one: "up from 40,000", "statt der 40.000"."""
    return _stands_beside(statement, "former")


def _stands_beside(statement: Statement, group: str) -> bool:
    for first, last, name in reading(statement).beside:
        if not name.startswith(group):
            continue
        ahead = not name.endswith("behind")
        for mention in mentions(statement):
            if mention.start <= first and last <= mention.end:
                return True
            start, end = (last, mention.number_start) if ahead else (mention.number_end, first)
            reach = _REACH_OF_FORMER if group == "former" else _REACH[ahead]
            if start <= end and _within(statement.text[start:end], reach):
                return True
    return False


def _within(gap: str, reach: int) -> bool:
    """Few words and no new clause between an amount and its word."""
    return not _CLAUSE_ENDS.search(gap) and len(gap.split()) <= reach
