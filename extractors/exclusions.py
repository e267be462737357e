"""Why a number is no amount: years, dates, times, ordinals, versions, model names, labels, ages, scores.

Two passes. `structures` finds spans whose shape alone decides (dates, times, versions, phone numbers);
`reason` looks at one bare number and the words around it. Where it is not sure it says nothing:
a trained chooser follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractors.counted_nouns import described_noun_follows
from extractors.languages.lexicon import Lexicon, lexicon
from extractors.numbers import Amount, Bound
from extractors.units import catalogue

_FIRST_PICTOGRAPH = 0x1F300
_HEARTS = "❤♥"

# Shapes that decide by themselves, in order of precedence; the names are the reasons.
STRUCTURE = re.compile(
    r"""
      (?P<phone_number>0\d{2,4}(?:[ ]?[/-][ ]?|[ ])\d[\d -]{4,}\d|\d{3}\)?[ ]\d{3}-\d{4}(?!\d))
    | (?P<date>(?:\d{4}-\d{2}-\d{2}
        |\d{1,2}(?P<mark>[./])\d{1,2}(?P=mark)(?:\d{4}|\d{2})(?![\w.])
        |\d{1,2}\.[ ]?\d{1,2}\.(?=\s|$|[,;)])))
    | (?P<identifier>10\.\d{4,}/\S+)
    | (?P<version>\d+(?:\.\d{1,2}){2,}(?![\d.]\d))
    | (?P<time>[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?![\w:]))
    | (?P<round_the_clock>24/7(?!\w))
    | (?P<fraction>[1-9]/[2-9](?![\d/]))
    | (?P<season>(?:19|20)\d\d[ ]?[/–-][ ]?(?:\d\d|(?:19|20)\d\d)(?!\w))
    | (?P<score>\d+:\d+(?![\w:]))
    | (?P<grid>\d+[x×]\d+(?![\w,.]))
    """,
    re.VERBOSE,
)
INTERNATIONAL = re.compile(r"\d{1,3}[ ]\(?\d[ \d()/-]{5,}\d")
TOKEN = re.compile(r"\S+")
BEHIND_NAME = re.compile(r"[^\W\d_]\w*[-‑]$")
PUNCTUATION = ".,;:!?()[]„“”\"»«'’‚‘*"
QUOTES = frozenset('“”"»«’')
YEARS = range(1990, 2040)
# Years that only a word like "since" or "bis" gives away.
FAR_YEARS = range(1900, 2100)
# Letters that digits carry in the name of a standard or a resolution: 5G, 4K, 8K, 3D, 2x.
RESOLUTIONS = frozenset({2000.0, 4000.0, 5000.0, 6000.0, 8000.0})


@dataclass(frozen=True, slots=True)
class ExclusionWords:
    """The words of one language around numbers that are no amounts."""

    lang: str
    vague: frozenset[str]
    months: frozenset[str]
    year_before: frozenset[str]
    after: dict[str, tuple[tuple[str, str], ...]]  # first letter → (phrase, reason)
    ordinal_nouns: frozenset[str]
    ordinal_endings: frozenset[str]
    age_before: tuple[str, ...]
    label_before: frozenset[str]
    designators: frozenset[str]
    names_before_numbers: bool


@cache
def exclusion_words(lang: str) -> ExclusionWords:
    """The exclusion words of a language; raises LexiconError where the language has no file."""
    words: Lexicon = lexicon(lang)

    def of(key: str) -> tuple[str, ...]:
        return words.words(f"quantities.{key}")

    return ExclusionWords(
        lang=lang,
        vague=frozenset(of("vague")),
        months=frozenset(of("months")),
        year_before=frozenset(of("year_before")),
        after=_by_first_letter(
            {
                "time": of("clock"),
                "age": of("age_after"),
                "score": of("score_after"),
                "multiple": of("multiple_after"),
                "page furniture": of("furniture_after"),
            }
        ),
        ordinal_nouns=frozenset(of("ordinal_nouns")),
        ordinal_endings=frozenset(of("ordinal_endings")),
        age_before=of("age_before"),
        label_before=frozenset(of("label_before")),
        designators=frozenset(catalogue()["designators"]["words"]),
        names_before_numbers=bool(words.value("quantities.names_before_numbers")),
    )


def _by_first_letter(reasons: dict[str, tuple[str, ...]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Phrases behind a number with the reason they give, the longest of a letter first."""
    pairs = sorted(
        ((p, why) for why, phrases in reasons.items() for p in phrases), key=lambda pair: -len(pair[0])
    )
    letters = {phrase[0] for phrase, _ in pairs}
    return {letter: tuple(pair for pair in pairs if pair[0][0] == letter) for letter in letters}


