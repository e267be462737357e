"""Numerals: digits and number words of a text, with their values. No bounds, no ranges, no units.

Layers, from the ground up:
  number_words.py  a language's number words: "zweieinhalb" → 2.5, "million" → a scale
  spelled.py       runs of such words → one value: "one and a half billion", "eine knappe Milliarde"
  numerals.py      digits ("350.000", "2.3bn") and spelled numbers → numerals
  numbers.py       numerals → numbers with bounds ("more than"), approximation ("rund"), ranges ("35 bis 40")
  quantities.py    numbers → amounts with a unit, products, and the reason why a number is no amount
The words stand in languages/*.toml under [numbers]; code only knows how they combine.
Start reading at `find_numerals`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from extractors.languages.lexicon import lexicon
from extractors.number_words import NumberWords, tidy
from extractors.spelled import GAP, WORD, part_behind, spelled
from extractors.units import catalogue

LETTERS = re.compile(r"[^\W\d_]+")
# Values are cut here: 400 digits, or "million" said 60 times, would be infinite.
_GREATEST = 1e60
# Behind letters they make a measure of them: "200m²", "5m/s", "40m2".
MEASURE_MARK = re.compile(r"[²³^/]|[23](?!\w)")
# "1.3e6", "1.3x10^6", "10^25".
POWER = r"(?P<power>[eE][+-]?\d{1,2}(?!\w)|[x×]10\^[+-]?\d{1,2}(?!\d)|\^[+-]?\d{1,2}(?!\d))?"


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number as written: `text[start:end]` has the value `base * scale`."""

    start: int
    end: int
    base: float
    scale: float = 1.0
    spelled: bool = False
    article: bool = False  # only "a", "ein", "one": a number at best before a unit
    approx: bool = False  # "eine knappe Milliarde"
    tail: str = ""  # letters glued to the digits that are no scale: "MW" of 500MW, "G" of 5G

    @property
    def value(self) -> float:
        """The number's value with its scale word applied."""
        return tidy(self.base * self.scale)


class Scanner:
    """Finds where numerals may start: digits in all their forms, and words that begin like a number."""

    def __init__(self, words: NumberWords) -> None:
        self.words = words
        letters = "|".join(map(re.escape, words.spaced_scales))
        self.spaced = re.compile(rf"[ \u00a0]{{1,2}}({letters})(?![\w.&'’/-])") if letters else None
        self.pattern = re.compile(f"{_digit_pattern(words)}|{_word_pattern(words)}")
        currencies = catalogue()["currencies"].values()
        self.codes = tuple(sign for signs in currencies for sign in signs["prefix"] if sign[-1].isalpha())


def _digit_pattern(words: NumberWords) -> str:
    """Digits with their grouping, decimals, fractions, price dashes."""
    group, decimal = re.escape(words.grouping), re.escape(words.decimal)
    fraction_signs = "".join(words.characters)
    grouped = rf"\d{{1,3}}(?P<sep>[{group}])\d{{3}}(?:(?P=sep)\d{{3}})*(?!\d)(?:{decimal}\d+)?"
    indian = rf"\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?!\d)(?:{decimal}\d+)?"
    plain = rf"\d+(?:{decimal}\d+)?"
    foreign = _foreign_pattern(decimal, words.foreign)
    prices = "|".join(re.escape(price) for price in words.whole_price)
    numbers = "|".join(part for part in (grouped, indian, foreign, plain) if part)
    mixed = rf"(?:[ \u00a0]?(?P<sign>[{fraction_signs}])|[ \u00a0]{{1,2}}(?P<over>[1-9]/[2-9])(?![\d/]))?"
    digits = rf"(?P<digits>{numbers}){POWER}{mixed}" + (rf"(?P<price>{prices})?" if prices else "")
    bare = r"(?<![\w.])(?P<bare>\.\d+)(?![\d.])" if words.decimal == "." else r"(?P<bare>(?!))"
    start = r"(?:(?<![\d_.,])|(?<=[^\d\w][.,])|(?<=[^\W\d][.,]))"
    return rf"{bare}|{start}(?:(?P<part>[1-9]/[2-9])(?![\d/])|{digits}|(?P<lone>[{fraction_signs}]))"


