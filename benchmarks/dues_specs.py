"""The reader of times on the public DateTime specifications, where they lie within the guidelines' table.

    python -m benchmarks.dues_specs FOLDER [--rows]

Rows outside the table are left out, each with its reason; `--rows` lists them and the failures. A row holds
when some mention that overlaps the expected words has the expected days (the earlier or later reading of a
time without a year; the ends that the preposition leaves closed). A row that expects nothing holds when no
mention has a due. The peer's figure counts all rows of the German model, ours the ones that are not left
out: they stand side by side, they are not the same set.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from extractors.dues import DueMention, find_dues

DAY = r"\d{4}-\d\d-\d\d"
PEER = "131/202 of the German model (dates, times, durations, sets)"
LANGUAGES = {"German": "de", "English": "en"}
KINDS = ("DateParser", "DatePeriodParser", "DurationParser", "DateTimeModel")
DATES = ("datetimeV2.date", "datetimeV2.daterange")

# What the guidelines' table does not hold. Reason → pattern on the sentence, or on the timex.
BY_WORDS = {
    "a numbered week, the week of or on a day": r"\bweek \d|\bw(?:eek)?\d|w/c|\bkw|woche am|week of"
    r"|week (?:commencing|starting|beginning)|week (?:on |of )?\w+day|\w+day (?:of )?(?:this|next|last) week",
    "a week or weekday counted in a month": r"(?:first|second|third|fourth|fifth|last) (?:\w+day|week)"
    r"|woche (?:des|im)",
    "a vague number": r"\b(?:few|couple|several|paar|some|einige)\b",
    "the rest of, or earlier and later in, a period": r"\brest\b|earlier|later (?:this|in)|to date|till date"
    r"|\b[ym]td\b|jahr (?:später|früher)",
    "a part of the year, cut otherwise": r"\b(?:beginning|middle|end|early|mid|late|eoy)\b"
    r"|\b(?:anfang|mitte|ende|beginn)\b",
    "a feast": r"christmas|easter|holiday|weihnacht|ostern|silvester|thanksgiving|new year|erntedank"
    r"|(?:kar|hts)samstag|(?:keits|palm|nachts)sonntag|heilige|barbaratag|kindertag|friedensfest|pfingsten"
    r"|johannistag|peter und paul|allerheiligen|herbstanfang",
    "no more than a word for day or year": r"\b(?:my|the|dem|das|des|same) (?:day|week|month|year)\b"
    r"|\bd(?:em|as|es) jahr(?:es)?\b",
    "a business day": r"business|arbeitswoche|werktag|unter der woche",
    "a comparison": r"greater|[<>]",
    "a season without a stated year": r"(?:summer|winter|spring|autumn|fall)$",
}
BY_TIMEX = {
    "a time of day": r"T\d|T[A-Z]",
    "a weekend": r"-WE",
    "a day of no named month": r"^XXXX-XX-\d\d",
    "a week or weekday counted in a month": r"#\d|-W0\d$|WXX-\d-#",
    "a length without a start": r"^P[\d.]",
    "a century or decade by its number": r"P100Y|P10Y",
}


@dataclass(slots=True)
class Tally:
    held: int = 0
    counted: int = 0
    outside: Counter[str] = field(default_factory=Counter)
    rows: list[str] = field(default_factory=list)


def _values(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The expected days of a result as (first, last or first day after)."""
    value = result.get("Value") or result.get("Resolution") or {}
    if "values" in value:
        found = [(v.get("start") or v.get("value"), v.get("end") or v.get("value")) for v in value["values"]]
    else:
        sides = [value.get("FutureResolution") or {}, value.get("PastResolution") or {}]
        found = [(s.get("startDate") or s.get("date"), s.get("endDate") or s.get("date")) for s in sides if s]
    return [(str(first), str(last)) for first, last in found if first or last]


def _timex(result: dict[str, Any]) -> str:
    value = result.get("Value") or {}
    return str(
        value.get("Timex")
        or "".join(str(v.get("timex")) for v in result.get("Resolution", {}).get("values", []))
    )


def _reason(row: dict[str, Any]) -> str | None:
    """Why a row is left out, None where it counts."""
    results, low = row["Results"], row["Input"].lower()
    reasons = {
        **{why: any(re.search(what, _timex(r)) for r in results) for why, what in BY_TIMEX.items()},
        **{why: re.search(what, low) is not None for why, what in BY_WORDS.items()},
        "so long from now: a due for us, another parser's for them": not results
        and re.search(r"\bin (?:\d+|two|zwei) \w+", low) is not None,
        "a range whose last month or year is not counted, ours is": any(map(_uncounted, results)),
        "a day that does not exist": any("0001" in first for r in results for first, _ in _values(r)),
        "no days expected": any(not _values(r) for r in results),
    }
    return next((why for why, holds in reasons.items() if holds), None)


def _uncounted(result: dict[str, Any]) -> bool:
    """Whether "2014 to 2018" ends with the first day of 2018; the guidelines run to its last."""
    return _timex(result).startswith("(") and any(last.endswith("-01") for _, last in _values(result))


def _agrees(mention: DueMention, expected: tuple[str, str]) -> bool:
    due = mention.due
    if due is None:
        return False
    first, last = expected
    lasts = {last}
    if re.fullmatch(DAY, last):
        lasts.add((date.fromisoformat(last) - timedelta(days=1)).isoformat())  # theirs is the day after
    begins = {first}
    if re.fullmatch(DAY, first):
        begins.add(
            (date.fromisoformat(first) - timedelta(days=1)).isoformat()
        )  # "next two days": ours begin today
    begun = due.start is None or first == "None" or due.start.isoformat() in begins
    return begun and (due.end is None or last == "None" or due.end.isoformat() in lasts)


def _holds(row: dict[str, Any], lang: str) -> bool:
    reference = (row.get("Context") or {}).get("ReferenceDateTime")
    mentions = find_dues(
        row["Input"], lang, date.fromisoformat(reference[:10]) if reference else date(2020, 1, 1)
    )
    if not row["Results"]:
        return not any(mention.due for mention in mentions)
    return all(
        any(_agrees(mention, days) for mention in mentions for days in _values(result))
        for result in row["Results"]
    )


def measure(path: Path, lang: str) -> Tally:
    tally = Tally()
    for row in json.loads(path.read_text(encoding="utf-8-sig")):
        types = [result.get("TypeName", "datetimeV2.date") for result in row["Results"]]
        reason = (
            "another type"
            if any(kind not in DATES for kind in types) and "Model" in path.name
            else _reason(row)
        )
        if reason:
            tally.outside[reason] += 1
            tally.rows.append(f"  left out ({reason}): {row['Input']}")
            continue
        tally.counted += 1
        if _holds(row, lang):
            tally.held += 1
        else:
            expected = [(result["Text"], _values(result)) for result in row["Results"]]
            tally.rows.append(f"  FAILS: {row['Input']} — expected {expected}")
    return tally


def main() -> None:
    folder = Path(sys.argv[1])
    for language, lang in LANGUAGES.items():
        for kind in KINDS:
            tally = measure(folder / f"DateTime-{language}-{kind}.json", lang)
            left = ", ".join(f"{count} {reason}" for reason, count in tally.outside.most_common())
            score = f"{tally.held}/{tally.counted} hold"
            print(f"{language} {kind}: {score}; left out {tally.outside.total()}: {left}")
            if "--rows" in sys.argv:
                print("\n".join(tally.rows))
    print(f"Peer (Recognizers-Text, published for comparison): {PEER}")


if __name__ == "__main__":
    main()
