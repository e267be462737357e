"""Reads one phrase of time: its prepositions, its period or span, what closes it; the result is a due.

Each way to say when is one method of `Phrase`; `read` takes the longest reading. What days a period has is
`duegrammar.py`'s part, what stands around the phrase is asked through `Surroundings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from extractors import calendar
from extractors.calendar import Grain, Period
from extractors.claim import Due
from extractors.duedays import REMEMBERED
from extractors.dueforms import Form, Reading, Surroundings
from extractors.duegrammar import OPENING, Reader

# Words of a time that comes round again, so that the clause must say which one is meant.
TURNING = frozenset({"months", "weekdays", "seasons", "ordinals", "final", "dayth", "compact", "date"})
PREPOSITIONS = ("by", "before", "from", "since", "after", "within", "over", "per", "between", "in")
RECKONING = frozenset({"before", "later", "earlier", "ago"})
JOINING = frozenset({"to", "and", "dash"})
# What a phrase can begin with.
BEGINNING = (*PREPOSITIONS, *OPENING, "now", "vague", "until_then", "again")


class Phrase:
    """One attempt at one token of a run: prepositions, a period or span, what closes it."""

    def __init__(self, finder: Surroundings, reader: Reader, i: int) -> None:
        self.finder, self.run, self.reader, self.i = finder, reader.tokens, reader, i

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

    # -- spans ---------------------------------------------------------------------------------------------

    def lapse(self) -> Reading | None:
        """Within 18 months, in the next four years, over ten years, in two years, fünf Jahre ab 2027."""
        reader, i = self.reader, self.i
        forms = set(self.run[i].roles) & set(PREPOSITIONS)
        j = reader.skip(i + 1, "fillers") if forms else i
        relation = reader.offset(j)
        j = j + 1 if relation is not None else j
        count, unit = reader.at(j).roles.get("numbers"), reader.unit(j + 1)
        if count is None or unit is None or int(count) > 200:
            return None
        started = self._start_after(j + 2)
        if started is not None:
            return self._span(started[0].start, int(count), unit, 1, started[1], "span from a start")
        if relation in (1, -1):
            return self._span(
                self.finder.published, int(count), unit, relation, j + 2, "next or last so many"
            )
        if forms & {"within", "over"} and not forms & {"in"}:
            return self._span(self.finder.published, int(count), unit, 1, j + 2, "span from publication")
        from_now = reader.has(j + 2, "from") and reader.has(j + 3, "now")
        if from_now or ("in" in forms and self.run[i].text == "in" and j == i + 1):
            after = j + 4 if from_now else j + 2
            span = self._span(self.finder.published, int(count), unit, 1, after, "so long from now")
            return replace(span, form=Form.BY, due=Due(None, span.period.end))
        return None

    def _start_after(self, j: int) -> tuple[Period, int] | None:
        if not self.reader.has(j, "from"):
            return None
        self.reader.tense = 1
        return self.reader.period(self.reader.skip(j + 1, "fillers"))

    def _span(self, first: date, count: int, unit: Grain, sign: int, after: int, rule: str) -> Reading:
        last = _beyond(first, sign * count, unit)
        start, end = (first, last) if sign > 0 else (last, first)
        if rule == "span from a start":
            end = max(start, calendar.shift_days(end, -1))
        made = calendar.period(start, end, Grain.SPAN, rule, anchored=rule != "span from a start")
        return Reading(Form.WITHIN, Due(start, end), made, after)

    # -- reckoned from elsewhere ---------------------------------------------------------------------------

    def relative(self) -> Reading | None:
        """Two years later, a year earlier, two years ago, vor zwei Jahren, das Jahr darauf."""
        reader = self.reader
        prefix = reader.has(self.i, "before") and reader.has(self.i + 1, "numbers")
        j = reader.skip(self.i, *PREPOSITIONS, "fillers") if not reader.has(self.i, "numbers") else self.i
        count = reader.at(j).roles.get("numbers")
        j = j + 1 if count is not None else j
        unit = reader.unit(j)
        if unit is None or not (prefix or reader.has(j + 1, "later", "earlier", "ago")):
            return None
        after = j + 1 if prefix and not reader.has(j + 1, "later", "earlier", "ago") else j + 2
        later = reader.has(j + 1, "later") and not prefix
        return self._shifted(int(count or 1) * (1 if later else -1), unit, after, prefix, count is not None)

    def _shifted(self, count: int, unit: Grain, after: int, prefix: bool, counted: bool) -> Reading | None:
        start = self.run[self.i].start
        ago = prefix or self.reader.has(after - 1, "ago")
        near = None if prefix else self.finder.base_in_sentence(start)
        base = near if ago or near else self.finder.base(start)
        if base is None and count > 0:
            return None
        if base is not None and not counted and unit in calendar.MONTHS_OF:
            made = replace(
                calendar.unit_at(base.end, unit, count), anchored=True, rule="from an earlier mention"
            )
            return Reading(Form.LATER, Due(made.start, made.end), made, after)
        if base is None or unit not in calendar.MONTHS_OF:
            made = replace(
                calendar.unit_at(self.finder.published, unit, count), anchored=True, rule="so long ago"
            )
            return Reading(Form.AGO, Due(made.start, made.end), made, after)
        made = replace(calendar.moved(base, count * calendar.MONTHS_OF[unit]), rule="from an earlier mention")
        return Reading(Form.LATER, Due(made.start, made.end), made, after)

    # -- from A to B ---------------------------------------------------------------------------------------

    def range(self) -> Reading | None:
        """Between January and March, von Juli bis September 2026, 2025-2028, June and July."""
        reader = self.reader
        j, forms = self._prepositions()
        reader.tense = self._tense(forms, j)
        first, bare = reader.period(j), None
        joint = first[1] if first else None
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
        return self._joined(first[0] if first else self._bare(bare, second[0]), second, joint, forms)

    def _second(self, j: int, first: Period | None) -> tuple[Period, int] | None:
        reader = self.reader
        found = reader.period(j)
        if found is not None or first is None or not reader.has(j, "parts"):
            return found
        relation = reader.offset(j + 1)  # "late this year or early next"
        if relation is None:
            return None
        whole = calendar.unit_at(self.finder.published, Grain.YEAR, relation)
        return replace(calendar.part(whole, reader.at(j).roles["parts"]), anchored=True), j + 2

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
        self, first: Period | None, second: tuple[Period, int], joint: int, forms: set[str]
    ) -> Reading | None:
        last, after = second
        if first is None:
            return None
        while first.anchored and first.start > last.start and first.start.year > 1:
            first = replace(calendar.moved(first, -12), rule=first.rule)
        while first.anchored and calendar.shift_months(first.start, 12) <= last.start:
            first = replace(calendar.moved(first, 12), rule=first.rule)
        listed = not self.reader.has(joint, "to", "dash") or (
            self.reader.has(joint, "and") and "between" not in forms
        )
        touching = calendar.shift_days(first.end, 1) >= last.start
        if (listed and not touching) or (not listed and self.finder.moved_word(self.run[self.i].start)):
            return None
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
        period, after = self._bracketed(found)
        if (
            period.rule == "ended"
            and forms == {"by"}
            and self.reader.has(j, "parts", "dayth", "date", "months")
        ):
            forms = {"in"}  # "das bis Ende März dauernde Geschäftsjahr": the deadline is the year's, not ours
        if self.reader.has(after, "close") and "from" in forms:
            after, forms = after + 1, forms - {"in"}
        if self.reader.has(after, "latest") or self.reader.has(after, "earliest"):
            forms = {"by"} if self.reader.has(after, "latest") else {"from"}
            after += 1
        form, due = _tied(period, forms)
        if (
            form is Form.BY
            and (opened := self._opened(after)) is not None
            and due.end
            and opened[0] <= due.end
        ):
            due, after, form = Due(opened[0], due.end), opened[1], Form.IN
        return Reading(form, due, period, after)

    def _prepositions(self) -> tuple[int, set[str]]:
        """The index of the first word that is neither preposition nor article, and the forms they allow."""
        j, forms = self.i, set[str]()
        while self.reader.has(j, *PREPOSITIONS, "fillers") and not self.reader.has(
            j, "parts", "numbers", "year"
        ):
            more = set(self.run[j].roles) & set(PREPOSITIONS)
            if more and forms and ("in" not in more or self.reader.has(j - 1, "fillers")):
                return len(self.run), set()  # "in dem ab 2026": the phrase begins at the later preposition
            forms |= more if not forms else set()
            j += 1
        return j, forms

    def _tense(self, forms: set[str], j: int) -> int:
        """Which way a time without a year points: since and as of back, deadlines and starts ahead."""
        if not any(TURNING & token.roles.keys() for token in self.run[j : j + 6]):
            return 0  # nothing that the verbs could turn: a year, a unit
        at = self.reader.at(j)
        if "since" in forms:
            return -1
        if forms & {"by", "from", "before", "within"} and "in" not in forms:
            return -1 if self.finder.told(at.start, at.end) else 1
        hint = self.finder.tense(at.start, at.end)
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

    # -- half said -----------------------------------------------------------------------------------------

    def elliptic(self) -> Reading | None:
        """'500,000 in the third', 'im kommenden dann': the unit of the mention before, said without it."""
        j, forms = self._prepositions()
        base = self.finder.base(self.run[self.i].start)
        if "in" not in forms or base is None or not self._closes(j):
            return None
        period = self._same_unit(j, base)
        if period is None:
            return None
        after = j + 2 if self.reader.has(j + 1, "ones") else j + 1
        return Reading(Form.IN, Due(period.start, period.end), period, after)

    def again(self) -> Reading | None:
        """'In the quarter', 'in those three months': the one named before, else the last complete quarter."""
        reader = self.reader
        j = reader.skip(self.i, "in", "fillers", "again")
        count = reader.at(j).roles.get("numbers")
        k = j + 1 if count is not None else j
        unit = reader.unit(k)
        fits = (count is None and unit is Grain.QUARTER) or (count is not None and unit is Grain.MONTH)
        if j == self.i or not fits or not any(reader.has(n, "in", "again") for n in range(self.i, j)):
            return None
        if reader.has(k + 1, "to", "ending", "year", "pronouns", "from"):
            return None
        months = int(count or 3)
        base = self._last_of(months)
        if base is None and count is None:
            base = replace(
                calendar.unit_at(self.finder.published, Grain.QUARTER, -1), rule="last complete quarter"
            )
        if base is None:
            return None
        return Reading(Form.IN, Due(base.start, base.end), replace(base, anchored=True), k + 1)

    def _last_of(self, months: int) -> Period | None:
        """Of the mentions that were so many months long the latest that is over, else the last."""
        fitting = [
            period
            for period in self.finder.periods[-REMEMBERED:]
            if calendar.shift_months(period.start, months) == calendar.shift_days(period.end, 1)
        ]
        over = [period for period in fitting if period.end <= self.finder.published]
        return max(over, key=lambda period: period.end) if over else (fitting[-1] if fitting else None)

    def until_then(self) -> Reading | None:
        """'By then', 'bis dahin': up to the end of the mention before."""
        base = self.finder.base(self.run[self.i].start)
        if base is None or not self.reader.has(self.i, "until_then"):
            return None
        made = replace(base, anchored=True, rule="by then")
        return Reading(Form.BY, Due(None, base.limit), made, self.i + 1)

    def _same_unit(self, j: int, base: Period) -> Period | None:
        number, relation = self.reader.at(j).roles.get("ordinals"), self.reader.offset(j)
        if number is not None and base.grain is Grain.QUARTER:
            self.reader.tense = 0
            return replace(calendar.quarter(base.start.year, int(number)), anchored=True, rule="half said")
        if relation is not None and self.reader.has(j + 1, "ones") and base.rule == "ended":
            return replace(calendar.moved(base, calendar.MONTHS_OF.get(base.grain, 12)), rule="half said")
        if relation and base.grain in (Grain.YEAR, Grain.MONTH, Grain.QUARTER):
            return replace(
                calendar.unit_at(self.finder.published, base.grain, relation), anchored=True, rule="half said"
            )
        return None

    def _closes(self, j: int) -> bool:
        """Whether nothing follows that the ordinal or 'next' could belong to."""
        if not 0 <= j < len(self.run):
            return False
        if self.reader.has(j + 1, "then", "comma", "ones"):
            return True
        rest = self.finder.low[self.run[j].end : self.run[j].end + 2]
        return not rest.strip() or rest[0] in ".,;:!?\n"


def _beyond(first: date, count: int, unit: Grain) -> date:
    """The day some units on."""
    if unit in calendar.MONTHS_OF:
        return calendar.shift_months(first, count * calendar.MONTHS_OF[unit])
    return calendar.shift_days(first, count * (7 if unit is Grain.WEEK else 1))


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
