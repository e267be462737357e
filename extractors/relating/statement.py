"""A claim as the comparison reads it: the fields of the guidelines with the sentence and day it stood in.

`read_statement` takes the machine form (one JSON object) and refuses what it cannot use with a RecordError;
`of_claim` takes a claim of this project. Fields that are missing count as silent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.claim import Claim, Kind, Status


class RecordError(ValueError):
    """Why a record cannot be compared; the message names the field."""


@dataclass(frozen=True, slots=True)
class Days:
    """From a first to a last day, either open."""

    start: date | None
    end: date | None

    @property
    def single(self) -> bool:
        """One day."""
        return self.start is not None and self.start == self.end


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim. Empty strings and None are silence; `low` and `high` are the amount's ends in base units."""

    kind: Kind
    subject: str
    status: Status
    object: str = ""
    aliases: tuple[str, ...] = ()  # other names of the subject
    object_aliases: tuple[str, ...] = ()
    equivalent: bool = False
    low: float | None = None
    high: float | None = None
    approx: bool = False
    unit: str | None = None
    due: Days | None = None
    speaker: str = ""
    counterparty: str = ""
    lang: str = ""
    published: date | None = None
    sentence: str = ""
    title: str = ""

    @property
    def measured(self) -> bool:
        """Whether it has an amount."""
        return self.low is not None or self.high is not None

    @property
    def promise(self) -> bool:
        """A plan or a forecast."""
        return self.status in (Status.PLANNED, Status.EXPECTED)

    @property
    def text(self) -> str:
        """The sentence; the title where there is none."""
        return self.sentence or self.title

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the subject."""
        return (self.subject, *self.aliases)

    @property
    def things(self) -> tuple[str, ...]:
        """All names of the object; none where it is silent."""
        return (self.object, *self.object_aliases) if self.object else ()


def of_claim(claim: Claim, lang: str, published: date | None, title: str = "") -> Statement:
    """A claim found in an article of that language and day."""
    return read_statement({**claim.record(), "lang": lang, "published": published, "title": title})


def read_statement(record: Mapping[str, Any]) -> Statement:
    """The statement of a record; raises RecordError."""
    low, high = _ends(record.get("quantity"))
    kind, status = _word(record, "kind", Kind), _word(record, "status", Status)
    subject = _text(record, "subject")
    if not subject.strip():
        raise RecordError("no subject")
    return Statement(
        kind=kind,
        subject=subject,
        status=status,
        object=_text(record, "object"),
        aliases=_texts(record, "subject_aliases"),
        object_aliases=_texts(record, "object_aliases"),
        equivalent=bool(record.get("equivalent")),
        low=low,
        high=high,
        approx=bool(record.get("approx")),
        unit=_text(record, "unit") or None,
        due=_due(record.get("due")),
        speaker=_text(record, "speaker"),
        counterparty=_text(record, "counterparty"),
        lang=re.split("[-_]", _text(record, "lang").strip().lower())[0],
        published=_day(record.get("published"), "published"),
        sentence=_sentence(record),
        title=_text(record, "title"),
    )


def _word(record: Mapping[str, Any], key: str, words: Any) -> Any:
    value = record.get(key)
    try:
        return words(value)
    except ValueError:
        known = ", ".join(str(word) for word in words)
        raise RecordError(f"{key} must be one of {known}, not {value!r}") from None


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"{key} must be a string")
    return value


def _texts(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise RecordError(f"{key} must be a list of strings")
    return tuple(item for item in value if item.strip())


def _sentence(record: Mapping[str, Any]) -> str:
    """The sentence; without one the evidence, as our own machine form has it."""
    return _text(record, "sentence") or " ".join(_texts(record, "evidence"))


def _pair(value: Any, key: str) -> tuple[Any, Any] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise RecordError(f"{key} must be null or two values")
    return None if value[0] is None and value[1] is None else (value[0], value[1])


def _ends(value: Any) -> tuple[float | None, float | None]:
    ends = _pair(value, "quantity")
    if ends is None:
        return None, None
    for end in ends:
        if end is not None and (isinstance(end, bool) or not isinstance(end, int | float)):
            raise RecordError(f"quantity holds {end!r}, which is no number")
        if end is not None and (abs(end) > 1e300 or not math.isfinite(end)):
            raise RecordError("quantity must be finite")
    low, high = (None if end is None else float(end) for end in ends)
    if low is not None and high is not None and low > high:
        raise RecordError(f"quantity begins at {low:g} and ends at {high:g}")
    return low, high


def _due(value: Any) -> Days | None:
    ends = _pair(value, "due")
    if ends is None:
        return None
    start, end = (_day(day, "due") for day in ends)
    if start is not None and end is not None and start > end:
        raise RecordError(f"due begins on {start} and ends on {end}")
    return Days(start, end)


def _day(value: Any, key: str) -> date | None:
    if value is None or value == "":
        return None
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value[:10] if "T" in value else value)
    except (TypeError, ValueError):
        raise RecordError(f"{key} must be a date such as 2024-01-18, not {value!r}") from None
