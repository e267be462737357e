"""The reasons of a claim as decisions that a person can follow: what was chosen, how sure, what spoke for it.

Reads the reasons' stored text form, so that claims of an older ledger are explained as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.grounds import phrase
from extractors.claim import Claim, Evidence, Reason

CHOOSER = "chooser"
_GROUND = re.compile(r"(.+?) ([+-]\d+\.\d+)(?:, |$)")
_SURE = ((0.95, "almost certain"), (0.8, "sure"), (0.6, "fairly sure"), (0.4, "doubtful"))
_NAMES = {
    "kind": "kind",
    "object": "of what",
    "subject": "who",
    "due": "when",
    "speaker": "who says so",
    "status": "how firm",
    "counterparty": "with whom",
    "claim": "verdict",
}
_NOTHING = {"kind": "no claim", "due": "no time", "speaker": "nobody named"}
_SETTLED = {
    "denial": "denied, whatever else: it stands behind a verb of denial",
    "own guidance": "planned, not expected: a party's forecast about itself counts as its plan",
    "unnamed report": "told by others, and not said by whom",
    "estimate": "analysts expected one of the figures, the party told the other",
    "fact": "no time after all: a fact takes no coming time from another sentence",
    "supposition": "the sentence only supposes",
    "replaced": "another figure takes its place",
    "advert": "the sentence is an advert",
    "difference": "by how much a price differs is no price",
    "former price": "the price of before",
    "converted": "the sum beside it in another currency",
    "whole": "actual, and at no time: what is done to a part is not done to all of it",
    "equivalents include the count": "taken from the plain count, which the equivalents include",
}
_CANDIDATES = {
    "no party": "no party, site or system is named that it could be about",
    "no product": "no product is named that it could be of",
}
_PLACES = (" right ", " close ", " in its clause", " in the sentence")
_PLACED = re.compile(
    r"(.+?)( right | close | in its clause| in the sentence)(?:(?:before|behind) the amount)?"
)
_BELIEF = re.compile(r"belief (\d\.\d+) below (\d\.\d+)")


@dataclass(frozen=True, slots=True)
class Ground:
    """A feature that spoke for what was chosen, or against it (a negative weight)."""

    feature: str
    weight: float
    words: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: about what, what was settled, how sure from 0 to 1, and on what grounds."""

    about: str
    settled: str
    score: float | None
    grounds: tuple[Ground, ...]
    raw: str


def decisions(reasons: Iterable[Reason], sentence: str) -> list[Decision]:
    """The decisions in their order; `sentence` is the evidence, which lends whole words for stems."""
    return [_decision(reason, sentence) for reason in reasons]


def _decision(reason: Reason, sentence: str) -> Decision:
    about = _NAMES.get(reason.field, reason.field)
    raw = f"{reason.rule}: {reason.detail}"
    if reason.rule != CHOOSER:
        return Decision(about, _ruled(reason), reason.score, (), raw)
    chosen, _, told = reason.detail.partition(": ")
    grounds = tuple(
        Ground(name, float(weight), phrase(reason.field, name, sentence))
        for name, weight in _GROUND.findall(told)
    )
    return Decision(about, _chosen(reason.field, chosen), reason.score, grounds, raw)


def _chosen(field: str, chosen: str) -> str:
    """A chosen value; of a time the words of the text, without the name of the rule that read them."""
    if chosen in {"none", "nobody"}:
        return _NOTHING.get(field, chosen)
    if field == "due":
        return f"“{re.sub(r' [(][^()]*[)]$', '', chosen)}”"
    return chosen


def _ruled(reason: Reason) -> str:
    """What a rule settled."""
    if reason.rule in _SETTLED:
        return _SETTLED[reason.rule]
    if reason.rule == "candidates":
        return _CANDIDATES.get(reason.detail, reason.detail)
    below = _BELIEF.fullmatch(reason.detail)
    if below:
        return f"not sure enough: all in all {below[1]}, and claims are told from {below[2]} on"
    if reason.field == "due":
        return f"“{reason.detail}”, the time that it hangs on"
    return f"{reason.rule}: {reason.detail}"


def sureness(score: float) -> str:
    """How sure a share of belief is, in words."""
    return next((word for least, word in _SURE if score >= least), "a guess among several")


def grounds_in_words(decision: Decision, *, against: bool, verbose: bool) -> str:
    """What spoke for the choice, or against it, each thing once; all of it with raw names where verbose."""
    grounds = [ground for ground in decision.grounds if (ground.weight < 0) is against]
    if verbose:
        raw = (f"[{ground.feature} {ground.weight:+.1f}]" for ground in grounds)
        return "; ".join(f"{g.words or ''} {name}".lstrip() for g, name in zip(grounds, raw, strict=True))
    return "; ".join(_nearest([ground.words for ground in grounds if ground.words]))


def _nearest(phrases: Iterable[str]) -> list[str]:
    """Of the same word in the sentence, in the clause and beside the amount, only where it stands nearest."""
    kept: dict[str, tuple[int, str]] = {}
    for told in phrases:
        match = _PLACED.fullmatch(told)
        key, rank = (match[1], _PLACES.index(match[2])) if match else (told, 0)
        if key not in kept or rank < kept[key][0]:
            kept[key] = rank, told
    return [told for _, told in kept.values()]


def claim_record(claim: Claim, reasons: Iterable[Reason]) -> dict[str, Any]:
    """The machine form: the claim's own, and its decisions."""
    sentence = claim.evidence[0].text if claim.evidence else ""
    return {**claim.record(), "decisions": _records(reasons, sentence)}


def rejected_record(what: str, evidence: Evidence, reasons: Iterable[Reason]) -> dict[str, Any]:
    """The machine form of what was turned down."""
    span = {"in": str(evidence.place), "start": evidence.start, "end": evidence.end}
    return {
        "what": what,
        "evidence": [evidence.text],
        "spans": [span],
        "decisions": _records(reasons, evidence.text),
    }


def _records(reasons: Iterable[Reason], sentence: str) -> list[dict[str, Any]]:
    kept = tuple(reasons)
    return [
        {
            "field": reason.field,
            "rule": reason.rule,
            "detail": reason.detail,
            "score": reason.score,
            "settled": decision.settled,
            "grounds": [
                {"feature": g.feature, "weight": g.weight, "words": g.words} for g in decision.grounds
            ],
        }
        for reason, decision in zip(kept, decisions(kept, sentence), strict=True)
    ]
