"""The words that make, introduce or forbid a name, made ready from a language's tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from extractors.languages.lexicon import lexicon
from extractors.phrases import PhraseMatcher


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words that make, introduce or forbid a name in one language."""

    determiners: frozenset[str]
    legal_forms: frozenset[str]
    heads: frozenset[str]
    titles: frozenset[str]
    offices: PhraseMatcher[bool]  # the same, with those of several words: "chief executive officer"
    no_offices: frozenset[str]  # everyday words that only end like one: "Vorrat"
    leading: frozenset[str]
    apposition: PhraseMatcher[str]
    person_suffixes: tuple[str, ...]
    apposition_suffixes: tuple[str, ...]
    never: frozenset[str]
    never_go_on: frozenset[str]  # as `never`, but an organisation word may follow a name: "Anthrazit AI"
    joiners: frozenset[str]
    particles: frozenset[str]  # between a given name and a surname: "van der"
    particles_of_titled: frozenset[str]  # the same, but only behind an office, since else they say "of"
    linking: frozenset[str]  # joiners that only some names have: "Bank of", "Institute for"
    explaining: frozenset[str]
    indefinite: frozenset[str]  # "a": what an apposition begins with that tells of a party for the first time
    before_explained: frozenset[str]  # "at": prepositions before a name that an apposition explains
    spelled: frozenset[str]  # small numbers in words
    measuring: frozenset[str]
    lying_in: frozenset[str]
    streets: tuple[str, ...]  # the last words of streets' names; "*allee": how they end
    street_prepositions: frozenset[str]
    references: frozenset[str]  # nouns by which an article refers back to a party: "the company"
    rivals: frozenset[str]
    kin: frozenset[str]  # behind an ampersand: "Sohn", "Sons"
    plain_capitals: frozenset[str]
    origin: str  # "of": what stands before the place that a name comes from
    # Of the above together, made once: each is asked for at every word.
    openers: frozenset[str] = field(init=False)  # determiners and titles
    never_surnames: frozenset[str] = field(init=False)  # these and `never`
    never_second: frozenset[str] = field(init=False)  # determiners and `never_go_on`
    makers: frozenset[str] = field(init=False)  # heads and legal forms

    def __post_init__(self) -> None:
        object.__setattr__(self, "openers", self.determiners | self.titles)
        object.__setattr__(self, "never_surnames", self.never | self.openers)
        object.__setattr__(self, "never_second", self.determiners | self.never_go_on)
        object.__setattr__(self, "makers", self.heads | self.legal_forms)


@cache
def word_set(lang: str, key: str) -> frozenset[str]:
    """A list of a language in lower case, made ready once."""
    return frozenset(word.lower() for word in lexicon(lang).words(key))


@cache
def name_words(lang: str) -> NameWords:
    """The name tables of a language."""
    words = lexicon(lang)

    endings = words.words("names.inflections")

    def lower(key: str) -> frozenset[str]:
        return frozenset(form for word in words.words(key) for form in _forms(word.lower(), endings))

    nouns = [(noun, noun) for noun in words.words("names.apposition_nouns")]
    nouns += [(noun, role) for role, names in words.table("roles").items() for noun in names]
    return NameWords(
        lower("cues.determiner"),
        lower("names.legal_forms"),
        lower("names.organisation_heads"),
        lower("names.person_titles"),
        PhraseMatcher(((title, True) for title in words.words("names.person_titles")), endings),
        word_set(lang, "names.no_offices"),
        lower("names.leading"),
        PhraseMatcher(nouns, endings),
        words.words("names.person_suffixes"),
        words.words("names.apposition_suffixes"),
        lower("proper_names.never"),
        lower("proper_names.never") - lower("names.organisation_heads"),
        lower("proper_names.joiners"),
        frozenset(words.words("proper_names.particles")),
        frozenset(words.words("proper_names.particles_of_titled")),
        lower("proper_names.linking"),
        lower("proper_names.explaining"),
        lower("proper_names.indefinite"),
        lower("proper_names.leading_to_name"),
        frozenset(words.table("numbers.small")),
        lower("proper_names.measuring"),
        lower("names.lying_in"),
        tuple(words.words("names.streets")),
        word_set(lang, "names.street_prepositions"),
        frozenset(
            form for noun in words.table("names.reference_nouns") for form in _forms(noun.lower(), endings)
        ),
        lower("names.rivals"),
        lower("names.kin"),
        frozenset(words.words("capitals.plain")),
        next(iter(words.words("proper_names.origin")), ""),
    )


def _forms(word: str, endings: tuple[str, ...]) -> tuple[str, ...]:
    """A word of a list with its endings, without its final full stop."""
    return tuple(word[:-1] + ending for ending in endings) if word.endswith("*") else (word.rstrip("."),)
