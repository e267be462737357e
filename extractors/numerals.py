"""Numerals: digits and number words of a text, with their values. No bounds, no ranges, no units.

Layers, from the ground up:
  numerals.py    "350.000", "zweieinhalb", "$35" and its "35", "one and a half billion" → one value each
  numbers.py     numerals → numbers with bounds ("more than"), approximation ("rund") and ranges ("35 bis 40")
  quantities.py  numbers → amounts with a unit, products, and the reason why a number is no amount
The words stand in languages/*.toml under [numbers]; this file only knows how they combine.
Start reading at `find_numerals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from extractors.languages.lexicon import Lexicon, lexicon

# One space or hyphen between the parts of a number; a paragraph break never is one.
GAP = re.compile(r"[ \t\u00a0\u2009\u202f]*\n?[ \t]*[-‑]?(?=\S)")
LETTERS = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+\.?")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number as written: `text[start:end]` has the value `base * scale`."""

    start: int
    end: int
    base: float
    scale: float = 1.0
    spelled: bool = False
    article: bool = False  # only "a", "ein": a number at best before a unit
    approx: bool = False  # "eine knappe Milliarde"
    tail: str = ""  # letters glued to the digits that are no scale: "MW" of 500MW, "G" of 5G

    @property
    def value(self) -> float:
        """The number's value with its scale word applied."""
        return tidy(self.base * self.scale)


def tidy(value: float) -> float:
    """Drops the binary dust of a product: 2.3 * 1e9 is 2300000000.0, not 2299999999.9999995."""
    return float(f"{value:.15g}")


PieceKind = Literal["article", "small", "tens", "hundred", "scale", "fraction", "approx", "and", "of"]


class Piece(NamedTuple):
    """What one word adds to a spelled number."""

    kind: PieceKind
    value: float


class Words:
    """A language's number words, ready for look-up."""

    def __init__(self, words: Lexicon) -> None:
        self.pieces: dict[str, Piece] = {}
        self._fill(words)
        self.standalone = frozenset(words.words("numbers.standalone"))
        self.scales: dict[str, float] = {**words.table("numbers.scales"), **words.table("numbers.hundred")}
        self.glued_scales: dict[str, float] = words.table("numbers.glued_scales")
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
        self.scanner = _scanner(self)

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
    del glued[one]
    return glued


def _scanner(words: Words) -> re.Pattern[str]:
    """Finds digits with their grouping, decimals and fractions; and every word, to be looked up."""
    group, decimal = re.escape(words.grouping), re.escape(words.decimal)
    fraction_signs = "".join(words.characters)
    grouped = rf"\d{{1,3}}(?P<sep>[{group}])\d{{3}}(?:(?P=sep)\d{{3}})*(?!\d)(?:{decimal}\d+)?"
    indian = r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
    plain = rf"\d+(?:{decimal}\d+)?"
    foreign = rf"\d+{re.escape(words.foreign)}\d{{1,2}}(?![\d.,])" if words.foreign else ""
    prices = "|".join(re.escape(price) for price in words.whole_price)
    numbers = "|".join(part for part in (grouped, indian, foreign, plain) if part)
    mixed = rf"(?:[ \u00a0]?(?P<sign>[{fraction_signs}])|[ \u00a0](?P<over>[1-9]/[2-9])(?![\d/]))?"
    digits = (
        rf"(?P<digits>{numbers}){mixed}(?P<price>{prices})?" if prices else rf"(?P<digits>{numbers}){mixed}"
    )
    codes = "|".join(rf"(?<={code})" for code in ("[A-Z]{3}", "Rs", "RM", "kr", "[x×]"))
    start = rf"(?:(?<![\w.,])|(?<=[^\d\w][.,])|(?<=[^\W\d][.,])|{codes})"
    return re.compile(rf"{start}(?:{digits}|(?P<lone>[{fraction_signs}]))|(?P<word>(?<!\w)[^\W\d_]+\.?)")


@cache
def words_of(lang: str) -> Words:
    """The number words of a language; raises LexiconError where the language has no file."""
    return Words(lexicon(lang))


def find_numerals(text: str, lang: str) -> list[Numeral]:
    """All numerals of a text, in order, without overlap."""
    words = words_of(lang)
    found: list[Numeral] = []
    done = 0
    lookup = words.piece
    for match in words.scanner.finditer(text):
        if match.start() < done:
            continue
        if match.lastgroup == "word":
            word = match.group().lower().rstrip(".")
            piece = lookup(word)
            if piece is None or piece.kind in ("and", "of", "approx"):
                continue
            numeral = _spelled(text, match.start(), words)
        else:
            numeral = _digits(text, match, words)
        if numeral is not None:
            found.append(numeral)
            done = numeral.end
    return found


