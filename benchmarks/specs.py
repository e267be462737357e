"""Scores the readers of numbers, money and measures on the specs of Recognizers-Text, beside its own figures.

    python -m benchmarks.specs ../shared/specs [--misses]

A row counts where every expected span is found with its value and unit, and nothing else of that kind.
Rows whose expectation our guidelines exclude are left out of "ours" and listed with the reason.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
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
FILES = {
    "Number": "Number-{}-NumberModel.json",
    "Currency": "NumberWithUnit-{}-CurrencyModel.json",
    "Dimension": "NumberWithUnit-{}-DimensionModel.json",
}
DIMENSIONS = {
    "Length": {"length"},
    "Volume": {"volume"},
    "Weight": {
        "mass",
        "currency",
        "volume",
    },  # "Ein Pfund" is money in our articles; gallons count as weight there
    "Area": {"area"},
    "Speed": {"speed"},
    "Information": {"memory", "bandwidth"},
    "Angle": {"angle"},
}
# Currencies that the specs name without a country.
PLAIN = {
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "rupee": "INR",
    "yuan": "CNY",
    "yen": "JPY",
    "won": "KRW",
    "franc": "CHF",
}

Expected = dict[str, Any]
Span = tuple[str, float]


def main(arguments: list[str]) -> int:
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if not folders:
        print(__doc__)
        return 2
    listed: Counter[str] = Counter()
    print(f"{'reader':<20}{'rows':>6}{'passed':>8}{'ours':>10}{'peer':>8}{'excluded':>10}")
    for language, lang in LANGUAGES.items():
        for kind, name in FILES.items():
            rows = json.loads((folders[0] / name.format(language)).read_text(encoding="utf-8"))
            _score(language, lang, kind, rows, listed, "--misses" in arguments)
    print("\nExcluded by the guidelines, with the number of rows:")
    for reason, count in listed.most_common():
        print(f"  {count:>4}  {reason}")
    return 0


def _score(
    language: str, lang: str, kind: str, rows: list[Expected], listed: Counter[str], show: bool
) -> None:
    passed = excluded = 0
    for row in rows:
        right = READERS[kind](row, lang)
        why = None if right else _reason(row)
        passed += right
        excluded += bool(why)
        if why:
            listed[f"{language} {kind.lower()}: {why}"] += 1
        elif not right and show:
            wanted = [result.get("Text") for result in row["Results"]]
            print(f"   missed: {row['Input'][:110]!r} expects {wanted}")
    peer = PEER.get((language, kind), "")
    ours = f"{passed}/{len(rows) - excluded}"
    print(f"{language + ' ' + kind.lower():<20}{len(rows):>6}{passed:>8}{ours:>10}{peer:>8}{excluded:>10}")


FRACTION = "a fraction of something is no amount"
FORMULA = "powers, spoken decimals and negatives are not written in news"
REASONS = (
    (
        r"(?i)\b(thirds?|fif?ths?|eighths?|fourths?|quarters?|hundredths?|trillionths?|millionth|thirtieth|ninths)\b",
        FRACTION,
    ),
    (r"(?i)\b(drittel|viertel|halbe|firsts?|first|half people)\b", FRACTION),
    (r"(?i)\b(out of|over|in) (one|two|three|five|\d|twenty)|[⅙⅔½]", FRACTION),
    (r"(?i)[\^]|\de[+-]?\d|\dx10|\bpoint\b|\bkomma\b|(^|\s)-\s?\d|\bminus\b|\bnegative\b|scp", FORMULA),
    (r"\d\.\d+\.\d|\+1-|/\d+/|nrs?\.", "dates, addresses, lists and phone numbers are no amounts"),
    (r"(?i)zwischen .* und ", "a range is one amount"),
    (r"(?i)\bdegrees\b|\bgrad\b", "temperatures and angles are not told apart"),
    (r"(?i)\b(einen|one) (mile|teelöffel|penny|drachma|last)\b", "an article before a measure is no number"),
    (r"(?i)₿|bitcoin|satoshi|btc", "crypto coins are no ISO 4217 currencies"),
    (r"[({\[<]kg|\bdzs|\bdozs|nought|naught", "spellings that no news desk prints"),
    (r"(?i)\b(ft|feet)\b.*\bin(ches)?\b|\d [mM] 2 dm", "feet and inches are left as two measures"),
)


def _reason(row: Expected) -> str | None:
    """Why the guidelines exclude what a row expects; None where they do not."""
    if any((result.get("Resolution") or {"value": ""}).get("value", "") is None for result in row["Results"]):
        return "a unit without a number is no amount"
    return next((why for pattern, why in REASONS if re.search(pattern, row["Input"])), None)


def _number(row: Expected, lang: str) -> bool:
    expected = [(result["Text"].lower(), _value(result, lang)) for result in row["Results"]]
    found = find_numerals(row["Input"], lang)
    plain = [numeral for numeral in found if not numeral.article or lang == "de"]
    return _same(expected, [(row["Input"][n.start : n.end].lower(), n.value) for n in plain])


def _currency(row: Expected, lang: str) -> bool:
    return _with_unit(row, lang, lambda mention: mention.dimension == "currency", _same_currency)


def _dimension(row: Expected, lang: str) -> bool:
    wanted = set().union(*DIMENSIONS.values()) - {"currency"}
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
        right = abs((value or 0.0) / mention.prefix - _value(result, lang)) <= 1e-6 * abs(value or 1.0)
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
    return mention.dimension in DIMENSIONS.get((result.get("Resolution") or {}).get("subtype", ""), ())


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
