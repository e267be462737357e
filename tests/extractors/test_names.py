"""Who and what is named: parties, people, products, sites and what stands for them, in both languages."""

from __future__ import annotations

import pytest

from extractors.document import read_document
from extractors.mentions import EntityType
from extractors.name_index import NameIndex
from extractors.products import find_listed
from extractors.reading import Reading, read


def reading(text: str, lang: str, title: str = "") -> Reading:
    return read(read_document(title, text, lang, None))


def names(text: str, lang: str) -> dict[str, EntityType]:
    return {entity.name: entity.type for entity in reading(text, lang).parties.entities}


def indexed(text: str) -> list[str]:
    index = NameIndex([("Norvik", "N"), ("Norvik Data Hall", "NDH"), ("ACM", "A")])
    return [entry for *_, entry in index.find(read_document("", text, "en", None))]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Norvik builds", ["N"]),
        ("NORVIK builds", ["N"]),
        ("Norviks Plan", ["N"]),
        ("the Norvik Data Hall opens", ["NDH"]),
        ("Norvik data is here", ["N"]),
        ("ACM met", ["A"]),
        ("acm met", []),
        ("norvik builds", []),
        ("Norvikson builds", []),
    ],
)
def test_the_index_takes_the_longest_name_and_minds_capitals(text: str, entries: list[str]) -> None:
    assert indexed(text) == entries


