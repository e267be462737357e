"""One amount or time told of several: "OpenAI and SoftBank will each commit $19bn" are two claims, "the 5090
and the 5080 go on sale on January 30" are two launches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from extractors.claim import Claim, Reason
from extractors.languages.lexicon import lexicon
from extractors.mentions import NAMELESS, Entity, EntityType, Mention, ProductMention
from extractors.name_words import name_words, word_set
from extractors.reading import Anchor, Context, Reading

_BOTH_BACK = 4  # sentences from "both" to the two
_REACH = 8  # words between "each" and the amount
Named = TypeVar("Named", Mention, ProductMention, Anchor)


@dataclass(frozen=True, slots=True)
class _Words:
    """What joins the members of a list, what may stand before one, and what gives each its own amount."""

    joiners: frozenset[str]
    articles: frozenset[str]
    each: frozenset[str]


@cache
def _words(lang: str) -> _Words:
    words = lexicon(lang)
    return _Words(
        frozenset(words.words("shared.joiners")),
        frozenset(words.words("shared.articles")),
        frozenset(words.words("shared.each")),
    )


def sharers(reading: Reading, context: Context, anchor: Anchor, subject: Entity) -> list[str]:
    """The other parties to each of which the sentence gives the amount, as it does to this one."""
    words, each = reading.document.words, _words(reading.document.lang).each
    low, high = max(context.sentence.first, anchor.first - _REACH), anchor.last + _REACH
    if not any(word.lower in each for word in words[low : min(high, context.sentence.last)]):
        return []
    entities = reading.parties.entities
    parties = [m for m in context.mentions if entities[m.entity].type is not EntityType.PERSON]
    own = next((m for m in parties if m.entity == subject.index), None)
    if own is None:
        return []
    names = dict.fromkeys(entities[m.entity].name for m in _listed_with(reading, parties, own))
    return [name for name in names if name != subject.name]


def for_each(claim: Claim, others: Sequence[str]) -> list[Claim]:
    """The same claim for each of these other parties."""
    reason = Reason("subject", "shared", "the sentence gives each of them the same amount")
    return [
        replace(
            claim,
            subject=name,
            counterparty=None if claim.counterparty == name else claim.counterparty,
            reasons=(*claim.reasons, reason),
        )
        for name in others
    ]


def launched_with(
    reading: Reading,
    context: Context,
    claim: Claim,
    product: ProductMention,
    named: Callable[[ProductMention], str | None],
) -> list[Claim]:
    """The same launch for the products listed with this one; `named` gives their names."""
    others = dict.fromkeys(named(p) for p in listed_with(reading, context, product))
    reason = Reason("object", "shared", "the sentence gives them the same time")
    return [
        replace(claim, object=name, reasons=(*claim.reasons, reason))
        for name in others
        if name is not None and name != claim.object
    ]


def listed_with(reading: Reading, context: Context, product: ProductMention) -> list[ProductMention]:
    """The other products of the list in which this one stands, in its sentence or before a "both"."""
    return _listed_here(reading, context, product) or _both(reading, context, product)


def _both(reading: Reading, context: Context, product: ProductMention) -> list[ProductMention]:
    """The other one of "the A and the B", where a sentence soon behind says "both"."""
    both = word_set(reading.document.lang, "shared.both")
    opening, here = reading.document.words[context.sentence.first].lower, context.sentence.index
    if product.grade in NAMELESS or any(p.name == product.name for p in context.products):
        return []  # "the Halden 7 Max comes in both black and white"
    if opening not in both:
        return []
    for earlier in reversed(reading.contexts[max(0, here - _BOTH_BACK) : here]):
        for named in earlier.products:
            others = _listed_here(reading, earlier, named) if named.name == product.name else []
            if len({other.name for other in others}) == 1:
                return others
    return []


def _listed_here(reading: Reading, context: Context, product: ProductMention) -> list[ProductMention]:
    if product.grade in NAMELESS or product not in context.products:
        return []
    return _listed_with(reading, [p for p in context.products if p.grade not in NAMELESS], product)


def _listed_with(reading: Reading, found: Sequence[Named], own: Named) -> list[Named]:
    """The members of the list ("A, B and C") in which a mention stands, without it."""
    for group in lists(reading, found):
        if any(m.first == own.first for m in group):
            return [m for m in group if m.first != own.first]
    return []


def lists(reading: Reading, found: Sequence[Named]) -> list[list[Named]]:
    """The lists ("A, B and C") that these form in a sentence; one without an "and" is none."""
    ordered = sorted(found, key=lambda m: (m.first, -m.last))
    groups: list[list[Named]] = []
    ends: list[bool] = []  # is there an "and" among the joints of the group?
    for mention in ordered:
        if groups and mention.first < groups[-1][-1].last:
            continue
        joint = _joint(reading, groups[-1][-1], mention) if groups else None
        if joint is None:
            groups.append([mention])
            ends.append(False)
        else:
            groups[-1].append(mention)
            ends[-1] = ends[-1] or joint
    return [group for group, closed in zip(groups, ends, strict=True) if closed]


def _joint(reading: Reading, left: Named, right: Named) -> bool | None:
    """How two mentions are joined: True by an "and", False by a comma, None not at all."""
    words = _words(reading.document.lang)
    between = [word.lower for word in reading.document.words[left.last : right.first]]
    owned = len(between) > 1 and between[-2] in words.articles  # "and its neighbour Daeyang Motor"
    if len(between) > 1 and (owned or _tells_what(reading, right.first - 1)):
        between.pop()  # "und der Autobauer Daeyang Motor"
    while between and between[-1] in words.articles:
        between.pop()
    if between == [","]:
        return False
    if between and between[0] == ",":
        del between[0]
    return True if " ".join(between) in words.joiners else None


def _tells_what(reading: Reading, index: int) -> bool:
    """Is the word a noun for what a party is: "Autobauer", "chipmaker"?"""
    words, tables = reading.document.words, name_words(reading.document.lang)
    by_ending = bool(tables.apposition_suffixes) and words[index].lower.endswith(tables.apposition_suffixes)
    return by_ending or any(tables.apposition.find(words, index, index + 1))
