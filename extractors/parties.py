"""Who is in an article: known and unknown companies, people and places, each with all its mentions.

Found first, told apart later: the catalogue's names, then names that no list has, then spellings of one
name are brought together ("Brennholt" and "Brennholt Compute"), then each entity gets its type from the
catalogue, the gazetteer, given names and the words around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extractors.catalogue.given_names import is_given_name
from extractors.catalogue.names import Company, Person, catalogue, fold
from extractors.catalogue.places import PlaceKind, country_of_adjective, place, place_of_adjective
from extractors.declined_names import nominative
from extractors.document import Document
from extractors.languages.lexicon import lexicon
from extractors.mentions import Entity, EntityType, Form, Mention
from extractors.name_ends import NameEnds
from extractors.name_index import company_index, person_index
from extractors.name_spellings import Spellings
from extractors.name_words import name_words, word_set
from extractors.proper_names import NameSpan, find_names
from extractors.vocabulary import is_everyday_word

_BODIES = frozenset({"ministry", "government"})
_YOUNGEST, _OLDEST = 16, 99  # whose age an article gives
_TITLED = "person title"
_REACH = 8  # words between a person and the party named beside the office


@dataclass(slots=True)
class Parties:
    """All entities of a document and their mentions in order of the text."""

    entities: list[Entity]
    mentions: list[Mention]

    def named(self, name: str) -> Entity | None:
        """The entity of a canonical name."""
        return next((entity for entity in self.entities if entity.name == name), None)


def find_parties(document: Document, product_words: set[int], time_words: set[int]) -> Parties:
    """All parties of a document, given the word indices that belong to product names and to times."""
    reader = _Reader(document, product_words, time_words)
    reader.read_catalogue()
    reader.read_surnames()
    reader.read_unknown()
    reader.type_unknown()
    reader.read_surnames()
    reader.find_employers()
    mentions = sorted((m for e in reader.entities for m in e.mentions), key=lambda m: (m.first, -m.last))
    for entity in reader.entities:
        entity.mentions.sort(key=lambda m: m.first)
    return Parties(reader.entities, mentions)


class _Reader:
    def __init__(self, document: Document, product_words: set[int], time_words: set[int]) -> None:
        self.document = document
        self.words = document.words
        self.product_words = product_words
        self.time_words = time_words
        self.entities: list[Entity] = []
        self.by_name: dict[str, Entity] = {}
        self.by_word: dict[str, list[Entity]] = {}  # by a name's first and by its last word
        self.taken: set[int] = set()
        self.tables = name_words(document.lang)
        self.independent: set[str] = set()
        self.spellings = Spellings(document, self.tables.heads)
        self.ends = NameEnds(document)

    def _entity(self, name: str, kind: EntityType, known: bool) -> Entity:
        entity = self.by_name.get(name)
        if entity is None:
            entity = Entity(len(self.entities), name, kind, known)
            self.entities.append(entity)
            self.by_name[name] = entity
            parts = name.split() or [""]
            for word in dict.fromkeys((parts[0], parts[-1])):
                self.by_word.setdefault(word, []).append(entity)
        return entity

    def _add(self, entity: Entity, first: int, last: int, cue: str = "") -> None:
        words = self.words
        after = words[last] if last < len(words) else None
        joined = after is not None and after.text == "-" and after.start == words[last - 1].end
        inside = any(i in self.product_words for i in range(first, last))
        form = Form.MODIFIER if joined or inside else Form.NAME
        start, end = words[first].start, words[last - 1].end
        entity.mentions.append(Mention(entity.index, first, last, start, end, form, cue))
        entity.aliases.add(self.document.text[start:end])
        self.taken.update(range(first, last))

    def read_catalogue(self) -> None:
        """Mentions of listed people and companies."""
        for first, last, person in person_index().find(self.document):
            self._add_person(person, first, last)
        for first, last, company in company_index().find(self.document):
            if not self.taken.isdisjoint(range(first, last)) or self._everyday_use(company, first, last):
                continue
            if self._ends_longer_name(first, last) or self._of_another_country(company, first):
                continue
            if self._is_preposition(company, first, last):
                continue
            self._add(self._company(company), first, last)

    def read_surnames(self) -> None:
        """People named in full elsewhere, here by surname alone."""
        people = {
            e.name.split()[-1]: e for e in self.entities if e.type is EntityType.PERSON and " " in e.name
        }
        for index, word in enumerate(self.words):
            person = people.get(word.text) or people.get(word.text.removesuffix("s"))
            if person is not None and index not in self.taken:
                self._add(person, index, index + 1, "surname")

    def _company(self, company: Company) -> Entity:
        entity = self._entity(company.name, EntityType.COMPANY, True)
        entity.roles, entity.country = company.roles, company.country
        return entity

    def _add_person(self, person: Person, first: int, last: int) -> None:
        entity = self._entity(person.name, EntityType.PERSON, True)
        self._add(entity, first, last)
        company = catalogue().company(person.company)
        if company is not None and entity.employer is None:
            entity.employer = self._company(company).index

    def _everyday_use(self, company: Company, first: int, last: int) -> bool:
        """A spelling that is an everyday word too, in a place where it probably is one."""
        text = " ".join(word.text for word in self.words[first:last])
        if fold(text) not in {fold(word) for word in company.common}:
            return False
        before = self.words[first - 1].lower if first else ""
        after = self.words[last].text if last < len(self.words) else ""
        pair = f"{self.words[last - 1].lower} {after}"
        if self._described(first) or pair in word_set(self.document.lang, "proper_names.plain_pairs"):
            return True
        return before in self.tables.openers or (
            last - first == 1
            and after[:1].isupper()
            and self.words[last].start - self.words[last - 1].end == 1
            and after.lower() not in self.tables.titles
        )

    def _described(self, first: int) -> bool:
        """Behind an article and an adjective: "eine spezielle Box", where only nouns have capitals."""
        if self.document.lang != "de" or first < 2:
            return False
        article, adjective = self.words[first - 2], self.words[first - 1]
        small = word_set(self.document.lang, "proper_names.never_small")  # "eine von Meta"
        ends = lexicon(self.document.lang).words("quantities.adjective_endings")
        declined = adjective.text.islower() and adjective.text.endswith(ends) and adjective.lower not in small
        return article.lower in self.tables.indefinite and declined

    def _ends_longer_name(self, first: int, last: int) -> bool:
        """An organisation word behind a name that no list has: "Tiefwasser Telekom" is not "Telekom"."""
        if last - first > 1 or not first or self.words[first].lower not in self.tables.heads:
            return False
        before, tables = self.words[first - 1], self.tables
        if not (before.capital and before.text.isalpha() and self.words[first].start == before.end + 1):
            return False
        says_what = before.lower.endswith(tables.apposition_suffixes + tables.person_suffixes)
        at_home = (
            place(before.text) or place(before.text.removesuffix("er")) or country_of_adjective(before.text)
        )
        told = self.document.lang != "de" and not self.document.sentence_at(before.start).heading
        plain = is_everyday_word(before.text, self.document.lang) and not self._is_told_again(first - 1)
        if plain and told:  # "Granite Capital": within a sentence, only names have two capitals
            return before.lower not in self.tables.openers | self.tables.never
        return not (says_what or at_home or plain)

    def _is_preposition(self, company: Company, first: int, last: int) -> bool:
        """ "Über" that opens a sentence is not "Uber": the index knows no accents."""
        text = self.words[first].lower
        spelled = {spelling.lower() for spelling in (company.name, *company.aliases)}
        return last - first == 1 and text in self.tables.never and text not in spelled

    def _of_another_country(self, company: Company, first: int) -> bool:
        """ "Das britische Verteidigungsministerium" is not the German one, which has that name at home."""
        home = place_of_adjective(self.words[first - 1].text) if first else None
        body = not _BODIES.isdisjoint(company.roles)
        abroad = home is not None and home.kind is PlaceKind.COUNTRY and home.country != company.country
        return body and abroad

    def _is_told_again(self, index: int) -> bool:
        """Do this word and the next stand together elsewhere too, as only the words of a name do?"""
        return self._pairs[self.words[index].text, self.words[index + 1].text] > 1

    @cached_property
    def _pairs(self) -> Counter[tuple[str, str]]:
        return Counter((a.text, b.text) for a, b in pairwise(self.words))

    def read_unknown(self) -> None:
        """Names without an entry, long ones first, so that short forms find their long one."""
        spans = find_names(self.document, self.taken | self.product_words | self.time_words, self.taken)
        self.independent = self._independent(spans)
        self.spellings.read(
            spans, [m for e in self.entities if e.type is EntityType.COMPANY for m in e.mentions]
        )
        for span in sorted(spans, key=lambda s: (-(s.last - s.first), s.first)):
            entity = self._match(span)
            both_weak = not entity.mentions or "weak" in entity.hints
            entity.hints |= span.hints
            if not (both_weak and "weak" in span.hints):
                entity.hints.discard("weak")
            self._add(entity, span.first, span.last, " ".join(sorted(span.hints)))

    def _independent(self, spans: list[NameSpan]) -> set[str]:
        """Names introduced before a longer one begins with them: "the start-up Loon", then "Loon Studio"."""
        body = [(self._text(s), s) for s in spans if not self.document.sentence_at(self._start(s)).title]
        return {
            text
            for text, span in body
            if self._is_introduced(span)
            and any(other.first > span.first for longer, other in body if longer.startswith(text + " "))
        }

    def _is_introduced(self, span: NameSpan) -> bool:
        """Behind a noun for a company, or behind its home: "Burlington's Loon"."""
        return "apposition" in span.hints or (span.first > 1 and self.words[span.first - 1].lower == "s")

    def _start(self, span: NameSpan) -> int:
        return self.words[span.first].start

    def _text(self, span: NameSpan) -> str:
        return self.document.text[self._start(span) : self.words[span.last - 1].end]

    def _match(self, span: NameSpan) -> Entity:
        """The entity that a name span belongs to; a new one where none fits."""
        target = self.spellings.target(span)
        if isinstance(target, int):
            return self.entities[target]
        span = target
        parts = [word.text for word in self.words[span.first : span.last]]
        name = nominative(self._text(span), self.document.lang)
        if name != self._text(span):
            parts[0] = name.split()[0]
        base = self.ends.base(name)
        if base is not None:
            name, parts[-1] = base, parts[-1].removesuffix("s")
        company = catalogue().company(name)
        if company is not None and "person title" not in span.hints:
            return self._company(company)
        for candidate in (parts, [*parts[:-1], parts[-1].removesuffix("s")]):
            found = self._longer_name(candidate, titled=_TITLED in span.hints)
            if found is not None:
                return found
        return self._entity(name, EntityType.UNKNOWN, False)

    def _longer_name(self, parts: list[str], *, titled: bool) -> Entity | None:
        """An entity of which these words are the short form, or a person whose surname they are.

        `titled`: "Frau Rantanen"; then a Tuuli Rantanen is a person whose given name no list has.
        """
        name = " ".join(parts)
        if name in self.by_name:
            return self.by_name[name]
        if name in self.independent:
            return None
        for entity in self.by_word.get(parts[0] if parts else "", ()):
            words = entity.name.split()
            short = self._is_short_form(parts, words) or self._is_first_surname(parts, entity)
            if words[: len(parts)] == parts and short:
                return entity
            if (
                len(parts) == 1
                and words[-1] == parts[0]
                and (
                    entity.type is EntityType.PERSON
                    or (not entity.known and self._may_be_person(words, titled or _TITLED in entity.hints))
                )
            ):
                return entity
        return None

    def _is_first_surname(self, parts: list[str], entity: Entity) -> bool:
        """Of a titled person ("Gründer Zhu Zhaojiang"), where nothing else begins or ends with it."""
        alone = len(parts) == 1 and len(entity.name.split()) == 2 and _TITLED in entity.hints
        return (
            alone and len(self.by_word[parts[0]]) == 1 and not is_everyday_word(parts[0], self.document.lang)
        )

    def _may_be_person(self, words: list[str], titled: bool) -> bool:
        """By its given name, or as somebody is called by its last word and it is no organisation's."""
        plain = len(words) in (2, 3) and words[-1].lower() not in self.tables.heads
        return is_given_name(words[0]) or (titled and plain)

    def _is_short_form(self, parts: list[str], words: list[str]) -> bool:
        """One word is short for a name with an organisation word; a maker is not short for its product."""
        return (
            words[-1].lower() in self.tables.heads
            or is_given_name(words[0])
            or (" ".join(words) in self.by_name and self.by_name[" ".join(words)].known)
        )

    def type_unknown(self) -> None:
        """Decide for each unlisted name whether it is a person, a place or a possible party."""
        for entity in self.entities:
            if entity.type is EntityType.UNKNOWN:
                entity.type = self._type(entity)

    def _type(self, entity: Entity) -> EntityType:
        words = entity.name.split()
        organisation = entity.hints & {"legal form", "organisation word"}
        if place(entity.name) is not None and "legal form" not in entity.hints:
            return EntityType.PLACE
        if organisation:
            return EntityType.UNKNOWN
        if "apposition" in entity.hints:  # "der Batteriehersteller Kelvin Cells"
            return EntityType.UNKNOWN
        given = is_given_name(words[0]) or any(self._is_aged(mention) for mention in entity.mentions)
        if (2 <= len(words) <= 4 and given) or _TITLED in entity.hints:
            return EntityType.PERSON
        return EntityType.PLACE if self._is_street(entity, words) else EntityType.UNKNOWN

    def _is_street(self, entity: Entity, words: list[str]) -> bool:
        """Does the name end as those of streets do and always stand where they stand: "on Tulane Road"?"""
        last, prepositions = words[-1].lower(), self.tables.street_prepositions
        street = len(words) > 1 and any(
            last.endswith(ending[1:]) if ending.startswith("*") else last == ending
            for ending in self.tables.streets
        )
        return street and all(
            m.first and self.words[m.first - 1].lower in prepositions for m in entity.mentions
        )

    def _is_aged(self, mention: Mention) -> bool:
        """Does an age follow the name: "Dagny Holt, 44, runs …", "Dagny Holt (44)"?"""
        after = [word.text for word in self.words[mention.last : mention.last + 3]]
        if len(after) < 3 or (after[0], after[2]) not in ((",", ","), ("(", ")")):
            return False
        age = after[1]
        return age.isdecimal() and len(age) == len(str(_OLDEST)) and int(age) >= _YOUNGEST

    def find_employers(self) -> None:
        """The party that each person speaks for: named beside the person's office."""
        parties = [
            m for e in self.entities if e.type in (EntityType.COMPANY, EntityType.UNKNOWN) for m in e.mentions
        ]
        firsts = sorted((mention.first, at) for at, mention in enumerate(parties))
        for entity in self.entities:
            if entity.type is EntityType.PERSON and entity.employer is None:
                entity.employer = self._employer(entity, parties, firsts)

    def _leads(self, first: int, last: int) -> bool:
        """Do the words between say that a person leads a party: "runs the start-up", "leitet die Firma"?"""
        between = self.words[first:last]
        if not between or between[0].lower not in self.tables.leading:
            return False
        nouns = self.tables.apposition.find(self.words, first + 1, last)
        named = {index for start, end, _ in nouns for index in range(start, end)}
        return all(
            word.capital or word.lower in self.tables.determiners or first + 1 + at in named
            for at, word in enumerate(between[1:])
        )

    def _employer(self, person: Entity, parties: list[Mention], firsts: list[tuple[int, int]]) -> int | None:
        """`firsts`: the first words of the parties, sorted, each with its place in their list."""
        for mention in sorted(person.mentions, key=lambda m: m.first):
            sentence = self.document.sentence_at(mention.start)
            best: tuple[int, int] | None = None
            low, high = bisect_left(firsts, (sentence.first, 0)), bisect_left(firsts, (sentence.last, 0))
            for party in (parties[at] for at in sorted(at for _, at in firsts[low:high])):
                between = (
                    (party.last, mention.first)
                    if party.first < mention.first
                    else (mention.last, party.first)
                )
                gap = between[1] - between[0]
                titled = any(self.words[i].lower in self.tables.titles for i in range(*between))
                leads = party.first > mention.first and self._leads(*between)
                if gap <= _REACH and (titled or leads or gap <= 1) and (best is None or gap < best[0]):
                    best = (gap, party.entity)
            if best is not None:
                return best[1]
        return None