def structure(text: str, start: int, dotted: bool) -> tuple[int, str] | None:
    """The end of and the reason for a shape that starts at a digit and excludes all numbers in it.

    `dotted`: the language writes days as "8.2."; elsewhere that is a number at the end of a sentence.
    """
    if text[start - 1 : start] == "+" and (match := INTERNATIONAL.match(text, start)):
        return match.end(), "phone number"
    match = STRUCTURE.match(text, start)
    if not match:
        return None
    name = next(group for group, value in match.groupdict().items() if value and group != "mark")
    if name == "date" and match["mark"] is None and match.group().endswith(".") and not dotted:
        return None
    return match.end(), name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Around:
    """The words next to a number."""

    before: str  # as written, without punctuation in front
    earlier: str
    after: str
    following: str  # lower case, from the number's end on
    sentence_start: bool


def _around(text: str, amount: Amount) -> Around:
    left = TOKEN.findall(text[max(0, amount.number_start - 40) : amount.number_start])
    following = text[amount.number_end : amount.number_end + 40]
    right = TOKEN.search(following)
    before = left[-1].lstrip(PUNCTUATION) if left else ""
    earlier = left[-2] if len(left) > 1 else ""
    start = len(left) < 2 or earlier[-1] in '.!?:;"”“'
    return Around(before, earlier, right.group() if right else "", following.lower(), start)


def reason(text: str, amount: Amount, words: ExclusionWords) -> str | None:
    """Why a number without a unit is no amount; None where nothing speaks against it."""
    around = _around(text, amount)
    for test in TESTS:
        found = test(text, amount, around, words)
        if found:
            return found
    return None


def age(text: str, amount: Amount, words: ExclusionWords) -> str | None:
    """ "45 years old": the reason why a span of time is an age, or None."""
    around = _around(text, amount)
    found = _followed(text, amount, around, words) or _age(text, amount, around, words)
    return found if found == "age" else None


