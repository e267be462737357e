"""What may fill each field of a claim: the lists that the choosers choose from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from extractors.addressees import is_spoken_to
from extractors.catalogue.names import catalogue
from extractors.claim import Kind
from extractors.cues import Cue
from extractors.dues import DueMention
from extractors.dues import Form as DueForm
from extractors.interviews import is_answer
from extractors.mentions import LISTED, Entity, EntityType, Form, Mention, ProductMention
from extractors.name_words import word_set
from extractors.names_of_things import without_things
from extractors.product_nouns import without_modifiers
from extractors.reading import Anchor, Context, Reading
from extractors.sentence_rules import acting_rival, opening_party

NONE = "none"
KINDS_BY_MEASURE: dict[str, frozenset[str]] = {
    "count": frozenset({NONE, Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT, Kind.USERS, Kind.JOBS}),
    "currency": frozenset({NONE, Kind.INVESTMENT, Kind.PRICE, Kind.REVENUE}),
    "power": frozenset({NONE, Kind.POWER}),
    "compute": frozenset({NONE, Kind.PERFORMANCE}),
    "time": frozenset({NONE, Kind.LAUNCH}),
}
WITH_OBJECT = frozenset({Kind.DEPLOYMENT, Kind.ORDER, Kind.SHIPMENT, Kind.PRICE, Kind.LAUNCH})
_RETAIL = frozenset({"retailer", "online_retailer"})
_AT_A_PLACE = frozenset({Kind.POWER, Kind.PERFORMANCE, Kind.LAUNCH})  # a site may be told by its town alone
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
_PLAIN_BACK = 1  # sentences before in which a plain noun or a service may be meant
_PLACES = 4  # places of the sentences before that a launch may mean
_DUES_BACK = 2
_TIMES_BACK = 40  # among so many times before it the last period is sought
_SHORTEST_PERIOD, _LONGEST_PERIOD = timedelta(days=27), timedelta(days=370)
_PHRASE_LEAST = 0.05  # belief in a phrase below which its noun stands for itself
_SAYING_WHAT = frozenset({"noun", "plain", "class"})  # grades of nouns for what a product is
_SPEAKERS_BACK, _SPEAKERS_AHEAD = 4, 2
_HEARD_BACK = 20  # sentences farther back in which the last speaker is sought
_APPOSED, _TITLED = 8, 4  # words between a person and "said" that tell who it is
_SAYING = frozenset({"say", "according", "forecast"})


def unit_of(kind: Kind, anchor: Anchor) -> str:
    """The unit in which a kind counts; money keeps its currency."""
    quantity = anchor.quantity
    return _UNITS.get(kind) or (quantity.unit if quantity is not None and quantity.unit else "")


def product_candidates(reading: Reading, context: Context, kind: str) -> list[ProductMention]:
    """Products of the sentence, of the few before it, of the title, and the ones the article names most.

    Counted things have their plain nouns as well, launches the places at which something may open.
    """
    index = context.sentence.index
    near = [context, *reading.all_before(index, _PRODUCTS_BACK)]
    near += [c for c in reading.contexts[:1] if c.sentence.title and c not in near]
    found = [product for c in near for product in c.products]
    leading = [reading.leading_product, reading.leading_name]
    found += [
        p for p in leading if p is not None and (kind != Kind.LAUNCH or p.start < context.sentence.start)
    ]
    if kind not in (Kind.LAUNCH, Kind.PRICE):
        found = [p for p in found if p.grade != "site"]
        found += [noun for c in near for noun in reading.nouns[c.sentence.index]]
    if kind != Kind.LAUNCH:
        found += reading.leading_noun
    if kind in (Kind.LAUNCH, Kind.PRICE):
        nearest = near[: 1 + _PLAIN_BACK]
        found += [noun for c in nearest for noun in reading.plain_nouns(c)]
        found += [service for c in nearest for service in _services(reading, c)]
    if kind == Kind.LAUNCH:
        found += _places(reading, near)
    found = _unless_listed(found)
    unique: dict[tuple[int, int, str], ProductMention] = {(p.first, p.last, p.name): p for p in found}
    return [unique[key] for key in sorted(unique)]


def possible_products(reading: Reading, context: Context, anchor: Anchor, kind: str) -> list[ProductMention]:
    """The candidates for an amount: without a product that only tells which noun it counts."""
    found = product_candidates(reading, context, kind)
    if anchor.quantity is None or anchor.quantity.dimension != "count":
        return found
    nouns = [noun for noun in reading.nouns[context.sentence.index] if noun.first >= anchor.last]
    return without_modifiers(reading.document, anchor.last, nouns, context.products, found)


def _unless_listed(found: list[ProductMention]) -> list[ProductMention]:
    """Words inside a listed name are no plain thing besides; only a lookalike may be meant."""
    listed = {at: p for p in found if p.grade in LISTED for at in range(p.first, p.last)}
    return [
        p
        for p in found
        if p.grade in LISTED | {"lookalike", "site"} or p.first not in listed or p.last > listed[p.first].last
    ]


def names_of(products: Sequence[ProductMention]) -> list[str]:
    """The name of the thing that each candidate means: "Hopper-GPU" is the listed Hopper, which is a GPU.

    Only where the noun at its end is the listed product's own class: "H100-Server" is none.
    """
    listed = [p for p in products if p.grade in LISTED and p.product_class]
    classes: dict[int, set[str | None]] = {}
    for p in products:
        if p.grade in _SAYING_WHAT:
            classes.setdefault(p.last, set()).update((p.product_class, p.name))
    return [next((one.name for one in listed if _means(p, one, classes)), p.name) for p in products]


def as_one(products: Sequence[ProductMention], shares: Mapping[str, float]) -> dict[str, float]:
    """The belief in each name where two name one thing: a word and its class, a noun and its whole phrase, a
    town and the site there.

    Of a word and its class the likelier name is left; phrase and site say more than noun and town. On 200
    annotated articles the shorter name was never right where the longer was not (59 pairs).
    """
    left = dict(shares)
    plain = [p for p in products if p.grade in ("noun", "plain")]
    classes = {(p.first, p.last): p.name for p in products if p.grade == "class"}
    pairs = {(p.name, classes[p.first, p.last]) for p in plain if (p.first, p.last) in classes}
    for pair in sorted(pairs):
        less, more = sorted(pair, key=lambda name: (left.get(name, 0.0), name))
        _join(left, less, more)
    for noun, phrase in _in_phrases(plain):
        if left.get(phrase, 0.0) >= _PHRASE_LEAST:
            _join(left, noun, phrase)
    sites = {p.name for p in products if p.grade == "site"}
    for town in sorted({p.name for p in products if p.grade in ("town", "place")}):
        there = [site for site in sites if site.endswith(f" in {town}") or site.startswith(f"{town} ")]
        if len(there) == 1:
            _join(left, town, there[0])
    return left


def _in_phrases(plain: Sequence[ProductMention]) -> Iterator[tuple[str, str]]:
    """A noun's name and that of the phrase which ends in it: "fan" of "server fan"."""
    longest: dict[int, ProductMention] = {}
    for mention in plain:
        if mention.last not in longest or mention.first < longest[mention.last].first:
            longest[mention.last] = mention
    for mention in plain:
        if mention.first > longest[mention.last].first:
            yield mention.name, longest[mention.last].name


