"""Two names for one thing share the belief that it is meant."""

from __future__ import annotations

import pytest

from extractors.candidates import as_one
from extractors.mentions import ProductMention


def mention(name: str, first: int, last: int, grade: str) -> ProductMention:
    return ProductMention(name, first, last, first, last, grade)


def test_the_likelier_name_of_a_word_and_its_class_is_left() -> None:
    products = [mention("machine", 3, 4, "noun"), mention("device", 3, 4, "class")]
    assert as_one(products, {"machine": 0.6, "device": 0.3}) == {"machine": pytest.approx(0.9)}
    assert as_one(products, {"machine": 0.2, "device": 0.3}) == {"device": pytest.approx(0.5)}


def test_a_phrase_says_more_than_its_noun() -> None:
    products = [mention("fan", 4, 5, "noun"), mention("server fan", 3, 5, "noun")]
    assert as_one(products, {"fan": 0.5, "server fan": 0.3}) == {"server fan": pytest.approx(0.8)}


def test_a_phrase_that_nothing_speaks_for_takes_nothing() -> None:
    products = [mention("fan", 4, 5, "noun"), mention("used server fan", 2, 5, "noun")]
    shares = {"fan": 0.9, "used server fan": 0.01}
    assert as_one(products, shares) == shares


def test_the_one_site_in_a_town_is_meant_by_the_town() -> None:
    site, town = mention("plant in Visp", 1, 4, "site"), mention("Visp", 3, 4, "town")
    assert as_one([site, town], {"plant in Visp": 0.4, "Visp": 0.4}) == {"plant in Visp": pytest.approx(0.8)}
    other = mention("office in Visp", 8, 11, "site")
    shares = {"plant in Visp": 0.4, "Visp": 0.4, "office in Visp": 0.1}
    assert as_one([site, town, other], shares) == shares