def _glued(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """Letters stuck to the digits: 5G, 9950X, 20th; a hyphen before them: GPT-4, B-52."""
    numeral = amount.numeral
    if numeral.tail:
        if numeral.tail in words.ordinal_endings:
            return None if numeral.value >= 1000 else "ordinal"  # "its 2,300th station" counts them
        return "model name"
    if text[numeral.end - 1] == "K" and numeral.value in RESOLUTIONS and amount.bound is Bound.EXACT:
        return "model name"
    if not numeral.spelled and BEHIND_NAME.search(text[max(0, numeral.start - 16) : numeral.start]):
        return "model name"
    return None


def _vague(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """ "several hundred", "ein paar tausend": a scale without a number."""
    numeral = amount.numeral
    return "vague" if numeral.spelled and around.before.lower() in words.vague else None


def _date(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """A day beside a month: "31. Dezember", "March 5", "5 March"."""
    if amount.numeral.scale != 1 or not float(amount.numeral.base).is_integer() or amount.numeral.base > 31:
        return None
    after = around.after.strip(PUNCTUATION).lower()
    if not after and around.after:
        tokens = around.following.split()
        after = tokens[1].strip(PUNCTUATION) if len(tokens) > 1 else ""
    before = around.before.rstrip(".").lower()
    capital = around.before[:1].isupper()
    return "date" if after in words.months or (capital and before in words.months) else None


def _year(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """Four plain digits from 1990 to 2039, unless a counted noun follows a round number."""
    written = text[amount.number_start : amount.number_end]
    value = amount.high if amount.high is not None else amount.low
    if value is None or int(value) not in FAR_YEARS or not re.fullmatch(r"\d{4}(?:\D{1,6}\d{4})?", written):
        return None
    before = around.before.rstrip(",.").lower()
    if before in words.year_before or before in words.months:
        return "year"
    if int(value) not in YEARS:
        return None
    if value % 10 != 0:
        return "year"
    noun = around.after.rstrip(PUNCTUATION)
    plural = noun.endswith("s") or noun[:1].isupper() if words.names_before_numbers else noun[:1].isupper()
    counted = plural and around.following[:1] in " \u00a0"
    return None if counted or amount.bound is not Bound.EXACT else "year"


def _ordinal(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """ "im 3. Quartal", "am 1. Platz"; a point before a lower-case word."""
    if not words.ordinal_nouns or not around.following.startswith(". ") or amount.numeral.spelled:
        return None
    tokens = text[amount.number_end : amount.number_end + 40].split()
    following = tokens[1].strip(PUNCTUATION) if len(tokens) > 1 else ""
    small = amount.numeral.value < 1000
    return (
        "ordinal" if small and (following[:1].islower() or following.lower() in words.ordinal_nouns) else None
    )


def _followed(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """Words behind it: "Uhr", "years old", "of 100 points", "times", "comments"."""
    following = around.following.lstrip(" \u00a0")
    for phrase, why in words.after.get(following[:1], ()):
        if following.startswith(phrase) and not following[len(phrase) : len(phrase) + 1].isalpha():
            # "sold 6.1 million times" counts copies, "30 times as fast" does not
            return why if why != "multiple" or amount.numeral.value < 1000 else None
    return None


def _counter(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """A picture before a number that no word follows: likes and retellings below a post."""
    before = text[max(0, amount.start - 4) : amount.start].rstrip(" \u00a0\ufe0f")
    behind = text[amount.end : amount.end + 2].lstrip(" \u00a0")
    alone = not behind or behind[0] == "\n" or _is_picture(behind[0])
    return "page furniture" if before and _is_picture(before[-1]) and alone else None


def _is_picture(sign: str) -> bool:
    """A pictograph or a heart; not the bullets, boxes and trade marks of the older blocks."""
    return ord(sign) >= _FIRST_PICTOGRAPH or sign in _HEARTS


def _age(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """ "aged 54", "im Alter von 54", and the bare "Gregor Tausend, 54, …"."""
    if amount.numeral.scale != 1 or not 0 < amount.numeral.value < 120:
        return None
    before = text[max(0, amount.number_start - 24) : amount.number_start].lower().rstrip()
    if any(
        before.endswith(phrase) and not before[: -len(phrase)][-1:].isalpha() for phrase in words.age_before
    ):
        return "age"
    apposition = (
        around.before.endswith(",") and around.before[:1].isupper() and around.following.startswith(",")
    )
    return "age" if apposition and amount.numeral.value > 17 else None


def _aside(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """A small number alone in brackets: an age, a rank, a vote."""
    alone = text[amount.start - 1 : amount.start] == "(" and text[amount.end : amount.end + 1] == ")"
    return "aside" if alone and amount.numeral.value < 1000 else None


def _list_number(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """ "2. Samsung" at the start of a line or sentence."""
    if amount.numeral.spelled or amount.numeral.value > 50 or not around.following.startswith((". ", ") ")):
        return None
    head = text[max(0, amount.number_start - 3) : amount.number_start]
    fresh = not head.strip(" *•-") or "\n" in head or head.rstrip()[-1:] in (".", "!", "?", ":")
    return "list number" if fresh else None


def _label(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """ "Seite 12", "Version 3", "phase 2": a number that names."""
    plain = amount.numeral.scale == 1 and amount.bound in (Bound.EXACT, Bound.RANGE)
    if not plain or _grouped(text, amount):
        return None
    return "label" if around.before.lower() in words.label_before else None


def _name(text: str, amount: Amount, around: Around, words: ExclusionWords) -> str | None:
    """ "RTX 5090", "iPhone 17", "the Quiver 2", "„Qubrik Edge 24“", "Gregor Tausend"."""
    numeral = amount.numeral
    if numeral.scale > 1000 or amount.bound is not Bound.EXACT or amount.approx or _grouped(text, amount):
        return None
    capital = around.before[:1].isupper() and around.before[-1:].isalnum()
    if numeral.spelled:
        return "name" if capital and not around.sentence_start and text[numeral.start].isupper() else None
    if around.before in words.designators:
        return "model name"
    if capital and text[numeral.end : numeral.end + 1] in QUOTES:
        return "model name"
    if not words.names_before_numbers:
        return "version" if re.search(r"\d\.\d", text[numeral.start : numeral.end]) else None
    small = numeral.value < 100 and numeral.scale == 1 and not around.sentence_start
    counts = capital and small and described_noun_follows(text, numeral.end, words.lang)
    return "model name" if capital and small and not counts else None


def _grouped(text: str, amount: Amount) -> bool:
    """Names have no thousands separators."""
    return bool(re.search(r"\d\D\d{3}(?!\d)", text[amount.numeral.start : amount.numeral.end]))


# In order of precedence; each looks at one bare number and says why it is no amount, or None.
TESTS = (
    _glued,
    _vague,
    _date,
    _year,
    _ordinal,
    _followed,
    _counter,
    _age,
    _list_number,
    _label,
    _name,
    _aside,
)
