"""Places that news name: countries, regions, cities, their adjectives and inhabitants in German and English.

The file is `places.toml`. Look-ups take a word as it stands in the text: German genitives ("Berlins") and
words in capitals ("HANAU") are found too. Case matters otherwise, since places are written with a capital.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from extractors.catalogue.given_names import is_given_name
from extractors.catalogue.read import read_toml
from extractors.catalogue.records import CatalogueError

__all__ = [
    "Gazetteer",
    "Place",
    "PlaceKind",
    "country_of_adjective",
    "country_of_demonym",
    "gazetteer",
    "is_ambiguous",
    "is_given_name",
    "may_hold",
    "place",
    "place_of_adjective",
    "place_of_inhabitants",
    "places",
]

FILE = "places.toml"
_TABLES = {"countries", "regions", "cities", "ambiguous", "inhabitants", "adjectives", "within"}
_COUNTRY_KEYS = {"en", "de", "adjectives_en", "adjectives_de", "people_en", "people_de"}
# Endings of German adjectives in all cases and genders.
_ADJECTIVE_ENDINGS = ("", "e", "en", "er", "es", "em")


class PlaceKind(StrEnum):
    """How large a place is."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its English and its German name, the ISO 3166 code of its country ("" for a continent).

    `regions`: of a city those it lies in, by their English names; more than one where regions have a city of
    the same name, none where that is not known.
    """

    name: str
    german: str
    kind: PlaceKind
    country: str
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All look-up tables; every key is a word as written in running text."""

    names: Mapping[str, tuple[Place, ...]]
    capitals: Mapping[str, str]
    adjectives: Mapping[str, Place]
    people: Mapping[str, Place]
    ambiguous: frozenset[str]
    placed: frozenset[str]  # the regions whose cities are known


def may_hold(region: Place, city: Place) -> bool:
    """Whether a city may lie in a region of its country: not where it is known to lie in others."""
    known = city.regions and region.name in gazetteer().placed
    return not known or region.name in city.regions


def place(name: str) -> Place | None:
    """The best-known place of that name, in either language, or None."""
    found = places(name)
    return found[0] if found else None


def places(name: str) -> tuple[Place, ...]:
    """All places of that name, the best-known first."""
    table = gazetteer()
    for form in _forms(name):
        if form in table.names:
            return table.names[form]
    if len(name) > 3 and name.isupper():
        return table.names.get(table.capitals.get(name, ""), ())
    return ()


def is_ambiguous(name: str) -> bool:
    """Whether a place name is also an everyday word or a person's name ("Essen", "Reading", "Jackson")."""
    return any(form in gazetteer().ambiguous for form in _forms(name))


def country_of_adjective(word: str) -> str | None:
    """The ISO code for a country's adjective in any form: "Japanese", "japanische", "US-amerikanischen"."""
    found = place_of_adjective(word)
    return found.country if found and found.kind is PlaceKind.COUNTRY else None


def place_of_adjective(word: str) -> Place | None:
    """The country, region or city of an adjective: "japanische", "bayerischen", "Welsh"."""
    table = gazetteer().adjectives
    for form in (word, word[:1].lower() + word[1:]):
        if form in table:
            return table[form]
    return None


def country_of_demonym(word: str, lang: str | None = None) -> str | None:
    """The ISO code for a country's inhabitants in any form: "Japaner", "Chinesen", "Britons".

    `lang` is only for callers who have one at hand: no word means two countries in the two languages.
    """
    found = gazetteer().people.get(word)
    return found.country if found and found.kind is PlaceKind.COUNTRY else None


def place_of_inhabitants(word: str) -> Place | None:
    """The city or region of inhabitants or of the adjective in -er: "Berliner", "Münchnern", "Texan"."""
    found = gazetteer().people.get(word)
    return found if found and found.kind is not PlaceKind.COUNTRY else None


@cache
def gazetteer() -> Gazetteer:
    """All places, read and checked once; raises CatalogueError where the file is wrong."""
    return _build(read_toml(resources.files(__package__), FILE))


def _forms(name: str) -> Iterator[str]:
    """The word itself, then without a genitive ending."""
    yield name
    for ending in ("'s", "’s", "s", "'", "’"):
        if name.endswith(ending) and len(name) > len(ending) + 3:
            yield name[: -len(ending)]


def _build(data: dict[str, Any]) -> Gazetteer:
    if wrong := sorted(set(data) ^ _TABLES):
        raise CatalogueError(f"{FILE}: missing or unknown table {wrong[0]!r}")
    names: dict[str, tuple[Place, ...]] = {}
    adjectives: dict[str, Place] = {}
    people: dict[str, Place] = {}
    for code, entry in data["countries"].items():
        _add_country(code, entry, names, adjectives, people)
    within = _regions(data)
    # Countries first, then cities, then regions: the order in which a bare name is most often meant.
    for table, kind in (("cities", PlaceKind.CITY), ("regions", PlaceKind.REGION)):
        for code, lines in data[table].items():
            if code and code not in data["countries"]:
                raise CatalogueError(f"{FILE}: {table}: no country {code!r}")
            for line in _strings(lines, f"{table}.{code}"):
                found, words = _parse(line, kind, code)
                regions = within.pop((code, found.name), set()) if kind is PlaceKind.CITY else ()
                _add_names(names, replace(found, regions=frozenset(regions)), words)
    if within:
        raise CatalogueError(f"{FILE}: within: no city {min(within)[1]!r} in {min(within)[0]}")
    _add_inhabitants(names, people, data["inhabitants"])
    for name, words in data["adjectives"].items():
        for word in _strings(words, f"adjectives.{name}"):
            _add_adjective(adjectives, word, _known(names, name))
    capitals = {name.upper(): name for name in reversed(names)}
    ambiguous = frozenset(_strings(data["ambiguous"]["names"], "ambiguous"))
    return Gazetteer(names, capitals, adjectives, people, ambiguous, frozenset(data["within"]))


