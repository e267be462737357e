"""A name that an article spells in two ways is one party; other brackets bring nothing together."""

from __future__ import annotations

import pytest

from extractors.document import read_document
from extractors.mentions import Entity
from extractors.reading import read


def parties(text: str, lang: str, title: str = "") -> list[Entity]:
    return read(read_document(title, text, lang, None)).parties.entities


def spelled(text: str, lang: str, title: str = "") -> list[set[str]]:
    """The spellings of each party that has several."""
    return [entity.aliases for entity in parties(text, lang, title) if len(entity.aliases) > 1]


@pytest.mark.parametrize(
    ("lang", "text", "both"),
    [
        ("en", "The Kelvard Centre for Science (KCS) opened. KCS ordered 400 GPUs.",
         {"Kelvard Centre for Science", "KCS"}),
        ("en", "The start-up Xorvel Quantum Works (XQW) is hiring.", {"Xorvel Quantum Works", "XQW"}),
        ("en", "KCS (Kelvard Centre for Science) opened. KCS ordered 400 GPUs.",
         {"Kelvard Centre for Science", "KCS"}),
        ("en", "The Kelvard Centre for Science (KCS, Redmond) opened.",
         {"Kelvard Centre for Science", "KCS"}),
        ("en", "The Julia Quantow Institute (JQI) opened.", {"Julia Quantow Institute", "JQI"}),
        ("de", "Das Forschungszentrum Xorvel (FZX) wächst. Das FZX kauft 40 GPUs.",
         {"Forschungszentrum Xorvel", "FZX"}),
        ("de", "Die Xorvel Telekom (XOT) baut aus. XOT hat 500 GPUs.", {"Xorvel Telekom", "XOT"}),
        ("de", "Deutsche Telekom (DTKM) wächst. DTKM kauft 40 GPUs.", {"Deutsche Telekom", "DTKM"}),
    ],
)  # fmt: skip
def test_an_abbreviation_in_brackets_is_the_same_party(lang: str, text: str, both: set[str]) -> None:
    assert both in spelled(text, lang)


def test_the_party_bears_its_full_name() -> None:
    found = parties("The Kelvard Centre for Science (KCS) opened. KCS ordered 400 GPUs.", "en")
    assert [e.name for e in found if "KCS" in e.aliases] == ["Kelvard Centre for Science"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Xorvel Quantum Works (WQX) opened. WQX grew."),  # another order
        ("en", "Xorvel Quantum Works opened, XQW followed. XQW grew."),  # no bracket
        ("en", "Xorvel Quantum Works (Xqw) opened. Xqw grew."),  # no capitals
        ("en", "Xorvel Quantum Works (XQ) opened. XQ grew."),  # too short
        ("en", "Xorvel Quantum Works (XORQUANWO) opened. XORQUANWO grew."),  # too long
        ("en", "Xorvel Quantum Works (Kelvard) is hiring. Kelvard said so."),
        ("en", "Xorvel Quantum Works (XQW) opened. So did Kelvard Robotics (XQW). XQW grew."),  # of another
        ("en", "Xorvel Quantum Works (XQW) and Xenon Quality Wines (XQW) grew. XQW said so."),  # of two
        ("de", "Anbieter ist Deutsche Telekom (DSL). DSL kostet 40 Euro."),  # one word begins with its letter
        ("de", "Es sprach Julia Bornswede (BSW). Das BSW wartet."),  # whom a person belongs to
        ("de", "Es sprach Minister Bornswerder Sorgwald (BSW). Das BSW wartet."),
        ("de", "Es siegte Swisscom (SIM). Die SIM kostet 40 Euro."),  # a short word has no parts
    ],
)
def test_other_brackets_bring_nothing_together(lang: str, text: str) -> None:
    short = text[text.index("(") + 1 : text.index(")")] if "(" in text else "XQW"
    assert not any(short in spellings for spellings in spelled(text, lang))


def test_a_headline_in_capitals_names_whom_the_text_names() -> None:
    found = parties("The Kelvard Centre ordered 400 GPUs.", "en", "KELVARD CENTRE ORDERS GPUS")
    assert any("KELVARD CENTRE" in e.aliases and e.name == "Kelvard Centre" for e in found)


def test_capitals_in_the_text_are_a_name_of_their_own() -> None:
    text = "Der Ökonom Jürgen Stark warnt. Stark sagt das. Die Firma STARK kauft 40 GPUs."
    assert not any("STARK" in spellings for spellings in spelled(text, "de"))
