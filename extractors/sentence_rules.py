"""What the plain words of a sentence say of its amounts: asked, supposed, denied, replaced, converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.claim import Kind
from extractors.languages.lexicon import lexicon
from extractors.mentions import Entity, EntityType, Mention
from extractors.name_words import word_set
from extractors.references import noun_key

if TYPE_CHECKING:
    from extractors.cues import Cue
    from extractors.reading import Anchor, Context, Reading

_OF_OPENING = frozenset({Kind.DEPLOYMENT, Kind.JOBS, Kind.USERS, Kind.POWER})
_OF_LISTED = _OF_OPENING | {Kind.SHIPMENT, Kind.REVENUE}
_JUDGING = frozenset({"say", "forecast", "according"})
_BODIES = frozenset({"government", "ministry", "regulator", "agency"})
_OTHERS = _BODIES | {"media", "analyst", "bank"}
_CLOSING = ' "”“»«)]*_'
_EQUIVALENT_REACH = 4  # words between an amount and "equivalents" behind it
_EQUIVALENT_BEFORE = 2  # and between "the equivalent of" and its amount: "roughly", "some"
_OPENING = 2  # words of an introduction: "The rival", "Konkurrent"
_OFFICE_REACH = 4  # words of an apposition behind a name
_ORDER_REACH = 4  # words between "order" and its amount: "from Norrkraft for"
_REPORT_REACH = 3  # words between "people familiar with the" and their "said"
_RECEIVED_REACH = 12  # words between "won" and "order"
_NAMED = frozenset({"listed", "family", "built", "model"})
_FORMER_REACH = 3  # words from "previously" to its price: "sold", "for"
_WHOLE_REACH = 4  # words between a part and its whole: "of its currently about"
_CONVERTED_REACH = 2  # words between an amount and "umgerechnet", and from there to the other
_ADVERT_LEAST = 3  # words of a sentence that is an advert, with its mark
_ADVERT_MARKS = frozenset(":|–—")
_REPLACED_REACH = 3  # words between "instead of" and its amount: "the originally planned"


def unstated(reading: Reading, context: Context, anchor: Anchor) -> tuple[str, str] | None:
    """The rule by which the sentence does not state the figure at all, and why; None if it does."""
    if is_supposed(context):
        return "supposition", "the sentence only supposes"
    if is_question(reading, context):
        return "question", "the sentence asks"
    if is_replaced(context, anchor):
        return "replaced", "another figure takes its place"
    if is_advert(reading, context):
        return "advert", "the sentence is an advert"
    return None


def another_figure(reading: Reading, context: Context, anchor: Anchor, kind: Kind) -> tuple[str, str] | None:
    """The rule by which an amount of this kind only stands beside the one claimed, and why; None if not."""
    if kind is Kind.PRICE:
        if is_difference(reading, anchor):
            return "difference", "it is by how much the price differs"
        if is_former_price(reading, context, anchor):
            return "former price", "it is the price of before"
    elif is_converted(context, anchor):
        return "converted", "it is another figure in another currency"
    return None


def is_question(reading: Reading, context: Context) -> bool:
    """Does the sentence end in a question mark? (Not a claim.)"""
    text = reading.document.text[context.sentence.start : context.sentence.end]
    return text.rstrip(_CLOSING).endswith("?")


def is_supposed(context: Context) -> bool:
    """Does the sentence only play with a thought: "If every phone user had one GPU …"? (Not a claim.)"""
    names = {cue.name for cue in context.cues}
    opens = any(cue.name == "supposition" and cue.first <= context.sentence.first + 1 for cue in context.cues)
    return opens and "irrealis" in names


def is_plain_start(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """Does a named product simply come at a time: "the B300 comes in the fall"?"""
    if anchor.due is None:
        return False
    verb = anchor.first - 1
    if reading.document.words[verb].lower not in word_set(reading.document.lang, "starting.comes"):
        return False
    return any(p.last == verb and p.grade in _NAMED for p in context.products)


def is_source(reading: Reading, context: Context, entity: Entity) -> bool:
    """Is the party named in the sentence only as the one ordered from: "bei Nvidia", "from Dell"?"""
    mentions = [m for m in context.mentions if m.entity == entity.index]
    preceded = {cue.last for cue in context.cues if cue.name == "from_party"}
    return bool(mentions) and all(m.first in preceded for m in mentions)


def may_be_counted(reading: Reading, context: Context, parties: list[Entity]) -> list[Entity]:
    """Whose figure it may be: not that of a research house that is only cited ("laut Marktforscher X")."""
    behind = {cue.last for cue in context.cues if cue.name == "according"}
    cited = {m.entity for m in context.mentions if not behind.isdisjoint((m.first - 1, m.first))}
    return [e for e in parties if e.index not in cited or "analyst" not in e.roles] or parties


def may_pay(reading: Reading, context: Context, anchor: Anchor, parties: list[Entity]) -> list[Entity]:
    """Who of these may be the one that pays: of a contract that was won whoever gave it."""
    return _givers(reading, context, anchor, parties) or parties


def may_order(reading: Reading, context: Context, anchor: Anchor, parties: list[Entity]) -> list[Entity]:
    """Who may be the one that orders: who gave an order received, takes what is let; nobody "bei Nvidia"."""
    if takers := _givers(reading, context, anchor, parties) or _takers(context, anchor, parties):
        return takers
    sellers = {cue.last for cue in context.cues if cue.name == "ordered_at"}
    # "bei der Firma X": a noun for what it is may stand between.
    named = {m.entity for m in context.mentions if not sellers.isdisjoint(range(m.first - 2, m.first + 1))}
    buyers = [e for e in parties if e.index not in named]
    return [e for e in buyers if not is_source(reading, context, e)] or buyers


def _givers(reading: Reading, context: Context, anchor: Anchor, parties: list[Entity]) -> list[Entity]:
    """Whom the order of an amount comes from, where the sentence tells that somebody got it.

    "Won an order for 300 robots from X", "hat von X einen Auftrag über 300 Roboter erhalten".
    """
    order = _received_order(reading, context, anchor)
    if order is None:
        return []
    lang, words = reading.document.lang, reading.document.words
    behind = context.sentence.first if lang == "de" else order.last
    sources = {cue.last for cue in context.cues if cue.name == "given_by" and cue.first >= behind}
    sources |= {
        at + 1 for at in sources if at < len(words) and words[at].lower in word_set(lang, "cues.determiner")
    }
    named = {m.entity for m in context.mentions if m.first in sources}
    return [e for e in parties if e.index in named]


def _takers(context: Context, anchor: Anchor, parties: list[Entity]) -> list[Entity]:
    """Whom an amount is let to: "leases 4,000 GPUs to X", "vermietet 4.000 GPUs an X", in one clause."""
    clause = context.clause(anchor.first)
    if not any(cue.name == "lets" and context.clause(cue.first) == clause for cue in context.cues):
        return []
    behind = {cue.last for cue in context.cues if cue.name == "let_to" and cue.first >= anchor.last}
    named = {m.entity for m in context.mentions if m.first in behind}
    return [e for e in parties if e.index in named]


def _received_order(reading: Reading, context: Context, anchor: Anchor) -> Cue | None:
    """The word for an order beside its own amount and a word of receiving, with no "and" between them."""
    words, links = reading.document.words, word_set(reading.document.lang, "dues.and")
    for order in context.cues:
        gap = max(anchor.first - order.last, order.first - anchor.last)
        if order.name != "an_order" or not 0 <= gap <= _ORDER_REACH:
            continue
        for cue in context.cues:
            if cue.name == "receives" and abs(cue.first - order.first) <= _RECEIVED_REACH:
                low, high = min(cue.first, order.first, anchor.first), max(cue.last, order.last, anchor.last)
                if links.isdisjoint(word.lower for word in words[low:high]):
                    return order
    return None


def is_denied(context: Context, anchor: Anchor) -> bool:
    """Does the amount stand behind "bestreitet", "denied …", itself not negated ("nicht dementiert")?"""
    negated = {cue.last for cue in context.cues if cue.name == "deny"}
    return any(
        cue.name == "denial" and cue.first < anchor.first and not negated & {cue.first, cue.first - 1}
        for cue in context.cues
    )


def is_given_up(context: Context, anchor: Anchor) -> bool:
    """Is what was meant to be off: "scrapped the plant, on which it was going to spend …"?

    The intention stands in the amount's own clause.
    """
    clause = context.clause(anchor.first)
    meant = any(c.name == "past_intention" and context.clause(c.first) == clause for c in context.cues)
    return meant and any(cue.name == "cancel" for cue in context.cues)


def is_own_guidance(context: Context, anchor: Anchor, speaker: str) -> bool:
    """Does the party itself, or its person, give the figure without "could" or "may"? (Settled cases.)"""
    if speaker not in ("itself", "its person"):
        return False
    clause = context.clause(anchor.first)
    names = {cue.name for cue in context.cues if context.clause(cue.first) == clause}
    return "modal" not in names and any(cue.name == "spoken_for_itself" for cue in context.cues)


def is_unnamed_report(context: Context, anchor: Anchor) -> bool:
    """Does the amount's clause say that others tell it, and not who: "reportedly", "dem Vernehmen nach"?

    Where somebody says something besides, it may be of something else.
    """
    clause = context.clause(anchor.first)
    reports = [c for c in context.cues if c.name == "unnamed_report"]
    own = (c for c in context.cues if c.name == "say")
    if any(all(not r.first <= c.first <= r.last + _REPORT_REACH for r in reports) for c in own):
        return False
    return any(context.clause(c.first) == clause for c in reports)


def is_official(reading: Reading, speaker: Entity | None, subject: Entity) -> bool:
    """Does a mayor, minister or works council speak, who can promise nothing for a company?"""
    if speaker is None or speaker.type is not EntityType.PERSON or subject.type is EntityType.PLACE:
        return False
    lang, words = reading.document.lang, reading.document.words
    public = tuple(noun_key(noun, lang) for noun in lexicon(lang).words("names.public_offices"))
    if not _BODIES.isdisjoint(subject.roles):
        return False
    beside: list[str] = []
    for m in speaker.mentions:
        beside += [word.lower for word in words[max(m.first - _OPENING, 0) : m.first]]
        if m.last < len(words) and words[m.last].text == ",":
            beside += [word.lower for word in words[m.last + 1 : m.last + 1 + _OFFICE_REACH]]
    if not word_set(lang, "names.former").isdisjoint(beside):
        return False
    return any(noun_key(word, lang).endswith(public) for word in beside)


def is_replaced(context: Context, anchor: Anchor) -> bool:
    """Is it the figure of before: "30,000 instead of the planned 40,000"?"""
    return any(
        cue.name == "replaced"
        and 0 <= anchor.first - cue.last <= _REPLACED_REACH
        and not any(cue.last <= other.first < anchor.first for other in context.anchors)
        for cue in context.cues
    )


def is_difference(reading: Reading, anchor: Anchor) -> bool:
    """Is the amount only by how much something costs more or less: "$200 more", "50 Euro günstiger"?"""
    words = reading.document.words
    follows = words[anchor.last].lower if anchor.last < len(words) else ""
    return follows in word_set(reading.document.lang, "unstated.difference")


def is_former_price(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """Is it what something cost before: "bislang waren 3,40 Euro fällig", "rises to $19 from $18"?"""
    words, lang = reading.document.words, reading.document.lang
    first = max(context.sentence.first, anchor.first - _FORMER_REACH)
    before = [word.lower for word in words[first : anchor.first]]
    if not word_set(lang, "unstated.former_price").isdisjoint(before):
        return True
    if any(phrase in " ".join(before) for phrase in lexicon(lang).words("unstated.former_phrases")):
        return True
    starts = [
        at
        for at in (anchor.first - 1, anchor.first)
        if words[at].lower in word_set(lang, "unstated.rises_from")
    ]
    rises = word_set(lang, "unstated.rises_to")
    others = (o for o in context.anchors if o.measure == "currency" and o.quantity is not None)
    return any(o.last in starts and words[o.first - 1].lower in rises for o in others)


def is_whole(reading: Reading, context: Context, anchor: Anchor) -> bool:
    """Is another amount part of it: "cuts 350 of its 2,900 jobs"? What is done to that is not done to it.

    What is planned itself is none: "has filled 500 of the 3,000 promised jobs".
    """
    words, owned = reading.document.words, word_set(reading.document.lang, "unstated.of_all")
    told = {word.lower for word in words[context.sentence.first : context.sentence.last]}
    if told.isdisjoint(word_set(reading.document.lang, "unstated.cutting")):
        return False
    for part in context.anchors:
        between = words[part.last : anchor.first] if part.quantity is not None else ()
        if 0 < len(between) <= _WHOLE_REACH and between[0].lower in owned:
            near = range(part.last, anchor.last + _WHOLE_REACH)
            planned = any(cue.name == "plan" and cue.first in near for cue in context.cues)
            others = any(part.last <= other.first < anchor.first for other in context.anchors)
            return not planned and not others
    return False


def is_converted(context: Context, anchor: Anchor) -> bool:
    """Is it the sum of before in another currency: "412 Milliarden Yen, umgerechnet 2,4 Milliarden Euro"?"""
    if anchor.measure != "currency" or anchor.quantity is None:
        return False
    near = [(c.first, anchor.first - c.last) for c in context.cues if c.name == "conversion"]
    signs = [first for first, gap in near if 0 <= gap <= _CONVERTED_REACH]
    sums = [o for o in context.anchors if o.measure == "currency" and o.quantity is not None]
    return any(
        o.quantity.unit != anchor.quantity.unit and 0 <= first - o.last <= _CONVERTED_REACH
        for first in signs
        for o in sums
        if o.quantity is not None
    )


def is_advert(reading: Reading, context: Context) -> bool:
    """Does the sentence say of itself that it is an advert: "Anzeige: Jetzt 20 GB für 9,99 €"?"""
    words, first = reading.document.words, context.sentence.first
    if context.sentence.last - first < _ADVERT_LEAST or words[first + 1].text not in _ADVERT_MARKS:
        return False
    return words[first].lower in word_set(reading.document.lang, "unstated.adverts")


def is_equivalent(context: Context, anchor: Anchor) -> bool:
    """Is the amount counted in equivalents of the product?"""
    return any(
        (cue.name == "equivalent" and 0 <= cue.first - anchor.last <= _EQUIVALENT_REACH)
        or (cue.name == "equivalent_before" and 0 <= anchor.first - cue.last <= _EQUIVALENT_BEFORE)
        for cue in context.cues
    )


def opens(reading: Reading, context: Context, mention: Mention) -> bool:
    """Does a name open the sentence, but for what introduces it, before a word that may be its verb?"""
    if mention.last >= context.sentence.last:
        return False
    follows = reading.document.words[mention.last].text
    return mention.first - context.sentence.first <= _OPENING and follows.isalpha() and follows.islower()


def opens_clause(reading: Reading, context: Context, anchor: Anchor, mention: Mention) -> bool:
    """Does a name so open the sentence, in the clause of an amount behind it?"""
    alike = context.clause(mention.first) == context.clause(anchor.first)
    return mention.last < anchor.first and alike and opens(reading, context, mention)


def acting_rival(reading: Reading, context: Context) -> int | None:
    """The entity of "Its rival Varnovia owns 4,000 …": the amounts are its, whomever the article is about.

    Nothing but the noun and its article stands before the name, a verb behind it, and the sentence names no
    other party. So in all of the annotated articles that have such a sentence.
    """
    parties = reading.acting(context)
    if len({m.entity for m in parties}) != 1 or not opens(reading, context, parties[0]):
        return None
    words, lang, rival = reading.document.words, reading.document.lang, parties[0]
    before = {word.lower for word in words[context.sentence.first : rival.first]}
    nouns, determiners = word_set(lang, "names.rivals"), word_set(lang, "cues.determiner")
    if before.isdisjoint(nouns) or before - nouns - determiners:
        return None
    persons = word_set(lang, "names.personal_pronouns") | word_set(lang, "names.party_pronouns")
    behind = {word.lower for word in words[rival.last : min(rival.last + 2, context.sentence.last)]}
    return rival.entity if behind.isdisjoint(persons) else None


def opening_party(reading: Reading, context: Context, kind: str) -> int | None:
    """The entity of "Tessellon employs 300 people": the only party of a sentence, which it opens.

    Of 425 such claims in half of the annotated articles 419 are its, once reporters are left out; who only
    judges others ("thinks", "said") is left out besides.
    """
    parties = reading.acting(context)
    if len({m.entity for m in parties}) != 1 or context.sentence.title or context.sentence.heading:
        return None
    if context.references:  # "X bought the start-up, which has 2 million users"
        return None
    first = parties[0]
    entity = reading.parties.entities[first.entity]
    kinds = _OF_LISTED if entity.type is EntityType.COMPANY else _OF_OPENING
    if kind not in kinds or first.first != context.sentence.first or not opens(reading, context, first):
        return None
    tells = any(0 <= cue.first - first.last <= 1 and cue.name in _JUDGING for cue in context.cues)
    return None if tells or not _OTHERS.isdisjoint(entity.roles) else first.entity
