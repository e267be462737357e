"""Annotated articles → labelled choices: which anchor carries which claim, and which candidate was right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from extractors.candidates import (
    NONE,
    WITH_OBJECT,
    due_candidates,
    product_candidates,
    speaker_candidates,
    subject_candidates,
)
from extractors.claim import Due
from extractors.decision import due_tense, object_name
from extractors.dues import DueMention
from extractors.encoder.lines import Filler
from extractors.encoder.opinions import places_of_due, places_of_entity, places_of_product
from extractors.features import (
    anchor_features,
    due_features,
    no_due_features,
    status_features,
)
from extractors.mentions import Entity, ProductMention
from extractors.party_features import (
    no_speaker_features,
    speaker_features,
    speaker_relation,
    subject_features,
)
from extractors.product_features import product_features
from extractors.reading import Anchor, Context, Reading
from tests.gold.score import names_agree, number_agrees

Record = dict[str, Any]
_COUNTED = {"units", "users", "jobs"}


@dataclass(slots=True)
class Choice:
    """Candidates with their features and places; `right` are the positions of the right ones."""

    rows: list[list[str]]
    right: list[int]
    anchor: Anchor
    kind: str
    fillers: list[Filler]


@dataclass(slots=True)
class KindChoice:
    """What kind of claim, if any, hangs on an anchor."""

    anchor: Anchor
    features: list[str]
    kind: str


@dataclass(slots=True)
class StatusChoice:
    """How sure the claim on an anchor is."""

    anchor: Anchor
    kind: str
    features: list[str]
    status: str


@dataclass(slots=True)
class Labelled:
    """All choices of one article, by chooser."""

    article: str
    kinds: list[KindChoice] = field(default_factory=list)
    statuses: list[StatusChoice] = field(default_factory=list)
    rankings: dict[str, list[Choice]] = field(default_factory=dict)

    def rank(self, name: str, choice: Choice) -> None:
        """Keep a ranking that has a right and a wrong candidate."""
        if choice.right and len(choice.right) < len(choice.rows):
            self.rankings.setdefault(name, []).append(choice)


def label(article: Record, reading: Reading) -> Labelled:
    """Every choice that the article's anchors ask for, with the annotators' answers."""
    labelled = Labelled(article["id"])
    for context in reading.contexts:
        for anchor in context.anchors:
            carried = [c for c in article["claims"] if carries(reading, context, anchor, c)]
            features = anchor_features(reading, context, anchor)
            if not carried:
                if not any(_amount_fits(reading, anchor, c) for c in article["claims"]):
                    labelled.kinds.append(KindChoice(anchor, features, NONE))
                continue
            labelled.kinds.append(KindChoice(anchor, features, carried[0]["kind"]))
            for claim in carried[:1]:
                _label_fields(labelled, reading, context, anchor, claim, carried)
    return labelled


def carries(reading: Reading, context: Context, anchor: Anchor, claim: Record) -> bool:
    """Does the anchor carry the claim: the same amount or launch time, in one of its evidence sentences?"""
    if not _amount_fits(reading, anchor, claim):
        return False
    sentence = reading.document.text[context.sentence.start : context.sentence.end]
    return any(e in sentence or sentence in e for e in claim["evidence"])


def _amount_fits(reading: Reading, anchor: Anchor, claim: Record) -> bool:
    if anchor.due is not None:
        own = claim["kind"] == "launch" and claim["due"] is not None
        return own and (
            _due_is(anchor.due.due, claim["due"]) or _turns_into(reading, anchor.due, claim["due"])
        )
    quantity = anchor.quantity
    if quantity is None or claim["quantity"] is None:
        return False
    unit = claim["unit"]
    fits = unit == quantity.unit or (quantity.dimension == "count" and unit in _COUNTED)
    low, high = claim["quantity"]
    return fits and (
        (number_agrees(low, quantity.low) and number_agrees(high, quantity.high))
        or (
            None not in (quantity.low, quantity.high)
            and quantity.low == quantity.high
            and any(end is not None and number_agrees(end, quantity.low) for end in (low, high))
        )
    )


# Each label must not depend on which times were asked for before it.
_ALL = 10_000


def _turns_into(reading: Reading, mention: DueMention, due: list[str | None]) -> bool:
    """Whether a time is this due when it is read in the other direction, as assembling may do."""
    turned = (reading.turned(mention, tense, most=_ALL) for tense in (-1, 1))
    return any(other is not None and _due_is(other.due, due) for other in turned)


def _due_is(due: Due | None, gold: list[str | None] | None) -> bool:
    mine = (
        [due.start.isoformat() if due.start else None, due.end.isoformat() if due.end else None]
        if due
        else [None, None]
    )
    return mine == list(gold or [None, None])


def _label_fields(
    labelled: Labelled,
    reading: Reading,
    context: Context,
    anchor: Anchor,
    claim: Record,
    carried: list[Record],
) -> None:
    kind = claim["kind"]
    product = _label_object(labelled, reading, context, anchor, claim) if kind in WITH_OBJECT else None
    subject = _label_subject(labelled, reading, context, anchor, carried, product)
    if anchor.due is None:
        _label_due(labelled, reading, context, anchor, claim)
    if subject is not None:
        speaker = _label_speaker(labelled, reading, context, anchor, claim, subject)
        due = Due(*(_day(d) for d in claim["due"])) if claim["due"] else None
        relation = speaker_relation(reading, speaker, subject)
        features = status_features(reading, context, anchor, kind, due_tense(reading, due), relation)
        labelled.statuses.append(StatusChoice(anchor, kind, features, claim["status"]))
        _label_counterparty(labelled, reading, context, anchor, claim, subject, product)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _label_object(
    labelled: Labelled, reading: Reading, context: Context, anchor: Anchor, claim: Record
) -> ProductMention | None:
    names = [claim["object"] or "", *claim.get("object_aliases", [])]
    candidates = product_candidates(reading, context, claim["kind"])
    rows = [product_features(reading, context, anchor, claim["kind"], p) for p in candidates]
    maker = Entity(-1, claim["subject"], "company", True)  # type: ignore[arg-type]
    right = [
        i
        for i, p in enumerate(candidates)
        if names_agree(names, object_name(p, maker, claim["kind"])) or names_agree(names, p.name)
    ]
    labelled.rank(
        "object", Choice(rows, right, anchor, claim["kind"], [places_of_product(p) for p in candidates])
    )
    return candidates[right[0]] if right else None


def _label_subject(
    labelled: Labelled,
    reading: Reading,
    context: Context,
    anchor: Anchor,
    carried: list[Record],
    product: ProductMention | None,
) -> Entity | None:
    kind = carried[0]["kind"]
    candidates = subject_candidates(reading, context, kind, product)
    rows = [subject_features(reading, context, anchor, kind, e, product) for e in candidates]
    exact = [i for i, e in enumerate(candidates) for c in carried if names_agree([c["subject"]], e.name)]
    right = sorted(set(exact)) or [
        i
        for i, e in enumerate(candidates)
        if any(names_agree([c["subject"], *c["subject_aliases"]], e.name) for c in carried)
    ]
    fillers = [places_of_entity(reading, e) for e in candidates]
    labelled.rank("subject", Choice(rows, right, anchor, kind, list(fillers)))
    return candidates[right[0]] if right else None


def _label_due(labelled: Labelled, reading: Reading, context: Context, anchor: Anchor, claim: Record) -> None:
    positions = due_candidates(reading, context)
    rows = [no_due_features(reading, context, claim["kind"])]
    rows += [due_features(reading, context, anchor, claim["kind"], position) for position in positions]
    right = [i for i, p in enumerate(positions, 1) if _due_is(reading.dues[p].due, claim["due"])]
    if not claim["due"]:
        right = [0]
    elif not right:
        right = [i for i, p in enumerate(positions, 1) if _turns_into(reading, reading.dues[p], claim["due"])]
    fillers: list[Filler] = [None, *(places_of_due(reading, p) for p in positions)]
    labelled.rank("due", Choice(rows, right, anchor, claim["kind"], fillers))


def _label_speaker(
    labelled: Labelled, reading: Reading, context: Context, anchor: Anchor, claim: Record, subject: Entity
) -> Entity | None:
    candidates = speaker_candidates(reading, context)
    rows = [no_speaker_features(reading, context)]
    rows += [speaker_features(reading, context, anchor, claim["kind"], e, subject.name) for e in candidates]
    names = [claim.get("speaker") or "", *claim.get("speaker_aliases", [])]
    right = [i for i, e in enumerate(candidates, 1) if claim.get("speaker") and names_agree(names, e.name)]
    fillers: list[Filler] = [None, *(places_of_entity(reading, e) for e in candidates)]
    labelled.rank(
        "speaker", Choice(rows, right if claim.get("speaker") else [0], anchor, claim["kind"], fillers)
    )
    return candidates[right[0] - 1] if right else None


def _label_counterparty(
    labelled: Labelled,
    reading: Reading,
    context: Context,
    anchor: Anchor,
    claim: Record,
    subject: Entity,
    product: ProductMention | None,
) -> None:
    candidates = [
        e
        for e in subject_candidates(reading, context, claim["kind"], product)
        if e.name != subject.name and e.index >= 0
    ]
    rows = [["none", f"none|{claim['kind']}"]]
    rows += [subject_features(reading, context, anchor, claim["kind"], e, product) for e in candidates]
    other = claim.get("counterparty")
    right = [i for i, e in enumerate(candidates, 1) if other and names_agree([other], e.name)]
    fillers: list[Filler] = [None, *(places_of_entity(reading, e) for e in candidates)]
    labelled.rank("counterparty", Choice(rows, right if other else [0], anchor, claim["kind"], fillers))
