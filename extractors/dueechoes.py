"""What refers to an earlier mention of a text: in the third, by then, in the same period, in those months."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors import calendar
from extractors.calendar import Grain, Period
from extractors.claim import Due
from extractors.duedays import REMEMBERED
from extractors.dueforms import Form, Reading
from extractors.duespans import PREPOSITIONS, Spans


class Echoes(Spans):
    """The ways to name a time by one that was named before."""

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
        if count is None and unit is Grain.YEAR and reader.has(k - 1, "again"):
            return self._same_year(k)
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

    def _same_year(self, k: int) -> Reading | None:
        """'Im selben Jahr': the year of the mention before."""
        base = self.finder.base(self.run[self.i].start)
        if base is None or self.reader.has(k + 1, "later", "earlier", "ago"):
            return None
        before = self.i - 1
        while before >= 0 and self.reader.has(before, "fillers", "again"):
            before -= 1
        if before >= 0 and self.reader.has(before, "months", "seasons", "units", "parts"):
            return None  # "in the fall of that year", and none was named
        made = replace(calendar.year(base.end.year), anchored=True, rule="the same year")
        return Reading(Form.IN, Due(made.start, made.end), made, k + 1)

    def _last_of(self, months: int) -> Period | None:
        """Of the mentions that were so many months long the latest that is over, else the last."""
        fitting = [p for p in self.finder.periods[-REMEMBERED:] if calendar.lasts(p, months)]
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
        if number == 2 and base.grain is Grain.HALF:
            return replace(calendar.half(base.start.year, 2), anchored=True, rule="half said")
        single = self.reader.has(j + 1, "ones")
        if relation is not None and single and base.rule == "ended":
            return replace(calendar.moved(base, calendar.MONTHS_OF.get(base.grain, 12)), rule="half said")
        if relation == 0 and not single:  # "für dieses plant …", but not "auf Neues"
            running = self.reader.at(j).roles["relations"] == "current"
            relation = 0 if running and (self._verb_follows(j) or self._left_out(j)) else None
        if relation is not None and base.grain in (Grain.YEAR, Grain.MONTH, Grain.QUARTER):
            made = calendar.unit_at(self.finder.published, base.grain, relation)
            return replace(made, anchored=True, rule="half said")
        return None

    def _verb_follows(self, j: int) -> bool:
        """'Für das dritte stellt …': a finite verb where the noun would stand, in languages that show it."""
        end = self.run[j].end
        found = re.match(r"\s+([^\W\d_]+)", self.finder.text[end : end + 40])
        word = found.group(1) if found else ""
        return word.islower() and word.endswith(self.finder.words.verb_endings) and self._for(j)

    def _left_out(self, j: int) -> bool:
        """'In the third it was': a word that cannot stand between an ordinal and its noun.

        Without "for" the ordinal may be that of anything, unless a time in the sentence leads to it.
        """
        if not self._for(j) and self.finder.base_in_sentence(self.run[self.i].start) is None:
            return False
        found = re.match(r"\s+([^\W\d_]+)", self.finder.low[self.run[j].end : self.run[j].end + 40])
        return found is not None and found.group(1) in self.finder.words.sets["behind_half_said"]

    def _for(self, j: int) -> bool:
        return any("over" in token.roles and "in" in token.roles for token in self.run[self.i : j])

    def _closes(self, j: int) -> bool:
        """Whether nothing follows that the ordinal or 'next' could belong to."""
        if not 0 <= j < len(self.run):
            return False
        if self.reader.has(j + 1, "then", "comma", "ones"):
            return True
        if self._verb_follows(j) or self._left_out(j):
            return True
        rest = self.finder.low[self.run[j].end : self.run[j].end + 2]
        return not rest.strip() or rest[0] in ".,;:!?\n"