def _foreign_pattern(decimal: str, mark: str) -> str:
    """Numbers as another country writes them: "1,234.50" in German, "1.234,50" and "5,99" in English.

    In English a comma before one or two digits may as well list years, and ends no date.
    """
    if not mark:
        return r"(?P<abroad>(?!))"
    whole, end = (r"\d+", r"(?![\d.,])") if mark == "." else (r"\d{1,3}", r"(?!\d|[.,]\d)")
    cents = rf"{re.escape(mark)}\d{{1,2}}{end}"
    return rf"(?P<abroad>\d{{1,3}}(?:{decimal}\d{{3}})+{cents}|{whole}{cents})"


def _word_pattern(words: NumberWords) -> str:
    """Words that may start a spelled number, as a tree of letters; glued ones may go on."""
    either = _tree(sorted(words.starts))
    return rf"(?<![\w])(?P<word>{either})" + ("" if words.glued else r"(?!\w)")


def _tree(choices: list[str]) -> str:
    """A pattern for any of the words, each letter in either case, that never tries a letter twice."""
    if not choices:
        return ""
    branches = []
    for letter in dict.fromkeys(choice[0] for choice in choices if choice):
        rest = [choice[1:] for choice in choices if choice[:1] == letter]
        tail = _tree([choice for choice in rest if choice])
        optional = "" in rest and tail
        cases = f"[{letter}{letter.upper()}]" if len(letter.upper()) == 1 else letter
        branches.append(cases + (f"(?:{tail})?" if optional else f"(?:{tail})" if tail else ""))
    return "|".join(branches)


@cache
def words_of(lang: str) -> NumberWords:
    """The number words of a language; raises LexiconError where the language has no file."""
    return NumberWords(lexicon(lang))


@cache
def _scanner_of(lang: str) -> Scanner:
    return Scanner(words_of(lang))


def scale_behind(text: str, end: int, lang: str) -> tuple[float, int]:
    """The product of the scale words from a place on ("75 USD million"), 1 where there is none; its end."""
    return _scale(text, end, _scanner_of(lang))


def find_numerals(text: str, lang: str) -> list[Numeral]:
    """All numerals of a text, in order, without overlap."""
    scanner = _scanner_of(lang)
    found: list[Numeral] = []
    done = 0
    for match in scanner.pattern.finditer(text):
        start = match.start()
        if start < done:
            continue
        if match.lastgroup == "word":
            numeral = _words(text, start, scanner.words)
        elif start and text[start - 1].isalpha() and not _sticks(text, start, scanner):
            continue
        else:
            numeral = _digits(text, match, scanner)
        if numeral is not None:
            if found and _continues(text, found[-1], numeral, scanner.words):
                numeral = _sum(found.pop(), numeral)
            found.append(numeral)
            done = numeral.end
    return found


def _continues(text: str, left: Numeral, right: Numeral, words: NumberWords) -> bool:
    """ "4 thousand 3 hundred", "3 hundred and 21", "2 crore and two hundred" go on; two amounts do not."""
    gap = text[left.end : right.start]
    if len(gap) > 8 or left.scale < 100 or not 0 < right.value < left.scale or left.tail or right.tail:
        return False
    joined = gap.strip(" ").lower() in words.joiners
    if not joined and gap != " ":
        return False
    if joined and left.scale == 100:
        return right.scale == 1 and right.value.is_integer() and not _is_money(text, left)
    if joined:
        return right.spelled and 100 <= right.value < 1000 and not _is_money(text, left)
    return right.scale >= 100 or (right.spelled and right.value >= 100)


def _is_money(text: str, numeral: Numeral) -> bool:
    """A currency sign stands before it: "$2 million and two hundred jobs" are two."""
    before = text[max(0, numeral.start - 2) : numeral.start].rstrip()
    return unicodedata.category(before[-1:] or " ") == "Sc"


