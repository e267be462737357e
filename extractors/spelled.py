"""Spelled numbers: runs of number words become one value ("one and a half billion", "eine knappe Milliarde").

`spelled` reads from a first word on, piece by piece, as long as the pieces fit; `_Sum` is the grammar.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.number_words import NumberWords, Piece, tidy

# One space or hyphen between the parts of a number; a paragraph break never is one.
GAP = re.compile(r"[ \t\u00a0\u2009\u202f]*\n?[ \t]*[-‑]?(?=\S)")
WORD = re.compile(r"[^\W\d_]+\.?")
_ONCE = frozenset({"article", "small", "and", "of", "hundred", "point"})
_MOST_PIECES = 30  # no number has more words; "a a a …" would else be read to its end from each word


class _Sum:
    """Adds up the pieces of a spelled number from left to right; `step` says how many belong to it."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.total = 0.0
        self.current: float | None = None
        self.scale = 1.0
        self.last_scale = float("inf")
        self.article = False
        self.approx = False
        self.fraction = False

    @property
    def value(self) -> float:
        """The sum so far."""
        return tidy(self.total + (self.current or 0.0))

    def _kind(self, at: int) -> str:
        return self.pieces[at].kind if at < len(self.pieces) else ""

    def step(self, at: int) -> int:
        """How many pieces from `at` on continue the number; 0 where it ends before them."""
        kind, value = self.pieces[at]
        if kind in ("small", "tens"):
            return self._add(kind, value)
        if kind == "hundred":
            return self._hundred(value)
        if kind == "scale":
            return self._multiply(value)
        others = {
            "fraction": self._part,
            "article": self._article,
            "approx": self._adjective,
            "of": self._of,
            "and": self._and,
            "point": self._point,
        }
        return others[kind](at)

    def _add(self, kind: str, value: float) -> int:
        current = self.current
        if self.article or self.fraction or value >= self.last_scale:
            return 0
        if current is None:
            self.current = value
            return 1
        fits_hundred = current >= 100 and current % 100 == 0 and 0 < value < 100
        fits_ten = current % 100 >= 20 and current % 10 == 0 and 0 < value < 10 and kind == "small"
        if not (fits_hundred or fits_ten):
            return 0
        self.current = current + value
        return 1

    def _hundred(self, value: float) -> int:
        if (self.current or 1) >= 100 or self.fraction or value >= self.last_scale:
            return 0
        self.current, self.article = (self.current or 1) * value, False
        return 1

    def _multiply(self, value: float) -> int:
        if (
            self.current is None and self.total and value > self.last_scale
        ):  # "tausend Milliarden", "lakh crore"
            self.total *= value
            self.scale = max(self.scale, value)
            return 1
        if value >= self.last_scale or self.current == 0:
            return 0
        self.total += (1.0 if self.current is None else self.current) * value
        self.current, self.last_scale, self.article = None, value, False
        self.scale = max(self.scale, value)
        return 1

    def _part(self, at: int) -> int:
        """ "half" and "quarter": only where a scale follows; a half also behind an article."""
        follows = at + 1
        while self._kind(follows) in ("of", "article", "approx"):
            follows += 1
        value = self.pieces[at].value
        scaled = self._kind(follows) == "scale"
        alone = self._kind(at + 1) == "article" or self.article
        if self.fraction or self.total or not (scaled or (alone and value != 0.25)):
            return 0
        whole = 1.0 if self.article or self.current is None else self.current
        self.current, self.fraction, self.article = whole * value, True, False
        return 1

    def _article(self, at: int) -> int:
        """ "a", "ein": first of all, or between a half and its scale."""
        if at == 0:
            self.current, self.article = 1.0, True
            return 1
        return int(self.fraction and not self.total and at == 1)

    def _adjective(self, at: int) -> int:
        """ "eine knappe Milliarde", "a good million"."""
        if not self.article or self._kind(at + 1) not in ("approx", "fraction", "scale", "hundred"):
            return 0
        self.approx = True
        return 1

    def _of(self, at: int) -> int:
        """ "a quarter of a million"."""
        if not self.fraction or self.total:
            return 0
        if self._kind(at + 1) == "scale":
            return 1
        return 2 if self._kind(at + 1) == "article" and self._kind(at + 2) == "scale" else 0

    def _and(self, at: int) -> int:
        """ "one and a half billion", "a hundred and twenty"; not the "and" between two numbers."""
        if self.fraction or self.article:
            return 0
        part = self._portion(at + 1)
        if part is not None:
            return self._and_fraction(*part, at)
        first = self._kind(at + 1)
        if first not in ("small", "tens") or self._kind(at + 2) == "hundred":
            return 0
        if self._kind(at + 2) == "scale" and not self.current:  # "a million and two thousand" are two
            return 0
        value = self.pieces[at + 1].value
        if value >= 100 or (self.current is not None and (self.current < 100 or self.current % 100)):
            return 0
        return 2 if self._add(first, value) else 0

    def _portion(self, at: int) -> tuple[float, int] | None:
        """ "a half", "three quarters" with the place of the next piece; None where there is none."""
        count = 1.0
        if self._kind(at) in ("article", "small") and self._kind(at + 1) == "fraction":
            count, at = self.pieces[at].value, at + 1
        if self._kind(at) != "fraction" or count not in (1, 2, 3) or self._kind(at + 1) == "of":
            return None  # "five million and a quarter of the staff" are two
        return count * self.pieces[at].value, at + 1

    def _and_fraction(self, value: float, after: int, at: int) -> int:
        """ "and a half" adds half of what was counted; "a billion and a half million" names its own scale."""
        if self.current is not None and self.current < 1000:
            self.current += value
        elif self.total and self.current is None:
            scale = self.last_scale
            if self._kind(after) == "scale" and self.pieces[after].value < scale:
                scale, after = self.pieces[after].value, after + 1
            self.total += value * scale
        else:
            return 0
        self.fraction = True
        return after - at

    def _point(self, at: int) -> int:
        """ "two point five", "zero point zero eight", "drei Komma einundzwanzig"."""
        if self.current is None or self.total or self.fraction or self.article:
            return 0
        follows, digits = at + 1, ""
        while self._kind(follows) in ("small", "tens") and self.pieces[follows].value.is_integer():
            value = self.pieces[follows].value
            if self._kind(follows) == "tens" and self._kind(follows + 1) == "small":
                follows += 1
                value += self.pieces[follows].value
            digits += f"{value:.0f}"
            follows += 1
        if not digits:
            return 0
        self.current, self.fraction = float(f"{self.current:.0f}.{digits}"), True
        return follows - at


