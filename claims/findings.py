"""What the doctor says of one thing: how it is, and what to do where it is not well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `source` is set where the finding is about one source.

    `advice`: what to do; whatever is not well has one.
    """

    verdict: Verdict
    about: str
    text: str
    source: bool = False
    advice: str = ""
