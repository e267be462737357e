"""A name behind an article is a thing's: it is sold and shipped, and does neither."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.names_of_things import is_thing, without_things
from extractors.reading import read


def things(text: str, lang: str) -> dict[str, bool]:
    """By name of a party that may be, whether it is told of as a thing."""
    document = read_document("", text, lang, date(2025, 6, 1))
    return {entity.name: is_thing(document, entity) for entity in read(document).parties.entities}


@pytest.mark.parametrize(
    ("text", "lang", "name", "thing"),
    [
        ("Tarnhollow sells the Quorlip for $299.", "en", "Quorlip", True),
        ("Tarnhollow sells the Quorlip for $299.", "en", "Tarnhollow", False),
        ("The Quorlip, a phone of Tarnhollow, has been sold 40,000 times.", "en", "Quorlip", True),
        ("The Quorlip group sold 40,000 phones.", "en", "Quorlip", False),
        ("The Quorlip 7 costs $299, says Quorlip.", "en", "Quorlip", False),
        ("The Quorlip Trust has ordered 40 servers.", "en", "Quorlip", False),
        ("Tarnhollow verkauft das Quorlip für 299 Euro.", "de", "Quorlip", True),
        ("Die Quorlip hat 40.000 Server bestellt.", "de", "Quorlip", False),
        ("Das RKI hat 40 Server bestellt.", "de", "RKI", False),
    ],
)
def test_a_name_behind_an_article_is_a_thing(text: str, lang: str, name: str, thing: bool) -> None:
    found = things(text, lang)
    assert any(name in told for told in found)
    assert next(is_a for told, is_a in found.items() if name in told) is thing


def test_where_nobody_else_is_named_the_thing_stays() -> None:
    document = read_document("", "The Quorlip has been sold 40,000 times.", "en", date(2025, 6, 1))
    parties = read(document).parties.entities
    assert [entity.name for entity in without_things(document, parties)] == [e.name for e in parties]
    assert any(entity.name == "Quorlip" for entity in parties)
