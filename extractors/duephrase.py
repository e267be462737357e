"""Reads one phrase of time: its prepositions, its period or span, what closes it; the result is a due.

Each way to say when is one method of `Phrase`; `read` takes the longest reading. What days a period has is
`duegrammar.py`'s part, what stands around the phrase is asked through `Surroundings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from extractors import calendar
from extractors.calendar import WEEKDAY, Grain, Period
from extractors.claim import Due
from extractors.dueechoes import Echoes
from extractors.dueforms import Form, Reading
from extractors.duegrammar import OPENING
from extractors.duespans import PREPOSITIONS

# Words of a time that comes round again, so that the clause must say which one is meant.
TURNING = frozenset({"months", "weekdays", "seasons", "ordinals", "final", "dayth", "compact", "date",
                     "repeat", "feasts"})  # fmt: skip
EARLY = {Grain.YEAR: 100, Grain.QUARTER: 45, Grain.MONTH: 14}  # days: until then the last one is reported on
RECKONING = frozenset({"before", "later", "earlier", "ago"})
JOINING = frozenset({"to", "and", "dash"})
# What a phrase can begin with.
BEGINNING = (*PREPOSITIONS, *OPENING, "now", "vague", "until_then", "again")


class Phrase(Echoes):
    """One attempt at one token of a run: prepositions, a period or span, what closes it."""

    def read(self) -> Reading | None:
        """The longest reading here."""
        if not self.reader.has(self.i, *BEGINNING):
            return None
        found = [reading for way in self._ways() if (reading := way()) is not None]
        return max(found, key=lambda reading: reading.after, default=None)

    def _ways(self) -> Iterator[Callable[[], Reading | None]]:
        """The ways to say when for which the run has the words at all; the others cannot succeed."""
        present = self.reader.present
        yield self.fixed
        if "units" in present:
            if "numbers" in present:
                yield self.lapse
            if not present.isdisjoint(RECKONING):
                yield self.relative
        if not present.isdisjoint(JOINING):
            yield self.range
        yield self.plain
        if "in" in present and ("ordinals" in present or "relations" in present):
            yield self.elliptic
        if "units" in present:
            yield self.again
        if "spent" in present:
            yield self.runs_out
        if "until_then" in present:
            yield self.until_then

    # -- words with a fixed meaning ------------------------------------------------------------------------

    def fixed(self) -> Reading | None:
        """Today, currently."""
        roles = self.run[self.i].roles
        today = calendar.period(self.finder.published, self.finder.published, Grain.DAY, "now", anchored=True)
        if "now" in roles:
            return Reading(Form.NOW, Due(today.start, today.end), today, self.i + 1)
        if "vague" in roles:
            return Reading(
                Form.VAGUE, None, replace(today, rule="no definite time", anchored=False), self.i + 1
            )
        return None

    # -- from A to B ---------------------------------------------------------------------------------------

    def range(self) -> Reading | None:
        """Between January and March, von Juli bis September 2026, 2025-2028, June and July."""
        reader = self.reader
        j, forms = self._prepositions()
        reader.tense = self._tense(forms - {"from"}, j)  # with an end it may as well be over
        first, bare = reader.period(j), None
        if first is None and reader.has(j, "now"):
            first = self._today(), j + 1
        joint = first[1] if first else None
        if first is None and (days := self._days_of_month(j)) is not None:
            return days
        if first is None or reader.has(first[1], "ordinals"):
            bare = reader.at(j).roles.get("ordinals") or reader.at(j).roles.get("dayth")
            joint = j + 1
        if joint is None or not reader.has(joint, "to", "and", "dash"):
            return None
        second = self._second(
            reader.skip(joint, "to", "and", "dash", "fillers", "in", "by"), first[0] if first else None
        )
        if second is None:
            return None
        fixed = reader.has(j, "now", "relations")  # "between now and 2030", "this autumn"
        return self._joined(first[0] if first else self._bare(bare, second[0]), second, joint, forms, fixed)

    def _second(self, j: int, first: Period | None) -> tuple[Period, int] | None:
        reader = self.reader
        found = reader.period(j)
        if found is None and reader.has(j, "now"):
            return self._today(), j + 1
        if found is not None and first is not None and found[0].rule == WEEKDAY and first.grain is Grain.DAY:
            ahead = -(found[0].start - first.start).days // 7 + 1 if found[0].start < first.start else 0
            when = calendar.shift_days(found[0].start, 7 * ahead)  # "next Thursday to Saturday"
            return replace(found[0], start=when, end=when, limit=when), found[1]
        if found is None and first is not None and first.grain is Grain.DAY:
            return self._bare_day(j, first)
        if found is not None or first is None or not reader.has(j, "parts"):
            return found
        relation = reader.offset(j + 1)  # "late this year or early next"
        if relation is None:
            return None
        whole = calendar.unit_at(self.finder.published, Grain.YEAR, relation)
        return replace(calendar.part(whole, reader.at(j).roles["parts"]), anchored=True), j + 2

    def _days_of_month(self, j: int) -> Reading | None:
        """'Nächsten Monat vom 4. bis zum 23.': days of the month that the sentence has just named."""
        reader, base = self.reader, self.finder.base_in_sentence(self.run[self.i].start)
        k = reader.skip(j + 1, "to", "dash", "and", "fillers", "in", "by")
        if base is None or base.grain is not Grain.MONTH or k == j + 1:
            return None
        if reader.has(j, "numbers") or reader.has(k, "numbers"):
            return None
        begin, end = (int(reader.at(n).roles.get("dayth", 0)) for n in (j, k))
        if not 0 < begin < end <= base.end.day:
            return None
        first, last = (calendar.day(base.start.replace(day=number)) for number in (begin, end))
        made = replace(calendar.united(first, last, "days of a month"), anchored=base.anchored)
        return Reading(Form.IN, Due(made.start, made.end), made, k + 1)

    def _today(self) -> Period:
        return replace(calendar.day(self.finder.published, "today"), anchored=True)

    def _bare_day(self, j: int, first: Period) -> tuple[Period, int] | None:
        """The second of 'April 9 to 17', 'April 27th to the third'."""
        reader = self.reader
        number = reader.at(j).roles.get("dayth")
        if number is None or (reader.has(j - 1, "dash") and reader.at(j - 2).end + 1 != reader.at(j).start):
            return None  # "August 2, 2024 - 06:12"
        if not reader.has(j - 1, "and") and self._next_word(j + 1) in self.finder.words.sets["counted"]:
            return None
        month = first.start if number > first.start.day else calendar.shift_months(first.start, 1)
        whole = calendar.month(month.year, month.month)
        if number > whole.end.day:
            return None
        return replace(calendar.day(whole.start.replace(day=number)), anchored=first.anchored), j + 1

    @staticmethod
    def _bare(number: int | None, second: Period) -> Period | None:
        """The first of 'first to third quarter', 'vom 3. bis zum 12. September'."""
        if number is None:
            return None
        if second.grain is Grain.DAY and 0 < number < second.start.day:
            return calendar.day(second.start.replace(day=number))
        if second.grain is Grain.QUARTER and number < 4:
            return replace(calendar.quarter(second.start.year, number), anchored=second.anchored)
        return None

    def _joined(
        self,
        first: Period | None,
        second: tuple[Period, int],
        joint: int,
        forms: set[str],
        fixed: bool,
    ) -> Reading | None:
        last, after = second
        if first is None:
            return None
        turning = first.anchored and first.grain not in (Grain.YEAR, Grain.DECADE) and not fixed
        while turning and first.start > last.start and first.start.year > 1:
            first = replace(calendar.moved(first, -12), rule=first.rule)
        while turning and calendar.shift_months(first.start, 12) <= last.start:
            first = replace(calendar.moved(first, 12), rule=first.rule)
        joined = self.reader.has(joint, "to", "dash") and not self.reader.has(joint, "and")
        listed = not joined and "between" not in forms
        if listed and last.grain is Grain.DAY:
            return None  # two days named are two days
        touching = calendar.shift_days(first.end, 1) >= last.start
        if (listed and not touching) or (not listed and self.finder.moved_word(self.run[self.i].start)):
            return None
        if fixed and last.anchored and last.end < first.start and last.grain is not Grain.YEAR:
            last = replace(calendar.moved(last, 12), rule=last.rule)  # "between next spring and autumn"
        if first.start > last.end:
            return None
        made = calendar.united(first, last, "from to")
        if "by" in forms and listed:
            return Reading(Form.BY, Due(None, made.limit), made, after)
        return Reading(Form.IN, Due(made.start, made.end), made, self.reader.skip(after, "close"))

    # -- a preposition and a period ------------------------------------------------------------------------

    def plain(self) -> Reading | None:
        """By the end of 2026, im dritten Quartal, from September, 2025."""
        j, forms = self._prepositions()
        self.reader.tense = self._tense(forms, j)
        found = self.reader.period(j)
        if found is None:
            return None
        if self._barred(j):
            forms = {"from"}
        period, after = self._bracketed(found)
        if not forms & {"by", "before", "from", "since", "after"}:
            period = self._level(self._turned_back(period, j), j)
        if (
            period.rule == "ended"
            and forms == {"by"}
            and self.reader.has(j, "parts", "dayth", "date", "months")
        ):
            forms = {"in"}  # "das bis Ende März dauernde Geschäftsjahr": the deadline is the year's, not ours
        if self._compound(after) or (
            forms == {"by"} and self._next_word(after) in self.finder.words.sets["waiting"]
        ):
            forms = {"in"}  # "der vom Januar-Start", "muss bis Februar warten"
        if self.reader.has(after, "close") and "from" in forms:
            if "in" in forms:  # "von April an": only its end tells a start
                self.reader.tense = 1
                period = (self.reader.period(j) or found)[0]
            after, forms = after + 1, forms - {"in"}
        if self.reader.has(after, "latest") or self.reader.has(after, "earliest"):
            forms = {"by"} if self.reader.has(after, "latest") else {"from"}
            after += 1
        form, due = _tied(period, forms)
        if form is Form.FROM and (lasting := self._lasting(period.start, after)) is not None:
            return lasting
        if (
            form is Form.BY
            and (opened := self._opened(after)) is not None
            and due.end
            and opened[0] <= due.end
        ):
            due, after, form = Due(opened[0], due.end), opened[1], Form.IN
        return Reading(form, due, period, after)

    def _barred(self, j: int) -> bool:
        """'It will not come before 2027', 'kommt nicht mehr vor 2027': from then on, if at all."""
        said = {word for token in self.run[self.i : j] for word in token.text.lower().split()}
        if said.isdisjoint(self.finder.words.sets["barring"]):
            return False
        return self.finder.barred(self.run[self.i].start, self.run[j].end)

    def _turned_back(self, period: Period, j: int) -> Period:
        """'At year-end it had', said in February: the end of the year before. Also of 'the full year'."""
        at, unit = self.reader.at(j), period.grain
        said = " ".join(self.finder.low[at.start : at.end].split())
        if said not in self.finder.words.sets["closing"] or unit not in EARLY or not period.anchored:
            return period
        if period.rule == "ended":  # "for the year ended June 30"
            return period
        begun = calendar.unit_at(self.finder.published, unit, 0).start
        tense = self.finder.tense(at.start, at.end)
        late = (self.finder.published - begun).days > EARLY[unit]
        if tense > 0 or (tense == 0 and (late or unit is Grain.YEAR)):
            return period
        return calendar.moved(period, -calendar.MONTHS_OF[unit])

    def _level(self, period: Period, j: int) -> Period:
        """'At the end of June it had': a level is one of the last day."""
        at = self.reader.at(j)
        late = period.part == "late" and period.grain in (Grain.MONTH, Grain.QUARTER)
        if not late or period.end > self.finder.published or self.finder.tense(at.start, at.end) > 0:
            return period
        return replace(period, start=period.end, grain=Grain.DAY)

    def _next_word(self, after: int) -> str:
        """The word behind the phrase, in lower case."""
        end = self.run[after - 1].end
        found = re.match(r"\s*(\w+)", self.finder.low[end : end + 40])
        return found.group(1) if found else ""

    def _compound(self, after: int) -> bool:
        """Whether the time is the first part of a hyphenated word: 'der Januar-Start'."""
        end = self.run[after - 1].end
        return re.match(r"-[^\W\d]", self.finder.low[end : end + 2]) is not None

    def _tense(self, forms: set[str], j: int) -> int:
        """Which way a time without a year points: since and as of back, deadlines and starts ahead."""
        if not any(TURNING & token.roles.keys() for token in self.run[j : j + 6]):
            return 0  # nothing that the verbs could turn: a year, a unit
        at = self.reader.at(j)
        if "since" in forms:
            return -1
        if forms & {"by", "from", "before", "within"} and "in" not in forms:
            return -1 if self.finder.told(at.start, at.end) else 1
        hint = self.finder.tense(at.start, at.end, near="repeat" in at.roles)
        return hint or (-1 if "per" in forms else 0)

    def _bracketed(self, found: tuple[Period, int]) -> tuple[Period, int]:
        """'Fourth fiscal quarter (August to October)': what stands in brackets says which months."""
        period, after = found
        reader = self.reader
        if period.grain not in (Grain.QUARTER, Grain.HALF) or reader.at(after).text != "(":
            return found
        first = reader.period(after + 1)
        if first is None or not reader.has(first[1], "to", "dash"):
            return found
        last = reader.period(reader.skip(first[1], "to", "dash", "fillers"))
        if last is None or last[0].start < first[0].start:
            return found
        joined = replace(calendar.united(first[0], last[0], "ended"), grain=period.grain)
        return joined, self.reader.skip(last[1], "paren")

    def _opened(self, after: int) -> tuple[date, int] | None:
        """'Until 2028 from 2025 on', 'until 2027, starting now'."""
        j = self.reader.skip(after, "comma")
        if self.reader.has(j, "now") and " " in self.run[j].text:
            return self.finder.published, j + 1
        if not self.reader.has(j, "from") or self.reader.has(j, "by"):
            return None
        found = self.reader.period(self.reader.skip(j + 1, "fillers", "in"))
        return None if found is None else (found[0].start, self.reader.skip(found[1], "close"))


def _tied(period: Period, forms: set[str]) -> tuple[Form, Due]:
    """What the preposition makes of a period."""
    inside = Form.DAY if period.grain is Grain.DAY else Form.IN
    form, due = inside, Due(period.start, period.end)
    if "before" in forms:
        form, due = Form.BY, Due(None, period.limit if period.part else calendar.shift_days(period.start, -1))
    elif "by" in forms:
        form, due = Form.BY, Due(None, period.limit)
    elif "since" in forms:
        form = Form.SINCE
    elif "after" in forms:
        form, due = Form.FROM, Due(calendar.shift_days(period.end, 1), None)
    elif "per" in forms and period.grain in (Grain.DAY, Grain.MONTH):
        form, due = Form.DAY, Due(period.end, period.end)
    elif "per" in forms or ("from" in forms and "in" not in forms):
        form, due = Form.FROM, Due(period.start, None)
    return form, due
