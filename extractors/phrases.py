"""Finds many phrases in a row of words at once: the one matcher behind cues, classes and names.

A phrase is written as words; "*" ends a word that may go on ("liefer*" finds "lieferte"). Where a list names
its endings, "*" stands for these alone ("Fabrik*" with "en" finds "Fabriken", not "Fabrikant").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from extractors.document import Word

Value = TypeVar("Value")
_PARTS = re.compile(r"[^\W_]+\*?|\*[^\W_]+|[^\w\s]")


class PhraseMatcher(Generic[Value]):
    """An index of lower-case phrases by their first word; `find` yields every match, overlapping ones too."""

    def __init__(self, phrases: Iterable[tuple[str, Value]], endings: Iterable[str] | None = None) -> None:
        self._endings = None if endings is None else frozenset(endings)
        self._exact: dict[str, list[tuple[tuple[str, ...], Value]]] = defaultdict(list)
        self._prefix: dict[str, list[tuple[tuple[str, ...], Value]]] = defaultdict(list)
        self._suffix: dict[str, list[tuple[tuple[str, ...], Value]]] = defaultdict(list)
        self._seen: dict[str, tuple[tuple[tuple[str, ...], Value], ...]] = {}
        for phrase, value in phrases:
            parts = tuple(_PARTS.findall(phrase.lower()))
            if not parts:
                raise ValueError(f"an empty phrase for {value!r}")
            if parts[0].endswith("*"):
                self._prefix[parts[0][:-1]].append((parts[1:], value))
            elif parts[0].startswith("*") and len(parts[0]) > 1:
                self._suffix[parts[0][1:]].append((parts[1:], value))
            else:
                self._exact[parts[0]].append((parts[1:], value))
        # Only cuts of these lengths can be found: a "word" of a hostile page may have a million letters.
        self._cuts = sorted({len(part) for part in (*self._prefix, *self._suffix)})

    def find(self, words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int, Value]]:
        """Yield (first word, word after the last, value) of each phrase within words[first:last]."""
        seen = self._seen
        for index in range(first, last):
            lower = words[index].lower
            candidates = seen.get(lower)
            if candidates is None:
                candidates = self._candidates(lower)
            for rest, value in candidates:
                end = index + 1 + len(rest)
                if end <= last and all(
                    self._fits(part, words[index + 1 + k].lower) for k, part in enumerate(rest)
                ):
                    yield index, end, value

    def _candidates(self, lower: str) -> tuple[tuple[tuple[str, ...], Value], ...]:
        """The phrases that a word may begin, kept for the next time."""
        entries = list(self._exact.get(lower, ()))
        for cut in self._cuts:
            if cut > len(lower):
                break
            if self._endings is None or lower[cut:] in self._endings:
                entries += self._prefix.get(lower[:cut], ())
            entries += self._suffix.get(lower[-cut:], ())
        found = tuple(entries)
        if len(self._seen) < 200_000:
            self._seen[lower] = found
        return found

    def _fits(self, part: str, lower: str) -> bool:
        if not part.endswith("*") or len(part) == 1:
            return part == lower
        stem = part[:-1]
        return lower.startswith(stem) and (self._endings is None or lower[len(stem) :] in self._endings)
