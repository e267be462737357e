"""A document read: every mention layer in one place, with the helpers that the choosers' features ask for.

An anchor is what a claim hangs on: an amount, or, for a launch, a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace

from extractors.bare_models import find_bare_models
from extractors.calendar import WEEKDAY
from extractors.counted_nouns import counted_nouns
from extractors.cues import Cue, find_cues
from extractors.document import Document, Sentence, Word
from extractors.dues import DueMention, Turned, find_dues
from extractors.house_notes import find_house
from extractors.interviews import Interview, find_interview
from extractors.lent_money import in_money
from extractors.listings import announcers
from extractors.mentions import LISTED, NAMELESS, Entity, EntityType, Form, Mention, ProductMention
from extractors.named_products import find_named
from extractors.parties import Parties, find_parties
from extractors.plain_nouns import Taken, plain_nouns
from extractors.product_nouns import listed_before, only_says_what
from extractors.products import find_classes, find_listed
from extractors.quantities import QuantityMention, find_quantities, lend
from extractors.references import Reference, find_references
from extractors.submodels import named_in_full
from extractors.unlisted_products import find_built, find_sites
from extractors.voices import find_voices

_CLAUSE_MARKS = frozenset(",;:–—()")
_MOST_ANCHORS = 60  # a sentence with more is a table run together; each anchor looks at all others
_MOST_TURNED = 20  # times of an article; of 2,800 articles none has more
_NAMED = frozenset({"model", "quoted", "classed", "headed", "counted", "explained", "again"})
MEASURES = frozenset({"count", "currency", "power", "compute"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """An amount or a time that a claim may hang on, over the words [first, last) of a sentence."""

    sentence: Sentence
    first: int
    last: int
    start: int
    end: int
    quantity: QuantityMention | None
    due: DueMention | None

    @property
    def measure(self) -> str:
        """The dimension of the amount, or "time"."""
        return self.quantity.dimension if self.quantity is not None else "time"


@dataclass(slots=True)
class Context:
    """One sentence with what was found in it, in order of the text."""

    sentence: Sentence
    words: tuple[Word, ...]
    clauses: tuple[int, ...]
    cues: tuple[Cue, ...]
    anchors: list[Anchor] = field(default_factory=list)
    dues: list[DueMention] = field(default_factory=list)
    products: list[ProductMention] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    voices: list[Reference] = field(default_factory=list)
    quoted: bool = False

    def clause(self, index: int) -> int:
        """The clause number of a word of this sentence."""
        position = min(max(index - self.sentence.first, 0), len(self.clauses) - 1)
        return self.clauses[position] if self.clauses else 0


@dataclass(slots=True)
class Reading:
    """A whole article with all its layers."""

    document: Document
    contexts: list[Context]
    parties: Parties
    products: list[ProductMention]
    dues: list[DueMention]
    anchors: list[Anchor]
    standings: dict[tuple[int, str], list[str]] = field(default_factory=dict)  # features, once read
    subjects: dict[tuple[int | str, ...], tuple[Anchor, ProductMention | None, list[str]]] = field(
        default_factory=dict
    )  # the same for each amount; what the key's ids stand for is kept, so that no id is given twice
    _counts: Counter[str] | None = None
    _leading: list[ProductMention | None] = field(default_factory=list)
    _homes: dict[int, list[int]] = field(default_factory=dict)
    _nouns: list[list[ProductMention]] | None = None
    _plain: dict[int, list[ProductMention]] = field(default_factory=dict)
    _acting: dict[int, list[Mention]] = field(default_factory=dict)
    _frequencies: list[int] | None = None
    _interview: tuple[Interview | None] | None = None
    _house: tuple[Entity | None] | None = None
    _announcers: dict[int, int] | None = None
    _turned: dict[tuple[int, int], DueMention | None] = field(default_factory=dict)

    def turned(self, due: DueMention, tense: int, *, most: int = _MOST_TURNED) -> DueMention | None:
        """The same time read as past (-1) or to come (1); None where that is no other time.

        Each reads all times anew: of a long list of dates only the first `most` are turned. A weekday and a
        time that is not reckoned from publication can be no other.
        """
        if not due.anchor or due.rule == WEEKDAY:
            return None
        key = (due.start, tense)
        if key not in self._turned and len(self._turned) >= most:
            return None
        if key not in self._turned:
            document = self.document
            found = find_dues(
                document.text, document.lang, document.published, Turned(due.start, due.end, tense)
            )
            other = next((d for d in found if (d.start, d.end) == (due.start, due.end)), None)
            self._turned[key] = other if other is not None and other.due not in (None, due.due) else None
        return self._turned[key]

    @property
    def product_counts(self) -> Counter[str]:
        """How often each product is named; counted once, when all products are found."""
        if self._counts is None:
            self._counts = Counter(product.name for product in self.products)
        return self._counts

    @property
    def leading_product(self) -> ProductMention | None:
        """The first mention of the listed product that the article names most."""
        if not self._leading:
            listed = [p for p in self.products if p.grade in ("listed", "family")]
            named = [p for p in self.products if p.grade in _NAMED]
            self._leading = [_most_named(listed), _most_named(named)]
        return self._leading[0]

    @property
    def leading_name(self) -> ProductMention | None:
        """The first mention of the unlisted product that the article names most."""
        return self._leading[1] if self.leading_product is not None or self._leading else None

    @property
    def leading_noun(self) -> list[ProductMention]:
        """The first of the plain things that the article counts most often."""
        nouns = [noun for found in self.nouns for noun in found]
        top = _most_named(nouns)
        return [top] if top is not None else []

    @property
    def nouns(self) -> list[list[ProductMention]]:
        """The plain things that amounts count by their own noun, for each sentence; read once."""
        if self._nouns is None:
            self._nouns = [
                [
                    noun
                    for anchor in context.anchors
                    if anchor.quantity is not None and anchor.quantity.dimension == "count"
                    for noun in counted_nouns(self.document, context.sentence, anchor.last)
                    if not _adds_nothing(self.document, noun, anchor, context)
                ]
                for context in self.contexts
            ]
        return self._nouns

    def plain_nouns(self, context: Context) -> list[ProductMention]:
        """The plain things of a sentence that may be sold or opened; found when first asked for."""
        index = context.sentence.index
        if index not in self._plain:
            tables = [p for p in context.products if p.grade in ("class", "site")]
            named = [p for p in context.products if p.grade not in NAMELESS]
            entities = self.parties.entities
            mentions = [m for m in context.mentions if "weak" not in entities[m.entity].hints]
            spans = [(p.first, p.last) for p in named] + [(m.first, m.last) for m in mentions]
            spans += [(r.first, r.last) for r in context.references]
            spans += [(a.first, a.last) for a in context.anchors]
            taken = Taken(
                frozenset(at for first, last in spans for at in range(first, last)),
                frozenset(at for product in tables for at in range(product.first, product.last)),
                frozenset(cue.first for cue in context.cues if cue.name != "determiner"),
            )
            self._plain[index] = list(plain_nouns(self.document, context.sentence, taken))
        return self._plain[index]

    @property
    def house(self) -> Entity | None:
        """The research house whose note the article is, if it is one; looked for once."""
        if self._house is None:
            self._house = (find_house(self),)
        return self._house[0]

    @property
    def interview(self) -> Interview | None:
        """The interview that the article is, if it is one; looked for once, when all layers are there."""
        if self._interview is None:
            self._interview = (find_interview(self),)
        return self._interview[0]

    def homes(self, entity: Entity) -> list[int]:
        """The sentence numbers of an entity's mentions in order; kept, as every anchor asks for them."""
        found = self._homes.get(entity.index)
        if found is None:
            found = [self.document.sentence_at(mention.start).index for mention in entity.mentions]
            self._homes[entity.index] = found
        return found

    def acting(self, context: Context) -> list[Mention]:
        """The mentions in a sentence that name a possible party; kept, to be asked for when all are typed."""
        found = self._acting.get(context.sentence.index)
        if found is None:
            entities = self.parties.entities
            found = [
                m
                for m in context.mentions
                if m.form is Form.NAME
                and entities[m.entity].type in (EntityType.COMPANY, EntityType.UNKNOWN)
                and "weak" not in entities[m.entity].hints
            ]
            self._acting[context.sentence.index] = found
        return found

    @property
    def frequencies(self) -> list[int]:
        """How often each possible party is named, most often first; kept like `acting`."""
        if self._frequencies is None:
            types = (EntityType.COMPANY, EntityType.UNKNOWN)
            counts = (len(e.mentions) for e in self.parties.entities if e.type in types)
            self._frequencies = sorted(counts, reverse=True)
        return self._frequencies

    def context(self, index: int) -> Context | None:
        """The context of a sentence number, None beyond the ends."""
        return self.contexts[index] if 0 <= index < len(self.contexts) else None

    @property
    def announcers(self) -> dict[int, int]:
        """For the rows of lists, by sentence number, the sentence that announces the list; found once."""
        if self._announcers is None:
            self._announcers = announcers(self.document)
        return self._announcers

    def before(self, index: int, steps: int) -> Context | None:
        """The sentence so many steps before another; before a row of a list comes what announces it.

        Below nought, so many behind it.
        """
        announcer = self.announcers.get(index) if steps > 0 else None
        return self.context(index - steps if announcer is None else announcer + 1 - steps)

    def all_before(self, index: int, most: int) -> list[Context]:
        """So many sentences before another as there are, the nearest first."""
        found = (self.before(index, steps) for steps in range(1, most + 1))
        return [context for context in found if context is not None]

    def steps_back(self, index: int, home: int) -> int:
        """How many steps `home` stands before the sentence `index`, as `before` counts; negative after it."""
        announcer = self.announcers.get(index)
        return index - home if announcer is None or home > announcer else announcer + 1 - home


