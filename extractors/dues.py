"""Reads when: every time expression of a text, with its place, as a closed interval of days.

    text → runs of time words (duewords.py) → periods (duegrammar.py, calendar.py) → dues (here)

`find_dues` is pure and never raises for a language that has a file. What a phrase means follows the
table "Time" and the settled cases of the guidelines. A month, quarter or weekday without a year means the
nearest one in the direction that the clause's verbs point ("had in March", "will in March"); without a
hint the nearer one, a tie going to the future. Prepositions of a deadline or a start point forward.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date

from extractors.calendar import FIRST_YEAR, LAST_YEAR, NEXT_DAY, SAME, WEEKDAY, Grain, Period
from extractors.claim import Due
from extractors.dueforms import Form, Reading
from extractors.duegrammar import Reader
from extractors.duephrase import Phrase
from extractors.duespans import PREPOSITIONS
from extractors.duewords import ANCHORS, Token, Words, lowered, runs, words

__all__ = ["DueMention", "Form", "Turned", "find_dues"]

REACH = 400  # characters: how far verbs are looked for
NO_DAY = date(2000, 1, 1)  # reckons for texts without a day of publication; what depends on it is dropped
CLAUSE_ENDS = re.compile(r'[.!?]\s|[;:\n()–]|,\s|[,.!?][“”"»]|\s[“„«"](?=[^“”"»]{25})')
SENTENCE_ENDS = re.compile(r"(?<!\d)[.!?][)“”\"»]?\s|\n\n")


@dataclass(frozen=True, slots=True)
class Turned:
    """The stretch [start, end) of a text speaks of the past (-1) or of what is to come (1)."""

    start: int
    end: int
    tense: int


@dataclass(frozen=True, slots=True)
class DueMention:
    """A time expression: `text[start:end]` with its prepositions, and the days it stands for.

    `due` is None for words that mean no time, and where the day of publication would be needed and is
    not known (`rule` then says so). `anchor`: reckoned from publication or from an earlier mention.
    `past`: it was over on the day of publication.
    """

    start: int
    end: int
    text: str
    due: Due | None
    form: Form
    grain: Grain
    rule: str
    anchor: bool = False
    fiscal: bool = False
    past: bool = False


def find_dues(text: str, lang: str, published: date | None, turned: Turned | None = None) -> list[DueMention]:
    """All time expressions of a text in order; offsets count from its beginning.

    `turned` says of one stretch which way a time in it points, against what its verbs say.
    """
    return _Finder(text, lang, published, turned).find()


class _Finder:
    """One text: runs in order, what was found so far, the clause's hints."""

    def __init__(self, text: str, lang: str, published: date | None, turned: Turned | None = None) -> None:
        self.text, self.lang, self.turned = text, lang, turned
        self.low = lowered(text)
        self.words: Words = words(lang)
        self.verbs = self._without_times()
        self.known = published is not None and FIRST_YEAR <= published.year <= LAST_YEAR
        self.published = published if published and self.known else NO_DAY
        self.periods: list[Period] = []
        self.places: list[int] = []  # where each of the periods begins
        self._tenses: dict[tuple[int, int], int] = {}
        self._hints: dict[tuple[int, int, bool], int | None] = {}
        self._marks: dict[re.Pattern[str], tuple[list[int], list[int]]] = {}

    def _without_times(self) -> str:
        """The text in lower case with blanks for words that are times if capital: "in May" may be past."""
        found = re.finditer(r"[^\W\d_]+", self.text)
        times = [m for m in found if m[0][0].isupper() and m[0].lower() in self.words.sets["cased"]]
        low, end, parts = self.low, 0, []
        for match in times:
            parts += [low[end : match.start()], " " * len(match[0])]
            end = match.end()
        return "".join([*parts, low[end:]])

    def find(self) -> list[DueMention]:
        """Every mention."""
        found: list[DueMention] = []
        for run in runs(self.text, self.low, self.lang):
            i, anchor = 0, _last_anchor(run)
            reader = Reader(run, self.published, self.periods, self.words)
            while i <= anchor:
                reading = Phrase(self, reader, i).read()
                if reading is None:
                    i += 1
                    continue
                if (mention := self._mention(run, i, reading)) is not None:
                    found.append(mention)
                    reader.forget()
                i = max(reading.after, i + 1)
        return found

    def _mention(self, run: list[Token], i: int, reading: Reading) -> DueMention | None:
        if (
            reading.after > i + 1
            and "year" in run[i + 1].roles
            and set(run[i].roles) <= {"fillers", "pronouns"}
        ):
            i += 1  # "das 2019": the article belongs to something else
        start, end = run[i].start, run[reading.after - 1].end
        if self._no_time(run, i, reading):
            return None
        due, rule, period = reading.due, reading.period.rule, reading.period
        form = reading.form
        if due is not None and self._founded(start, end, form):
            form, due = Form.ORIGIN, None
        if period.anchored and not self.known and due is not None:
            due, rule = None, f"{rule}: needs the day of publication"
        if form not in (Form.NOW, Form.VAGUE, Form.ORIGIN):
            self.periods.append(period)
            self.places.append(start)
        past = due is not None and due.end is not None and due.end < self.published and self.known
        return DueMention(start, end, self.text[start:end], due, form, period.grain, rule,
                          period.anchored, period.fiscal, past)  # fmt: skip

    # -- what looks like a time and is none ----------------------------------------------------------------

    def _no_time(self, run: list[Token], i: int, reading: Reading) -> bool:
        tokens = run[i : reading.after]
        start, end = tokens[0].start, tokens[-1].end
        after = re.match(r"\s*([\w$€%]+)", self.low[end : end + 30])
        if all("year" in token.roles or "month_number" in token.roles or _small(token) for token in tokens):
            if after and after.group(1) in self.words.sets["counted"]:
                return True
            if re.match(r"[ -]?\d{5,}", self.low[end : end + 8]):
                return True
        if len(tokens) > 1 or not tokens[0].roles:
            return False
        if tokens[0].text in self.words.sets["shy"] or tokens[0].text[0] in "'’":
            return True
        return "year" in tokens[0].roles and self._named(start)

    def _named(self, start: int) -> bool:
        """Whether the word before makes the bare number a name: Windows 2025, CES 2025, © 2025."""
        before = re.search(r"([\w.]+|[(]c[)]|©|[+/]\d*)[\s-]*$", self.text[max(0, start - 40) : start])
        if before is None:
            return False
        word = before.group(1)
        if word.lower() in self.words.sets["serial"] or word[0] in "+/" or word.isdigit():
            return True
        opens = re.search(r"(?:^|[.!?:\n„“\"»])\s*$", self.text[max(0, start - 40) : start][: before.start()])
        return not self.words.noun_capitals and word[0].isupper() and opens is None and word[-1] != "."

    def _founded(self, start: int, end: int, form: Form) -> bool:
        if form not in (Form.IN, Form.BY):
            return False
        after = CLAUSE_ENDS.split(self.low[end : end + 60], maxsplit=1)[0]  # "2019 in Jena gegründete"
        near = self.low[max(0, start - 20) : start].split()[-1:] + after.split()[:4]
        return any(word.strip(".,;()") in self.words.sets["founded"] for word in near)

    # -- hints from around ---------------------------------------------------------------------------------

    def tense(self, start: int, end: int, *, near: bool = False) -> int:
        """-1 where the clause speaks of the past, +1 of what is to come, 0 where neither is plain.

        The verbs of the rest of the sentence count where the clause has none, unless asked for `near` ones.
        """
        if self.turned is not None and self.turned.start <= start < self.turned.end:
            return self.turned.tense
        if near:
            return self._hint(*self._bounds(start, end, CLAUSE_ENDS), near=True) or 0
        if (start, end) not in self._tenses:
            self._tenses[start, end] = self._judged(start, end) or 0
        return self._tenses[start, end]

    def _judged(self, start: int, end: int) -> int | None:
        """What the nearest verbs say: those of the part up to the next 'and', the clause, the sentence."""
        low, high = self._bounds(start, end, CLAUSE_ENDS)
        part_low, part_high = self._bounds(start, end, self.words.joints)
        part = max(low, part_low), min(high, part_high)
        if part != (low, high) and (near := self._hint(*part, near=True)) is not None:
            return near
        near = self._hint(low, high, near=True)
        return near if near is not None else self._hint(*self._bounds(start, end, SENTENCE_ENDS))

    def _bounds(self, start: int, end: int, ends: re.Pattern[str]) -> tuple[int, int]:
        """The stretch around a phrase up to the marks on both sides, or some hundred characters each way.

        Without a mark it ends at a multiple of REACH: phrases side by side then share what was found there.
        """
        if ends not in self._marks:
            spans = [match.span() for match in ends.finditer(self.low)]
            self._marks[ends] = [at for at, _ in spans], [at for _, at in spans]
        starts, stops = self._marks[ends]
        before, after = bisect_right(stops, start) - 1, bisect_left(starts, end)
        low = max(0, (start // REACH - 1) * REACH)
        high = min(len(self.low), (end // REACH + 2) * REACH)
        if before >= 0:
            low = max(low, stops[before])
        return low, (min(high, starts[after]) if after < len(starts) else high)

    def _hint(self, start: int, end: int, *, near: bool = False) -> int | None:
        key = (start, end, near)
        if key not in self._hints:
            self._hints[key] = self._read_hint(start, end, near)
        return self._hints[key]

    def _read_hint(self, start: int, end: int, near: bool) -> int | None:
        stretch, known = self.verbs[start:end], self.words
        if known.intended.search(stretch):
            return 0
        if known.future.search(stretch) or (near and known.weak_future.search(stretch)):
            return 1
        for at, word in _words(stretch):
            lower = self.text[start + at].islower()
            if lower and word.startswith(known.future_beginnings):
                return 1
            if lower and word.endswith(known.past_endings) and word not in known.sets["neutral"]:
                return -1
        if near and (known.weak_past.search(stretch) or known.saying.search(stretch)):
            return -1
        return -1 if known.past.search(stretch) else None

    def told(self, start: int, end: int) -> bool:
        """Whether the clause plainly tells of the past: 'by then it had sold'; 'was aiming for' does not."""
        found = self.words.told.finditer(self.low, *self._bounds(start, end, CLAUSE_ENDS))
        plans = self.words.not_told
        return any(not self.low[match.end() :].lstrip().startswith(plans) for match in found)

    def barred(self, start: int, end: int) -> bool:
        """Whether "before then" is negated in its part of the clause: 'will not come before'."""
        low, high = self._bounds(start, end, CLAUSE_ENDS)
        first, last = self._bounds(start, end, self.words.joints)
        words = [word for _, word in _words(self.low[max(low, first) : min(high, last)])]
        sets = self.words.sets
        return not sets["negations"].isdisjoint(words) and sets["leaving_open"].isdisjoint(words)

    def moved_word(self, start: int) -> bool:
        """Whether something is delayed 'from … to …' before this place in the sentence."""
        begin, _ = self._bounds(start, start, SENTENCE_ENDS)
        return any(word in self.words.sets["moved"] for _, word in _words(self.low[begin:start]))

    def base(self, start: int, reach: int = 400) -> Period | None:
        """The nearest earlier period within reach; a weekday or yesterday only dates the news."""
        for at, period in zip(reversed(self.places), reversed(self.periods), strict=True):
            if start - at > reach:
                break
            if period.rule not in (WEEKDAY, NEXT_DAY, SAME):
                return period
        return None

    def base_in_sentence(self, start: int) -> Period | None:
        """The nearest earlier period of the same sentence."""
        begin, _ = self._bounds(start, start, SENTENCE_ENDS)
        return self.base(start, start - begin)


def _last_anchor(run: list[Token]) -> int:
    return max(i for i, token in enumerate(run) if not ANCHORS.isdisjoint(token.roles))


def _small(token: Token) -> bool:
    """Whether a token is a little word that adds nothing to a bare number."""
    return any(role in token.roles for role in (*PREPOSITIONS, "to", "dash"))


def _words(text: str) -> list[tuple[int, str]]:
    return [(match.start(), match.group()) for match in re.finditer(r"\w+", text)]
