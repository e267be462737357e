"""A claim, an amount, a day as a language writes them. All words are in words/*.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from claims import wording
from claims.config import parsed
from claims.errors import InputError
from extractors.claim import Claim, Due, Quantity

LANGUAGES = ("de", "en")
_MONEY = ((1e9, "billion"), (1e6, "million"))


@cache
def tongue(language: str) -> Tongue:
    """The words of "de" or "en". Raises InputError for another."""
    if language not in LANGUAGES:
        raise InputError(f"there are no words for {language!r}: choose {' or '.join(LANGUAGES)}")
    name = f"{language}.toml"
    raw = (resources.files("claims.digest") / "words" / name).read_bytes()
    return Tongue(parsed(raw, Path(name)))


@dataclass(frozen=True, eq=False)
class Tongue:
    """The tables of a words file, and what is written with them."""

    tables: dict[str, Any]

    @property
    def lang(self) -> str:
        """The code of the language."""
        return str(self.tables["lang"])

    def say(self, table: str, key: str, **values: object) -> str:
        """The words under `table.key`, filled in."""
        return str(self.tables[table][key]).format(**values)

    def count(self, table: str, key: str, number: int) -> str:
        """The words for that number of things."""
        form = "one" if number == 1 else "other"
        return str(self.tables[table][key][form]).format(number=self.number(number))

    # Numbers

    def number(self, value: float) -> str:
        """At most three digits after the point, none where they are zero; thousands in groups."""
        text = f"{value:,.3f}".rstrip("0").rstrip(".")
        return text.translate(str.maketrans(",.", self.tables["group"] + self.tables["decimal"]))

    def percent(self, share: float) -> str:
        """A share of one as a whole percentage; below ten with a digit after the point."""
        value = round(100 * share, 1 if share < 0.1 else None)
        return self.say("amount", "percent", number=self.number(value))

    def amount(self, quantity: Quantity | None) -> str:
        """ "rund 1,4 Mrd. EUR"; a plain count without its unit."""
        if quantity is None:
            return ""
        text = self._ends(quantity)
        about = quantity.approx and quantity.low is not None and quantity.high is not None
        return self.say("amount", "about", amount=text) if about else text

    def _ends(self, quantity: Quantity) -> str:
        low, high, unit = quantity.low, quantity.high, quantity.unit
        if low is None or high is None:
            end = high if high is not None else low
            return self.say(
                "amount", "most" if low is None else "least", amount=self._scaled(end or 0.0, unit)
            )
        if low == high:
            return self._scaled(low, unit)
        first, last = self._scaled(low, unit), self._scaled(high, unit)
        number, _, rest = first.partition(" ")
        same = rest == last.partition(" ")[2]
        return self.say("amount", "range", low=number if same else first, high=last)

    def _scaled(self, value: float, unit: str) -> str:
        """In the largest unit that leaves something before the point."""
        if unit in wording.COUNTED:
            rounded = unit != "units" and value >= 1e6
            return (
                self.say("amount", "millions", number=self.number(value / 1e6))
                if rounded
                else self.number(value)
            )
        if unit in wording.MEASURED:
            size, prefix = next((step for step in wording.PREFIXES if value >= step[0]), (1.0, ""))
            return self.say("amount", "plain", number=self.number(value / size), unit=prefix + unit)
        size, form = next((step for step in _MONEY if value >= step[0]), (1.0, "plain"))
        return self.say("amount", form, number=self.number(value / size), unit=unit)

    # Days

    def day(self, day: date, form: str = "long") -> str:
        """The day in words; "full" with its weekday."""
        return self.say(
            "day",
            form,
            day=day.day,
            month=self.tables["months"][day.month - 1],
            year=day.year,
            weekday=self.tables["weekdays"][day.weekday()],
        )

    def between(self, first: date, last: date) -> str:
        """From the first to the last day; the month and the year once where they are the same."""
        if first.year != last.year:
            return self.say("day", "between", first=self.day(first), last=self.day(last))
        form = "of_month" if first.month == last.month else "of_year"
        return self.say("day", "between", first=self.day(first, form), last=self.day(last))

    def due(self, due: Due | None) -> str:
        """The period in the shortest true form."""
        if due is None:
            return ""
        if due.start is None or due.end is None:
            if due.start is None:
                return self.say("due", "by", end=self.day(due.end or date.max))
            return self.say("due", "from", start=self.day(due.start))
        shape, number = wording.stretch(due.start, due.end)
        if not shape:
            return self.say("due", "between", start=self.day(due.start), end=self.day(due.end))
        month = self.tables["months"][due.start.month - 1]
        return self.say(
            "due", shape, day=self.day(due.start), month=month, number=number, year=due.start.year
        )

    # Claims

    def headline(self, claim: Claim) -> str:
        """ "Meta: rund 350.000 NVIDIA H100 bis 31. Dezember 2024"."""
        what = " ".join(part for part in (self.amount(claim.quantity), self.thing(claim)) if part)
        head = f"{claim.subject}: {what}" if what else claim.subject
        return " ".join(part for part in (head, self.due(claim.due)) if part)

    def thing(self, claim: Claim) -> str:
        """What the amount is of."""
        unit = claim.quantity.unit if claim.quantity else ""
        thing = claim.object or (self.say("amount", unit) if unit in {"users", "jobs"} else "")
        return self.say("amount", "equivalents", thing=thing) if thing and claim.equivalent else thing

    def sort(self, claim: Claim) -> str:
        """ "Einsatz, geplant, sagt Mark Zuckerberg"."""
        parts = [self.say("kind", claim.kind), self.say("status", claim.status)]
        if claim.counterparty:
            parts.append(self.say("claim", "with", party=claim.counterparty))
        if claim.speaker and claim.speaker != claim.subject:
            parts.append(self.say("claim", "says", speaker=claim.speaker))
        return ", ".join(parts)
