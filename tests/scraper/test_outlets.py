"""Rules of single outlets: their keys, whose rules count, and that the shipped table keeps its promise."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from lxml.html import document_fromstring, tostring

from scraper.outlets import load, outlet_of, outlets
from scraper.urls import host

CONFIG = Path(__file__).parents[2] / "config.toml"
LONG = "Ein Satz mit dreißig Hallen und so fort. " * 8


def rules(**keys: list[str]) -> str:
    return "[[outlet]]\nhosts = ['a.example']\n" + "\n".join(
        f"{key} = {value!r}" for key, value in keys.items()
    )


def test_only_the_elements_to_keep_are_read_in_their_order() -> None:
    (outlet,) = load(rules(keep=["//div[@class='b']", "//div[@class='a']"], remove=["//i"]))
    inner = f"<div class='a'>eins {LONG}<i>weg</i></div><p>Werbung</p><div class='b'>zwei {LONG}</div>"
    tree = document_fromstring(f"<html><body>{inner}</body></html>")
    outlet.prune(tree)
    text = tree.text_content()
    assert text.index("eins") < text.index("zwei")
    assert "Werbung" not in text
    assert "weg" not in text


def test_kept_elements_inside_kept_ones_are_read_once() -> None:
    (outlet,) = load(rules(keep=["//div", "//p"]))
    tree = document_fromstring(f"<html><body><div><p>eins {LONG}</p></div><p>zwei</p></body></html>")
    outlet.prune(tree)
    assert tree.text_content().count("eins") == 1


@pytest.mark.parametrize("body", ["<p>alles</p>", "<div class='a'>kurz</div><p>alles</p>"])
def test_a_rule_for_markup_that_is_gone_does_nothing(body: str) -> None:
    (outlet,) = load(rules(keep=["//div[@class='a']"], title=["//h7"]))
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    before = tostring(tree)
    outlet.prune(tree)
    assert tostring(tree) == before
    assert outlet.headline(tree) == ""


@pytest.mark.parametrize("path", ["//h2", "//h2/text()", "//meta[@name='x']/@content"])
def test_the_first_place_of_the_headline_counts(path: str) -> None:
    (outlet,) = load(rules(title=["//h7", path, "//h1"]))
    tree = document_fromstring("<head><meta name='x' content='Titel'></head><h1>Anders</h1><h2>Titel</h2>")
    assert outlet.headline(tree) == "Titel"


def test_the_pages_own_address_counts_where_the_host_is_unknown() -> None:
    golem = outlet_of("https://www.golem.de/news/x")
    assert golem.cut
    assert outlet_of("https://cache.example/x", "", "https://www.golem.de/news/x") == golem
    assert outlet_of("https://www.heise.de/x", "https://www.golem.de/news/x") == outlet_of(
        "https://heise.de/x"
    )
    assert not outlet_of("https://notgolem.de/x").cut


def test_fifteen_sources_of_the_configuration_and_the_named_outlets_have_rules() -> None:
    sources = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["sources"]
    everywhere = outlet_of("https://nowhere.example/")
    covered = {source["name"] for source in sources if outlet_of(source["url"]) != everywhere}
    assert len(covered) >= 15
    for name in ("golem.de", "heise.de", "winfuture.de", "gamestar.de", "businessinsider.de"):
        assert outlet_of(f"https://www.{name}/") != everywhere


def test_no_host_has_two_entries() -> None:
    hosts = [name for outlet in outlets() for name in outlet.hosts]
    assert len(hosts) == len(set(hosts))
    assert all(name == "*" or host(f"https://{name}/") == name for name in hosts)
