import pytest

from extractors.catalogue import given_names, places
from extractors.catalogue.places import PlaceKind
from extractors.catalogue.records import CatalogueError


@pytest.mark.parametrize(
    ("word", "name", "kind", "country"),
    [
        ("München", "Munich", PlaceKind.CITY, "DE"),
        ("Munich", "Munich", PlaceKind.CITY, "DE"),
        ("HANAU", "Hanau", PlaceKind.CITY, "DE"),
        ("Berlins", "Berlin", PlaceKind.CITY, "DE"),
        ("Japan's", "Japan", PlaceKind.COUNTRY, "JP"),
        ("Großbritannien", "United Kingdom", PlaceKind.COUNTRY, "GB"),
        ("U.S.", "United States", PlaceKind.COUNTRY, "US"),
        ("Calif.", "California", PlaceKind.REGION, "US"),
        ("Katalonien", "Catalonia", PlaceKind.REGION, "ES"),
        ("Paris", "Paris", PlaceKind.CITY, "FR"),
        ("Europa", "Europe", PlaceKind.REGION, ""),
    ],
)
def test_place_in_either_language(word: str, name: str, kind: PlaceKind, country: str) -> None:
    found = places.place(word)
    assert found is not None
    assert (found.name, found.kind, found.country) == (name, kind, country)


@pytest.mark.parametrize("word", ["Nvidia", "berlin", "", "s", "Rechenzentrum", "ABCDEF"])
def test_no_place(word: str) -> None:
    assert places.place(word) is None
    assert places.places(word) == ()


def test_every_place_of_a_name_is_found() -> None:
    assert {one.country for one in places.places("Cambridge")} == {"US", "GB"}
    assert [one.kind for one in places.places("Georgia")] == [PlaceKind.COUNTRY, PlaceKind.REGION]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("japanische", "JP"),
        ("Japanische", "JP"),
        ("Japanese", "JP"),
        ("US-amerikanischen", "US"),
        ("taiwanischer", "TW"),
        ("Swiss", "CH"),
        ("bayerischen", None),
        ("praktische", None),
    ],
)
def test_country_of_adjective(word: str, code: str | None) -> None:
    assert places.country_of_adjective(word) == code


def test_adjective_of_a_region() -> None:
    found = places.place_of_adjective("bayerischen")
    assert found is not None
    assert found.name == "Bavaria"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Japaner", "JP"),
        ("Japanern", "JP"),
        ("Chinesen", "CN"),
        ("Chinesin", "CN"),
        ("Deutschen", "DE"),
        ("Britons", "GB"),
        ("Frenchmen", "FR"),
        ("Germans", "DE"),
        ("Berliner", None),
        ("Rechner", None),
    ],
)
def test_country_of_demonym(word: str, code: str | None) -> None:
    assert places.country_of_demonym(word) == code


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Berliner", "Berlin"),
        ("Münchner", "Munich"),
        ("Münchnern", "Munich"),
        ("Karlsruher", "Karlsruhe"),
        ("Darmstädter", "Darmstadt"),
        ("Göttinger", "Göttingen"),
        ("Zürcher", "Zurich"),
        ("Hannoveraner", "Hanover"),
        ("Texan", "Texas"),
        ("New Yorker", "New York"),
    ],
)
def test_inhabitants(word: str, name: str) -> None:
    found = places.place_of_inhabitants(word)
    assert found is not None
    assert found.name == name


def test_inhabitants_of_a_country_are_not_those_of_a_city() -> None:
    assert places.place_of_inhabitants("Japaner") is None


def test_everyday_words_are_marked_and_known() -> None:
    assert places.is_ambiguous("Essen")
    assert not places.is_ambiguous("Chemnitz")
    unknown = [name for name in places.gazetteer().ambiguous if not places.places(name)]
    assert unknown == []


def test_the_world_is_complete_enough() -> None:
    found = {one for group in places.gazetteer().names.values() for one in group}
    number = {kind: sum(1 for one in found if one.kind is kind) for kind in PlaceKind}
    assert number[PlaceKind.COUNTRY] >= 195
    assert number[PlaceKind.REGION] >= 300
    assert number[PlaceKind.CITY] >= 1500


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cities": {"QQ": ["Nowhere"]}}, "no country 'QQ'"),
        ({"cities": {"DE": "Berlin"}}, "must be a list"),
        ({"countries": {"DE": {"en": ["Germany"]}}}, "countries.DE must have exactly"),
        ({"inhabitants": {"Nowhere": ["Nowherer"]}}, "no place 'Nowhere'"),
        ({"extra": {}}, "unknown table 'extra'"),
        ({"within": {"Atlantis": []}}, "no region 'Atlantis'"),
        ({"regions": {"DE": ["Saxony"]}, "within": {"Saxony": ["Atlantis"]}}, "no city 'Atlantis' in DE"),
    ],
)
def test_a_wrong_file_is_refused(change: dict[str, object], message: str) -> None:
    country = {key: ["x"] for key in ("en", "de", "adjectives_en", "adjectives_de", "people_en", "people_de")}
    data: dict[str, object] = {
        "countries": {"DE": country},
        "regions": {},
        "cities": {},
        "ambiguous": {"names": []},
        "inhabitants": {},
        "adjectives": {},
        "within": {},
    }
    with pytest.raises(CatalogueError, match=message):
        places._build(data | change)


def test_given_names() -> None:
    names = given_names.given_names()
    assert len(names) >= 1800
    assert {"Katja", "Wanjiru", "Liv", "Zhengfei", "Jae-yong", "Ayşe", "Siobhán", "Narendra"} <= names
    assert {"Will", "Mark", "May", "Rose", "Grace"} <= given_names.ambiguous_given_names() <= names


@pytest.mark.parametrize(("word", "known"), [("Hans-Peter", True), ("Anna-Lena", True), ("Server", False)])
def test_double_names(word: str, known: bool) -> None:
    assert given_names.is_given_name(word) is known
