"""Where names end though capitals go on: a genitive, "&" between two names, a noun that says what it is."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.reading import Reading, read


def _read(lang: str, text: str) -> Reading:
    return read(read_document("", text, lang, date(2026, 3, 4)))


def _parties(lang: str, text: str) -> set[str]:
    return {entity.name for entity in _read(lang, text).parties.entities}


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("Quorvanes K90-Chips sind knapp. Quorvane liefert erst im Juni.", "Quorvane"),
        ("Quorvane liefert erst im Juni. Die Quorvanes K90-Chips ersetzen sollen, fehlen.", "Quorvane"),
        ("Umbrios Rechenzentrum in Bonn leistet 12 Megawatt. Umbrio zahlt.", "Umbrio"),
        ("In Kassel betreibt vEPs Tochter 700 Server.", "vEP"),
        ("Laut UDABOs Chef werden 20 Leute eingestellt.", "UDABO"),
        ("Belvo Computes Chef ging. Die Belvo Compute GmbH sucht Ersatz.", "Belvo Compute"),
    ],
)
def test_a_genitive_ends_a_german_name(text: str, party: str) -> None:
    found = _parties("de", text)
    assert party in found
    assert not any(name.startswith(f"{party}s") for name in found)


def test_what_a_genitive_owns_is_made_by_its_name() -> None:
    products = _read("de", "Er kauft 300 von Quorvanes BS428-Chips. Quorvane hat sie noch nicht.").products
    assert "Quorvane BS428" in {product.name for product in products}
    assert ("BS428", "Quorvane") in {(product.name, product.maker) for product in products}
    assert not any("Quorvanes" in product.name for product in products)


@pytest.mark.parametrize(
    ("lang", "text", "party"),
    [
        ("de", "Mercedes Benz baut 300 Wagen. Mercedes Benz zahlt.", "Mercedes-Benz"),
        ("de", "Die Firma Tantalus Robotik sucht 30 Leute.", "Tantalus Robotik"),
        ("en", "Quorvanes Labs hires 30 people. Quorvane does not.", "Quorvanes Labs"),
    ],
)
def test_an_s_is_no_genitive_by_itself(lang: str, text: str, party: str) -> None:
    assert party in _parties(lang, text)


def test_an_ampersand_joins_no_two_names_that_stand_alone_elsewhere() -> None:
    text = "**Quorvane & Umbrio.** Umbrio will 5.000 Server von Quorvane kaufen. Quorvane liefert ab 2027."
    assert {"Quorvane", "Umbrio"} <= _parties("de", text)
    assert "Quorvane & Umbrio" not in _parties("de", text)


@pytest.mark.parametrize("name", ["Tessera & Moll", "Amsel & Sohn", "Holm & Holm"])
def test_an_ampersand_stays_where_one_of_the_two_never_stands_alone(name: str) -> None:
    text = f"Der Konzern {name} kauft 5.000 Server. {name.partition(' ')[0]} zahlt dafür 7 Millionen Euro."
    assert name in _parties("de", text)


@pytest.mark.parametrize("noun", ["Großrechner", "Typ", "Sprachmodell"])
def test_a_noun_that_says_what_it_is_begins_no_numbered_name(noun: str) -> None:
    assert not any(name.startswith(noun) for name in _parties("de", f"Es ist der {noun} Mondfisch 3."))


def test_everyday_words_that_stand_alone_split_no_firm() -> None:
    text = "Marks & Spencer cut 300 jobs. Marks said sales rose. Spencer said so too."
    assert "Marks & Spencer" in _parties("en", text)


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("Das Bundesamt für Statistik bestellt 300 Server.", "Bundesamt für Statistik"),
        ("Der Leiter des Bundesamtes für Statistik bestellt 300 Server.", "Bundesamt für Statistik"),
        ("Die Landesagentur für digitale Dienste bestellt 300 Server.", "Landesagentur für digitale Dienste"),
        ("Die Tambur IT-Dienste GmbH investiert 12 Millionen Euro.", "Tambur IT-Dienste"),
        ("Die Müller & Co. KG bestellt 40 Roboter bei Kuka.", "Müller"),
    ],
)
def test_a_german_name_goes_on_up_to_its_task_or_its_legal_form(text: str, party: str) -> None:
    assert party in _parties("de", text)


def test_an_institute_of_some_kind_is_no_name() -> None:
    assert "Institut für Statistik" not in _parties("de", "Ein Institut für Statistik bestellt 300 Server.")


def test_the_institute_of_a_society_is_not_cut_off_it() -> None:
    assert "Institut für Optik" not in _parties(
        "de", "Das Fraunhofer-Institut für Optik bestellt 300 Server."
    )
