"""The claim and its parts: the fields of the guidelines (docs/guidelines.md), as types.

Standard library only. `Claim.record()` gives the stable machine form, one JSON object a claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What the subject does with the amount."""

    DEPLOYMENT = "deployment"
    ORDER = "order"
    SHIPMENT = "shipment"
    INVESTMENT = "investment"
    POWER = "power"
    PERFORMANCE = "performance"
    PRICE = "price"
    LAUNCH = "launch"
    USERS = "users"
    JOBS = "jobs"
    REVENUE = "revenue"


class Status(StrEnum):
    """How sure the statement is: intended by the party, expected by others, a fact, or off."""

    PLANNED = "planned"
    EXPECTED = "expected"
    ACTUAL = "actual"
    DENIED = "denied"


class Place(StrEnum):
    """The part of an article that a span counts in."""

    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A closed interval in the base unit; an open end is None. 350k → 350000, never a prefix.

    `unit` is "units", "W", "FLOPS", "users", "jobs" or an ISO 4217 code.
    """

    low: float | None
    high: float | None
    unit: str
    approx: bool = False

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a quantity needs at least one end")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} exceeds high {self.high}")


@dataclass(frozen=True, slots=True)
class Due:
    """A closed interval of days in which, or by which, the claim holds; an open end is None."""

    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            raise ValueError("a due needs at least one end")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"start {self.start} is after end {self.end}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that carries a claim: `getattr(article, place)[start:end] == text`, always."""

    start: int
    end: int
    text: str
    place: Place = Place.TEXT


@dataclass(frozen=True, slots=True)
class Reason:
    """One decision behind a claim: the field settled, the rule or model that did, what it saw, how sure."""

    field: str
    rule: str
    detail: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has, gets, makes, spends or offers how much of what, by when, how sure, and who says so."""

    kind: Kind
    subject: str
    object: str | None
    quantity: Quantity | None
    due: Due | None
    status: Status
    evidence: tuple[Evidence, ...]
    equivalent: bool = False
    speaker: str | None = None
    counterparty: str | None = None
    confidence: float = 1.0
    reasons: tuple[Reason, ...] = field(default=(), compare=False)

    def record(self) -> dict[str, Any]:
        """The machine form: the guidelines' fields plus confidence, evidence texts and their spans."""
        quantity, due = self.quantity, self.due
        return {
            "kind": str(self.kind),
            "subject": self.subject,
            "object": self.object,
            "equivalent": self.equivalent,
            "quantity": [_plain(quantity.low), _plain(quantity.high)] if quantity else None,
            "approx": quantity.approx if quantity else False,
            "unit": quantity.unit if quantity else None,
            "due": [_iso(due.start), _iso(due.end)] if due else None,
            "status": str(self.status),
            "speaker": self.speaker,
            "counterparty": self.counterparty,
            "confidence": round(self.confidence, 3),
            "evidence": [e.text for e in self.evidence],
            "spans": [{"in": str(e.place), "start": e.start, "end": e.end} for e in self.evidence],
        }


def _plain(value: float | None) -> float | int | None:
    """Whole numbers print without a point."""
    return int(value) if value is not None and float(value).is_integer() else value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
