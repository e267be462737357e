"""Which tellings of one statement are independent, and why the others are not. Reads no ledger.

    one outlet, however often it tells it, is one source: its first telling stands for it
    copies of one text are one source: the first place stands for them
    who retells an outlet, an agency or a press release is a source only where nobody else stands for that

So the order in which articles were stored changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from operator import attrgetter

from scraper.duplicates import RELEASE


@dataclass(frozen=True, slots=True)
class Telling:
    """One article as a witness: its outlet, the story whose text it carries, and whom it names as its source.

    `moment` orders tellings, the earliest first; its last part only tells two of one moment apart.
    """

    outlet: str
    story: Hashable
    origins: tuple[str, ...] = ()
    lang: str = ""
    moment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A telling, and in a few words why it is no source of its own; empty where it is one."""

    telling: Telling
    why: str

    @property
    def counted(self) -> bool:
        """Whether it is a source."""
        return not self.why


def judged(tellings: Iterable[Telling]) -> list[Judged]:
    """Every telling, the earliest first."""
    ordered = sorted(tellings, key=attrgetter("moment"))
    outlets: dict[str, Telling] = {}
    stories: dict[Hashable, Telling] = {}
    why: dict[int, str] = {}
    first: list[int] = []
    for place, one in enumerate(ordered):
        if one.outlet in outlets:
            why[place] = _again(one, outlets[one.outlet])
        elif one.story in stories:
            why[place] = f"the same text as {stories[one.story].outlet}"
        else:
            outlets[one.outlet] = one
            first.append(place)
        stories.setdefault(one.story, one)
    why |= _retellings(ordered, first)
    verdicts = [Judged(one, why.get(place, "")) for place, one in enumerate(ordered)]
    # Of one moment, as of a day without an hour, the source stands before those that retell it.
    return sorted(verdicts, key=lambda one: (one.telling.moment[:-1], not one.counted, one.telling.moment))


def independent(tellings: Iterable[Telling]) -> int:
    """How many tell it of their own."""
    return sum(one.counted for one in judged(tellings))


def _again(one: Telling, before: Telling) -> str:
    translated = one.lang != before.lang
    return f"{one.outlet} again, in another language" if translated else f"{one.outlet} again"


def _retellings(ordered: list[Telling], first: list[int]) -> dict[int, str]:
    """Those that tell what another one stands for. Who names nobody else comes before who does."""
    stands: dict[str, Telling] = {}
    why: dict[int, str] = {}
    for place in sorted(first, key=lambda place: (bool(ordered[place].origins), place)):
        one = ordered[place]
        known = next((name for name in one.origins if name in stands), None)
        if known is not None:
            why[place] = _retold(one, known, stands[known])
        elif one.outlet in stands:
            why[place] = f"{stands[one.outlet].outlet} stands for it"
        stands |= {name: one for name in one.origins if name not in stands and place not in why}
        stands[one.outlet] = one
    return why


def _retold(one: Telling, known: str, source: Telling) -> str:
    if known == RELEASE:
        return "from the same press release"
    if source.outlet == known and source.lang != one.lang:
        return f"translates {known}"
    return f"retells {known}"