def _most_named(products: list[ProductMention]) -> ProductMention | None:
    """The first mention of the product that is named most."""
    counts = Counter(p.name for p in products)
    top = max(counts, key=lambda name: (counts[name], name), default=None)
    return next((p for p in products if p.name == top), None)


def read(document: Document) -> Reading:
    """Run all layers over a document, in the order in which they build on each other."""
    reading = begin(document)
    for step in STEPS.values():
        step(reading)
    return reading


def begin(document: Document) -> Reading:
    """A reading with the sentences laid out and nothing found yet."""
    contexts = []
    for sentence in document.sentences:
        words = document.words[sentence.first : sentence.last]
        clauses, number = [], 0
        for word in words:
            number += word.text in _CLAUSE_MARKS
            clauses.append(number)
        context = Context(sentence, words, tuple(clauses), ())
        context.quoted = _holds_quotation(document, sentence)
        contexts.append(context)
    return Reading(document, contexts, Parties([], []), [], [], [])


def add_cues(reading: Reading) -> None:
    """The cues of every sentence."""
    for context in reading.contexts:
        context.cues = find_cues(reading.document, context.sentence)


def add_dues(reading: Reading) -> None:
    """Times."""
    document = reading.document
    reading.dues = find_dues(document.text, document.lang, document.published)
    for due in reading.dues:
        if reading.contexts:
            reading.contexts[document.sentence_at(due.start).index].dues.append(due)


