"""The readers of numbers, money and measures on the specs of Recognizers-Text, beside its own figures.

    python -m benchmarks.specs FOLDER [--verbose]

A row is right where every expected span is found with its value and unit, and nothing else of that kind.
Which rows are left out is decided by the row alone, before anything is read: each for a rule of the
guidelines (see `EXCLUSIONS`). `--verbose` lists them all, and the rows that we read otherwise. The peer's
figure counts all rows of a file, ours those that are not left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_name

from extractors.numerals import find_numerals
from extractors.quantities import QuantityMention, find_quantities

LANGUAGES = {"German": "de", "English": "en"}
PEER = {
    ("German", "Number"): "52/55",
    ("German", "Currency"): "34/39",
    ("German", "Dimension"): "8/28",
}
TARGETS = {"Number": 0.95, "Currency": 0.90, "Dimension": 0.90}
FILES = {
    "Number": "Number-{}-NumberModel.json",
    "Currency": "NumberWithUnit-{}-CurrencyModel.json",
    "Dimension": "NumberWithUnit-{}-DimensionModel.json",
}
# Their kinds of measure → ours. No claim is of a length; lengths are read so that none is taken for a count.
DIMENSIONS = {
    "Length": {"length"},
    "Volume": {"volume"},
    "Weight": {"mass", "volume"},  # gallons count as weight there
    "Area": {"area"},
    "Speed": {"speed"},
    "Information": {"memory", "bandwidth"},
}
# Currencies that the specs name without a country, or by an older name.
PLAIN = {
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "rupee": "INR",
    "yuan": "CNY",
    "yen": "JPY",
    "won": "KRW",
    "franc": "CHF",
    "peseta": "ESP",
    "netherlands guilder": "NLG",
}

Expected = dict[str, Any]
Span = tuple[str, float]


@dataclass(slots=True)
class Tally:
    """How one file fared."""

    rows: int = 0
    right: int = 0
    excluded: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    missed: list[str] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """The rows that the guidelines do not exclude."""
        return self.rows - sum(map(len, self.excluded.values()))

    @property
    def share(self) -> float:
        """Right rows among those that count."""
        return self.right / self.counted if self.counted else 1.0


def main(arguments: list[str]) -> int:
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if not folders:
        print(__doc__)
        return 2
    print(f"{'reader':<20}{'rows':>6}{'left out':>10}{'right':>10}{'share':>8}{'target':>8}{'peer':>8}")
    reasons: list[str] = []
    for language in LANGUAGES:
        for kind in FILES:
            tally = measure(folders[0], language, kind)
            title = f"{language} {kind.lower()}"
            print(
                f"{title:<20}{tally.rows:>6}{tally.rows - tally.counted:>10}"
                f"{f'{tally.right}/{tally.counted}':>10}{tally.share:>8.1%}{TARGETS[kind]:>8.0%}"
                f"{PEER.get((language, kind), '-'):>8}"
            )
            reasons += _listing(title, tally, "--verbose" in arguments)
    print("\nLeft out by the guidelines, with the number of rows:", *reasons, sep="\n")
    return 0


def _listing(title: str, tally: Tally, verbose: bool) -> list[str]:
    """The reasons with their rows, the most frequent first."""
    lines = []
    for why, rows in sorted(tally.excluded.items(), key=lambda pair: -len(pair[1])):
        lines += [f"{len(rows):>5}  {title}: {why}", *(f"           {row}" for row in rows if verbose)]
    if verbose and tally.missed:
        lines += [f"       {title}, read otherwise:", *(f"           {row}" for row in tally.missed)]
    return lines


def measure(folder: Path, language: str, kind: str) -> Tally:
    """Reads one file of the specs; raises OSError where the folder has none."""
    tally = Tally()
    file = folder / FILES[kind].format(language)
    for row in json.loads(file.read_text(encoding="utf-8-sig")):
        tally.rows += 1
        why = reason(row, kind)
        if why:
            tally.excluded[why].append(repr(row["Input"][:110]))
        elif READERS[kind](row, LANGUAGES[language]):
            tally.right += 1
        else:
            wanted = [result.get("Text") for result in row["Results"]]
            tally.missed.append(f"{row['Input'][:110]!r} expects {wanted}")
    return tally


# What the guidelines exclude: reason → (kinds of file, pattern on the sentence, pattern on an expected span).
EXCLUSIONS: dict[str, tuple[set[str], str | None, str | None]] = {
    "a part of another number (two thirds, one in five, 1 over 3, three halves) has no row": (
        {"Number"},
        None,
        r"(third|fourth|fifth|eighth|ninth|thirtieth|hundredth|trillionth|twenty.first)s?$"
        r"|\b(over|out of|in)\b|drittel|halbe$",
    ),
    "no claim is of less than nothing": ({"Number"}, None, r"^(-|minus|negative)"),
    "a label, date, address, phone number, score, ordinal or name is no amount": (
        {"Number"},
        r"\d\.\d+\.\d+\.\d|\d/\d+/\d|\+1-|\bnrs?\.|SCP-|-nought-|millionth",
        None,
    ),
    "5G is a name: G is no scale": ({"Number"}, None, r"\dg$|\d g$"),
    "1m is one million, as in $8.7m": ({"Number", "Dimension"}, r"(?<![\w-])[\d.]*\dm\b(?!\^)", None),
    "no number word, a misspelling": ({"Number"}, r"\bdoz?s\b|\bdzs\b", None),
    "an amount of money has an ISO 4217 code, a crypto coin has none": (
        {"Currency"},
        r"(?i)₿|bitcoin|satoshi|btc",
        None,
    ),
    "no claim is of an angle or a temperature": (
        {"Dimension"},
        r"(?i)degrees|\bgrad\b|°|\drad|turns?\b",
        None,
    ),
    "a range is one amount": ({"Dimension"}, r"(?i)zwischen .* und ", None),
    "2 pm is a time of day": ({"Dimension"}, None, r"\d pm$"),
}


def reason(row: Expected, kind: str) -> str | None:
    """Why the guidelines exclude what a row expects; None where they do not."""
    results = row["Results"]
    if any((result.get("Resolution") or {"value": ""}).get("value", "") is None for result in results):
        return "a vague amount with no number in it is no claim"
    texts = [result["Text"].lower() for result in results]
    if kind == "Number" and any(map(_is_share, results)):
        return next(iter(EXCLUSIONS))
    for why, (kinds, sentence, span) in EXCLUSIONS.items():
        within = sentence is not None and re.search(sentence, row["Input"])
        if kind in kinds and (within or (span and any(re.search(span, text) for text in texts))):
            return why
    return None


def _is_share(result: Expected) -> bool:
    """ "half", "three quarters": less than one of something, in words."""
    part = re.search(r"(half|quarters?|halbes|viertel)$", result["Text"].lower())
    return part is not None and abs(_value(result, "de")) < 1


def _number(row: Expected, lang: str) -> bool:
    """Bare numbers only: those in a name or with a unit's letters on them are another reader's."""
    expected = [(result["Text"].lower(), _value(result, lang)) for result in row["Results"]]
    names = {m.number_start for m in find_quantities(row["Input"], lang) if m.excluded == "name"}
    found = [
        numeral
        for numeral in find_numerals(row["Input"], lang)
        if numeral.start not in names and not numeral.tail and (lang == "de" or not numeral.article)
    ]
    return _same(expected, [(row["Input"][n.start : n.end].lower(), n.value) for n in found])


def _currency(row: Expected, lang: str) -> bool:
    return _with_unit(row, lang, lambda mention: mention.dimension == "currency", _same_currency)


def _dimension(row: Expected, lang: str) -> bool:
    wanted = set().union(*DIMENSIONS.values())
    return _with_unit(row, lang, lambda mention: mention.dimension in wanted, _same_dimension)


def _with_unit(
    row: Expected,
    lang: str,
    keep: Callable[[QuantityMention], bool],
    agrees: Callable[[QuantityMention, Expected], bool],
) -> bool:
    results = row["Results"]
    mentions = find_quantities(row["Input"], lang)
    found = [m for m in mentions if keep(m) or any(agrees(m, result) for result in results)]
    if len(found) != len(results):
        return False
    for mention, result in zip(found, results, strict=True):
        value = mention.high if mention.high is not None else mention.low
        millions = mention.dimension == "currency" and mention.prefix > 1  # "30 MUSD" are 30,000,000 there
        written = (value or 0.0) / (1.0 if millions else mention.prefix)
        right = abs(written - _value(result, lang)) <= 1e-6 * abs(written or 1.0)
        if not (right and agrees(mention, result) and mention.text.lower().endswith(result["Text"].lower())):
            return False
    return True


def _same_currency(mention: QuantityMention, result: Expected) -> bool:
    resolution = result.get("Resolution") or {}
    name = str(resolution.get("unit", "")).lower()
    if mention.unit is None or mention.dimension != "currency":
        return False
    if name in ("cent", "pence", "penny"):
        return mention.prefix == 0.01
    named = {
        get_currency_name(mention.unit, locale="en").lower(),
        "united states dollar" if mention.unit == "USD" else "",
    }
    return resolution.get("isoCurrency") == mention.unit or PLAIN.get(name) == mention.unit or name in named


def _same_dimension(mention: QuantityMention, result: Expected) -> bool:
    """ "Ein Pfund" is money in our articles, a weight there."""
    resolution = result.get("Resolution") or {}
    if resolution.get("unit") == "Pound" and mention.unit == "GBP":
        return True
    return mention.dimension in DIMENSIONS.get(resolution.get("subtype", ""), ())


def _value(result: Expected, lang: str) -> float:
    written = (result.get("Resolution") or {}).get("value")
    try:
        return float(str(written).replace(",", ".") if lang == "de" else str(written))
    except ValueError:
        return float("nan")


def _same(expected: list[Span], found: list[Span]) -> bool:
    return len(expected) == len(found) and all(
        text == other and abs(value - number) <= 1e-6 * max(1.0, abs(value))
        for (text, value), (other, number) in zip(expected, found, strict=True)
    )


READERS = {"Number": _number, "Currency": _currency, "Dimension": _dimension}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
