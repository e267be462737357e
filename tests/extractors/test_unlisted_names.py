"""Names that no list has, where ordinary news puts them: the whole name is the party, and no more."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.reading import Reading, read


def _read(lang: str, text: str, title: str = "") -> Reading:
    return read(read_document(title, text, lang, date(2026, 3, 4)))


def _parties(lang: str, text: str, title: str = "") -> set[str]:
    return {entity.name for entity in _read(lang, text, title).parties.entities}


@pytest.mark.parametrize(
    ("lang", "text", "party"),
    [
        # Behind what says where it is at home, or what it is.
        ("de", "Die Ulmer Zirbex AG kauft 300 Server.", "Zirbex"),
        ("de", "Der Londoner Fahrradverleiher Pelham Ostrava stellt 300 Leute ein.", "Pelham Ostrava"),
        ("de", "Am Montag will der Hamburger Frachtmakler Zirbex 300 Roboter kaufen.", "Zirbex"),
        ("en", "Insurer Meadowbank employs 300 people.", "Meadowbank"),
        ("en", "Struggling Norrkraft will cut 300 jobs.", "Norrkraft"),
        ("en", "Unlike CoreWeave, Norrkraft will invest $90 million.", "Norrkraft"),
        ("en", "Backer Microsoft put $90 million into Norrkraft.", "Microsoft"),
        # Before a noun that is its object, in the sentence or the headline.
        ("de", "Seit 2024 verkauft Lumeo Software für Steuerberater. Lumeo hat 40.000 Kunden.", "Lumeo"),
        ("de", "2026 will Avalor 150 zusätzliche Entwickler einstellen.", "Avalor"),
        # Everyday words.
        ("de", "Das teilte Kompass am Montag mit. Kompass will 300 Leute einstellen.", "Kompass"),
        ("en", "Meadow Inc. has raised $90 million.", "Meadow"),
        ("en", "Furrow Robotics cut 30 jobs. Carbon Robotics in Seattle did not.", "Furrow Robotics"),
        ("en", "Lantern's revenue rose to $12 million.", "Lantern"),
        ("de", "Die Bergmann-Gruppe will 85 Millionen Euro in ein Werk in Soest stecken.", "Bergmann"),
        ("de", "Die Nimbus-Werke streichen 300 Stellen.", "Nimbus"),
        ("de", "Die Lumeo-Technik GmbH kauft 300 Server.", "Lumeo-Technik"),
        # Words that a list has as something else.
        ("en", "Aurora Networks will cut 300 jobs by June.", "Aurora Networks"),
        ("en", "Vista Equity Partners has invested $90 million.", "Vista Equity Partners"),
        ("en", "Its investor Granite Capital put $40 million into Norrkraft.", "Granite Capital"),
        ("de", "Kirin Games hat 3 Millionen Kopien verkauft.", "Kirin Games"),
    ],
)
def test_the_name_is_the_party(lang: str, text: str, party: str) -> None:
    found = _parties(lang, text)
    assert party in found
    assert not any(party in name for name in found - {party})


@pytest.mark.parametrize(
    ("lang", "text", "wrong"),
    [
        ("en", "Women's clothing costs $90.", "Women"),
        ("en", "Norrkraft Trust and Meadow Holdings merge.", "Holdings"),
        ("de", "Bis Jahresende will die Firma 80 neue Leute einstellen.", "Firma"),
        ("de", "Die Arbeits-Gruppe will 300 Server kaufen.", "Arbeits"),
        ("de", "Die Cloud-Gruppe streicht 300 Stellen.", "Cloud"),
        ("de", "Das Gerät von Lumeo fasst 5.000 mAh, es kostet 399 Euro.", "mAh"),
        ("de", "Die Berliner Sparkasse investiert 30 Millionen Euro.", "Berliner"),
    ],
)
def test_a_plain_word_is_no_party(lang: str, text: str, wrong: str) -> None:
    assert wrong not in _parties(lang, text)


@pytest.mark.parametrize(
    ("title", "text", "party"),
    [
        ("Norrkraft CEO: we will build 300 MW", "The company wants a campus, Amy Stone said.", "Norrkraft"),
        ("How many GPUs Lexicrawl bought", "Lexicrawl bought 4,000 GPUs in 2025.", "Lexicrawl"),
    ],
)
def test_a_headline_s_capitals_belong_to_no_name(title: str, text: str, party: str) -> None:
    found = _parties("en", text, title)
    assert party in found
    assert found.isdisjoint({"CEO", "GPUs", "MW", "Norrkraft CEO", "GPUs Lexicrawl"})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The DataNest 420 stays at $399.", "DataNest 420"),
        ("The Banksia 550 is available from May 3 for $649.", "Banksia 550"),
        ("Norrkraft's Banksia 550 ships in May.", "Banksia 550"),
        ("The Vantor Switch 8 costs $349.", "Vantor Switch 8"),
        ("The Ouro Ring 5 goes on sale on May 3.", "Ouro Ring 5"),
    ],
)
def test_a_product_keeps_its_number_and_its_maker(text: str, name: str) -> None:
    assert name in {product.name for product in _read("en", text).products}


@pytest.mark.parametrize("text", ["Norrkraft 300 jobs to go", "The 420 robots stay."])
def test_a_number_that_counts_is_no_model(text: str) -> None:
    assert not any(name.endswith(("300", "420")) for name in (p.name for p in _read("en", text).products))


def test_a_listed_product_stays_one_where_its_maker_is_about() -> None:
    names = {
        p.name for p in _read("en", "Nintendo ships the Switch 2. Foxkor Switch 2 cases follow.").products
    }
    assert "Nintendo Switch 2" in names


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Hanwha will invest $300 million, chief executive Kim Dong-won said.", "Kim Dong-won"),
        ("LG will hire 300 people, Chung Eui-sun said on Monday.", "Chung Eui-sun"),
        ("CEO Bhavish Aggarwal said so. Aggarwal wants a plant.", "Bhavish Aggarwal"),
    ],
)
def test_a_person_s_name_is_whole_and_one(text: str, person: str) -> None:
    found = _parties("en", text)
    assert person in found
    assert found.isdisjoint({"Kim Dong", "Chung Eui", "Aggarwal"})


def test_what_stands_behind_a_hyphen_may_be_no_syllable() -> None:
    assert "Hong Kong" in _parties("en", "The firm raised $30 million in a Hong Kong-led deal.")


@pytest.mark.parametrize(
    ("title", "text", "party"),
    [
        (
            "Copper Field raises $40 million",
            "Copper Field has 40 employees, the company said.",
            "Copper Field",
        ),
        (
            "Stone Bridge to hire 300",
            "Stone Bridge, a maker of robots, will hire 300 people.",
            "Stone Bridge",
        ),
    ],
)
def test_a_headline_has_the_whole_name_of_the_text(title: str, text: str, party: str) -> None:
    assert _parties("en", text, title) == {party}
