"""Reads a chain of time words and says which days it means. The grammar serves every language.

Newcomers: `Reader.period` tries each way to name a time (day, month, season, quarter, half, year, decade,
"year that ended …") and takes the longest; each way is one small method that gets a token's index and
gives the period and the index after it, or None. `duewords.py` makes the tokens, `duedays.py` reads single
days, `calendar.py` computes, `duephrase.py` adds prepositions and turns periods into dues.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from extractors import calendar
from extractors.calendar import Grain, Period
from extractors.duedays import REMEMBERED, DayReader, Found

# What a period can begin with.
OPENING = (
    "parts", "days", "weekdays", "date", "months", "month_number", "dayth", "ordinals", "final", "seasons",
    "compact", "relations", "fiscal", "units", "year", "same", "repeat", "feasts", "numbers", "fillers", "in",
    "to",
)  # fmt: skip
NEARLY_OVER = 31  # days


class Reader(DayReader):
    """One chain of tokens read for periods of any length."""

    # -- a period ----------------------------------------------------------------------------------------

    def period(self, i: int) -> Found:
        """The longest reading at the index; remembered, since several ways to say when ask for it."""
        key = (i, self.tense)
        if key not in self._read:
            self._read[key] = self._longest(i)
            self.tense = key[1]
        return self._read[key]

    def _longest(self, i: int) -> Found:
        if not self.has(i, *OPENING):
            return None
        ways: list[Callable[[int], Found]] = [
            self.part, self.single, self.month, self.season, self.quarter, self.months, self.year,
            self.unit_named, self.same,
        ]  # fmt: skip
        if "ending" in self.present:
            ways[:0] = (self.ended_before, self.ended_after)
        if "starting" in self.present:
            ways.insert(0, self.started)
        found = [reading for way in ways if (reading := way(i)) is not None]
        return max(found, key=lambda reading: reading[1], default=None)

    def part(self, i: int) -> Found:
        """Early 2025, Ende März, the middle of next year."""
        name = self.at(i).roles.get("parts")
        if name is None:
            return None
        j = self.skip(i + 1, "fillers", "dash")
        if (base := self._whole(j)) is None:
            return None
        return calendar.part(base[0], name), base[1]

    def _whole(self, i: int) -> Found:
        """What can have a beginning, a middle and an end."""
        ways = (self.month, self.season, self.quarter, self.year, self.unit_named, self.year_unit)
        found = [reading for way in ways if (reading := way(i)) is not None]
        return max(found, key=lambda reading: reading[1], default=None)

    def month(self, i: int) -> Found:
        """March, March 2025, next March, March of next year, the December quarter."""
        relation = self.offset(i)
        j = i + 1 if relation is not None else i
        if self.has(i, "month_number"):
            number, year = self.at(i).roles["month_number"]
            return calendar.month(year, number), i + 1
        which = self.at(j).roles.get("months")
        if self.has(i, "year") and self.has(i + 1, "months") and not self.has(i + 2, "year", "dayth"):
            return calendar.month(self._number(i), self.at(i + 1).roles["months"]), i + 2  # "2016 June"
        if which is None:
            return None
        glued = self.has(j + 1, "dash") and self.at(j + 1).start == self.at(j).end  # "Dezember-Quartal"
        if self.unit(named := j + 1 + glued) is Grain.QUARTER:
            end = self._yearly(lambda y: calendar.month(y, which), relation, named + 1)
            return calendar.months_until(end[0].end, 3, "month's quarter"), end[1]
        return self._yearly(lambda y: calendar.month(y, which), relation, j + 1)

    def season(self, i: int) -> Found:
        """Spring, spring 2026, next spring, winter 2025/26."""
        relation = self.offset(i)
        j = i + 1 if relation is not None else i
        name = self.at(j).roles.get("seasons")
        if name is None:
            return None
        return self._yearly(lambda y: calendar.season(y, name), relation, j + 1)

    def _yearly(self, make: Callable[[int], Period], relation: int | None, i: int) -> tuple[Period, int]:
        """What returns each year, in the year that the words name or the direction they point."""
        if relation is None and (whole := self.of_year(i)) is not None:
            made = make(whole[0].start.year)
            return replace(made, anchored=whole[0].anchored, fiscal=whole[0].fiscal), whole[1]
        if relation is None:
            return calendar.nearest(make, self.published, self.tense), i
        return self._pointed(make, relation), i

    def _pointed(self, make: Callable[[int], Period], relation: int) -> Period:
        year = self.published.year
        made = [make(y) for y in (year - 2, year - 1, year, year + 1, year + 2)]
        if relation < 0:
            chosen = [p for p in made if p.end < self.published][-1]
        elif relation > 0:
            chosen = next(p for p in made if p.start > self.published)
        else:
            chosen = make(year)
        return replace(chosen, anchored=True)

    def of_year(self, i: int) -> Found:
        """The year that follows a month or quarter: 2025, of next year, des Jahres."""
        i = i + 1 if self._mark(i) else i  # Dec-2018
        j = self.skip(i, "fillers", "comma") if not self.has(i, "comma") else i
        return self.year(j) or (self.year_unit(j) if j > i or self.at(j).text.endswith("s") else None)

    def year_unit(self, i: int) -> Found:
        """'of the year', 'of the decade' means the one of publication."""
        i = self.skip(i, "fiscal")
        unit = self.unit(i)
        if unit not in (Grain.YEAR, Grain.DECADE, Grain.MONTH, Grain.QUARTER, Grain.WEEK):
            return None
        return replace(calendar.unit_at(self.published, unit, 0), anchored=True), i + 1

    def year(self, i: int) -> Found:
        """2025, fiscal 2025, the year 2025, next year, Geschäftsjahr 2024/25."""
        if self.has(i, "again") and self.unit(i + 1) is Grain.YEAR and self.earlier:  # "of that year"
            named = calendar.year(self.earlier[-1].end.year)
            return replace(named, anchored=True, rule="the same year"), i + 2
        j, fiscal, relation = i, False, None
        while self.has(j, "fiscal", "relations"):
            fiscal = fiscal or self.has(j, "fiscal")
            relation = self.offset(j) if self.has(j, "relations") else relation
            j += 1
        unit = self.unit(j) is Grain.YEAR
        after = self.skip(j + 1, "fillers") if unit else j
        if self.has(after, "year"):
            whole = calendar.year(self._number(after))
            if self.has(after + 1, "fiscal") and self.unit(after + 2) is Grain.YEAR:
                after, fiscal = after + 2, True  # "the 2025 fiscal year"
            return replace(whole, fiscal=fiscal, rule="fiscal year" if fiscal else "year"), after + 1
        if self.has(j, "compact"):
            return self.compact(j)
        if not unit or relation is None:
            return None
        return replace(self._relative(Grain.YEAR, relation, j, fiscal), fiscal=fiscal), j + 1

    def _relative(self, grain: Grain, offset: int, i: int, fiscal: bool = False) -> Period:
        """This, last or next unit; after a fiscal period named before, the one that follows that."""
        kind = self.at(i - 1).roles.get("relations")
        base = self.earlier[-1] if self.earlier else None
        if kind in ("following", "preceding") and base is not None:
            return replace(calendar.unit_at(base.end, grain, offset), anchored=True, rule=f"{kind} {grain}")
        running = self._running_from(grain, fiscal) if offset == 0 else None
        if running is not None:
            return replace(self._running(running), anchored=True, rule=f"current {grain}")
        return replace(
            calendar.unit_at(self.published, grain, offset), anchored=True, rule=f"{grain} {offset:+d}"
        )

    def _running_from(self, grain: Grain, fiscal: bool) -> Period | None:
        """A fiscal quarter or year named before, from which the current one can be counted."""
        if grain is not Grain.QUARTER and not fiscal:
            return None
        for found in islice(reversed(self.earlier), REMEMBERED):
            if found.rule == "ended" and found.grain is grain:
                return found
            if found.rule == "ended" and grain is Grain.YEAR and found.part:
                quarters = 4 - int(found.part[-1])
                return calendar.months_until(calendar.moved(found, 3 * quarters).end, 12, "ended")
        return None

    def _running(self, known: Period) -> Period:
        """The period of that length that holds the day of publication."""
        length = calendar.MONTHS_OF[known.grain]
        found = known
        for _ in range(40):
            if found.start <= self.published <= found.end:
                break
            found = calendar.moved(found, length if found.end < self.published else -length)
        return found

    def quarter(self, i: int) -> Found:
        """Third quarter, second half of 2025, second and third quarter, Q3 2025."""
        if self.has(i, "compact"):
            return self.compact(i)
        if not self.has(i, "ordinals", "final"):
            return None
        j = i + 1
        second = self.skip(j, "and", "fillers") if self.has(j, "and") else j
        if second > j and self.has(second, "ordinals") and (whole := self.quarter(second)) is not None:
            first = self._counted(i, whole[0].grain, whole[0].start.year)
            joined = calendar.united(first, whole[0], "quarters joined") if first else whole[0]
            return replace(joined, anchored=whole[0].anchored), whole[1]
        fiscal = self.has(j, "fiscal")
        j = self.skip(j, "fiscal")
        unit = self.unit(j)
        if unit not in (Grain.QUARTER, Grain.HALF):
            return None
        return self._counted_quarter(i, unit, j + 1, fiscal)

    def _counted_quarter(self, i: int, unit: Grain, after: int, fiscal: bool) -> Found:
        if self._counted(i, unit, 2024) is None:
            return None
        if not self.has(i, "ordinals") and self.of_year(after) is None:
            return None  # "the last quarter" with no year is a relation, not a number
        found = self._yearly(lambda y: self._counted(i, unit, y) or calendar.year(y), None, after)
        return replace(found[0], fiscal=fiscal or found[0].fiscal), found[1]

    def _counted(self, i: int, unit: Grain, year: int) -> Period | None:
        """The first to fourth quarter or half."""
        last = {Grain.QUARTER: 4, Grain.HALF: 2}.get(unit, 0)
        number = self.at(i).roles.get("ordinals") or last
        if not 0 < number <= last:
            return None
        return calendar.quarter(year, number) if unit is Grain.QUARTER else calendar.half(year, number)

    def compact(self, i: int) -> Found:
        """Q3, Q3 2025, 3Q25, H1 2025, FY25."""
        text = str(self.at(i).roles["compact"])
        year = re.search(r"(?<=\D)(\d{4}|\d\d)$", text)
        head = text[: year.start()] if year else text
        make = self._maker(head)
        if year:
            number = int(year.group())
            return make(number if number > 99 else 2000 + number), i + 1
        found = self._yearly(make, None, i + 1)
        quarterly = found[0].grain is Grain.QUARTER
        return found if quarterly or found[1] > i + 1 else None  # a bare H2 may be anything

    def _maker(self, head: str) -> Callable[[int], Period]:
        """What "q3", "1h" or "fy" makes of a year's number."""
        digit = re.search(r"\d", head)
        if digit is None:
            return lambda year: replace(calendar.year(year), fiscal=True, rule="fiscal year")
        which = int(digit.group())
        if re.sub(r"[\W\d]", "", head) in self.quarter_letters:
            return lambda year: calendar.quarter(year, which)
        return lambda year: calendar.half(year, which)

    def months(self, i: int) -> Found:
        """First six months of this year, final three months of 2024."""
        j = self.skip(i, "relations") if not self.has(i, "ordinals", "final") else i + 1
        count = self.at(j).roles.get("numbers")
        if j == i or count is None or self.unit(j + 1) not in (Grain.MONTH, Grain.QUARTER):
            return None
        whole = self.of_year(j + 2)
        length = int(count) * (3 if self.unit(j + 1) is Grain.QUARTER else 1)
        if length > 12 or (whole is None and not self.has(i, "ordinals")):
            return None
        if whole is None:  # "the first nine months" with no year: those that the verbs point to
            made = calendar.nearest(lambda y: self._first(y, length), self.published, self.tense)
            return made, j + 2
        base = whole[0]
        if self.has(i, "ordinals"):
            made = self._first(base.start.year, length)
        else:
            made = calendar.months_until(base.end, length, "last months")
        return replace(made, anchored=base.anchored), whole[1]

    @staticmethod
    def _first(year: int, length: int) -> Period:
        return calendar.months_from(calendar.year(year).start, length, Grain.SPAN, "first months")

    def unit_named(self, i: int) -> Found:
        """This month, last week, next quarter, this decade."""
        relation = self.offset(i)
        if relation is None:
            return None
        j = self.skip(i + 1, "relations", "fiscal")
        unit = self.unit(j)
        if unit is None or unit is Grain.YEAR:
            return None
        return self._relative(unit, relation, j), j + 1

    def same(self, i: int) -> Found:
        """The same period of 2025, the year-ago quarter: the months of the last mention in another year."""
        if not self.has(i, "same", "repeat"):
            return None
        base = self._repeated(calendar.MONTHS_OF.get(self.at(i).roles.get("same", "any")))
        if base is None:
            return None
        whole = self.of_year(i + 1)
        ago = self.skip(i + 1, "numbers")
        if whole:
            years = whole[0].start.year - base.end.year
            after = whole[1]
        elif self.unit(ago) is Grain.YEAR and self.has(ago + 1, "earlier", "ago"):
            years, after = -int(self.at(ago - 1).roles.get("numbers", 1)), ago + 2
        else:
            years, after = (0 if self.has(i, "repeat") else -1), i + 1
        return replace(calendar.moved(base, 12 * years), rule=calendar.SAME), after

    def _repeated(self, months: int | None) -> Period | None:
        """The mention meant by 'the same period': the last, in the past tense the last that is over.

        Of so many months, where the word tells; none that was itself reckoned so.
        """
        recent = [
            found
            for found in self.earlier[-REMEMBERED:]
            if found.grain not in (Grain.DAY, Grain.WEEK)
            and found.rule != calendar.SAME
            and (not months or calendar.lasts(found, months))
        ]
        over = [found for found in recent if self._nearly_over(found)] if self.tense < 0 else []
        return (over or recent)[-1] if recent else None

    def _nearly_over(self, found: Period) -> bool:
        """Whether it is over; in December a year is looked back on."""
        left = (found.end - self.published).days
        return left < 0 or (found.grain is Grain.YEAR and left < NEARLY_OVER)

    # -- a year, half or quarter by its end ---------------------------------------------------------------

    def ended_after(self, i: int) -> Found:
        """Quarter that ended on July 27, fiscal year to March 2023, Geschäftsjahr, das im Juni endet."""
        head = self._length(i)
        if head is None:
            return None
        months, j, strong = head
        tense = self._pointing(i, j) or self.tense
        link = self.skip(j, "comma", "paren", "pronouns", "fillers", "in", "ending", "to")
        found = self._end(link)
        if found is None or (self.has(j, "paren") and not self.has(found[1], "paren")):
            return None  # "(August to October)" is no end
        after = self.skip(found[1], "ending", *(("paren",) if self.has(j, "paren") else ()))
        verbs = self._said("ending", *range(j, link), *range(found[1], after))
        bare = set(verbs) == {"open"} and after == found[1]  # and no brackets
        if not verbs or (bare and not strong and not self._last_day(link)):
            return None
        tense = tense if self.has(link - 1, "to", "paren") else 0
        made = self._until(months, self._end_by(link, verbs, tense) or found[0], i, j)
        return self._in_named_year(made, i, j), after

    def ended_before(self, i: int) -> Found:
        """Im Ende September abgelaufenen Quartal, das am 31. Januar endende Quartal."""
        start = self.skip(i, "fillers", "in", "to", "comma")
        found = self._end(start)
        if found is None or not self.has(found[1], "ending"):
            return None
        j = self.skip(found[1], "ending")
        head = self._length(j)
        if head is None:
            return None
        verbs = [self.at(k).roles["ending"] for k in range(found[1], j)]
        return self._until(head[0], self._end_by(start, verbs) or found[0], j, head[1]), head[1]

    def started(self, i: int) -> Found:
        """Fiscal year that began on February 1, Geschäftsjahr, das am 1. Oktober begonnen hat."""
        head = self._length(i)
        if head is None or not any(self.has(k, "fiscal", "compact") for k in range(i, head[1])):
            return None
        months, j, _ = head
        link = self.skip(j, "comma", "pronouns", "fillers", "in", "starting")
        found = self._end(link)
        if found is None:
            return None
        after = self.skip(found[1], "starting")
        verbs = self._said("starting", *range(j, link), *range(found[1], after))
        if not verbs:
            return None
        first = self._end_by(link, verbs) or found[0]
        last = calendar.shift_days(calendar.shift_months(first.start, months), -1)
        made = self._until(months, replace(first, end=last), i, j)
        if self._pointing(i, j) < 0 and made.anchored and made.end >= self.published:
            made = calendar.moved(made, -months)
        return self._in_named_year(made, i, j), after

    def _said(self, role: str, *places: int) -> list[str]:
        """What the words of a role at these places say: past, future or open."""
        return [str(self.at(k).roles[role]) for k in places if self.has(k, role)]

    def _in_named_year(self, made: Period, i: int, j: int) -> Period:
        """The months of the fiscal year whose number the head names: that of the year in which it ends."""
        year = next((self.year(k) for k in range(i, j) if self.has(k, "year", "compact")), None)
        if year is None or not made.anchored or made.grain is not Grain.YEAR:
            return made
        shifted = calendar.moved(made, 12 * (year[0].end.year - made.end.year))
        return replace(shifted, rule=made.rule, fiscal=True, anchored=False)

    def _pointing(self, i: int, j: int) -> int:
        """Where 'last', 'current' or 'next' before a unit points: the current one has not ended yet."""
        offsets = [offset for k in range(i, j) if (offset := self.offset(k)) is not None]
        return (-1 if offsets[0] < 0 else 1) if offsets else 0

    def _last_day(self, i: int) -> bool:
        """Whether a day or the end of a month stands there, so that 'the quarter to' can only end with it."""
        j = self.skip(i, "fillers", "in")
        return self.single(j) is not None or self.at(j).roles.get("parts") == "late"

    def _end_by(self, i: int, verbs: list[str], tense: int = 0) -> Period | None:
        """The last day read again in the direction of the verb that ends the period."""
        self.tense = -1 if "past" in verbs else 1 if "future" in verbs else tense
        found = self._end(i)
        return found[0] if found else None

    def _length(self, i: int) -> tuple[int, int, bool] | None:
        """Months in the named period, the index after it, whether a bare 'to' may follow."""
        j = self.skip(i, "relations", "ordinals", "final", "fiscal", "fillers")
        count = self.at(j).roles.get("numbers") if self.unit(j + 1) is Grain.MONTH else None
        if count is not None:
            return int(count), j + 2, True
        if self.has(i, "compact") and re.fullmatch(r"\D+\d+", str(self.at(i).roles["compact"])):
            found = self.compact(i)
            return (12, i + 1, False) if found and found[0].grain is Grain.YEAR else None  # FY26
        unit = self.unit(j)
        if unit is None and self.has(j, "year") and self.has(j - 1, "fiscal"):
            return 12, j + 1, False
        if unit not in (Grain.QUARTER, Grain.HALF, Grain.YEAR):
            return None
        fiscal = any("fiscal" in self.at(k).roles for k in range(i, j))
        after = j + 2 if self.has(j + 1, "year") else j + 1
        of = self.skip(after, "fillers")
        if self.has(of, "fiscal") and self.unit(of + 1) is Grain.YEAR and not self.has(of + 2, "year"):
            after = of + 2  # "im zweiten Quartal des Geschäftsjahres, das im Februar endete"
        counted = any(self.has(k, "ordinals", "final") for k in range(i, j)) or self.has(i - 1, "from")
        return (
            calendar.MONTHS_OF[unit],
            after,
            fiscal or unit is Grain.YEAR or (unit is Grain.QUARTER and not counted),
        )

    def _end(self, i: int) -> Found:
        """The last day: a day, a month, the end of a month."""
        j = self.skip(i, "fillers", "in")
        if self.has(j - 1, "again", "pronouns") and self.unit(j) is Grain.DAY:  # "that ended on that day"
            recent = islice(reversed(self.earlier), REMEMBERED)
            day = next((found for found in recent if found.grain is Grain.DAY), None)
            return (day, j + 1) if day else None
        if self.at(j).roles.get("parts") == "late":
            j = self.skip(j + 1, "fillers")
        found = self.single(j) or self.month(j)
        return found if found and found[0].grain in (Grain.DAY, Grain.MONTH) else None

    def _until(self, months: int, last: Period, i: int, j: int) -> Period:
        """The months up to the day; `part` keeps which quarter of a fiscal year it was."""
        made = calendar.months_until(last.end, months, "ended")
        number = next((self.at(k).roles["ordinals"] for k in range(i, j) if self.has(k, "ordinals")), None)
        return replace(
            made, anchored=last.anchored, fiscal=True, part=f"quarter {number}" if number else None
        )
