"""What a phrase of time gives, and what it may ask about the text around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from extractors.calendar import Period
from extractors.claim import Due
from extractors.duewords import Words


class Form(StrEnum):
    """How the phrase ties the statement to the time."""

    IN = "in"  # inside the period
    BY = "by"  # up to its last day
    FROM = "from"  # from its first day on
    SINCE = "since"  # began then: the launch of what is on sale, else no due
    WITHIN = "within"  # a span from publication or from a stated start
    DAY = "day"  # on a day, or as of it
    LATER = "later"  # reckoned from an earlier mention
    AGO = "ago"  # so long before publication
    NOW = "now"  # counts for launches only
    VAGUE = "vague"  # no time
    ORIGIN = "origin"  # when somebody was founded: no due


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase read: its form, its days and the token after it."""

    form: Form
    due: Due | None
    period: Period
    after: int


class Surroundings(Protocol):
    """What a phrase may ask about the text around it."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def low(self) -> str:
        """The text in lower case."""

    @property
    def words(self) -> Words:
        """The language's words."""

    @property
    def published(self) -> date:
        """The day to reckon from."""

    @property
    def periods(self) -> list[Period]:
        """What was found before."""

    def tense(self, start: int, end: int, *, near: bool = False) -> int:
        """-1 where the clause speaks of the past, +1 of what is to come, 0 where neither is plain."""

    def told(self, start: int, end: int) -> bool:
        """Whether the clause plainly tells of the past ("by then it had …")."""

    def barred(self, start: int, end: int) -> bool:
        """Whether "before then" is negated in its part of the clause."""

    def moved_word(self, start: int) -> bool:
        """Whether something is delayed 'from … to …' before this place in the sentence."""

    def base(self, start: int, reach: int = 400) -> Period | None:
        """The nearest earlier period within reach."""

    def base_in_sentence(self, start: int) -> Period | None:
        """The nearest earlier period of the same sentence."""
