"""One claim said several times in an article becomes one claim with several evidence sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.claim import Claim, Due, Evidence, Kind, Place, Reason, Status

_TOLERANCE = 0.005


def merge_claims(drafts: Sequence[Claim]) -> list[Claim]:
    """Claims in order of their first appearance, repeated ones joined."""
    merged: list[Claim] = []
    for draft in drafts:
        for position, earlier in enumerate(merged):
            if same_statement(earlier, draft):
                merged[position] = _join(earlier, draft)
                break
        else:
            merged.append(draft)
    return merged


def inherit_dues(drafts: Sequence[Claim]) -> list[Claim]:
    """A total in equivalents without a time is stated for the time of the count that it includes.

    Said by the same speaker in a sentence that does not name its party, it is that of the count, too.
    """
    result: list[Claim] = []
    for draft in drafts:
        counted = next((c for c in reversed(result) if _includes(draft, c)), None)
        if counted is None:
            result.append(draft)
            continue
        told = f"{_least(counted):,.0f} of {counted.subject}"
        reason = Reason("due", "equivalents include the count", told)
        own = draft.subject == counted.subject
        result.append(
            replace(
                draft,
                subject=counted.subject,
                status=draft.status if own else counted.status,
                due=counted.due,
                evidence=(*draft.evidence, *counted.evidence),
                reasons=(*draft.reasons, reason),
            )
        )
    return result


def _includes(total: Claim, counted: Claim) -> bool:
    """Equivalents of the same product by the same party, greater than the plain count."""
    if not total.equivalent or counted.equivalent or total.due is not None or counted.due is None:
        return False
    if total.status is Status.ACTUAL:  # a fact about today shares no deadline
        return False
    if (total.kind, total.object) != (counted.kind, counted.object):
        return False
    named = total.subject in total.evidence[0].text
    together = total.speaker is not None and total.speaker == counted.speaker and not named
    return (total.subject == counted.subject or together) and _least(total) > _least(counted)


def _least(claim: Claim) -> float:
    return (claim.quantity.low or 0.0) if claim.quantity is not None else 0.0


def same_statement(a: Claim, b: Claim) -> bool:
    """The same party says the same about the same amount; one side may leave out time or product."""
    if a.subject != b.subject or a.equivalent != b.equivalent:
        return False
    if a.kind != b.kind and (Kind.LAUNCH in (a.kind, b.kind) or not _is_repeated(a, b)):
        return False
    if a.kind is Kind.LAUNCH:
        return a.object == b.object and _dues_fit(a.due, b.due)
    if a.due != b.due and a.status != b.status and not (_is_title(a) or _is_title(b)):
        return False  # "600,000 by year-end" as a plan and "600,000" as a fact are two statements
    return (
        _amounts_fit(a, b)
        and _dues_fit(a.due, b.due)
        and (a.object == b.object or _is_title(a) or _is_title(b))
    )


def _is_repeated(a: Claim, b: Claim) -> bool:
    """The same sentence, word for word, at two places, or one headline: it says one thing, however read."""
    if _is_title(a) and _is_title(b):
        return True
    here, there = ({evidence.text: evidence.start for evidence in claim.evidence} for claim in (a, b))
    return any(text in there and there[text] != start for text, start in here.items())


def _amounts_fit(a: Claim, b: Claim) -> bool:
    if a.quantity is None or b.quantity is None:
        return a.quantity is b.quantity
    if a.quantity.unit != b.quantity.unit:
        return False
    return _close(a.quantity.low, b.quantity.low) and _close(a.quantity.high, b.quantity.high)


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= _TOLERANCE * max(abs(a), abs(b), 1e-9)


def _dues_fit(a: Due | None, b: Due | None) -> bool:
    """One side may be silent; "in 2024" and "by the end of 2024" end on the same day and say the same."""
    if a is None or b is None or a == b:
        return True
    return a.end is not None and a.end == b.end and (a.start is None or b.start is None)


def _is_title(claim: Claim) -> bool:
    return all(evidence.place is Place.TITLE for evidence in claim.evidence)


def _join(a: Claim, b: Claim) -> Claim:
    """The more exact of the two, with the evidence of both; a headline yields to the text."""
    lead, other = (b, a) if _is_title(a) and not _is_title(b) else (a, b)
    if lead.due is None or (other.due is not None and lead.due.start is not None and other.due.start is None):
        lead = replace(lead, due=other.due)
    evidence: dict[tuple[str, int], Evidence] = {
        (str(e.place), e.start): e for e in (*a.evidence, *b.evidence)
    }
    return replace(
        lead,
        speaker=lead.speaker or other.speaker,
        counterparty=lead.counterparty or other.counterparty,
        confidence=max(a.confidence, b.confidence),
        evidence=tuple(evidence.values()),
    )
