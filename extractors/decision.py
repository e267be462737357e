"""One amount or time on its way to a claim: kind → product → subject → time → speaker → status → other side.

Each answer is a choice by a trained chooser and leaves its reasons in the claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from extractors.abandoned import is_off
from extractors.candidates import (
    NONE,
    WITH_OBJECT,
    as_one,
    due_candidates,
    names_of,
    possible_products,
    speaker_candidates,
    subject_candidates,
    unit_of,
)
from extractors.chooser import Model, first_best, joined
from extractors.claim import Claim, Due, Evidence, Kind, Quantity, Reason, Status
from extractors.dues import DueMention
from extractors.encoder.lines import Filler
from extractors.encoder.opinions import (
    Opinions,
    places_of_due,
    places_of_entity,
    places_of_product,
)
from extractors.estimates import is_estimated, is_of_the_other
from extractors.features import anchor_features, due_features, no_due_features, status_features
from extractors.house_notes import REASON, expects, named_house, reckons
from extractors.interviews import is_answer
from extractors.mentions import Entity, EntityType, ProductMention
from extractors.party_features import (
    no_speaker_features,
    speaker_features,
    speaker_relation,
    subject_features,
)
from extractors.possible_subjects import may_be_subject
from extractors.product_features import product_features
from extractors.reading import Anchor, Context, Reading
from extractors.respective import told_respectively
from extractors.rivals import Shares
from extractors.sentence_rules import (
    another_figure,
    is_denied,
    is_equivalent,
    is_official,
    is_own_guidance,
    is_plain_start,
    is_unnamed_report,
    is_whole,
    unstated,
)
from extractors.shared_amounts import for_each, launched_with, listed_with, sharers

# Kinds that count the same thing of the same party: which of them it is says nothing of whether it is one.
_FAMILY: dict[str, str] = {
    Kind.DEPLOYMENT: "units",
    Kind.ORDER: "units",
    Kind.SHIPMENT: "units",
    Kind.INVESTMENT: "money",
    Kind.REVENUE: "money",
}
_SURE = 0.985  # so sure that no claim hangs here that the context is not asked
_REPORTERS = frozenset({"media", "analyst", "bank"})
_OWN_GUIDANCE = "a party's forecast about itself is its plan"
_UNNAMED = "told by others, and not said by whom"
_START = 0.95  # of 69 annotated times that stand so, 66 are of a launch
_PLAIN = 0.8  # so sure that it is told as past, or as to come, that a time without a year follows


@dataclass(frozen=True, slots=True)
class Rejected:
    """An amount or time on which no claim was found to hang, with the reasons."""

    evidence: Evidence
    what: str
    reasons: tuple[Reason, ...]


class Decision:
    """One anchor on its way to a claim; collects reasons and belief as it goes."""

    def __init__(
        self, reading: Reading, model: Model, opinions: Opinions | None, context: Context, anchor: Anchor
    ) -> None:
        self.reading, self.model, self.context, self.anchor = reading, model, context, anchor
        self.opinions = opinions
        self.reasons: list[Reason] = []
        self.belief = 1.0
        self.borrowed = False  # the time stands in another sentence
        self.sharers: list[str] = []  # other parties to each of which the amount is given
        self.unstated: tuple[str, str] | None = None  # the rule by which there is no claim, and why
        self.kind: Kind | None = None
        self.products: list[ProductMention] = []
        self.rows: list[list[str]] = []  # the features of each product
        self.shares: list[float] = []  # the belief in each
        self.by_name: Shares = {}  # the belief in each name of a product
        self.first_name = ""  # the best before its rivals were heard

    def weigh(self) -> None:
        """The first two questions: of what kind the claim is, and which products it may be about."""
        self.unstated = unstated(self.reading, self.context, self.anchor)
        self.kind = None if self.unstated else self._kind()
        if self.kind in WITH_OBJECT:
            self._weigh_products(self.kind)

    def hear(self, by_name: Shares) -> None:
        """The belief in each name of a product, now that the rivals in its sentence were heard."""
        self.first_name = max(self.by_name, key=lambda name: self.by_name[name], default="")
        self.by_name = by_name

    def decide(self) -> list[Claim] | Rejected:
        """The claim that hangs on the anchor, with those of others who share it; or why none does."""
        if self.unstated:
            return self.reject(self.unstated[1], rule=self.unstated[0])
        kind = self.kind
        if kind is None:
            return self.reject()
        if another := another_figure(self.reading, self.context, self.anchor, kind):
            return self.reject(another[1], rule=another[0])
        product = self._product()
        subject = self._subject(kind, product)
        if subject is None or (kind in WITH_OBJECT and product is None):
            return self.reject("no party" if subject is None else "no product", rule="candidates")
        confidence = self.model.confidence(self.belief)
        if self.belief < self.model.threshold:
            return self.reject(f"belief {self.belief:.2f} below {self.model.threshold:.2f}")
        due = self._due(kind)
        speaker, status = self._told(kind, subject, due)
        if kind is Kind.JOBS and status is not Status.ACTUAL and self._is_whole():
            self.reasons.append(Reason("status", "whole", "what is done to a part is not done to all of it"))
            status, due = Status.ACTUAL, None
        if status is Status.ACTUAL and self.borrowed and due_tense(self.reading, due) != "past":
            self.reasons.append(Reason("due", "fact", "a fact takes no coming time from another sentence"))
            due = None
        claim = Claim(
            kind=kind,
            subject=subject.name,
            object=object_name(product, subject, kind),
            quantity=self._quantity(kind),
            due=due,
            status=status,
            evidence=(self.reading.document.evidence(self.context.sentence),),
            equivalent=self._equivalent(kind),
            speaker=speaker.name if speaker is not None else None,
            counterparty=self._counterparty(kind, subject, product),
            confidence=confidence,
            reasons=tuple(self.reasons),
        )
        return [claim, *self._shared(claim, subject, product)]

    def _told(self, kind: Kind, subject: Entity, due: Due | None) -> tuple[Entity | None, Status]:
        """Who says it, and how firm it is."""
        reckoned = reckons(self.reading, self.context, self.anchor)
        if reckoned:
            self.reasons.append(Reason("speaker", "house note", REASON))
        speaker = named_house(self.reading) if reckoned else self._speaker(kind, subject)
        relation = speaker_relation(self.reading, speaker, subject)
        if is_of_the_other(self.reading, self.context, self.anchor, relation):
            self.reasons.append(Reason("speaker", "estimate", "what a party told is no estimate of analysts"))
            speaker, relation = None, "nobody"
        status = self._status(kind, due, relation)
        unnamed = relation == "itself" and is_unnamed_report(self.context, self.anchor)
        if unnamed and status is Status.EXPECTED:
            self.reasons.append(Reason("speaker", "unnamed report", _UNNAMED))
            speaker = None
        estimated = self._is_estimated() or reckoned
        if estimated and status in (Status.PLANNED, Status.ACTUAL):
            self.reasons.append(Reason("status", "estimate", "what analysts expected"))
            status = Status.EXPECTED
        if status is Status.PLANNED and is_official(self.reading, speaker, subject):
            self.reasons.append(
                Reason("status", "official", "a public office can only expect what others do")
            )
            status = Status.EXPECTED
        if speaker is None and status is Status.EXPECTED and not is_unnamed_report(self.context, self.anchor):
            speaker = named_house(self.reading) if expects(self.reading, self.context, subject) else None
        return speaker, status

    def _is_estimated(self) -> bool:
        return is_estimated(self.reading, self.context, self.anchor)

    def _is_whole(self) -> bool:
        return is_whole(self.reading, self.context, self.anchor)

    def _shared(self, claim: Claim, subject: Entity, product: ProductMention | None) -> list[Claim]:
        """The claims of others of whom the sentence tells the same."""
        if claim.kind is Kind.LAUNCH and product is not None:
            named = partial(object_name, subject=subject, kind=claim.kind)
            return launched_with(self.reading, self.context, claim, product, named)
        return for_each(claim, self.sharers)

    def reject(self, why: str = "", rule: str = "threshold") -> Rejected:
        """The anchor turned down, with all reasons collected so far and this one."""
        text = self.reading.document.text[self.anchor.start : self.anchor.end]
        if why:
            self.reasons.append(Reason("claim", rule, why))
        return Rejected(self.reading.document.evidence(self.context.sentence), text, tuple(self.reasons))

    def _note(self, name: str, chosen: str, share: float, why: tuple[tuple[str, float], ...]) -> None:
        told = ", ".join(f"{feature} {weight:+.1f}" for feature, weight in why)
        self.reasons.append(Reason(name, "chooser", f"{chosen}: {told}" if told else chosen, round(share, 3)))

    def _kind(self) -> Kind | None:
        chooser = self.model.classifiers[f"kind of {self.anchor.measure}"]
        features = anchor_features(self.reading, self.context, self.anchor)
        shares = chooser.probabilities(features)
        if self.opinions is not None and shares[NONE] < _SURE:
            shares = joined(shares, self.opinions.kind(self.anchor), self.model.weight("kind"))
        if is_plain_start(self.reading, self.context, self.anchor):
            shares = {**dict.fromkeys(shares, 0.0), Kind.LAUNCH.value: _START, NONE: 1 - _START}
        none = shares.pop(NONE)
        alike = _by_family(shares)
        best = max(shares, key=lambda name: (alike[_family(name)], shares[name], name))
        chosen = best if shares[best] > 0 and 1 - none >= self.model.threshold else NONE
        self._note("kind", chosen, none if chosen == NONE else shares[best], chooser.why(features, chosen))
        if chosen == NONE:
            return None
        self.belief *= alike[_family(best)]
        return Kind(best)

    def _weigh_products(self, kind: Kind) -> None:
        found = possible_products(self.reading, self.context, self.anchor, kind)
        self.products = told_respectively(self.reading, self.context, self.anchor, found)
        self.rows = [
            product_features(self.reading, self.context, self.anchor, kind, p) for p in self.products
        ]
        if self.products:
            self.shares = self._ranked(
                "object", kind, self.rows, [places_of_product(p) for p in self.products]
            )
            names = names_of(self.products)
            by_name: dict[str, float] = {}
            for name, share in zip(names, self.shares, strict=True):
                by_name[name] = by_name.get(name, 0.0) + share
            self.by_name = as_one(self.products, by_name)

    def _product(self) -> ProductMention | None:
        if not self.products:
            return None
        name, share = max(self.by_name.items(), key=lambda item: (item[1], item[0]))
        called = [i for i, product in enumerate(self.products) if product.name == name]
        best = max(called, key=lambda i: (self.shares[i], -i))
        chosen = self.products[best]
        if self.kind is Kind.LAUNCH:  # what starts together is no rival for the time
            together = {other.name for other in listed_with(self.reading, self.context, chosen)} - {name}
            share += sum(self.by_name.get(other, 0.0) for other in together)
        self._note("object", chosen.name, share, self.model.rankers["object"].why(self.rows[best]))
        if self.first_name not in ("", chosen.name):
            why = f"not {self.first_name}: of that another amount or time of the sentence is told"
            self.reasons.append(Reason("object", "rivals", why))
        self.belief *= share
        self.rows, self.shares = [], []  # a long article has many
        return chosen

    def _subject(self, kind: Kind, product: ProductMention | None) -> Entity | None:
        candidates = subject_candidates(self.reading, self.context, kind, product)
        candidates = may_be_subject(self.reading, self.context, self.anchor, kind, candidates)
        if not candidates:
            return None
        rows = [
            subject_features(self.reading, self.context, self.anchor, kind, e, product) for e in candidates
        ]
        fillers = [places_of_entity(self.reading, e) for e in candidates]
        shares = self._ranked("subject", kind, rows, fillers)
        best, share = first_best(shares)
        if kind is not Kind.LAUNCH:  # who shares the amount is no rival for it
            self.sharers = sharers(self.reading, self.context, self.anchor, candidates[best])
            share += sum(own for e, own in zip(candidates, shares, strict=True) if e.name in self.sharers)
        self._note("subject", candidates[best].name, share, self.model.rankers["subject"].why(rows[best]))
        self.belief *= share
        return candidates[best]

    def _ranked(self, task: str, kind: Kind, rows: list[list[str]], fillers: Sequence[Filler]) -> list[float]:
        """The belief in each candidate, of features and context together."""
        shares = self.model.rankers[task].probabilities(rows)
        if self.opinions is None:
            return shares
        seen = self.opinions.rank(task, self.anchor, kind, fillers)
        view = dict(enumerate(seen)) if seen is not None else None
        return list(joined(dict(enumerate(shares)), view, self.model.weight(task)).values())

    def _quantity(self, kind: Kind) -> Quantity | None:
        quantity = self.anchor.quantity
        if quantity is None:
            return None
        return Quantity(quantity.low, quantity.high, unit_of(kind, self.anchor), quantity.approx)

    def _due(self, kind: Kind) -> Due | None:
        if self.anchor.due is not None:
            own = self._turned(kind, self.anchor.due)
            self.reasons.append(Reason("due", own.rule, own.text))
            return own.due
        positions = due_candidates(self.reading, self.context)
        rows = [no_due_features(self.reading, self.context, kind)]
        rows += [
            due_features(self.reading, self.context, self.anchor, kind, position) for position in positions
        ]
        fillers = [None, *(places_of_due(self.reading, position) for position in positions)]
        best, share = first_best(self._ranked("due", kind, rows, fillers))
        mention = self._turned(kind, self.reading.dues[positions[best - 1]]) if best else None
        if mention is not None:
            home = self.reading.document.sentence_at(mention.start)
            self.borrowed = home.index != self.context.sentence.index
        told = f"{mention.text} ({mention.rule})" if mention else "none"
        self._note("due", told, share, self.model.rankers["due"].why(rows[best]))
        return mention.due if mention else None

    def _turned(self, kind: Kind, mention: DueMention) -> DueMention:
        """The time in the direction that the encoder is sure of: "opens in June" is this one, not the last.

        What an order brings is to come, and a quarter that is just over is still forecast.
        """
        if self.opinions is None:
            return mention
        view = self.opinions.status(self.anchor, kind)
        if view is None:
            return mention
        coming = view[Status.PLANNED] + (view[Status.EXPECTED] if kind is Kind.LAUNCH else 0.0)
        side = due_tense(self.reading, mention.due)
        turned = None
        if side == "future" and view[Status.ACTUAL] > _PLAIN and kind is not Kind.ORDER:
            turned = self.reading.turned(mention, -1)
        elif side == "past" and coming > _PLAIN and kind is not Kind.REVENUE and not self._is_estimated():
            turned = self.reading.turned(mention, 1)
        if turned is None:
            return mention
        self.reasons.append(Reason("due", "turned", "a fact is past, a plan is to come"))
        return turned

    def _status(self, kind: Kind, due: Due | None, speaker: str) -> Status:
        chooser = self.model.classifiers["status"]
        features = status_features(
            self.reading, self.context, self.anchor, kind, due_tense(self.reading, due), speaker
        )
        shares = chooser.probabilities(features)
        if self.opinions is not None:
            shares = joined(shares, self.opinions.status(self.anchor, kind), self.model.weight("status"))
        best = max(shares, key=lambda name: (shares[name], name))
        self._note("status", best, shares[best], chooser.why(features, best))
        if best != Status.DENIED and is_denied(self.context, self.anchor):
            self.reasons.append(Reason("status", "denial", "the amount stands behind a verb of denial"))
            return Status.DENIED
        if best != Status.DENIED and is_off(self.reading, self.context, self.anchor, kind):
            self.reasons.append(Reason("status", "given up", "what was meant to be is called off"))
            return Status.DENIED
        if best == Status.PLANNED and speaker in _REPORTERS:
            self.reasons.append(Reason("status", "report", "who reports on others can only expect"))
            return Status.EXPECTED
        if best in (Status.PLANNED, Status.ACTUAL) and is_unnamed_report(self.context, self.anchor):
            self.reasons.append(Reason("status", "unnamed report", _UNNAMED))
            return Status.EXPECTED
        if best == Status.EXPECTED and is_own_guidance(self.context, self.anchor, speaker):
            self.reasons.append(Reason("status", "own guidance", _OWN_GUIDANCE))
            return Status.PLANNED
        return Status(best)

    def _speaker(self, kind: Kind, subject: Entity) -> Entity | None:
        candidates = speaker_candidates(self.reading, self.context)
        rows = [no_speaker_features(self.reading, self.context)]
        rows += [
            speaker_features(self.reading, self.context, self.anchor, kind, e, subject.name)
            for e in candidates
        ]
        fillers = [None, *(places_of_entity(self.reading, e) for e in candidates)]
        if is_answer(self.reading, self.context):  # the encoder seldom sees back to who is interviewed
            shares = self.model.rankers["speaker"].probabilities(rows)
        else:
            shares = self._ranked("speaker", kind, rows, fillers)
        best, share = first_best(shares)
        speaker = candidates[best - 1] if best else self._own_voice(subject)
        told = speaker.name if speaker is not None else "nobody"
        self._note("speaker", told, share, self.model.rankers["speaker"].why(rows[best]))
        return speaker

    def _own_voice(self, subject: Entity) -> Entity | None:
        """Who says "we" without being named beside it: the one person of that party in the article."""
        if not any(cue.name == "we" for cue in self.context.cues):
            return None
        people = [
            e
            for e in self.reading.parties.entities
            if e.type is EntityType.PERSON and e.employer == subject.index
        ]
        return people[0] if len(people) == 1 else None

    def _counterparty(self, kind: Kind, subject: Entity, product: ProductMention | None) -> str | None:
        candidates = [
            e
            for e in subject_candidates(self.reading, self.context, kind, product)
            if e.name != subject.name and e.index >= 0
        ]
        rows: list[list[str]] = [["none", f"none|{kind}"]]
        rows += [
            subject_features(self.reading, self.context, self.anchor, kind, e, product) for e in candidates
        ]
        best, _ = self.model.rankers["counterparty"].choose(rows)
        return candidates[best - 1].name if best else None

    def _equivalent(self, kind: Kind) -> bool:
        if kind not in (Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT):
            return False
        return is_equivalent(self.context, self.anchor)


def _family(kind: str) -> str:
    return _FAMILY.get(kind, kind)


def _by_family(shares: Mapping[str, float]) -> dict[str, float]:
    """The belief that any kind of a family hangs here: order or shipment, it is a claim all the same."""
    alike: dict[str, float] = {}
    for name, share in shares.items():
        family = _family(name)
        alike[family] = alike.get(family, 0.0) + share
    return alike


def due_tense(reading: Reading, due: Due | None) -> str:
    """Whether a due lies before, around or after publication."""
    published = reading.document.published
    if due is None or published is None:
        return "none"
    if due.end is not None and (published - due.end).days > 1:
        return "past"
    if due.start is not None and due.start > published:
        return "future"
    return "now" if due.start is not None else "until"


def object_name(product: ProductMention | None, subject: Entity, kind: str) -> str | None:
    """The canonical name: the maker first where a product has none in its name."""
    if product is None:
        return None
    unlisted = product.grade not in ("listed", "family", "class", "site")
    if unlisted and product.maker and not product.name.casefold().startswith(product.maker.casefold()):
        return f"{product.maker} {product.name}"
    return product.name
