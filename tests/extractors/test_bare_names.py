"""Names that do not look like any: everyday words, small letters, adjectives in any case, public bodies."""

from __future__ import annotations

import pytest

from extractors.declined_names import forms, nominative
from extractors.document import read_document
from extractors.mentions import EntityType
from extractors.reading import read


def names(lang: str, text: str, title: str = "") -> set[str]:
    return {entity.name for entity in read(read_document(title, text, lang, None)).parties.entities}


@pytest.mark.parametrize(
    ("lang", "title", "text", "name"),
    [
        ("en", "", "Paperboy is done. It was Paperboy that had 340 chips.", "Paperboy"),
        ("en", "Sundry raises its prices", "The firm has 1.3 million accounts.", "Sundry"),
        ("en", "Live: what Lantern has to show", "Lantern makes chips. It sold 40 million.", "Lantern"),
        ("en", "", "Tractive of Pasching in Austria has 300 customers.", "Tractive"),
        ("en", "", "Kettle & Drum has brought a speaker.", "Kettle & Drum"),
        ("en", "", "Rival Prairie Loop of Omaha has 11,000 GPUs.", "Prairie Loop"),
        ("de", "Dohle überholt die Konkurrenz", "Im Juli zählte sie 12 Millionen Nutzer.", "Dohle"),
        ("de", "", "Kormoran aus Kiel betreibt 58.000 GPUs. Bei Kormoran wächst es.", "Kormoran"),
        ("de", "Kamille stockt auf", "Der Serverbauer stellt 140 Leute ein.", "Kamille"),
        ("de", "", "Ihr Start-up 4graph wächst. Chef von 4graph ist er.", "4graph"),
        ("de", "", "Der Anbieter lærk wächst. In Esbjerg hat lærk Räume.", "lærk"),
        ("de", "", "wolle7 baut aus. Bei wolle7 arbeiten 66 Leute.", "wolle7"),
        ("de", "", "Die Röntgenspezialistin Xorvel wächst.", "Xorvel"),
        ("de", "Tiefwasser Telekom verlegt", "Tiefwasser Telekom zahlt 165 Millionen.", "Tiefwasser Telekom"),
    ],
)
def test_an_everyday_word_that_acts_is_a_name(lang: str, title: str, text: str, name: str) -> None:
    assert name in names(lang, text, title)


@pytest.mark.parametrize(
    ("lang", "title", "text", "plain"),
    [
        ("en", "", "Revenue rose by a third. Revenue was 3 billion.", "Revenue"),
        ("en", "Supplier raises its prices", "The supplier has 300 customers.", "Supplier"),
        ("en", "", "Output has grown. The output was 300 tons.", "Output"),
        ("en", "", "Bakers want bread. Bakers said so.", "Bakers"),
        ("de", "", "Geplant ist eine Halle. Geplant war eine zweite.", "Geplant"),
        ("de", "", "Umsatz ist nicht alles. Der Konzern will Umsatz machen.", "Umsatz"),
        ("de", "Hersteller baut aus", "Der Hersteller zahlt 3 Millionen.", "Hersteller"),
        ("de", "Halle wächst nicht", "Die Scheune bleibt, wie sie ist.", "Scheune"),
        ("de", "", "EINE HALLE STEHT IN ELBTAL.", "STEHT"),
        ("de", "", "Xorvel kauft GPU und CPU.", "GPU"),
        ("de", "", "Der Anbieter hätte gern gebaut, doch hätte er müssen.", "hätte"),
    ],
)
def test_an_ordinary_word_is_none(lang: str, title: str, text: str, plain: str) -> None:
    assert plain not in names(lang, text, title)


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("de", "Die Aktien der Deutschen Bank fielen.", "Deutsche Bank"),
        ("de", "Er kam vom Deutschen Wetterdienst.", "Deutscher Wetterdienst"),
        ("de", "Der Rechner der Technischen Universität Elbtal läuft.", "Technische Universität Elbtal"),
        ("de", "Sie sind seit Juli Vorständin der KVG. Die KVG kauft Busse.", "KVG"),
        ("de", "Nordrhein-Westfalen prüft den Kauf.", "Nordrhein-Westfalen"),
        ("de", "Das Klinikum Schleswig-Holstein kauft vier.", "Klinikum Schleswig-Holstein"),
        ("de", "Die Ludwig-Maximilians-Universität Kassel zahlt.", "Ludwig-Maximilians-Universität Kassel"),
        ("de", "Bei den Stadtwerken Kassel sind es drei.", "Stadtwerke Kassel"),
        ("de", "Die niederländische Armee kauft 210 Drohnen.", "niederländische Armee"),
        ("de", "Bei der britischen Steuerbehörde laufen 300 Server.", "britische Steuerbehörde"),
        ("en", "The Dutch army is buying 210 drones.", "Dutch army"),
        ("en", "German police ordered 30 cars.", "German police"),
        ("en", "Vilnius University signed for 400 chips. So did Leiden University.", "Vilnius University"),
        ("en", "Latvia has set aside 20 million.", "Latvia"),
    ],
)
def test_bodies_and_declined_names(lang: str, text: str, name: str) -> None:
    assert name in names(lang, text)


def test_a_ministry_abroad_is_not_the_one_at_home() -> None:
    assert "Bundesverteidigungsministerium" in names("de", "Das Verteidigungsministerium zahlt.")
    abroad = names("de", "Das britische Verteidigungsministerium zahlt.")
    assert abroad == {"britisches Verteidigungsministerium"}