class Read(NamedTuple):
    """A spelled number: where it ends, its value, its largest scale, whether it is only an article."""

    end: int
    value: float
    scale: float
    article: bool
    approx: bool


def spelled(text: str, start: int, words: NumberWords) -> Read | None:
    """Reads a spelled number from its first word on; None where the words make no number."""
    if text[start - 1 : start] in ("-", "‑") and text[start - 2 : start - 1].isalnum():
        return None
    pieces, ends = _pieces(text, start, words)
    total, taken = _Sum(pieces), 0
    while taken < len(pieces) and (step := total.step(taken)):
        taken += step
    if not taken or not _complete(text[start : ends[taken - 1]].lower(), pieces[:taken], words):
        return None
    end = ends[taken - 1]
    weak = pieces[taken - 1].kind == "article" or text[start:end].lower() in words.weak
    return Read(end, total.value, total.scale, weak, total.approx)


def part_behind(text: str, end: int, scale: float, words: NumberWords) -> tuple[float, int] | None:
    """What "and a half" adds to digits with a scale ("3 million and a half"), and where it ends."""
    gap = GAP.match(text, end)
    word = WORD.match(text, gap.end()) if gap else None
    if word is None or word.group().lower() not in words.joiners:
        return None
    pieces, ends = _pieces(text, word.start(), words)
    total = _Sum(pieces)
    total.total = total.last_scale = scale
    part = total._portion(1)
    step = total._and_fraction(*part, 0) if part is not None else 0
    return (total.total - scale, ends[step - 1]) if step else None


def _pieces(text: str, start: int, words: NumberWords) -> tuple[list[Piece], list[int]]:
    """The number words from `start` on, and where each ends."""
    pieces: list[Piece] = []
    ends: list[int] = []
    at = start
    between, pointed = _after_lead(text, start, words), False
    while len(pieces) < _MOST_PIECES and (word := WORD.match(text, at)):
        written = word.group().lower()
        piece = words.piece(written)
        if piece is None:
            written = written.removesuffix(".")
            piece = words.piece(written)
        if piece is None or (between and piece.kind == "and"):
            break
        if pieces and piece.kind == pieces[-1].kind and piece.kind in _ONCE and not pointed:
            break  # "a a a", "one one": the next number begins, and is read when its turn comes
        pointed = pointed or piece.kind == "point"
        pieces.append(piece)
        ends.append(at + len(written))
        gap = GAP.match(text, ends[-1])
        if gap is None or gap.end() == ends[-1]:
            break
        at = gap.end()
    return pieces, ends


def _after_lead(text: str, start: int, words: NumberWords) -> bool:
    """In "between one hundred and two hundred" the "and" is no part of the first number."""
    before = text[max(0, start - 12) : start].split()
    return bool(before) and before[-1].lower() in words.leads


def _complete(written: str, pieces: list[Piece], words: NumberWords) -> bool:
    """A lone scale ("Millionen") is no number; a lone hundred or thousand is."""
    if pieces[0].kind in ("scale", "hundred"):
        return written.split(maxsplit=1)[0] in words.standalone
    return True
