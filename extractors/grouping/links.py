"""A link: how one claim stands to an earlier one of its thread, and why."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.relating.relations import Relates

JOINED = "joined"
"""The relation of two claims that a person put together."""
SAYS_THE_SAME = frozenset({Relates.SAME, Relates.REFINEMENT})
FOLLOWS = frozenset({Relates.REVISION, Relates.CONTRADICTION, Relates.OUTCOME, Relates.DENIAL})


@dataclass(frozen=True, slots=True)
class Link:
    """`relation`: a word of Relates, or "beside", or "joined"."""

    earlier: int
    later: int
    relation: str
    reason: str