@pytest.mark.parametrize(
    ("lang", "text", "name", "kind"),
    [
        ("de", "Microsoft kauft ein.", "Microsoft", EntityType.COMPANY),
        ("en", "Microsoft is buying.", "Microsoft", EntityType.COMPANY),
        ("de", "Der Anbieter Xorvel baut 5 Hallen.", "Xorvel", EntityType.UNKNOWN),
        ("en", "The start-up Xorvel builds 5 halls.", "Xorvel", EntityType.UNKNOWN),
        ("de", "Die Xorvel GmbH baut.", "Xorvel", EntityType.UNKNOWN),
        ("en", "Xorvel Inc. builds halls.", "Xorvel", EntityType.UNKNOWN),
        ("de", "Das sagte Julia Quantow gestern.", "Julia Quantow", EntityType.PERSON),
        ("en", "Julia Quantow said so.", "Julia Quantow", EntityType.PERSON),
        ("en", "The plant is in Dresden.", "Dresden", EntityType.PLACE),
        ("en", "Xorvel of Niederbach has grown.", "Xorvel", EntityType.UNKNOWN),
        ("en", "The Bank of Xorvel has grown.", "Bank of Xorvel", EntityType.UNKNOWN),
        ("de", "Der Batteriehersteller Julia Cells baut.", "Julia Cells", EntityType.UNKNOWN),
        ("de", "Die Xorvel Telekom baut.", "Xorvel Telekom", EntityType.UNKNOWN),
        ("de", "Das sagte Xorvel-Sprecherin Julia Quantow.", "Xorvel", EntityType.UNKNOWN),
        ("de", "Auf dem dritten Rang landete Leberkas.io.", "Leberkas.io", EntityType.UNKNOWN),
        ("de", "Das sagte Mitgründer Hans-Jörg Quantow.", "Hans-Jörg Quantow", EntityType.PERSON),
        ("de", "Das sagte Netzchefin Ynke Quantow-Lüdeke.", "Ynke Quantow-Lüdeke", EntityType.PERSON),
        ("de", "Das sagte Prof. Dr. Ynke Quantow, die ihn leitet.", "Ynke Quantow", EntityType.PERSON),
        ("de", "Ynke Quantow, 71, lehnt das ab.", "Ynke Quantow", EntityType.PERSON),
        ("en", "Ynke Quantow (44) runs the firm.", "Ynke Quantow", EntityType.PERSON),
        ("en", "Chief Financial Officer Ynke Quantow said so.", "Ynke Quantow", EntityType.PERSON),
        ("en", "So said Lieutenant Governor Ynke Quantow.", "Ynke Quantow", EntityType.PERSON),
        ("en", "The Chief Executive Officer of Xorvel said so.", "Xorvel", EntityType.UNKNOWN),
        ("en", "Merriman & Xorvel told us.", "Merriman & Xorvel", EntityType.UNKNOWN),
        ("en", "Ynke Quantow (²) has 5,000 chips.", "Ynke Quantow", EntityType.UNKNOWN),
        ("en", "Ynke Quantow, " + "1" * 5000 + ", runs it.", "Ynke Quantow", EntityType.UNKNOWN),
        ("en", "Managing director Ruben van Quantow said so.", "Ruben van Quantow", EntityType.PERSON),
        ("de", "Das sagte Chefin Petra von der Quantow.", "Petra von der Quantow", EntityType.PERSON),
        ("de", "Das sagt Max von Nebelheim.", "Nebelheim", EntityType.UNKNOWN),
        ("en", "Hans-Jörg van der Quantow said so.", "Hans-Jörg van der Quantow", EntityType.PERSON),
        ("en", "The Berlin Museum of Technology has it.", "Berlin Museum of Technology", EntityType.UNKNOWN),
        ("en", "Ynke Quantow of Merriman Research said so.", "Ynke Quantow", EntityType.UNKNOWN),
        ("en", "Ynke Quantow of Merriman Research said so.", "Merriman Research", EntityType.UNKNOWN),
        ("de", "Das sagte Chief Executive Officer Ynke Quantow.", "Ynke Quantow", EntityType.PERSON),
        ("en", "A hall on Xorvel Road has 30 chips.", "Xorvel Road", EntityType.PLACE),
        ("en", "Xorvel Road has raised $5 million.", "Xorvel Road", EntityType.UNKNOWN),
    ],
)
def test_names_get_their_type(lang: str, text: str, name: str, kind: EntityType) -> None:
    assert names(text, lang).get(name) is kind


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Die Server stehen in der Halle und kosten viel Geld."),
        ("en", "The servers stand in the hall and cost a lot of money."),
        ("de", "Am Montag kommt der Chef."),
        ("de", "Sie verkauft eine spezielle Box."),
        ("en", "On Monday the chief comes."),
    ],
)
def test_everyday_words_are_nobody(lang: str, text: str) -> None:
    strong = [e.name for e in reading(text, lang).parties.entities if "weak" not in e.hints]
    assert strong == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "They have less than $10B, up to 5GW and another 100K GPUs."),
        ("de", "Wir suchen bis Jahresende 20 weitere Leute."),
    ],
)
def test_amounts_and_times_are_nobody(lang: str, text: str) -> None:
    assert names(text, lang) == {}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_surname_is_the_person_and_the_office_names_the_employer(lang: str) -> None:
    text = {
        "de": "Microsoft-Chefin Julia Quantow kündigte das an. Quantow nannte keine Zahl.",
        "en": "Microsoft CEO Julia Quantow announced it. Quantow gave no number.",
    }[lang]
    parties = reading(text, lang).parties
    person = parties.named("Julia Quantow")
    assert person is not None
    assert len(person.mentions) == 2
    assert person.employer is not None
    assert parties.entities[person.employer].name == "Microsoft"


