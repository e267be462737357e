"""What may fill each field of a claim: the lists that the choosers choose from."""

from __future__ import annotations

from bisect import bisect_left

from extractors.claim import Kind
from extractors.dues import Form as DueForm
from extractors.mentions import Entity, EntityType, ProductMention
from extractors.reading import Anchor, Context, Reading

NONE = "none"
KINDS_BY_MEASURE: dict[str, frozenset[str]] = {
    "count": frozenset({NONE, Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT, Kind.USERS, Kind.JOBS}),
    "currency": frozenset({NONE, Kind.INVESTMENT, Kind.PRICE, Kind.REVENUE}),
    "power": frozenset({NONE, Kind.POWER}),
    "compute": frozenset({NONE, Kind.PERFORMANCE}),
    "time": frozenset({NONE, Kind.LAUNCH}),
}
WITH_OBJECT = frozenset({Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT, Kind.PRICE, Kind.LAUNCH})
_UNITS = {
    Kind.DEPLOYMENT: "units",
    Kind.ORDER: "units",
    Kind.SHIPMENT: "units",
    Kind.USERS: "users",
    Kind.JOBS: "jobs",
    Kind.POWER: "W",
    Kind.PERFORMANCE: "FLOPS",
}
_PRODUCTS_BACK = 4
_DUES_BACK = 2


def unit_of(kind: Kind, anchor: Anchor) -> str:
    """The unit in which a kind counts; money keeps its currency."""
    quantity = anchor.quantity
    return _UNITS.get(kind) or (quantity.unit if quantity is not None and quantity.unit else "")


def product_candidates(reading: Reading, context: Context, kind: str) -> list[ProductMention]:
    """Products of the sentence, of the few before it, of the title, and the one the article names most."""
    index = context.sentence.index
    found = list(context.products)
    for back in range(1, _PRODUCTS_BACK + 1):
        neighbour = reading.context(index - back)
        if neighbour is not None:
            found += neighbour.products
    titles = [c for c in reading.contexts[:1] if c.sentence.title and c is not context]
    found += [product for c in titles for product in c.products]
    listed = reading.leading_product
    if listed is not None and kind != Kind.LAUNCH:
        found.append(listed)
    if kind not in (Kind.LAUNCH, Kind.PRICE):
        found = [p for p in found if p.grade != "site"]
    unique: dict[tuple[int, int], ProductMention] = {(p.first, p.last): p for p in found}
    return [unique[key] for key in sorted(unique)]


def subject_candidates(reading: Reading, product: ProductMention | None) -> list[Entity]:
    """Every party, place and unlisted name of the article, and the product's maker if it is not named."""
    entities = [e for e in reading.parties.entities if e.type is not EntityType.PERSON]
    maker = product.maker if product is not None else None
    if maker is not None and all(e.name != maker for e in entities):
        entities.append(Entity(-1, maker, EntityType.COMPANY, True, hints={"only as maker"}))
    return entities


def due_candidates(reading: Reading, context: Context) -> list[int]:
    """Positions in `reading.dues` of the times in the sentence and near it; "now" is none."""
    index, last = context.sentence.index, len(reading.contexts) - 1
    low = reading.contexts[max(index - _DUES_BACK, 0)].sentence.start
    high = reading.contexts[min(index + 1, last)].sentence.end
    if index - _DUES_BACK <= 0:
        low = 0  # a time before the first sentence belongs to it
    first = bisect_left(reading.dues, low, key=lambda due: due.start)
    return [
        position
        for position in range(first, bisect_left(reading.dues, high, key=lambda due: due.start))
        if reading.dues[position].due is not None and reading.dues[position].form is not DueForm.NOW
    ]


def speaker_candidates(reading: Reading, context: Context) -> list[Entity]:
    """Everybody named in the sentence or beside it, and whom a description there stands for."""
    index, found = context.sentence.index, {}
    for offset in (-2, -1, 0, 1):
        neighbour = reading.context(index + offset)
        if neighbour is None or neighbour.sentence.title != context.sentence.title:
            continue
        for mention in neighbour.mentions:
            found[mention.entity] = reading.parties.entities[mention.entity]
        for reference in neighbour.references:
            if reference.entity is not None:
                found[reference.entity] = reading.parties.entities[reference.entity]
    return [found[key] for key in sorted(found) if found[key].type is not EntityType.PLACE]