def _join(shares: dict[str, float], name: str, into: str) -> None:
    """Give the belief in a name to another."""
    if name != into and name in shares and into in shares:
        shares[into] += shares.pop(name)


def _means(product: ProductMention, listed: ProductMention, classes: Mapping[int, set[str | None]]) -> bool:
    if product.grade not in _SAYING_WHAT or listed.product_class not in classes[product.last]:
        return False
    inside = product.first <= listed.first and listed.last <= product.last
    return inside or 0 <= product.first - listed.last <= 1


def _services(reading: Reading, context: Context) -> list[ProductMention]:
    """The listed companies of a sentence: some are what they sell ("Netflix kostet jetzt 15 Euro")."""
    found: dict[str, ProductMention] = {}
    for m in context.mentions:
        entity = reading.parties.entities[m.entity]
        if entity.known and entity.type is EntityType.COMPANY and m.form in (Form.NAME, Form.MODIFIER):
            found.setdefault(
                entity.name, ProductMention(entity.name, m.first, m.last, m.start, m.end, "service")
            )
    return list(found.values())


def _places(reading: Reading, near: list[Context]) -> list[ProductMention]:
    """The places named in these sentences, the nearest few: "In Salzgitter beginnt die Produktion"."""
    found: dict[str, ProductMention] = {}
    for context in near:
        for m in context.mentions:
            entity = reading.parties.entities[m.entity]
            if entity.type is EntityType.PLACE and (context is near[0] or len(found) < _PLACES):
                found.setdefault(
                    entity.name, ProductMention(entity.name, m.first, m.last, m.start, m.end, "place")
                )
    return list(found.values())


