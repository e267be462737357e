"""Mentions → claims: every anchor is asked what kind of claim hangs on it, then who, what, when, how sure.

The questions of one anchor are in decision.py. Here those of one sentence hear each other, and an article
as a whole is told or turned down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.chooser import Model
from extractors.claim import Claim
from extractors.decision import Decision, Rejected
from extractors.encoder.opinions import Opinions
from extractors.merge import inherit_dues, merge_claims
from extractors.reading import Reading
from extractors.rivals import SAME_THING, apart, are_rivals

_SUREST = 0.5  # the surest claim of an article must be believed so far
_BELIEVED = 0.2  # and all together so much of its amounts


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an article gave: the claims told, and the anchors turned down."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]


def assemble(reading: Reading, model: Model, opinions: Opinions | None = None) -> Extraction:
    """All claims of a document; the same document always gives the same claims.

    Without `opinions` of the context encoder the named features decide alone.
    """
    drafts: list[Claim] = []
    rejected: list[Rejected] = []
    decided: list[Decision] = []
    for context in reading.contexts:
        told: dict[int, tuple[Decision, list[Claim]]] = {}
        decisions = [Decision(reading, model, opinions, context, anchor) for anchor in context.anchors]
        for decision in decisions:
            decision.weigh()
        for kind, odds in SAME_THING.items():
            _tell_apart([decision for decision in decisions if decision.kind == kind], odds)
        for decision in decisions:
            start, outcome = decision.anchor.start, decision.decide()
            if isinstance(outcome, Rejected):
                rejected.append(outcome)
            elif start not in told or decision.belief > told[start][0].belief:
                told[start] = decision, outcome  # of two readings of one number the surer one
        decided.extend(decision for decision, _ in told.values())
        drafts.extend(claim for _, claims in told.values() for claim in claims)
    if drafts and is_noise(reading, [decision.belief for decision in decided]):
        rejected += [
            decision.reject("next to nothing in this article is believed", "noise") for decision in decided
        ]
        drafts = []
    return Extraction(tuple(merge_claims(inherit_dues(drafts))), tuple(rejected))


def _tell_apart(decisions: Sequence[Decision], odds: float) -> None:
    """What claims of one kind in one sentence believe of their products, once they heard each other."""
    if len(decisions) < 2:
        return

    def rivals(one: int, other: int) -> bool:
        return are_rivals(decisions[one].anchor, decisions[other].anchor)

    heard = apart([decision.by_name for decision in decisions], rivals, odds)
    for decision, shares in zip(decisions, heard, strict=True):
        decision.hear(shares)


def is_noise(reading: Reading, beliefs: Sequence[float]) -> bool:
    """Is what was found in an article too little to believe, beside all its amounts?

    Both lines cost nothing on the held-back articles that have claims (less than .001 of core F1).
    """
    amounts = len({anchor.start for anchor in reading.anchors if anchor.quantity is not None})
    return max(beliefs) < _SUREST or sum(beliefs) < _BELIEVED * amounts
