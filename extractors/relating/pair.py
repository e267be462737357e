"""Two statements side by side, each part compared once."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.claim import Kind, Status
from extractors.relating.amounts import same_amount
from extractors.relating.fit import Fit, Match
from extractors.relating.meaning import same_meaning
from extractors.relating.parties import same_party, same_speaker
from extractors.relating.statement import Statement
from extractors.relating.things import one_sided_place, same_thing
from extractors.relating.times import Time, days_between, time_fit
from extractors.relating.wording import a_part, says

# "About two days": a third for the zones and for what is printed the day after.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """The earlier and the later statement of one party about one thing, with the fits of what may differ."""

    a: Statement
    b: Statement
    thing: Match
    amount: Match
    time: Time
    unsure: str  # why only the same amount makes it one party and thing; empty where it surely is
    doubt: str  # why another amount may count something else; empty where it surely counts the same

    @property
    def gap(self) -> int:
        """Days between the two publications."""
        return days_between(self.a, self.b)

    @property
    def fits(self) -> bool:
        """Nothing speaks against one amount."""
        return not self.amount.other

    @property
    def near(self) -> bool:
        """Published at about the same time."""
        return self.gap <= NEAR

    @property
    def one_speaker(self) -> bool:
        """The same voice says both."""
        return same_speaker(self.a, self.b)

    @property
    def updates(self) -> bool:
        """b overtakes a: the same voice again, or by its words; a word of opposition is none."""
        return self.one_speaker or (says(self.b, "update") and not says(self.b, "opposition"))

    @property
    def opposed(self) -> bool:
        """Said at about the same time by somebody else, with no word that marks an update."""
        return self.near and not self.updates and not self.one_article

    @property
    def one_article(self) -> bool:
        """Both stand in one sentence, or under one headline where no two speakers are named."""
        a, b = self.a, self.b
        if a.published != b.published:
            return False
        if a.sentence and a.sentence == b.sentence:
            return True
        return bool(a.title) and a.title == b.title and not (a.speaker and b.speaker)

    @property
    def promised(self) -> bool:
        """A plan or forecast on both sides."""
        return self.a.promise and self.b.promise

    @property
    def facts(self) -> bool:
        """Stated as fact on both sides."""
        return self.a.status is self.b.status is Status.ACTUAL

    @property
    def more_exact(self) -> str:
        """What b ("it") says more exactly than a, in words; empty where nothing."""
        told = []
        if self.time is Time.ADDED:
            told.append("it adds the time")
        if self.time is Time.NARROWER:
            told.append("it narrows the time")
        if self.amount.fit is Fit.NARROWER:
            told.append(f"it has the amount: {self.amount.why}")
        if self.thing.fit is Fit.NARROWER:
            told.append(f"it names the thing: {self.thing.why}")
        return ", ".join(told)


def compare(a: Statement, b: Statement) -> Pair | str:
    """The pair; or why the two are not about one thing at all."""
    parts: list[Match] = []
    for check in (same_party, same_thing, same_meaning):
        parts.append(check(a, b))
        if parts[-1].other:
            return parts[-1].why
    party, thing, meaning = parts
    unsure = next((part.why for part in (party, thing) if part.fit is Fit.UNSURE), "")
    doubt = meaning.why if meaning.fit is Fit.UNSURE else _other_count(a, b, thing)
    return Pair(a, b, thing, same_amount(a, b), time_fit(a, b), unsure, doubt)


def _other_count(a: Statement, b: Statement, thing: Match) -> str:
    """Why two amounts may be a whole and its part: all GPUs and the H100 of them, all jobs and some."""
    if a_part(a) != a_part(b):
        return "one amount is a part of another"
    if says(b, "update"):
        return ""
    if a.kind in (Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT) and thing.fit in (Fit.NARROWER, Fit.WIDER):
        return thing.why
    return one_sided_place(a, b) if a.kind in (Kind.JOBS, Kind.USERS) else ""