def _regions(data: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """The regions of each city, by its country and English name."""
    home = {}
    for code, lines in data["regions"].items():
        for line in _strings(lines, f"regions.{code}"):
            home[_parse(line, PlaceKind.REGION, code)[0].name] = code
    found: dict[tuple[str, str], set[str]] = {}
    for region, cities in data["within"].items():
        if region not in home:
            raise CatalogueError(f"{FILE}: within: no region {region!r}")
        for city in _strings(cities, f"within.{region}"):
            found.setdefault((home[region], city), set()).add(region)
    return found


def _strings(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise CatalogueError(f"{FILE}: {where} must be a list of non-empty strings")
    return value


def _add_country(
    code: str,
    entry: Any,
    names: dict[str, tuple[Place, ...]],
    adjectives: dict[str, Place],
    people: dict[str, Place],
) -> None:
    if not isinstance(entry, dict) or set(entry) != _COUNTRY_KEYS:
        raise CatalogueError(f"{FILE}: countries.{code} must have exactly {', '.join(sorted(_COUNTRY_KEYS))}")
    words = {key: _strings(entry[key], f"countries.{code}.{key}") for key in _COUNTRY_KEYS}
    if not words["en"] or not words["de"]:
        raise CatalogueError(f"{FILE}: countries.{code} needs a name in each language")
    country = Place(words["en"][0], words["de"][0], PlaceKind.COUNTRY, code)
    _add_names(names, country, [*words["en"], *words["de"]])
    for word in [*words["adjectives_en"], *words["adjectives_de"]]:
        _add_adjective(adjectives, word, country)
    for word in words["people_en"]:
        for form in _english_people(word):
            people.setdefault(form, country)
    for word in words["people_de"]:
        for form in _german_people(word):
            people.setdefault(form, country)


def _add_names(names: dict[str, tuple[Place, ...]], found: Place, words: Iterable[str]) -> None:
    for word in dict.fromkeys(words):
        names[word] = (*names.get(word, ()), found)


def _parse(line: str, kind: PlaceKind, code: str) -> tuple[Place, list[str]]:
    """A line "Munich = München / Muenchen" as a place and all its names."""
    first, *others = [part.strip() for part in line.split(" / ")]
    english, _, german = (part.strip() for part in first.partition(" = "))
    return Place(english, german or english, kind, code), [english, german or english, *others]


def _known(names: Mapping[str, tuple[Place, ...]], name: str) -> Place:
    """The place an entry speaks of; a region or city wins over a country of the same name."""
    try:
        found = names[name]
    except KeyError:
        raise CatalogueError(f"{FILE}: no place {name!r}") from None
    return next((one for one in found if one.kind is not PlaceKind.COUNTRY), found[0])


def _add_adjective(adjectives: dict[str, Place], word: str, found: Place) -> None:
    # English adjectives have a capital and no endings; German ones are written small and take them.
    endings = _ADJECTIVE_ENDINGS if not word[0].isupper() or word.endswith("isch") else ("",)
    for ending in endings:
        adjectives.setdefault(word + ending, found)


def _add_inhabitants(
    names: Mapping[str, tuple[Place, ...]], people: dict[str, Place], irregular: dict[str, Any]
) -> None:
    """Irregular forms first, so that a rule never overrules them."""
    done = set()
    for name, words in irregular.items():
        found = _known(names, name)
        done.add(found.name)
        for word in _strings(words, f"inhabitants.{name}"):
            for form in (*_german_people(word), *_english_people(word)):
                people.setdefault(form, found)
    for variants in list(names.values()):
        for found in variants:
            if found.kind is PlaceKind.CITY and found.name not in done and " " not in found.german[-4:]:
                for form in _german_people(_inhabitant(found.german)):
                    people.setdefault(form, found)


def _inhabitant(city: str) -> str:
    """The regular German word: Berlin – Berliner, Karlsruhe – Karlsruher, Darmstadt – Darmstädter."""
    if city.endswith("ingen"):
        return city[:-2] + "er"
    if city.endswith("stadt"):
        return city[:-5] + "städter"
    return city + "r" if city.endswith("e") else city + "er"


def _german_people(word: str) -> tuple[str, ...]:
    """All forms: Japaner – Japanern, Japanerin; Chinese – Chinesen, Chinesin; Israeli – Israelis."""
    if word.endswith("er"):
        return (word, word + "n", word + "s", word + "in", word + "innen")
    if word.endswith("e"):
        return (word, word + "n", word[:-1] + "in", word[:-1] + "innen")
    return (word, word + "s", word + "en", word + "in", word + "innen")


def _english_people(word: str) -> tuple[str, ...]:
    """Singular and plural: Briton – Britons, Dutchman – Dutchmen, Swiss – Swiss."""
    if word.endswith(("chman", "shman", "tsman", "woman")):
        return (word, word[:-3] + "men")
    return (word,) if word.endswith(("ese", "ss")) else (word, word + "s")