def add_products(reading: Reading) -> None:
    """Listed products and members of known lines."""
    reading.products = find_listed(reading.document)


def add_parties(reading: Reading) -> None:
    """Companies, people and places, and with their help the products and sites that no list has."""
    document, listed = reading.document, reading.products
    product_words = {index for mention in listed for index in range(mention.first, mention.last)}
    time_words = {
        index
        for due in reading.dues
        for index in range(document.word_index(due.start), document.first_word_from(due.end))
    }
    reading.parties = find_parties(document, product_words, time_words)
    built = [*find_built(document, reading.parties, listed), *find_sites(document, reading.parties)]
    built += find_named(document, reading.parties, listed)
    built += find_bare_models(document, [*listed, *built])
    reading.products = named_in_full(document, sorted([*listed, *built], key=lambda p: p.first))
    if not reading.contexts:
        return
    for product in reading.products:
        reading.contexts[document.sentence_at(product.start).index].products.append(product)
    for mention in reading.parties.mentions:
        reading.contexts[document.sentence_at(mention.start).index].mentions.append(mention)
    for context in reading.contexts:
        _add_classes(document, context)


def add_quantities(reading: Reading) -> None:
    """Amounts and times as anchors; an amount inside a product's name or a time is none."""
    document = reading.document
    if not reading.contexts:
        return
    by_sentence: dict[int, list[QuantityMention]] = {}
    names = {product.start for product in reading.products if product.grade in LISTED}
    for found in find_quantities(document.text, document.lang):
        quantity = _unless_name(found, names)
        if quantity.dimension in MEASURES and quantity.excluded is None and _is_free(reading, quantity):
            by_sentence.setdefault(document.sentence_at(quantity.number_start).index, []).append(quantity)
    money = Counter(q.unit for found in by_sentence.values() for q in found if q.dimension == "currency")
    for index, quantities in by_sentence.items():
        context = reading.contexts[index]
        for quantity in (*quantities, *lend(quantities), *in_money(document, quantities, money)):
            context.anchors.append(_anchor(document, context, quantity.start, quantity.end, quantity, None))
        context.anchors.sort(key=lambda a: (a.start, a.quantity is not None and a.quantity.lent))
    for due in reading.dues:
        if due.due is not None:
            context = reading.contexts[document.sentence_at(due.start).index]
            context.anchors.append(_anchor(document, context, due.start, due.end, None, due))
    for context in reading.contexts:
        del context.anchors[_MOST_ANCHORS:]
        reading.anchors.extend(context.anchors)