def subject_candidates(
    reading: Reading, context: Context, kind: str, product: ProductMention | None
) -> list[Entity]:
    """Every party, place and unlisted name of the article, the product's maker, the systems named here.

    Where the sentence is about one party alone, only that.
    """
    alone = acting_rival(reading, context)
    alone = opening_party(reading, context, kind) if alone is None else alone
    if alone is not None:
        return [reading.parties.entities[alone]]
    if product is not None and product.maker and _speaks_for_itself(reading, context, kind, product):
        known = [e for e in reading.parties.entities if e.name == product.maker]
        return known or [Entity(-1, product.maker, EntityType.COMPANY, True, hints={"only as maker"})]
    parties = [e for e in reading.parties.entities if e.type is not EntityType.PERSON]
    entities = without_things(reading.document, [e for e in parties if not _is_product_of(e, parties)])
    if kind not in _AT_A_PLACE:
        entities = [e for e in entities if not _only_tells_where(reading, e)]
    named = {e.name for e in entities}
    extra: list[tuple[str, EntityType, str]] = []
    if product is not None and product.maker:
        extra.append((product.maker, EntityType.COMPANY, "only as maker"))
    if kind in (Kind.POWER, Kind.PERFORMANCE):
        for system in context.products:
            if system.product_class == "supercomputer" and system.grade == "listed":
                extra.append((system.name, EntityType.SITE, "listed system"))
                extra.append((system.maker or system.name, EntityType.COMPANY, "only as maker"))
    for name, kind_of, hint in extra:
        if name not in named:
            named.add(name)
            entities.append(Entity(-1, name, kind_of, True, hints={hint}))
    return entities


def _speaks_for_itself(reading: Reading, context: Context, kind: str, product: ProductMention) -> bool:
    """Is a listed thing that shops sell named with a price or start, and nobody who may sell it?

    "The Apple Watch Ultra 3 costs $799" is Apple's, whomever the article is about.
    """
    if kind not in (Kind.PRICE, Kind.LAUNCH) or product.grade not in ("listed", "family"):
        return False
    if product.product_class not in catalogue().varied or product not in context.products:
        return False
    entities = reading.parties.entities
    others = [m for m in context.mentions if entities[m.entity].name != product.maker]
    sellers = [m for m in others if entities[m.entity].type is not EntityType.PERSON]
    if any(not _RETAIL.isdisjoint(entity.roles) for entity in entities):
        return False
    told = {cue.name for cue in context.cues}
    return not sellers and not context.references and told.isdisjoint({"we", "ordered_at", "pronoun"})


def _only_tells_where(reading: Reading, entity: Entity) -> bool:
    """A place that is named nowhere but behind "in" or "near": no party, as "Ohio will pay" has one."""
    if entity.type is not EntityType.PLACE or not entity.mentions:
        return False
    locating = word_set(reading.document.lang, "names.lying_in")
    words = reading.document.words
    return all(m.first and words[m.first - 1].lower in locating for m in entity.mentions)


def _is_product_of(entity: Entity, parties: list[Entity]) -> bool:
    """A numbered name that begins with another party's name is that party's product: "Mondfisch Pad 3"."""
    if "numbered" not in entity.hints:
        return False
    return any(other is not entity and entity.name.startswith(other.name + " ") for other in parties)


