"""How one part of a later claim fits the same part of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fit(StrEnum):
    """From the earlier statement's point of view."""

    SAME = "same"
    NARROWER = "narrower"  # the later one is more exact
    WIDER = "wider"  # the later one is vaguer, or silent
    UNSURE = "unsure"  # one where all else is equal, two where anything differs
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Match:
    """A fit and, in words that follow "because", why."""

    fit: Fit
    why: str = ""

    @property
    def other(self) -> bool:
        """Whether the two parts exclude each other."""
        return self.fit is Fit.OTHER


SAME = Match(Fit.SAME)


def other(why: str) -> Match:
    """The two parts exclude each other."""
    return Match(Fit.OTHER, why)
