"""Products and sites that no list has: a maker's name with what follows it, names beside a class noun,
and places that are built or open ("data center in Visp", "Oranienburg campus")."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from extractors.catalogue.places import PlaceKind, place
from extractors.counted_nouns import described_noun_follows
from extractors.document import Document
from extractors.languages.lexicon import lexicon
from extractors.mentions import Entity, EntityType, Form, Mention, ProductMention
from extractors.name_ends import is_genitive
from extractors.parties import Parties
from extractors.phrases import PhraseMatcher

_BESIDE, _ALONE = 6, 10  # words between a site noun and a place, and the one that opens the sentence
_FRONT = 3
_PLACE_BACK = 80  # words behind a place in which a site noun may still mean the site there


@dataclass(frozen=True, slots=True)
class _Makers:
    """The parties of a document as possible makers: by name, and their mentions by the word behind them."""

    by_name: dict[str, Entity]
    by_last: dict[int, list[Mention]]

    @classmethod
    def of(cls, parties: Parties) -> _Makers:
        by_last: dict[int, list[Mention]] = defaultdict(list)
        for mention in parties.mentions:
            by_last[mention.last].append(mention)
        return cls({entity.name: entity for entity in reversed(parties.entities)}, by_last)


def find_built(document: Document, parties: Parties, listed: list[ProductMention]) -> list[ProductMention]:
    """Unlisted names as possible products, with the number that belongs to them ("Halden 7")."""
    taken = {index for mention in listed for index in range(mention.first, mention.last)}
    makers = _Makers.of(parties)
    found = []
    for mention in parties.mentions:
        entity = parties.entities[mention.entity]
        if entity.type is EntityType.PERSON or "weak" in entity.hints or mention.first in taken:
            continue
        built = _built(document, parties, makers, mention, entity)
        if built is not None:
            found.append(built)
    return found


def _built(
    document: Document, parties: Parties, makers: _Makers, mention: Mention, entity: Entity
) -> ProductMention | None:
    words = document.words
    listed = entity.known or entity.type is EntityType.PLACE
    last = mention.last
    while last < len(words) and _belongs(document, last, listed):
        last += 1
    name = document.text[mention.start : words[last - 1].end]
    if is_genitive(document.text, mention, entity):
        name = entity.name + document.text[mention.end : words[last - 1].end]
    if entity.known or entity.type is EntityType.PLACE:
        if last == mention.last:
            return None
        return ProductMention(
            name, mention.first, last, mention.start, words[last - 1].end, "built", entity.name
        )
    maker = _maker(document, parties, makers, mention)
    grade = "built" if last > mention.last else "name"
    end = words[last - 1].end
    return ProductMention(name, mention.first, last, mention.start, end, grade, maker, entity=entity.index)


def _belongs(document: Document, index: int, listed: bool) -> bool:
    """A short number or model code directly behind a name belongs to it, unless it counts what follows."""
    word, before = document.words[index], document.words[index - 1]
    if word.start - before.end != 1:
        return False
    if word.text.isdigit():
        return len(word.text) <= 2 and not listed and not counts(document, index)
    return any(c.isdigit() for c in word.text) and word.text[0].isupper() and word.text.isalnum()


def counts(document: Document, index: int) -> bool:
    """Does the number count the word behind it ("260 H100", "10 Millionen", "48 people")?"""
    if index + 1 >= len(document.words):
        return False
    after = document.words[index + 1]
    if after.start - document.words[index].end > 1 or not after.text[0].isalnum():
        return False
    if document.lang == "de":
        number = document.words[index]
        return after.capital or described_noun_follows(document.text, number.end, "de")
    return after.capital or after.lower.endswith("s") or after.lower in lexicon("en").table("numbers.scales")


def _maker(document: Document, parties: Parties, makers: _Makers, mention: Mention) -> str | None:
    """The party named directly before a product's name ("Tidepool's Skerry", "Qubrik Edge")."""
    own = parties.entities[mention.entity]
    if "numbered" in own.hints:
        parts = own.name.split(" ")
        heads = (makers.by_name.get(" ".join(parts[:count])) for count in range(1, len(parts)))
        first = min((head.index for head in heads if head is not None), default=None)
        if first is not None:
            return parties.entities[first].name
    near = [m for gap in (2, 1, 0) for m in makers.by_last.get(mention.first - gap, ())]
    for other in sorted(near, key=lambda m: (m.first, -m.last)):
        if other.entity != mention.entity:
            party = parties.entities[other.entity]
            between = document.text[other.end : mention.start]
            if (
                party.type in (EntityType.COMPANY, EntityType.UNKNOWN)
                and "." not in between
                and "," not in between
            ):
                return party.name
    return None