def add_references(reading: Reading) -> None:
    """What stands for a party, and who speaks without a name."""
    find_references(reading)
    find_voices(reading)


STEPS: dict[str, Callable[[Reading], None]] = {
    "cues": add_cues,
    "dues": add_dues,
    "products": add_products,
    "parties": add_parties,
    "quantities": add_quantities,
    "references": add_references,
}
"""The layers by name, in order; each is also a spaCy component."""


def _unless_name(quantity: QuantityMention, names: Set[int]) -> QuantityMention:
    """A bare count where the word taken for its measure names a product: "12 million Pixel phones"."""
    if quantity.prefix != 1 or names.isdisjoint(range(quantity.number_end, quantity.end)):
        return quantity
    text = quantity.text[: quantity.number_end - quantity.start]
    return replace(quantity, end=quantity.number_end, text=text, unit=None, dimension="count")


def _adds_nothing(document: Document, noun: ProductMention, anchor: Anchor, context: Context) -> bool:
    """Does a listed product stand before the noun, which only says what it is: "S25 phones"?"""
    listed = listed_before(noun, anchor.last, context.products)
    return listed is not None and only_says_what(document, listed, noun, context.products)


def _is_free(reading: Reading, quantity: QuantityMention) -> bool:
    """Neither inside a product's name nor inside a time; a unit or scale speaks against an unlisted name."""
    start = quantity.number_start
    position = bisect_left([p.end for p in reading.products], start + 1)
    if position < len(reading.products) and reading.products[position].start <= start:
        listed = reading.products[position].grade in LISTED
        if listed or not (quantity.unit or quantity.scaled):
            return False
    context = reading.contexts[reading.document.sentence_at(start).index]
    return not any(due.start <= start < due.end for due in context.dues)


def _anchor(
    document: Document,
    context: Context,
    start: int,
    end: int,
    quantity: QuantityMention | None,
    due: DueMention | None,
) -> Anchor:
    first, last = document.word_index(start), document.first_word_from(end)
    return Anchor(context.sentence, first, max(last, first + 1), start, end, quantity, due)


def _add_classes(document: Document, context: Context) -> None:
    taken = {index for product in context.products for index in range(product.first, product.last)}
    for mention in find_classes(document, context.sentence):
        if mention.last - 1 not in taken:  # the noun itself; a name may stand before it
            context.products.append(mention)
    context.products.sort(key=lambda p: p.first)


def _holds_quotation(document: Document, sentence: Sentence) -> bool:
    """Does the sentence hold a quotation mark?"""
    text = document.text[sentence.start : sentence.end]
    return any(mark in text for mark in '"„“”«»')