def _digits(text: str, match: re.Match[str], words: Words) -> Numeral:
    """Digits, what sticks to them, and a scale word behind them."""
    if match["lone"]:
        base = words.characters[match["lone"]]
    else:
        base = _value(match["digits"], match["sep"], words) + _fraction(match, words)
    end = match.end()
    glued = LETTERS.match(text, end)
    if glued:
        scale = words.glued_scales.get(glued.group()) or words.scales.get(glued.group().lower())
        if scale is None:
            return Numeral(match.start(), end, base, tail=glued.group())
        return Numeral(match.start(), glued.end(), base, scale)
    scale, end = _scale(text, end, words)
    return Numeral(match.start(), end, base, scale)


def _value(digits: str, separator: str | None, words: Words) -> float:
    if separator:
        digits = digits.replace(separator, "")
    elif words.decimal == "." or digits.count(",") > 1:
        digits = digits.replace(",", "")
    return float(digits.replace(words.decimal, "."))


def _fraction(match: re.Match[str], words: Words) -> float:
    """The ½ or 1/2 behind whole digits."""
    if match["sign"]:
        return words.characters[match["sign"]]
    if match["over"]:
        above, _, below = match["over"].partition("/")
        return int(above) / int(below)
    return 0.0


def _scale(text: str, end: int, words: Words) -> tuple[float, int]:
    """The product of the scale words behind a number, and where they end."""
    scale = 1.0
    while (gap := GAP.match(text, end)) and (word := WORD.match(text, gap.end())):
        written = word.group().lower()
        if written not in words.scales:
            written = written.removesuffix(".")
        if written not in words.scales:
            break
        scale *= words.scales[written]
        end = word.start() + len(written)
    return scale, end


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
        half = at + 1 + (self._kind(at + 1) == "article")
        if self._kind(half) == "fraction":
            return self._and_fraction(half, at)
        first = self._kind(at + 1)
        if first not in ("small", "tens") or self._kind(at + 2) in ("hundred", "scale"):
            return 0
        value = self.pieces[at + 1].value
        if value >= 100 or (self.current is not None and (self.current < 100 or self.current % 100)):
            return 0
        return 2 if self._add(first, value) else 0

    def _and_fraction(self, half: int, at: int) -> int:
        value = self.pieces[half].value
        if self.current is not None and self.current < 1000:
            self.current += value
        elif self.total and self.current is None:
            self.total += value * self.last_scale
        else:
            return 0
        self.fraction = True
        return half + 1 - at


def _spelled(text: str, start: int, words: Words) -> Numeral | None:
    """Reads a spelled number from its first word on; None where the words make no number."""
    if text[start - 1 : start] in ("-", "‑") and text[start - 2 : start - 1].isalnum():
        return None
    pieces, ends = _pieces(text, start, words)
    total, taken = _Sum(pieces), 0
    while taken < len(pieces) and (step := total.step(taken)):
        taken += step
    if not taken or not _complete(text[start : ends[taken - 1]].lower(), pieces[:taken], words):
        return None
    weak = pieces[taken - 1].kind == "article"
    value = total.value
    return Numeral(start, ends[taken - 1], value / total.scale, total.scale, True, weak, total.approx)


def _pieces(text: str, start: int, words: Words) -> tuple[list[Piece], list[int]]:
    """The number words from `start` on, and where each ends."""
    pieces: list[Piece] = []
    ends: list[int] = []
    at = start
    between = _after_lead(text, start, words)
    while word := WORD.match(text, at):
        written = word.group().lower()
        piece = words.piece(written)
        if piece is None:
            written = written.removesuffix(".")
            piece = words.piece(written)
        if piece is None or (between and piece.kind == "and"):
            break
        pieces.append(piece)
        ends.append(at + len(written))
        gap = GAP.match(text, ends[-1])
        if gap is None or gap.end() == ends[-1]:
            break
        at = gap.end()
    return pieces, ends


def _after_lead(text: str, start: int, words: Words) -> bool:
    """In "between one hundred and two hundred" the "and" is no part of the first number."""
    before = text[max(0, start - 12) : start].split()
    return bool(before) and before[-1].lower() in words.leads


def _complete(written: str, pieces: list[Piece], words: Words) -> bool:
    """A lone scale ("Millionen") is no number; a lone hundred or thousand is."""
    if pieces[0].kind in ("scale", "hundred"):
        return written.split(maxsplit=1)[0] in words.standalone
    return True