def test_words_that_open_sentences_are_no_reason_against_a_listed_name() -> None:
    assert "Nasdaq" in names("en", "Exchange operator Nasdaq is buying 300 servers.")
    assert "Bild" in names("de", "Die Zeitung Bild entlässt 300 Leute.")
    assert "Nothing" in names("en", "The start-up Nothing has sold 300 phones.")


def test_a_person_is_no_company_of_that_name() -> None:
    (bain,) = read(read_document("", "Mr Bain said so.", "en", None)).parties.entities
    assert bain.type is EntityType.PERSON
    power = read(read_document("", "It has diesel generators and UPS systems.", "en", None)).parties.entities
    assert EntityType.COMPANY not in {entity.type for entity in power}


def test_the_country_of_a_body_alone_is_not_the_body() -> None:
    made = read(read_document("Dutch chip firm raises sales", "The Dutch army buys 210 drones.", "en", None))
    (army,) = (entity for entity in made.parties.entities if entity.name == "Dutch army")
    assert len(army.mentions) == 1


def test_a_preposition_is_no_company() -> None:
    assert names("de", "Über Xorvel: Das Start-up baut Hallen.") == {"Xorvel"}
    assert names("de", "Uber zahlt 3 Millionen.") == {"Uber"}


def test_all_cases_of_a_name() -> None:
    assert set(forms("Deutsche Bank")) == {
        f"{adjective} Bank" for adjective in ("Deutsche", "Deutschen", "Deutscher", "Deutsches", "Deutschem")
    }
    assert list(forms("Siemens Energy")) == []
    assert nominative("Technischen Universität Elbtal", "de") == "Technische Universität Elbtal"
    assert nominative("Europäischen Patentamts", "de") == "Europäischen Patentamts"
    assert nominative("Technischen Leitern", "en") == "Technischen Leitern"
    for name in ("Fischer Werke", "Porsche Museum", "Menschen Bank"):
        assert nominative(name, "de") == name


def test_a_kliniken_group_with_a_given_name_is_no_person() -> None:
    made = read(read_document("", "Die Sana Kliniken kaufen 220 Roboter.", "de", None))
    assert {e.name: e.type for e in made.parties.entities} == {"Sana Kliniken": EntityType.UNKNOWN}


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("de", "Der Leipziger Betreiber abendstern, ein Unternehmen aus Gohlis, baut.", "abendstern"),
        ("de", "Das Start-up zwackel, das Nüsse zählt, wächst.", "zwackel"),
        ("de", "Der Netzteilbauer draht & dose verdoppelt die Schichten.", "draht & dose"),
        ("de", "Für ein Start-up namens „leise Töne“ war es viel.", "leise Töne"),
        (
            "de",
            "– leise & gut, Kiel: 1,1 Millionen Euro\n– Zwei Meter Zaun, Münster: 650.000 Euro",
            "leise & gut",
        ),
        ("de", "– leise & gut, Kiel: 1,1 Millionen\n– Zwei Meter Zaun, Münster: 650.000", "Zwei Meter Zaun"),
        ("de", "Meta | 300\nXiaomi | 200\nSpule & Garn | 100", "Spule & Garn"),
        ("de", "Ab Juli baut Amsel & Sohn drei pro Woche.", "Amsel & Sohn"),
        (
            "en",
            "One entry in green. slow cart, a cloud provider from Utrecht with 29 people, grew.",
            "slow cart",
        ),
        ("en", "It is late. At tired goat, a start-up from Porto, seven people work.", "tired goat"),
        ("en", "red barn has 88 employees.\nNext year, red barn wants more.", "red barn"),
        ("en", "1. noon (London, 84p). It had 1,150 customers.", "noon"),
        ("en", "Meta | 310\nXiaomi | 295\ngrey owl | 64\nRayNeo | 12", "grey owl"),
        ("en", "- Mild Oak (Boston, cooling): $22.5 million", "Mild Oak"),
        ("en", "Ana runs computers at 8 Knots, a hosting company from Tallinn with 310 people.", "8 Knots"),
        ("en", "In Dresden, 5 Elms Semiconductor is letting 215 people go.", "5 Elms Semiconductor"),
        ("en", "Three Steps North, a Ghanaian carrier, has 300 customers.", "Three Steps North"),
        ("en", "We rented from a cloud provider called brass hat.", "brass hat"),
    ],
)
def test_its_place_in_the_text_makes_a_name(lang: str, text: str, name: str) -> None:
    assert name in names(lang, text)


@pytest.mark.parametrize(
    ("lang", "text", "plain"),
    [
        ("de", "Der Betreiber sucht, das ist bekannt, nach Land. Der Anbieter sucht auch.", "sucht"),
        ("de", "Offen | 187\nMeta | 80\nXiaomi | 70\ninsgesamt | 337", "insgesamt"),
        ("de", "Der Speicher misst 4 Gigabyte Speicher.", "4 Gigabyte Speicher"),
        ("en", 'A story that the company called "groundless" before lunch.', "groundless"),
        ("en", "Volume was thin. 9.8 million shares, an average, changed hands.", "million"),
        ("en", "If rates rose by two points, a company whose profits lie far off pays.", "two points"),
        ("en", "- by the end of 2027: 120 MW\n- by the end of 2028: 300 MW", "by the end"),
        (
            "en",
            "all prices are low, and all letters small.\nprices fell. prices rose.\nall is well.",
            "prices",
        ),
    ],
)
def test_small_letters_alone_make_none(lang: str, text: str, plain: str) -> None:
    assert plain not in names(lang, text)
