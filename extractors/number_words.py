"""The number words of a language, ready for look-up; German numbers in one word are taken apart here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from extractors.languages.lexicon import Lexicon


def tidy(value: float) -> float:
    """Drops the binary dust of a product: 1.1 * 1.1 is 1.21, not 1.2100000000000002."""
    return value if value.is_integer() else float(f"{value:.15g}")


PieceKind = Literal[
    "article", "small", "tens", "hundred", "scale", "fraction", "approx", "and", "of", "point"
]


class Piece(NamedTuple):
    """What one word adds to a spelled number."""

    kind: PieceKind
    value: float


class NumberWords:
    """A language's number words, ready for look-up."""

    def __init__(self, words: Lexicon) -> None:
        self.pieces: dict[str, Piece] = {}
        self._fill(words)
        self.standalone = frozenset(words.words("numbers.standalone"))
        self.scales: dict[str, float] = {**words.table("numbers.scales"), **words.table("numbers.hundred")}
        self.glued_scales: dict[str, float] = words.table("numbers.glued_scales")
        self.spaced_scales: dict[str, float] = words.table("numbers.spaced_scales")
        self.joiners = frozenset(words.words("numbers.joiners"))
        self.money_scales: dict[str, float] = words.table("numbers.money_scales")
        self.characters: dict[str, float] = words.table("numbers.characters")
        self.leads = frozenset(words.words("numbers.range_leads"))
        self.decimal: str = words.value("numbers.decimal")
        self.foreign: str = words.value("numbers.foreign_decimal")
        self.grouping: str = "".join(words.words("numbers.grouping"))
        self.whole_price = words.words("numbers.whole_price")
        self.glued: dict[str, float] = _glued_below_thousand(words) if words.value("numbers.glued") else {}
        self.glue_and: str = words.value("numbers.glue_and")
        self.glue_half: str = words.value("numbers.glue_half")
        self.thousand = next(w for w, v in words.table("numbers.scales").items() if v == 1e3)
        self.weak = frozenset((*words.words("numbers.articles"), *words.words("numbers.pronouns")))
        kinds = ("small", "tens", "hundred", "fraction", "article")
        starts = {word for word, piece in self.pieces.items() if piece.kind in kinds}
        self.starts = starts | self.standalone

    def _fill(self, words: Lexicon) -> None:
        """Later kinds do not overwrite earlier ones."""
        tables: tuple[tuple[PieceKind, str], ...] = (
            ("small", "numbers.small"),
            ("tens", "numbers.tens"),
            ("hundred", "numbers.hundred"),
            ("scale", "numbers.scales"),
            ("fraction", "numbers.fractions"),
        )
        for kind, key in tables:
            for word, value in words.table(key).items():
                self.pieces.setdefault(word, Piece(kind, float(value)))
        lists: tuple[tuple[PieceKind, str], ...] = (
            ("article", "numbers.articles"),
            ("approx", "numbers.inner_approximators"),
            ("and", "numbers.joiners"),
            ("of", "numbers.of"),
            ("point", "numbers.points"),
        )
        for kind, key in lists:
            for word in words.words(key):
                self.pieces.setdefault(word, Piece(kind, 1.0))

    def piece(self, word: str) -> Piece | None:
        """The part a lower-case word plays in a number, or None."""
        found = self.pieces.get(word)
        if found is None and self.glued:
            value = self._compound(word)
            return None if value is None else Piece("small", value)
        return found

    def _compound(self, word: str) -> float | None:
        """The value of a number written in one word; None where the word is none."""
        if word in self.glued:
            return self.glued[word]
        half = 0.0
        if word.endswith(self.glue_half):
            word, half = word.removesuffix(self.glue_half), 0.5
            if word in self.glued:
                return self.glued[word] + half
        if self.thousand not in word:
            return None
        left, _, right = word.partition(self.thousand)
        thousands = self._compound(left) if left else 1.0
        rest = self.glued.get(right.removeprefix(self.glue_and)) if right else 0.0
        if thousands is None or rest is None or thousands >= 1000:
            return None
        return thousands * 1000 + rest + half


def _glued_below_thousand(words: Lexicon) -> dict[str, float]:
    """Every spelling of 1 to 999 in one word, with and without the joints that may be left out."""
    joint: str = words.value("numbers.glue_and")
    small: dict[str, float] = words.table("numbers.small")
    one = words.words("numbers.articles")[0]
    units = {one: 1.0} | {w: float(v) for w, v in small.items() if 1 < v < 10 and float(v).is_integer()}
    below: dict[str, float] = {one: 1.0, **{w: float(v) for w, v in small.items() if v >= 1}}
    for ten, value in words.table("numbers.tens").items():
        below[ten] = float(value)
        below |= {unit + joint + ten: value + n for unit, n in units.items()}
    glued = dict(below)
    for hundred, value in words.table("numbers.hundred").items():
        for unit, n in ({"": 1.0} | units).items():
            glued[unit + hundred] = n * value
            for rest, more in below.items():
                glued[unit + hundred + rest] = glued[unit + hundred + joint + rest] = n * value + more
    return glued
