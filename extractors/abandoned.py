"""What is given up: "gibt den Bau auf", "has been dropped". A plan that is off is denied, not planned.

The verbs that also mean something else ("eine Bestellung aufgeben" is to place it) are left to the models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.claim import Kind
from extractors.name_words import word_set
from extractors.sentence_rules import is_given_up

if TYPE_CHECKING:
    from extractors.reading import Anchor, Context, Reading

_ENDS = frozenset(".,;:!")
# "Stellen werden gestrichen" is what a claim of jobs tells, and prices are dropped.
_OTHER_SENSE = frozenset({Kind.JOBS, Kind.PRICE, Kind.USERS, Kind.REVENUE})


def is_off(reading: Reading, context: Context, anchor: Anchor, kind: Kind) -> bool:
    """Is what the amount tells called off, by the verb of the sentence or of its own clause?"""
    return _is_abandoned(reading, context, anchor, kind) or is_given_up(context, anchor)


def _is_abandoned(reading: Reading, context: Context, anchor: Anchor, kind: Kind) -> bool:
    """Does the sentence say of the amount's thing, and without "not", that it is given up?"""
    sentence, lang = context.sentence, reading.document.lang
    told = [word.lower for word in reading.document.words[sentence.first : sentence.last]]
    if kind in _OTHER_SENSE or any(cue.name == "deny" for cue in context.cues):
        return False
    if not word_set(lang, "abandoned.placed").isdisjoint(told):
        return False
    place = anchor.first - sentence.first
    return _split(told, place, lang) or _passive(told, place, lang)


def _split(told: list[str], place: int, lang: str) -> bool:
    """The verb in two, its particle at the end of a clause: "gibt den Bau von 300 Megawatt auf"."""
    verbs, particles = word_set(lang, "abandoned.verbs"), word_set(lang, "abandoned.particles")
    for at, word in enumerate(told):
        ends = at + 1 == len(told) or told[at + 1] in _ENDS
        if word in particles and ends and any(verb in verbs for verb in told[:at]):
            return place < at
    return False


def _passive(told: list[str], place: int, lang: str) -> bool:
    """The participle behind what is given up, with its auxiliary before it in the clause: "was dropped"."""
    been, participles = word_set(lang, "abandoned.been"), word_set(lang, "abandoned.participles")
    for at, word in enumerate(told):
        if word in participles and at > place:
            start = max((i for i in range(at) if told[i] in _ENDS), default=-1)
            clause = told[start + 1 : at]
            if not been.isdisjoint(clause) and word_set(lang, "abandoned.relative").isdisjoint(clause):
                return True
    return False
