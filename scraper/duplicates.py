"""The same story twice: whether two texts are copies of each other, and whose text an article says it is.

    text → words → shingles (four words in a row, as numbers) → Jaccard, containment → are_copies
    article → agency marks

Everything here is a function of the two articles alone, so that groups do not depend on the order in which
articles come. Which to compare is the ledger's matter: it keeps a sample of the shingles as an index, and
counts which tellings are independent (db/independence.py).

Of 1,700 different articles of the same few topics no two share more than a tenth of the shorter one's
shingles; an edited copy shares more than half (`python -m benchmarks.duplicates`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from zlib import crc32

# Copies of one agency text appear within hours, over a weekend within days.
WINDOW = timedelta(days=4)
# Changes when the same text gives other shingles: an index made by another recipe must be made again.
RECIPE = 1

_LENGTH = 4  # words; with three, quoted phrases of a topic begin to count, five lose lightly edited copies
_CONTAINED = 0.4  # of the shorter text; between different articles the most is 0.1
_FEWEST = 20  # shingles in common: a shared quotation or a notice of cookies makes no copy
# Texts of one outlet share its own notices ("read on with a subscription"): there nearly all must agree.
_SAME_OUTLET = 0.7
_WORD = re.compile(r"\w+")
_MASK = (1 << 62) - 1
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)


def shingles(text: str) -> frozenset[int]:
    """The text's runs of four words as numbers of 62 bits, the same in every process."""
    words = [crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(text.casefold())]
    first, second, third, fourth = _FACTORS
    runs = zip(words, words[1:], words[2:], words[3:], strict=False)
    return frozenset((a * first ^ b * second ^ c * third ^ d * fourth) & _MASK for a, b, c, d in runs)


def sample(every: frozenset[int]) -> frozenset[int]:
    """An eighth of the shingles, as numbers of 31 bits: always the same eighth, so that samples compare.

    Of the 20 that copies share at least, none is in the sample once in 14 times; of 40, once in 200.
    """
    return frozenset(one >> 31 for one in every if not (one >> 29) & 7)


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of all shingles that stand in both; 0 where there are none."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of the shorter text's shingles that stand in the other; 0 where there are none."""
    both = len(one & other)
    return both / min(len(one), len(other)) if both else 0.0


def are_copies(one: frozenset[int], other: frozenset[int], *, same_outlet: bool = False) -> bool:
    """Whether one text was made from the other, or both from a third: shortened, edited, retitled."""
    if len(one & other) < _FEWEST:
        return False
    if same_outlet:
        return jaccard(one, other) >= _SAME_OUTLET
    return containment(one, other) >= _CONTAINED


def may_be_copies(shared: int, one: int, other: int) -> bool:
    """The same by samples: `shared` of two that hold `one` and `other`. Loose, since samples vary."""
    return shared > 0 and shared >= _CONTAINED / 3 * min(one, other)


# Whose text it is


# The origin of what is only an announcement passed on.
RELEASE = "a press release"
# Datelines are short, and so are credit lines: characters.
_EDGE = 200
_CREDIT = 60
_BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,40})[)\]]")
_PARTS = re.compile(r"\s*[/,;|+&]\s*")
_TOKEN = re.compile(r"[\w-]+")


def agencies(text: str, authors: Sequence[str] = ()) -> frozenset[str]:
    """The agencies whose mark the article carries: in its dateline, in its last lines, or as its author."""
    marks = _marks()
    head, tail = text[:_EDGE], text[-_EDGE:]
    told = [*_BRACKETS.findall(head), *_BRACKETS.findall(tail), *authors]
    whole = [part for one in told for part in _PARTS.split(one)]
    found = {marks.anywhere.get(part) or marks.alone.get(part) for part in whole}
    loose = _TOKEN.findall(_dateline(head))
    last = text.rstrip().rpartition("\n")[2]
    if len(last) <= _CREDIT:
        loose += _TOKEN.findall(last)
    found |= {marks.anywhere.get(token) for token in loose}
    return frozenset(name for name in found if name)


def _dateline(head: str) -> str:
    """What stands before the first dash, as in "BERLIN/dpa – "; nothing where a sentence ends before it."""
    before, dash, _ = re.sub(r"\s[-–—]\s", "\0", head, count=1).partition("\0")
    return before if dash and len(before) <= _CREDIT and ". " not in before else ""


@dataclass(frozen=True, slots=True)
class _Marks:
    """Mark → agency: those believed anywhere in a credit, and those that must stand alone."""

    anywhere: dict[str, str]
    alone: dict[str, str]


@cache
def _marks() -> _Marks:
    text = (resources.files("scraper") / "agencies.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["agencies"]
    anywhere = {mark: one["name"] for one in entries for mark in one["marks"]}
    alone = {mark: one["name"] for one in entries for mark in one.get("bracketed", ())}
    return _Marks(anywhere, alone)
