"""The reader of times on the public DateTime specifications, where they lie within the guidelines' table.

    python -m benchmarks.dues_specs FOLDER [--verbose]

Rows outside the table of the guidelines are left out before anything is read, each with its reason;
`--verbose` lists them and the failures. A row is right when, for each expected time, some mention that
overlaps its words has its days (the earlier or later reading of a time without a year; of a deadline or a
start the end that the preposition leaves). A row that expects nothing is right when no mention has a due.
The peer's figure counts all rows of the German model, ours the ones that are not left out: they stand side
by side, they are not the same set.
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

from extractors.dues import DueMention, Form, find_dues

DAY = r"\d{4}-\d\d-\d\d"
PEER = {("German", "DateTimeModel"): "131/202"}  # all rows: dates, times, durations, sets
LANGUAGES = {"German": "de", "English": "en"}
KINDS = ("DateParser", "DatePeriodParser", "DurationParser", "DateTimeModel")
DATES = ("datetimeV2.date", "datetimeV2.daterange")
FIRST_YEAR = "1950"

# What the guidelines' table does not hold. Reason → pattern on the sentence, or on the timex.
UNIT = r"(?:days?|weeks?|months?|years?|sundays|mondays?|tage?n?|wochen?|monate?n?|jahre?n?)"
COUNT = r"(?:\d+|an?|one|two|three|four|five|ein|eine|einem|einer|zwei|drei|vier|fünf)"
BY_WORDS = (
    (
        "a numbered week, the week of or on a day",
        r"\bweek \d|\bw(?:eek)?\d|w/c|\bkw|woche am|week of"
        r"|week (?:commencing|starting|beginning)|week (?:on |of )?\w+day"
        r"|\w+day (?:of )?(?:this|next|last|the following) week"
        r"|week (?:- |between |from )?(?:mon|tue|wed|thu|fri|sat|sun)",
    ),
    (
        "a week, weekday or month counted in a period",
        r"(?:first|second|third|fourth|fifth|last|\dth|\drd)"
        r" (?:\w+day|weeks?|month|\d+ weeks|ten days)|woche (?:des|im)",
    ),
    (
        "a day of no named month",
        r"\b(?:mon|tue|wed|thu|fri|sat|sun|dienst)\w*,? (?:the |der )?"
        r"(?:\d{1,2}(?:th|st|nd|rd)?|fifteen|eleventh|thirty first)[.!]*$|\bvom 4\. bis zum 23\. weg$",
    ),
    ("a year of two digits without an apostrophe", r"\baugust \d\d$|first \d\d was"),
    ("a vague number", r"\b(?:few|couple|several|paar|some|einige)\b"),
    (
        "the rest of, or earlier and later in, a period",
        r"\brest\b|earlier|later (?:this|in)|to date|till date"
        r"|\b[ym]td\b|jahr (?:später|früher)",
    ),
    (
        "a part of the year, cut otherwise",
        r"\b(?:beginning|middle|end|early|mid|late|eoy)\b"
        r"|\bstart of\b|\b(?:anfang|mitte|ende|beginn)\b",
    ),
    (
        "a feast, but for those of one fixed day that we name",
        r"easter|holiday|weihnacht|ostern|silvester"
        r"|christmas|thanksgiving|new year|erntedank|(?:kar|hts)samstag|(?:keits|palm|nachts)sonntag|heilige"
        r"|barbaratag|kindertag|friedensfest|pfingsten|johannistag|peter und paul|allerheiligen|herbstanfang"
        r"|independence day|black friday|earth day|saint patrick|workers' day|\beid\b",
    ),
    (
        "no more than a word for day or year",
        r"\b(?:my|the|dem|das|des|same) (?:day|week|month|year)\b"
        r"|\bd(?:em|as|es) jahr(?:es)?\b|\botd\b",
    ),
    (
        "a business day, a fortnight",
        r"business|work(?:ing )?week|arbeitswoche|werktag|unter der woche|fortnight",
    ),
    ("a comparison", r"greater|[<>]|later than"),
    ("a season without a stated year", r"(?:summer|winter|spring|autumn|fall)$"),
    (
        "a day so long before or after now or another day; the table has years, quarters and months",
        (
            rf"\b{COUNT}\s?{UNIT},?(?: and)? (?:(?:{COUNT} {UNIT},?(?: and)? )*)(?:ago|later|earlier"
            rf"|hence|in the future|from|after|before|since|später|früher|vor|nach)\b|\bvor {COUNT} {UNIT}"
            rf"|\bhalf days"
            rf"|\b{COUNT} {UNIT},? {COUNT} {UNIT}"
        ),
    ),
    ("the year of a birth, which is no due", r"\bborn\b"),
    (
        "a year or number spoken in words, as no article prints it",
        r"\b(?:nineteen|two thousand|seventeen|seven hundred|two hundred|twenty)"
        r" (?:and |hundred|twenty|thirty|eighty|ninety|seventy|zero|eighteen)"
        r"|two thousand|nineteen (?:ninety|twenty|seventy|zero)",
    ),
    (
        "two bare numbers, in articles a fraction, a version or a score",
        r"(?<![\d/.,-])\d{1,2}[/.-]\d{1,2}"
        r"(?![\d/.-])(?!\s?\d{4})|\d/\d{1,2}-\d{1,2}/\d",
    ),
    (
        "digits without marks, as in names of files",
        r"(?<!\d)(?:19|20)\d{6}(?!\d)|\b\d{4} \d\d \d\d\b|\d_report|_\w*-\d{4}"
        r"|archive-|^-\d",
    ),
    (
        "a fiscal or school year, which the guidelines resolve and the table does not",
        r"fiscal|school year|\bsy ?\d",
    ),
)
BY_TIMEX = (
    ("a time of day", r"T\d|T[A-Z]"),
    ("a weekend", r"-WE"),
    ("a day of no named month", r"^\(?XXXX-XX-\d\d"),
    ("a week, weekday or month counted in a period", r"#\d|-W0\d$|WXX-\d-#"),
    ("a length without a start", r"^P[\d.]"),
    ("a century or decade by its number", r"P100Y|P10Y"),
)


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
    ends = [day for result in results for first, last in _values(result) for day in (first, last)]
    timex = "\n".join(map(_timex, results))
    reasons = [
        *((why, re.search(what, timex, re.MULTILINE)) for why, what in BY_TIMEX),
        *((why, re.search(what, low)) for why, what in BY_WORDS),
        (
            "so long from now: a due for us, another parser's for them",
            not results and re.search(r"\bin (?:\d+|two|zwei) \w+", low),
        ),
        ("a range whose last month or year is not counted, ours is", any(map(_uncounted, results))),
        ("a day that does not exist", any("0001" in day or day == "not resolved" for day in ends)),
        ("a year before 1950", any(re.match(DAY, day) and day < FIRST_YEAR for day in ends)),
        ("no days expected", any(not _values(result) for result in results)),
    ]
    return next((why for why, holds in reasons if holds), None)


def _uncounted(result: dict[str, Any]) -> bool:
    """Whether "2014 to 2018" ends with the first day of 2018; the guidelines run to its last."""
    return _timex(result).startswith("(") and any(last.endswith("-01") for _, last in _values(result))


def _agrees(mention: DueMention, expected: tuple[str, str]) -> bool:
    """Whether both ends are the expected ones; of a deadline the last counts, of a start the first."""
    due = mention.due
    if due is None:
        return False
    first, last = expected
    lasts, begins = {last, _shifted(last, -1)}, {first}  # their ranges end with the first day after
    if mention.form is Form.WITHIN:
        begins.add(_shifted(first, -1))  # "the next two days": theirs begin tomorrow, ours with publication
    begun = due.start is None or first == "None" or due.start.isoformat() in begins
    ended = due.end is None or last == "None" or due.end.isoformat() in lasts
    said = (due.start is not None and first != "None") or (due.end is not None and last != "None")
    return begun and ended and said


def _shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat() if re.fullmatch(DAY, day) else day


def _holds(row: dict[str, Any], lang: str) -> bool:
    reference = (row.get("Context") or {}).get("ReferenceDateTime")
    published = date.fromisoformat(reference[:10]) if reference else date(2020, 1, 1)
    mentions = find_dues(row["Input"], lang, published)
    if not row["Results"]:
        return not any(mention.due for mention in mentions)
    return all(_found(row["Input"], result, mentions) for result in row["Results"])


def _found(text: str, result: dict[str, Any], mentions: list[DueMention]) -> bool:
    start = text.lower().find(result["Text"].lower())
    end = start + len(result["Text"])
    near = [mention for mention in mentions if mention.start < end and start < mention.end]
    return any(_agrees(mention, days) for mention in near for days in _values(result))


def measure(path: Path, lang: str) -> Tally:
    """The rows of one file: left out, right, wrong."""
    tally = Tally()
    for row in json.loads(path.read_text(encoding="utf-8-sig")):
        types = [result.get("TypeName", "datetimeV2.date") for result in row["Results"]]
        other = any(kind not in DATES for kind in types) and "Model" in path.name
        reason = "no day: a time of day, a set, a length of time" if other else _reason(row)
        if reason:
            tally.outside[reason] += 1
            tally.rows.append(f"  excluded ({reason}): {row['Input']}")
            continue
        tally.counted += 1
        if _holds(row, lang):
            tally.held += 1
        else:
            expected = [(result["Text"], _values(result)) for result in row["Results"]]
            tally.rows.append(f"  WRONG: {row['Input']} — expected {expected}")
    return tally


def _line(name: str, tally: Tally, peer: str) -> str:
    share = f"{tally.held / tally.counted:.1%}" if tally.counted else "–"
    rows = tally.counted + tally.outside.total()
    ours = f"{tally.held}/{tally.counted}"
    return f"{name:<26}{rows:>6}{tally.outside.total():>10}{ours:>10}{share:>8}{peer:>10}"


def main() -> int:
    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    if not folders:
        print(__doc__)
        return 2
    print(f"{'reader of times':<26}{'rows':>6}{'excluded':>10}{'ours':>10}{'share':>8}{'peer':>10}")
    listed: list[str] = []
    for language, lang in LANGUAGES.items():
        whole = Tally()
        for kind in KINDS:
            tally = measure(folders[0] / f"DateTime-{language}-{kind}.json", lang)
            print(_line(f"{language} {kind}", tally, PEER.get((language, kind), "")))
            whole.held, whole.counted = whole.held + tally.held, whole.counted + tally.counted
            whole.outside += tally.outside
            listed += [f"{language} {kind}", *tally.rows]
        print(_line(f"{language}, all", whole, ""))
        reasons = [f"  {count:>4}  {reason}" for reason, count in whole.outside.most_common()]
        print(f"  excluded in {language}, with the number of rows:", *reasons, sep="\n")
    if "--verbose" in sys.argv:
        print("", *listed, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