def _sum(left: Numeral, right: Numeral) -> Numeral:
    """Two numerals as one; its scale is the smaller one, by which a third may follow."""
    scale = right.scale if right.scale >= 100 else left.scale
    base = tidy((left.value + right.value) / scale)
    return Numeral(left.start, right.end, base, scale, left.spelled, approx=left.approx)


def _sticks(text: str, start: int, scanner: Scanner) -> bool:
    """Digits right behind letters count after a currency ("EUR500m") and between signs ("4x500")."""
    return text.endswith(scanner.codes, 0, start) or (
        text[start - 1] == "x" and start > 1 and text[start - 2].isdigit()
    )


def _words(text: str, start: int, words: NumberWords) -> Numeral | None:
    read = spelled(text, start, words)
    if read is None:
        return None
    return Numeral(start, read.end, read.value / read.scale, read.scale, True, read.article, read.approx)


def _digits(text: str, match: re.Match[str], scanner: Scanner) -> Numeral:
    """Digits, what sticks to them, and a scale word behind them."""
    words = scanner.words
    base = _base(match, words)
    end = match.end()
    glued = LETTERS.match(text, end)
    if glued and MEASURE_MARK.match(text, glued.end()):
        return Numeral(match.start(), end, base, tail=glued.group())
    if glued:
        scale = words.glued_scales.get(glued.group()) or words.scales.get(glued.group().lower())
        if scale is None:
            return Numeral(match.start(), end, base, tail=glued.group())
        return Numeral(match.start(), glued.end(), base, scale)
    scale, end = _scale(text, end, scanner)
    part = part_behind(text, end, scale, words) if scale >= 1000 else None
    if part is not None:
        base, end = tidy(base + part[0] / scale), part[1]
    return Numeral(match.start(), end, base, scale)


def _base(match: re.Match[str], words: NumberWords) -> float:
    """The value of the digits alone, in whichever of their forms they stand."""
    if match["lone"]:
        return words.characters[match["lone"]]
    if match["part"]:
        return _quotient(match["part"])
    if match["bare"]:
        return float("0" + match["bare"])
    if match["abroad"]:
        return min(float(match["digits"].replace(words.decimal, "").replace(words.foreign, ".")), _GREATEST)
    return _raised(_value(match["digits"], match["sep"], words), match["power"]) + _fraction(match, words)


def _raised(value: float, power: str | None) -> float:
    """The value with its power of ten ("1.3e6", "1.3x10^6") or to its power ("10^25")."""
    if not power or not value:
        return value
    itself = power[0] == "^"
    base, exponent = (value if itself else 10.0), int(re.split("[eE^]", power)[-1])
    if abs(exponent * math.log10(base)) > math.log10(_GREATEST):
        return _GREATEST if (base > 1) == (exponent > 0) else 0.0
    return tidy(min(base**exponent if itself else value * base**exponent, _GREATEST))


def _value(digits: str, separator: str | None, words: NumberWords) -> float:
    if separator:
        digits = digits.replace(separator, "")
    elif words.decimal == "." or digits.count(",") > 1:
        digits = digits.replace(",", "")
    return min(float(digits.replace(words.decimal, ".")), _GREATEST)


def _fraction(match: re.Match[str], words: NumberWords) -> float:
    """The ½ or 1/2 behind whole digits."""
    if match["sign"]:
        return words.characters[match["sign"]]
    return _quotient(match["over"]) if match["over"] else 0.0


def _quotient(written: str) -> float:
    above, _, below = written.partition("/")
    return int(above) / int(below)


def _scale(text: str, end: int, scanner: Scanner) -> tuple[float, int]:
    """The product of the scale words behind a number, and where they end; a spaced "k" or "M" is one, too."""
    words = scanner.words
    if scanner.spaced is not None and (letter := scanner.spaced.match(text, end)):
        return words.spaced_scales[letter.group(1)], letter.end()
    scale = 1.0
    while (gap := GAP.match(text, end)) and (word := WORD.match(text, gap.end())):
        written = word.group().lower()
        if written not in words.scales:
            written = written.removesuffix(".")
        if written not in words.scales:
            break
        scale *= words.scales[written]
        end = word.start() + len(written)
    return min(scale, _GREATEST), end
