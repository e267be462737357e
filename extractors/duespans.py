"""Lengths of time: within 18 months, over five years from 2027, two years ago, ein Jahr zuvor.

What repeats or continues an earlier mention stands in `dueechoes.py`, plain periods in `duephrase.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extractors import calendar
from extractors.calendar import Grain, Period
from extractors.claim import Due
from extractors.dueforms import Form, Reading, Surroundings
from extractors.duegrammar import Reader

_MOST = 200  # years or days that anyone plans for
_REPORTED = range(80, 190)  # days of a quarter or half year
_REPORTED_WITHIN = 200  # days in which figures of a quarter are news
PREPOSITIONS = ("by", "before", "from", "since", "after", "within", "over", "per", "between", "in")


class Spans:
    """The ways to name a length of time at one token of a run."""

    def __init__(self, finder: Surroundings, reader: Reader, i: int) -> None:
        self.finder, self.run, self.reader, self.i = finder, reader.tokens, reader, i

    # -- spans ---------------------------------------------------------------------------------------------

    def lapse(self) -> Reading | None:
        """Within 18 months, in the next four years, over ten years, in two years, fünf Jahre ab 2027."""
        reader, i = self.reader, self.i
        forms = set(self.run[i].roles) & set(PREPOSITIONS)
        j = reader.skip(i + 1, "fillers") if forms else i
        relation = reader.offset(j)
        j = j + 1 if relation is not None else j
        counted = self._counted(j)
        if relation is None and counted is None and (relation := reader.offset(j + 1)) is not None:
            plural = reader.at(j + 2).text.endswith(self.finder.words.plural_endings)
            counted = self._counted(j, 1) if plural else None  # "in the two coming years"
        if counted is None or (not forms and reader.at(j).text in self.finder.words.sets["articles"]):
            return None  # also "$24 a month from June": a rate
        count, unit, after = counted
        started = self._start_after(after)
        if started is not None:
            return self._span(started[0].start, count, unit, 1, started[1], "span from a start")
        published = self.finder.published
        if relation in (1, -1):
            return self._span(published, count, unit, relation, after, "next or last so many")
        if "within" in forms or ("over" in forms and "in" not in forms):
            return self._span(published, count, unit, 1, after, "span from publication")
        from_now = reader.has(after, "from") and reader.has(after + 1, "now")
        about = all(reader.at(k).text in self.finder.words.sets["about"] for k in range(i + 1, j))
        if from_now or ("in" in forms and self.run[i].text == "in" and about):
            after = after + 2 if from_now else after
            span = self._span(published, count, unit, 1, after, "so long from now")
            return replace(span, form=Form.BY, due=Due(None, span.period.end))
        return None

    def _counted(self, j: int, between: int = 0) -> tuple[int, Grain, int] | None:
        """Two years, 12 to 18 months, and the token behind; so many words may stand `between`.

        Of a range the longer one: what is to be done in three to five years is done within five.
        """
        reader = self.reader
        if (
            reader.has(j + 1, "to", "dash")
            and not reader.has(j + 1, "and")
            and "numbers" in reader.at(j).roles
        ):
            longer = self._counted(j + 2)
            if longer is not None:
                return longer
        count, unit = reader.at(j).roles.get("numbers"), reader.unit(j + 1 + between)
        if count is None or unit is None or int(count) > _MOST:
            return None
        return int(count), unit, j + 2 + between

    def _start_after(self, j: int) -> tuple[Period, int] | None:
        j = self.reader.skip(j, "comma")
        if not self.reader.has(j, "from"):
            return None
        self.reader.tense = 1
        return self.reader.period(self.reader.skip(j + 1, "fillers"))

    def _lasting(self, first: date, j: int) -> Reading | None:
        """'From 2027 on over five years': what follows says how long it lasts from its start."""
        reader = self.reader
        j = reader.skip(j, "comma")
        if not reader.has(j, "over"):
            return None
        k = reader.skip(j + 1, "fillers")
        counted = self._counted(k)
        if counted is None:
            return None
        count, unit, after = counted
        return self._span(first, count, unit, 1, after, "span from a start")

    def _span(self, first: date, count: int, unit: Grain, sign: int, after: int, rule: str) -> Reading:
        last = _beyond(first, sign * count, unit)
        start, end = (first, last) if sign > 0 else (last, first)
        if rule == "span from a start":
            end = max(start, calendar.shift_days(end, -1))
        made = calendar.period(start, end, Grain.SPAN, rule, anchored=rule != "span from a start")
        return Reading(Form.WITHIN, Due(start, end), made, after)

    def runs_out(self) -> Reading | None:
        """'Before the year is out': up to the end of the running one."""
        reader = self.reader
        j = reader.skip(self.i + 1, "fillers", "relations")
        unit = reader.unit(j)
        if not reader.has(self.i, "before") or unit is None or not reader.has(j + 1, "spent"):
            return None
        made = replace(
            calendar.unit_at(self.finder.published, unit, 0), anchored=True, rule=f"before the {unit} ends"
        )
        return Reading(Form.BY, Due(None, made.end), made, j + 2)

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
        lasting = any(reader.has(self.i - back, "over", "within") for back in range(3))
        if lasting and reader.has(j + 1, "in"):
            return None  # "over three years on a plant"
        after = j + 1 if prefix and not reader.has(j + 1, "later", "earlier", "ago") else j + 2
        later = reader.has(j + 1, "later") and not prefix
        return self._shifted(int(count or 1) * (1 if later else -1), unit, after, prefix, count is not None)

    def _shifted(self, count: int, unit: Grain, after: int, prefix: bool, counted: bool) -> Reading | None:
        start = self.run[self.i].start
        ago = prefix or self.reader.has(after - 1, "ago")
        near = None if prefix else self.finder.base_in_sentence(start)
        if ago and (count, unit) == (-1, Grain.YEAR):
            near = self._reported(start) or near
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

    def _reported(self, start: int) -> Period | None:
        """The quarter or half year that the text reports on: figures of a year ago are those of the same one.

        So are 11 of 13 such amounts in the annotated articles; the others have no such period before them.
        """
        base = self.finder.base(start)
        if base is None or base.grain is Grain.SEASON or (base.end - base.start).days not in _REPORTED:
            return None
        since = (self.finder.published - base.end).days
        return base if 0 <= since <= _REPORTED_WITHIN else None


def _beyond(first: date, count: int, unit: Grain) -> date:
    """The day some units on."""
    if unit in calendar.MONTHS_OF:
        return calendar.shift_months(first, count * calendar.MONTHS_OF[unit])
    return calendar.shift_days(first, count * (7 if unit is Grain.WEEK else 1))
