"""Where what is sold or used is sold or used: two markets are two counts, and two starts."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.catalogue.places import Place, PlaceKind
from extractors.relating.fit import SAME, Match, other
from extractors.relating.included import included
from extractors.relating.sites import places_told, told_places
from extractors.relating.statement import Statement
from extractors.relating.wording import says


def same_country(a: Statement, b: Statement) -> Match:
    """OTHER where both sentences name countries, and not one that is named by both: two markets.

    A continent is another market than a country that lies elsewhere.
    """
    ours, theirs = _countries(a), _countries(b)
    if ours and theirs and not ours & theirs:
        return other(f"another market, {told_places(theirs)} and not {told_places(ours)}")
    here, there = _continents(a), _continents(b)
    if here and there and not ours and not theirs and not here & there:
        return other(f"another market, {told_places(there)} and not {told_places(here)}")
    for continents, two in ((here, theirs), (there, ours)):
        if continents and two and not any(_lies_in(country, continents) for country in two):
            return other(f"another market, {told_places(continents)} and not {told_places(two)}")
    return SAME


def _continents(statement: Statement) -> frozenset[Place]:
    return frozenset(
        place for place in places_told(statement.text, statement.lang) if place.name in included().continents
    )


def _lies_in(country: Place, continents: Iterable[Place]) -> bool:
    """Whether it may lie in one of them: a country that no continent has may lie anywhere."""
    table = included().continents
    listed = any(country.country in codes for codes in table.values())
    return not listed or any(country.country in table[continent.name] for continent in continents)


def same_reach(a: Statement, b: Statement) -> Match:
    """OTHER where one counts a country and the other a continent, or where they count two countries."""
    if (market := same_country(a, b)).other:
        return market
    for one, two in ((a, b), (b, a)):
        continents = {place for place in places_told(one.text, one.lang) if not place.country}
        if continents and not _countries(one) and _countries(two):
            return other(f"another market, {told_places(continents)} and not {told_places(_countries(two))}")
    return SAME


def same_market(a: Statement, b: Statement) -> Match:
    """OTHER where both tell a market: two countries, or one of them the whole world."""
    if (market := same_reach(a, b)).other:
        return market
    for one, two in ((a, b), (b, a)):
        if says(one, "everywhere") and _countries(two) and not _countries(one):
            return other(f"another market, {told_places(_countries(two))} and not all")
    return SAME


def _countries(statement: Statement) -> frozenset[Place]:
    found = places_told(statement.text, statement.lang)
    return frozenset(place for place in found if place.kind is PlaceKind.COUNTRY)