def due_candidates(reading: Reading, context: Context) -> list[int]:
    """Positions in `reading.dues` of the times in the sentence and near it; "now" is none."""
    index, last = context.sentence.index, len(reading.contexts) - 1
    low = reading.contexts[max(index - _DUES_BACK, 0)].sentence.start
    high = reading.contexts[min(index + 1, last)].sentence.end
    if index - _DUES_BACK <= 0:
        low = 0  # a time before the first sentence belongs to it
    found = set(_dues_between(reading, low, high))
    before = bisect_left(reading.dues, low, key=lambda due: due.start)
    earlier = range(before - 1, max(before - _TIMES_BACK, 0) - 1, -1)
    period = next((p for p in earlier if _is_period(reading.dues[p])), None)
    if period is not None:
        found.add(period)  # what the article reports on: later sentences tell more of it
    if index in reading.announcers:
        above = reading.all_before(index, _DUES_BACK)
        found.update(_dues_between(reading, above[-1].sentence.start, above[0].sentence.end))
    return [
        position
        for position in sorted(found)
        if reading.dues[position].due is not None and reading.dues[position].form is not DueForm.NOW
    ]


def _is_period(mention: DueMention) -> bool:
    """A month, quarter, year or the like, with both ends."""
    due = mention.due
    if due is None or due.start is None or due.end is None:
        return False
    return _SHORTEST_PERIOD <= due.end - due.start <= _LONGEST_PERIOD


def _dues_between(reading: Reading, low: int, high: int) -> range:
    """The positions of the times in [low, high) of the text."""
    first, last = (bisect_left(reading.dues, at, key=lambda due: due.start) for at in (low, high))
    return range(first, last)


def speaker_candidates(reading: Reading, context: Context) -> list[Entity]:
    """Everybody named in or near the sentence, whom a description there means, and who is interviewed."""
    index, found = context.sentence.index, {}
    if reading.interview is not None and is_answer(reading, context):
        guest = reading.interview.guest
        found[guest] = reading.parties.entities[guest]
    for offset in range(-_SPEAKERS_BACK, _SPEAKERS_AHEAD + 1):
        neighbour = reading.before(index, -offset)
        if neighbour is None or neighbour.sentence.title != context.sentence.title:
            continue
        for mention in neighbour.mentions:
            found[mention.entity] = reading.parties.entities[mention.entity]
        for reference in (*neighbour.references, *neighbour.voices):
            if reference.entity is not None:
                found[reference.entity] = reading.parties.entities[reference.entity]
    earlier = _heard_before(reading, index - _SPEAKERS_BACK)
    if earlier is not None:
        found.setdefault(earlier, reading.parties.entities[earlier])
    return [
        found[key]
        for key in sorted(found)
        if found[key].type is not EntityType.PLACE and not is_spoken_to(reading, context, found[key])
    ]


def _heard_before(reading: Reading, before: int) -> int | None:
    """Who was heard last before that sentence: a study's figures may fill half of an article."""
    for number in range(before - 1, max(before - _HEARD_BACK, 0) - 1, -1):
        context = reading.contexts[number]
        said = [cue for cue in context.cues if cue.name in _SAYING]
        heard = [m for m in reversed(context.mentions) if any(_is_heard(reading, m, cue) for cue in said)]
        people = [m for m in heard if reading.parties.entities[m.entity].type is EntityType.PERSON]
        if heard:
            return (people or heard)[0].entity
    return None


def _is_heard(reading: Reading, mention: Mention, cue: Cue) -> bool:
    """A person near a word of saying; a party beside it, but behind it only where that is "according to"."""
    ahead, behind = cue.first - mention.last, mention.first - cue.last
    match reading.parties.entities[mention.entity].type:
        case EntityType.PERSON:
            return -1 <= ahead <= _APPOSED or 0 <= behind <= _TITLED
        case EntityType.PLACE:
            return False
    return -1 <= ahead <= 1 or (cue.name == "according" and 0 <= behind <= 1)
