from collections import defaultdict
from collections.abc import Iterable

import pytest

from extractors.languages.lexicon import available, lexicon

ROLES = [
    "aerospace",
    "airline",
    "chipmaker",
    "foundry",
    "memory_maker",
    "equipment_maker",
    "cloud",
    "hoster",
    "ai_lab",
    "software",
    "social_network",
    "search_engine",
    "online_retailer",
    "retailer",
    "carmaker",
    "phone_maker",
    "pc_maker",
    "server_maker",
    "network_equipment",
    "telecom",
    "games",
    "console_maker",
    "streaming",
    "bank",
    "investor",
    "analyst",
    "media",
    "utility",
    "datacenter_operator",
    "university",
    "research_centre",
    "government",
    "ministry",
    "robotics",
    "battery_maker",
    "space",
    "payment",
    "crypto",
    "electronics",
    "conglomerate",
    "service",
    "consultancy",
    "contract_manufacturer",
    "pharma",
    "quantum",
]
TABLES = ["classes", "roles", "names.site_nouns"]
LISTS = [
    "names.person_titles",
    "names.person_suffixes",
    "names.legal_forms",
    "names.organisation_heads",
    "names.apposition_nouns",
    "names.apposition_suffixes",
]


def forms(lang: str, word: str) -> Iterable[str]:
    """All forms of a word in the notation of the files, in lower case."""
    if not word.endswith("*"):
        return [word.lower()]
    return [word[:-1].lower() + ending for ending in lexicon(lang).words("names.inflections")]


@pytest.mark.parametrize("table", TABLES)
def test_languages_have_the_same_keys(table: str) -> None:
    keys = {lang: set(lexicon(lang).table(table)) for lang in available()}
    assert keys["de"] == keys["en"]


@pytest.mark.parametrize("lang", available())
def test_roles_are_those_of_the_catalogue(lang: str) -> None:
    assert sorted(lexicon(lang).table("roles")) == sorted(ROLES)


@pytest.mark.parametrize("lang", available())
@pytest.mark.parametrize("table", TABLES)
def test_every_key_has_words_and_none_twice(lang: str, table: str) -> None:
    for key, words in lexicon(lang).table(table).items():
        assert words, key
        assert len({word.lower() for word in words}) == len(words), key
        assert all(word == word.strip() and word not in ("", "*") for word in words), key


@pytest.mark.parametrize("lang", available())
def test_roles_are_rich(lang: str) -> None:
    poor = [role for role, words in lexicon(lang).table("roles").items() if len(words) < 10]
    assert poor == []


@pytest.mark.parametrize("lang", available())
def test_no_word_stands_for_two_classes(lang: str) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for name, words in lexicon(lang).table("classes").items():
        for word in words:
            for form in forms(lang, word):
                owners[form].add(name)
    assert {form: names for form, names in owners.items() if len(names) > 1} == {}


def test_english_class_names_are_among_their_own_words() -> None:
    for name, words in lexicon("en").table("classes").items():
        known = {form for word in words for form in forms("en", word)}
        # "game" alone is too common a word to be a product
        assert name == "game" or name.lower() in known, name


@pytest.mark.parametrize("lang", available())
@pytest.mark.parametrize("key", LISTS)
def test_lists_have_words_and_none_twice(lang: str, key: str) -> None:
    words = lexicon(lang).words(key)
    assert words
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("lang", available())
def test_reference_nouns_name_only_known_roles(lang: str) -> None:
    table = lexicon(lang).table("names.reference_nouns")
    assert {role for roles in table.values() for role in roles} <= set(ROLES)
    assert [] in table.values()


@pytest.mark.parametrize(
    ("lang", "name", "word"),
    [
        ("de", "GPU", "Grafikprozessoren"),
        ("de", "AI chip", "KI-Chips"),
        ("de", "AI accelerator", "KI-Beschleunigern"),
        ("de", "supercomputer", "Hochleistungsrechners"),
        ("de", "smart glasses", "Datenbrillen"),
        ("en", "silicon carbide module", "silicon carbide modules"),
        ("en", "graphics card", "graphics cards"),
        ("en", "tablet", "slates"),
    ],
)
def test_inflected_words_are_covered(lang: str, name: str, word: str) -> None:
    words = lexicon(lang).table("classes")[name]
    assert word.lower() in {form for one in words for form in forms(lang, one)}
