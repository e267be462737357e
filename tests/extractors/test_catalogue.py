"""The catalogue: who is who, what is what, and what the loader says about a broken file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from extractors.catalogue.names import Catalogue, CatalogueError, catalogue, fold, load

COMPANIES = """
roles = ["chipmaker", "service"]
relations = ["maker"]
legal_forms = ["Inc.", "AG", "& Co.", "KG"]
companies = [
  { name = "Maker", aliases = ["The Maker"], roles = ["chipmaker"], country = "DE" },
  { name = "Lamp", common = ["Lamp"], roles = ["service"], owner = "Maker", descriptions = { de = ["L"] } },
]
"""
PRODUCTS = """
classes = ["GPU", "car"]
varied = ["car"]
suffixes = ["Pro"]
short_models = ["Pro"]
[[group]]
maker = "Maker"
class = "GPU"
products = [
  { name = "Maker G{}", aliases = ["G{}"], common = ["G2"], variants = ["1", "2"] },
  { name = "Lamp One", maker = "Lamp", class = "car" },
]
[[family]]
pattern = 'G(?P<n>\\d+)'
name = "Maker G{n}"
maker = "Maker"
class = "GPU"
"""
PEOPLE = """
roles = ["chief executive", "founder"]
chief_roles = ["chief executive", "founder"]
people = [
  { name = "Ada Old", company = "Maker", role = "chief executive", until = 2024-12-31 },
  { name = "Ben New", company = "Maker", role = "chief executive", since = 2025-01-01 },
  { name = "Ada Old", company = "Lamp", role = "founder" },
]
"""


def built(
    folder: Path, companies: str = COMPANIES, products: str = PRODUCTS, people: str = PEOPLE
) -> Catalogue:
    for name, text in (("companies", companies), ("products", products), ("people", people)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load(folder)


def test_the_files_hold_what_the_news_speaks_of() -> None:
    names = catalogue()
    assert len(names.companies) >= 450
    assert len(names.products) >= 450
    assert len(names.people) >= 200
    assert sum(bool(company.descriptions) for company in names.companies) >= 80


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nvidia Corp.", "Nvidia"),
        ("NVIDIA", "Nvidia"),
        ("Hewlett Packard Enterprise", "HPE"),
        ("Super Micro Computer, Inc.", "Supermicro"),
        ("Infineon Technologies AG", "Infineon"),
        ("Telefonica Deutschland", "O2 Telefónica"),
        ("EU-Kommission", "European Commission"),
        ("Schwarz-Gruppe", "Schwarz Group"),
        ("Dell’Oro", "Dell'Oro"),
        ("Disney+", "Disney+"),
        ("Merck KGaA", "Merck KGaA"),
    ],
)
def test_every_spelling_of_a_company_leads_to_one_name(text: str, name: str) -> None:
    company = catalogue().company(text)
    assert company is not None
    assert company.name == name


@pytest.mark.parametrize("text", ["AG", "Inc.", "", "Firma Unbekannt GmbH", "H100"])
def test_what_is_no_company_stays_none(text: str) -> None:
    assert catalogue().company(text) is None


@pytest.mark.parametrize(
    ("text", "name", "product_class"),
    [
        ("H100s", "NVIDIA H100", "GPU"),
        ("GB200-NVL72", "NVIDIA GB200 NVL72", "rack"),
        ("MI300X", "AMD Instinct MI300X", "GPU"),
        ("TPU v5p", "Google TPU v5p", "AI chip"),
        ("PS5", "Sony PlayStation 5", "console"),
        ("Playstation 5", "Sony PlayStation 5", "console"),
        ("iPhone 17 Pro", "Apple iPhone 17 Pro", "smartphone"),
        ("Ascend 910C", "Huawei Ascend 910C", "AI chip"),
        ("RTX 5090", "NVIDIA GeForce RTX 5090", "graphics card"),
        ("Steam Deck", "Valve Steam Deck", "handheld console"),
        ("Trainium 2", "Amazon Trainium2", "AI chip"),
        ("GPT-4.1", "GPT-4.1", "AI model"),
    ],
)
def test_short_forms_of_a_product_lead_to_maker_and_class(text: str, name: str, product_class: str) -> None:
    product = catalogue().product(text)
    assert product is not None
    assert (product.name, product.product_class) == (name, product_class)


@pytest.mark.parametrize(
    ("text", "name", "maker"),
    [
        ("RTX 6090", "NVIDIA GeForce RTX 6090", "Nvidia"),
        ("RTX 6080 Ti", "NVIDIA GeForce RTX 6080 Ti", "Nvidia"),
        ("MI750X", "AMD Instinct MI750X", "AMD"),
        ("Galaxy S31 Ultra", "Samsung Galaxy S31 Ultra", "Samsung"),
        ("Galaxy S31+", "Samsung Galaxy S31+", "Samsung"),
        ("Galaxy Z Fold 12", "Samsung Galaxy Z Fold 12", "Samsung"),
        ("iPhone 23 Pro Max", "Apple iPhone 23 Pro Max", "Apple"),
        ("Pixel 14 Pro", "Google Pixel 14 Pro", "Google"),
        ("Ryzen 7 11800X3D", "AMD Ryzen 7 11800X3D", "AMD"),
        ("Ryzen AI 9 HX 570", "AMD Ryzen AI 9 HX 570", "AMD"),
        ("GB400 NVL72", "NVIDIA GB400 NVL72", "Nvidia"),
        ("910F", None, None),
        ("S&P 500", None, None),
        ("2026", None, None),
    ],
)
def test_members_that_no_list_has_yet_get_their_maker(text: str, name: str | None, maker: str | None) -> None:
    product = catalogue().product(text)
    assert (product and product.name, product and product.maker) == (name, maker)


def test_families_are_found_in_running_text_longest_first() -> None:
    text = "Acme ordered 9,000 GB400 NVL72, RTX-6090 cards, MI750Xs and iPhone 23s; XRTX 60901 is nothing."
    found = [(text[start:end], product.name) for start, end, product in catalogue().scan_families(text)]
    assert found == [
        ("GB400 NVL72", "NVIDIA GB400 NVL72"),
        ("RTX-6090", "NVIDIA GeForce RTX 6090"),
        ("MI750X", "AMD Instinct MI750X"),
        ("iPhone 23", "Apple iPhone 23"),
    ]


def test_no_member_of_a_family_lacks_its_mark() -> None:
    """The mark only saves time: whatever the catalogue lists is found without it, too, and nothing else."""
    names = catalogue()
    spellings = [spelling for one in names.products for spelling in (one.name, *one.aliases)]
    spellings += ["GB400 NVL72", "NVIDIA DGX B400", "Z Flip 9", "PS6 Pro", "Tesla Model Y", "Epyc 9999X"]
    for family in names.families:
        found = [list(family.scan(text)) for text in spellings]
        assert found == [list(replace(family, mark="").scan(text)) for text in spellings], family.template


def test_a_family_gives_the_listed_product_where_there_is_one() -> None:
    names = catalogue()
    spans = names.scan_families("the MI300X")
    assert [product for _, _, product in spans] == [names.product("AMD Instinct MI300X")]


@pytest.mark.parametrize(
    "text", ["Meta", "Apple", "Arm", "Threads", "Switch", "Quest", "Thor", "Rubin", "Claude", "Target"]
)
def test_everyday_words_are_marked(text: str) -> None:
    assert catalogue().is_common(text)


@pytest.mark.parametrize("text", ["Nvidia", "Meta Platforms", "Nintendo Switch", "H100"])
def test_plain_names_are_not_marked(text: str) -> None:
    assert not catalogue().is_common(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Facebook-Mutter", "Meta"),
        ("ChatGPT maker", "OpenAI"),
        ("iPhone-Hersteller", "Apple"),
        ("the moon", None),
    ],
)
def test_descriptions_stand_for_their_company(text: str, name: str | None) -> None:
    company = catalogue().described(text)
    assert (company and company.name) == name


def test_a_service_leads_to_the_head_of_its_group() -> None:
    names = catalogue()
    youtube = names.company("YouTube")
    assert youtube is not None
    assert youtube.owner == "Google"
    assert names.parent(youtube).name == "Alphabet"


def test_every_owner_chain_ends() -> None:
    names = catalogue()
    assert all(names.parent(company).owner is None for company in names.companies), "owners run in a circle"


def test_every_company_has_a_chief_at_most_once_a_day() -> None:
    names = catalogue()
    intel = [names.chief("Intel", day) for day in (date(2024, 5, 1), date(2025, 6, 1))]
    assert [person and person.name for person in intel] == ["Pat Gelsinger", "Lip-Bu Tan"]
    nvidia = names.chief("Nvidia")
    assert nvidia is not None
    assert nvidia.name == "Jensen Huang"
    assert names.chief("Cray") is None


def test_a_speaker_stands_for_the_first_company_of_the_file() -> None:
    names = catalogue()
    musk = names.person("Elon Musk")
    assert musk is not None
    assert musk.company == "Tesla"
    assert {person.company for person in names.surname("Musk")} == {"Tesla", "xAI", "SpaceX"}
    assert names.person("Nobody Known") is None


def test_offices_change_with_the_day(tmp_path: Path) -> None:
    names = built(tmp_path)
    then, now = names.person("Ada Old", date(2024, 6, 1)), names.person("Ada Old", date(2025, 6, 1))
    assert (then and then.company, now and now.company) == ("Maker", "Lamp")
    assert [person.name for person in names.people_of("Maker")] == ["Ben New"]


def test_variants_are_entries_of_their_own(tmp_path: Path) -> None:
    names = built(tmp_path)
    assert [product.name for product in names.products] == ["Maker G1", "Maker G2", "Lamp One"]
    assert [product.common_word for product in names.products] == [False, True, False]
    seventh = names.product("G7")
    assert seventh is not None
    assert seventh.maker == "Maker"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-5", "gpt 5"),
        ("Dell’Oro", "DELL'ORO"),
        ("Amazon.com", "amazoncom"),
        ("Telefónica", "Telefonica"),
        ("GPT-4.1", "GPT 4.1"),
    ],
)
def test_spellings_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_point_of_a_version_is_kept() -> None:
    assert fold("Llama 3.1") != fold("Llama 31")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('roles = ["service"], owner', 'roles = ["servise"], owner', ["Lamp", "role", "servise"]),
        ('owner = "Maker"', 'owner = "Nobody"', ["Lamp", "owner", "Nobody"]),
        ('aliases = ["The Maker"]', 'aliases = ["lamp"]', ["Maker", "Lamp", "names both"]),
        ('aliases = ["The Maker"]', 'alias = ["The Maker"]', ["Maker", "unknown key", "alias"]),
        ('common = ["Lamp"]', 'common = ["Light"]', ["Lamp", "Light"]),
        ('country = "DE"', 'country = "Germany"', ["Maker", "Germany"]),
        ('aliases = ["The Maker"]', 'aliases = "The Maker"', ["Maker", "aliases", "list"]),
        ('name = "Maker", ', "", ["companies number 1", "name"]),
        ("companies = [", "firms = [", ["no list 'companies'"]),
        ('roles = ["chipmaker", "service"]', "", ["roles"]),
        ("companies = [", "companies = [[", ["companies.toml"]),
    ],
)
def test_a_broken_company_file_is_named(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in COMPANIES
    with pytest.raises(CatalogueError) as error:
        built(tmp_path, companies=COMPANIES.replace(old, new))
    assert all(word in str(error.value) for word in ["companies.toml", *words]), str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('class = "car"', 'class = "kar"', ["Lamp One", "class", "kar"]),
        ('maker = "Lamp"', 'maker = "Lump"', ["Lamp One", "maker", "Lump"]),
        ('name = "Lamp One"', 'name = "G1"', ["Maker G1", "names both"]),
        ('variants = ["1", "2"]', "variants = []", ["Maker G{}", "variants"]),
        ("(?P<n>\\d+)", "(?P<n>\\d+", ["regular expression"]),
        ('name = "Maker G{n}"', 'name = "Maker G{m}"', ["template"]),
    ],
)
def test_a_broken_product_file_is_named(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in PRODUCTS
    with pytest.raises(CatalogueError) as error:
        built(tmp_path, products=PRODUCTS.replace(old, new))
    assert all(word in str(error.value) for word in ["products.toml", *words]), str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('company = "Lamp"', 'company = "Lump"', ["Ada Old", "Lump"]),
        ('role = "founder"', 'role = "boss"', ["Ada Old", "boss"]),
        ("since = 2025-01-01", 'since = "2025"', ["Ben New", "since"]),
        (
            'company = "Lamp", role = "founder"',
            'company = "Maker", role = "chief executive"',
            ["Ada Old", "twice"],
        ),
    ],
)
def test_a_broken_people_file_is_named(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in PEOPLE
    with pytest.raises(CatalogueError) as error:
        built(tmp_path, people=PEOPLE.replace(old, new))
    assert all(word in str(error.value) for word in ["people.toml", *words]), str(error.value)


def test_classes_with_variants_are_classes(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"products\.toml: 'varied' names the class 'boat'"):
        built(tmp_path, products=PRODUCTS.replace('varied = ["car"]', 'varied = ["boat"]'))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    built(tmp_path)
    (tmp_path / "people.toml").unlink()
    with pytest.raises(CatalogueError, match=r"people\.toml: the file is missing"):
        load(tmp_path)