@pytest.mark.parametrize(
    ("lang", "text", "name", "grade"),
    [
        ("de", "Es sind 5 H100 von Nvidia.", "NVIDIA H100", "listed"),
        ("en", "There are 5 Nvidia H100 GPUs.", "NVIDIA H100", "listed"),
        ("de", "Die RTX 6090 kommt.", "NVIDIA GeForce RTX 6090", "family"),
        ("en", "The RTX 6090 is coming.", "NVIDIA GeForce RTX 6090", "family"),
        ("de", "Sie kaufen 5 Grafikprozessoren.", "GPU", "class"),
        ("en", "They buy 5 graphics processors.", "GPU", "class"),
        ("de", "Das Rechenzentrum öffnet.", "data center", "site"),
        ("en", "The data center in Dresden opens.", "Dresden data center", "site"),
        ("en", "A plant in Mount Pleasant, Wisconsin, opens.", "Mount Pleasant plant", "site"),
        ("en", "Its chip factory in Dresden opens.", "Dresden fab", "site"),
        (
            "de",
            "In Dresden nimmt im Mai 2027 außerdem ein zweites Werk den Betrieb auf.",
            "plant in Dresden",
            "site",
        ),
        ("de", "Sie waren in Dresden. Das Werk öffnet 2027.", "plant in Dresden", "site"),
        ("de", "Neu ist der Tarif „Wanderlicht 300“.", "Wanderlicht 300", "quoted"),
        ("en", "Norvik sells the Skarn 4 for $50.", "Skarn 4", "model"),
        ("en", "Norvik says the V-60 is late.", "V-60", "model"),
        ("de", "Der Küchenroboter Quendolin kommt.", "Quendolin", "classed"),
        ("en", "They ordered 2,200 Skarns in May.", "Skarn", "counted"),
        ("en", "Delays hit the Skarn laptop processor.", "Skarn", "headed"),
        ("en", "Delays hit Skarnix, a supercomputer for weather.", "Skarnix", "explained"),
        ("de", "Der MSI Claw B7 kostet 900 Euro.", "MSI Claw B7", "family"),
        ("en", "An Apple Vision Pro Lite costs $900.", "Apple Vision Pro Lite", "family"),
        ("en", "The Nothing Phone (7a) Lite costs $90.", "Nothing Phone (7a) Lite", "family"),
        ("en", "Apple iPhone Q3 revenue rose.", "Apple iPhone", "listed"),
        ("de", "Den HomePod Max Müller zufolge gibt es.", "Apple HomePod", "listed"),
        ("en", "It sold the Roomba 50 million times.", "iRobot Roomba", "listed"),
        ("de", "Ein Galaxy Ring 9 kommt.", "Samsung Galaxy Ring 9", "model"),
        ("en", "Next to the RTX 5090, the 5080 is cheap.", "NVIDIA GeForce RTX 5080", "short"),
        ("en", "They run 64 Nvidia L40S cards.", "NVIDIA L40S", "listed"),
        ("en", "They lit the 30th 5G base station.", "base station", "class"),
    ],
)
def test_products_and_sites(lang: str, text: str, name: str, grade: str) -> None:
    found = [(p.name, p.grade) for context in reading(text, lang).contexts for p in context.products]
    assert (name, grade) in found


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("en", "They sold 5,000 garden boilers.", ["boiler", "garden boiler"]),
        ("de", "Sie kaufen 5.000 Zellen.", ["Zelle"]),
        ("en", "It took 30 days.", []),
    ],
)
def test_amounts_count_things_by_their_own_noun(lang: str, text: str, names: list[str]) -> None:
    assert [noun.name for found in reading(text, lang).nouns for noun in found] == names


@pytest.mark.parametrize(("lang", "text"), [("de", "Das Wetter ist schön."), ("en", "The weather is nice.")])
def test_where_no_product_is_named_none_is_found(lang: str, text: str) -> None:
    assert [p for context in reading(text, lang).contexts for p in context.products] == []


def stands_for(text: str, lang: str) -> list[str | None]:
    whole = reading(text, lang)
    found = [r for context in whole.contexts for r in context.references]
    return [whole.parties.entities[r.entity].name if r.entity is not None else None for r in found]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "Nvidia liefert. Der Chiphersteller ist zufrieden.", ["Nvidia"]),
        ("en", "Nvidia delivers. The chipmaker is happy.", ["Nvidia"]),
        ("de", "Nvidia beliefert Meta. Der Chiphersteller ist zufrieden.", ["Nvidia"]),
        ("en", "Nvidia supplies Meta. The chipmaker is happy.", ["Nvidia"]),
        ("de", "Nvidia liefert. Der Hersteller Nvidia ist zufrieden.", []),
        ("en", "Nvidia delivers. A chipmaker is happy.", []),
        ("en", "The chipmaker is happy.", [None]),
    ],
)
def test_descriptions_stand_for_the_party_that_fits(lang: str, text: str, expected: list[str | None]) -> None:
    assert stands_for(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rings remain a niche. Halvorsen has sold 2.5 million Rings.", False),
        ("Amazon sells doorbells. It has sold 2.5 million Rings.", True),
        ("The Blackwell is late.", True),
    ],
)
def test_an_everyday_word_is_a_product_beside_its_maker(text: str, found: bool) -> None:
    document = read_document("", text, "en", None)
    assert bool(find_listed(document)) is found