@cache
def _site_nouns(lang: str) -> PhraseMatcher[str]:
    table = lexicon(lang).table("names.site_nouns")
    phrases = ((noun, name) for name, nouns in table.items() for noun in nouns)
    return PhraseMatcher(phrases, lexicon(lang).words("names.inflections"))


def find_sites(document: Document, parties: Parties) -> list[ProductMention]:
    """Site nouns with their place: "plant in Gera" in German articles, "Gera plant" in English ones."""
    places = _without_regions(
        document, parties, [m for m in parties.mentions if _is_place(document, parties, m)]
    )
    found = []
    for sentence in document.sentences:
        for first, last, noun in _site_nouns(document.lang).find(
            document.words, sentence.first, sentence.last
        ):
            start, end = document.words[first].start, document.words[last - 1].end
            beside = _place_beside(places, first, last, sentence.first, sentence.last)
            if beside is None:
                found.append(ProductMention(noun, first, last, start, end, "site", None, noun))
            place = beside or _place_before(places, sentence.first)
            if place is not None:
                town = parties.entities[place.entity].name
                name = _site_name(noun, town, document.lang)
                found.append(ProductMention(name, first, last, start, end, "site", None, noun))
                found.append(ProductMention(town, first, last, start, end, "town", None, noun))
    return _with_known_place(found)


def _site_name(noun: str, town: str, lang: str) -> str:
    """A site by its kind and town, in the order in which the annotated claims of the language have them."""
    short = lexicon(lang).table("names.site_short").get(noun, (noun,))[0]
    return lexicon(lang).words("names.site_name")[0].format(noun=short, town=town)


def _without_regions(document: Document, parties: Parties, places: list[Mention]) -> list[Mention]:
    """The places but for those that only tell where a town lies: "Mount Pleasant, Wisconsin"."""
    behind = {m.last for m in places if m.last < len(document.words) and document.words[m.last].text == ","}
    return [m for m in places if m.first - 1 not in behind or _is_town(parties.entities[m.entity].name)]


def _is_town(name: str) -> bool:
    found = place(name)
    return found is None or found.kind is PlaceKind.CITY


def _is_place(document: Document, parties: Parties, mention: Mention) -> bool:
    """A place of the gazetteer, or a name that no list has and that something lies in: "in Dornstetten"."""
    entity = parties.entities[mention.entity]
    if entity.type is EntityType.PLACE:
        return True
    if entity.type is not EntityType.UNKNOWN or not mention.first:
        return False
    before = document.words[mention.first - 1].lower
    return before in lexicon(document.lang).words("names.lying_in") and "legal form" not in entity.hints


def _with_known_place(found: list[ProductMention]) -> list[ProductMention]:
    """A site noun without a place is the one site of that noun that the article places, if there is one."""
    placed: dict[str | None, set[str]] = {}
    for site in found:
        if site.name != site.product_class:
            placed.setdefault(site.product_class, set()).add(site.name)
    return [
        replace(site, name=min(placed[site.product_class]))
        if site.name == site.product_class and len(placed.get(site.product_class, ())) == 1
        else site
        for site in found
    ]


def _from(places: list[Mention], word: int) -> int:
    """The place in their list from which on the mentions begin at or behind a word."""
    return bisect_left(places, word, key=lambda mention: mention.first)


def _place_beside(places: list[Mention], first: int, last: int, low: int, high: int) -> Mention | None:
    """The place nearest to a site noun in its sentence; the only one, in front, may stand farther off."""
    within = places[_from(places, low) : _from(places, high)]
    near = [(min(abs(m.first - last), abs(first - m.last)), m) for m in within]
    alone = len(within) == 1 and within[0].first - low < _FRONT
    reach = _ALONE if alone else _BESIDE
    near = [(gap, m) for gap, m in near if gap <= reach and m.form in (Form.NAME, Form.MODIFIER)]
    return min(near, key=lambda pair: (pair[0], pair[1].first))[1] if near else None


def _place_before(places: list[Mention], low: int) -> Mention | None:
    """The last place said in the few sentences before."""
    before = [m for m in places if low - _PLACE_BACK <= m.first < low]
    return max(before, key=lambda m: m.first, default=None)
