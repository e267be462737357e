"""Reads single days, and holds what every reader of a chain of time words needs: its tokens and its day.

`duegrammar.py` builds on this with everything that is longer than a day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from extractors import calendar
from extractors.calendar import WEEKDAY, Grain, Period
from extractors.duewords import Token, Words

Found = tuple[Period, int] | None

OFFSETS = {"previous": -1, "current": 0, "next": 1, "coming": 1, "begun": 0, "preceding": -1, "following": 1,
           "last_but_one": -2, "next_but_one": 2}  # fmt: skip
NOTHING = Token(0, 0, "", {})
REMEMBERED = 60  # earlier mentions that a phrase may refer to


class DayReader:
    """One chain of tokens, the day of publication, and what was found before in the text."""

    def __init__(self, tokens: list[Token], published: date, earlier: Sequence[Period], known: Words) -> None:
        self.tokens = tokens
        self.present = frozenset(role for token in tokens for role in token.roles)
        self.month_first = known.month_first
        self.quarter_letters = known.quarter_letters
        self.published = published
        self.earlier = earlier
        self.tense = 0
        self._read: dict[tuple[int, int], Found] = {}

    def forget(self) -> None:
        """Reads all anew: what was found meanwhile may decide."""
        self._read.clear()

    # -- tokens ------------------------------------------------------------------------------------------

    def at(self, i: int) -> Token:
        """The token at an index; an empty one past the end."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else NOTHING

    def has(self, i: int, *roles: str) -> bool:
        """Whether the token at the index may play one of the roles."""
        if not 0 <= i < len(self.tokens):
            return False
        here = self.tokens[i].roles
        for role in roles:  # noqa: SIM110 (asked a hundred times a phrase; any() takes twice as long)
            if role in here:
                return True
        return False

    def skip(self, i: int, *roles: str) -> int:
        """The index after any tokens of these roles."""
        while self.has(i, *roles):
            i += 1
        return i

    def offset(self, i: int) -> int | None:
        """How many units on the word at the index points: last -1, this 0, next +1."""
        return OFFSETS.get(self.at(i).roles.get("relations", ""))

    def unit(self, i: int) -> Grain | None:
        """The calendar unit that the word names."""
        name = self.at(i).roles.get("units")
        return Grain(name) if name else None

    # -- days ----------------------------------------------------------------------------------------

    def single(self, i: int) -> Found:
        """A day: numbers, names of months, weekdays, yesterday."""
        if self.has(i, "days"):
            when = calendar.shift_days(self.published, self.at(i).roles["days"])
            return replace(calendar.day(when, calendar.NEXT_DAY), anchored=True), i + 1
        if self.has(i, "feasts"):
            month, number = self.at(i).roles["feasts"]
            return self._day(month, number, i + 1)
        relation = self.offset(i)
        j = i + 1 if relation is not None else i
        if relation == 0 and (side := self.offset(j)) and self.has(j + 1, "weekdays"):
            aside = calendar.shift_days(self.published, side)  # "this past Wednesday", today not included
            return calendar.weekday(self.at(j + 1).roles["weekdays"], aside, side), j + 2
        if not self.has(j, "weekdays"):
            return self.date(i)
        after = self.skip(j + 1, "comma", "fillers")
        if relation is None and (dated := self.date(after)) is not None:
            return dated
        return self._weekday(j, relation), j + 1

    def _weekday(self, i: int, relation: int | None) -> Period:
        """'This', 'next' and 'last' name the week; a bare one is the nearest that the verbs point to."""
        number = self.at(i).roles["weekdays"]
        if relation is None:
            return calendar.weekday(number, self.published, self.tense)
        if self.at(i - 1).roles.get("relations") == "coming":  # the nearest, where "next" may skip one
            return calendar.weekday(number, self.published, 1)
        monday = calendar.unit_at(self.published, Grain.WEEK, relation).start
        return replace(calendar.day(calendar.shift_days(monday, number), WEEKDAY), anchored=True)

    def date(self, i: int) -> Found:
        """October 24, 24. Oktober 2025, 24.10.2025, 2025-10-24, 24-Oct-2025, the 20th of next month."""
        if self.has(i, "date"):
            return self._numbers(i)
        if self._mark(i + 1) and (dated := self._marked(i)) is not None:
            return dated
        if self.has(i, "months") and (self.month_first or self._mark(i + 1)):
            return self._month_day(i)
        return self._day_first(i) if self.has(i, "dayth", "ordinals") else None

    def _day_first(self, i: int) -> Found:
        number = self._ordinal(i)
        j = i + 2 if self.unit(i + 1) is Grain.DAY else i + 1
        while (self.has(j, "fillers") and not self.has(j, "in")) or self._mark(j):
            j += 1  # "Modell 4 im November" names no day
        if self.has(j, "months"):
            return self._day(self.at(j).roles["months"], number, j + 1)
        if (month := self._month_in_number(i)) is not None:
            return self._day(month, number, i + 2)
        return self._day_of(number, i, j)

    def _ordinal(self, i: int) -> int:
        """The number of a day or month: 24, 24th, first; 0 where there is none."""
        roles = self.at(i).roles
        return int(roles.get("dayth") or roles.get("ordinals") or 0)

    def _mark(self, i: int) -> bool:
        """A dash or slash that belongs to a date: 24-Oct-2025, 2025/Oct/24."""
        return self.has(i, "dash", "slash") and self.at(i).start == self.at(i - 1).end

    def _marked(self, i: int) -> Found:
        """Day, month and year with marks between them, in any order: 24-Oct-2025, 2025/Oct/24."""
        parts = [self.at(k) for k in (i, i + 2, i + 4)]
        if not (self._mark(i + 1) and self._mark(i + 3)):
            return None
        year = next((k for k in (i, i + 2, i + 4) if self.has(k, "year")), None)
        month = next((part.roles["months"] for part in parts if "months" in part.roles), None)
        number = next((part.roles["dayth"] for part in parts if "dayth" in part.roles), None)
        if year is None or month is None or number is None:
            return None
        with suppress(ValueError):
            return calendar.day(date(self._number(year), month, int(number))), i + 5
        return None

    def _month_in_number(self, i: int) -> int | None:
        """The month of 'am siebten vierten', 'am 7. vierten', where the day comes first."""
        month = self._ordinal(i + 1)
        plain = self.has(i, "numbers") or self.has(i + 1, "numbers") or self.unit(i + 2) is not None
        article = self.has(i - 1, "fillers") and self.has(i - 2, "comma", "weekdays")
        led = article or self.has(i - 1, "in", "weekdays")
        return month if led and not self.month_first and not plain and 0 < month <= 12 else None

    def _day_of(self, number: int, i: int, j: int) -> Found:
        """The 20th of next month; a bare number only behind another: from 4 to 22 this month."""
        relation = self.offset(j)
        bare = self.has(i, "numbers") and not self.has(i - 1, "to", "dash", "and")
        if relation is None or self.unit(j + 1) is not Grain.MONTH or bare:
            return None
        whole = calendar.unit_at(self.published, Grain.MONTH, relation)
        if number > whole.end.day:
            return None
        return replace(calendar.day(whole.start.replace(day=number)), anchored=True), j + 2

    def _month_day(self, i: int) -> Found:
        j = i + 1
        while self._mark(j) or self.has(j, "comma") or self.at(j).text == "the":
            j += 1
        number = self._ordinal(j)
        plain_in = i > 0 and self.at(i - 1).text == "in"  # "in March 12 firms": the number is no day
        # "It starts in May, first in Germany": only "October, 1st" is a day.
        listed = self.has(i + 1, "comma") and not self.at(j).text[:1].isdigit()
        if not number or listed or (self.has(j, "numbers") and (plain_in or self.has(j - 1, "comma"))):
            return None
        return self._day(self.at(i).roles["months"], number, j + 1)

    def _day(self, month: int, number: int, i: int) -> Found:
        """A day of a month with the year that follows it, if there is one."""
        after = i
        while self.has(after, "comma", "fillers") or self._mark(after) or self.at(after).text == "in":
            after += 1
        with suppress(ValueError):
            if self.has(after, "year"):
                return calendar.day(date(self._number(after), month, number)), after + 1
            date(2024, month, number)  # a leap year: the day exists at all
            if (month, number) == (2, 29):
                return self._leap_day(), i
            return calendar.nearest(lambda y: self._leap(y, month, number), self.published, self.tense), i
        return None

    def _leap_day(self) -> Period:
        """The last February 29 where the past is told, else the next."""
        years = range(self.published.year - 8, self.published.year + 9)
        days = [calendar.month(year, 2).end for year in years]
        leap = [day for day in days if day.day == 29]
        gone = [day for day in leap if day <= self.published]
        chosen = gone[-1] if self.tense < 0 else leap[len(gone)]
        return replace(calendar.day(chosen), anchored=True)

    @staticmethod
    def _leap(year: int, month: int, number: int) -> Period:
        whole = calendar.month(year, month)
        return calendar.day(min(whole.end, calendar.shift_days(whole.start, number - 1)))

    def _numbers(self, i: int) -> Found:
        numbers = [int(number) for number in re.findall(r"\d+", self.at(i).text)]
        with suppress(ValueError):
            if numbers[0] > 31:
                return (calendar.day(date(*numbers[:3])), i + 1) if len(numbers) == 3 else None
            day, month = (numbers[1], numbers[0]) if self.month_first else (numbers[0], numbers[1])
            if month > 12:
                day, month = month, day
            if len(numbers) == 2:
                return self._day(month, day, i + 1)
            century = 0 if numbers[2] > 99 else 2000 if numbers[2] < 70 else 1900
            return calendar.day(date(numbers[2] + century, month, day)), i + 1
        return None

    def _number(self, i: int) -> int:
        """The year's number; of 2024/25 the year in which it ends."""
        text = str(self.at(i).roles["year"])
        first = int(text[:4])
        return first + 1 if "/" in text else first
