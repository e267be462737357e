"""The rules of `outlets.toml`: what single sites put into their text that is none of it.

    [[outlet]]
    hosts  = ["example.com"]        subdomains count too
    title  = ["//h2[@id='top']"]    XPath: where the headline stands, the first that is there counts
    keep   = ["//article/section"]  XPath: the elements that hold the text; where they are, only they are read
    remove = ["//aside"]            XPath: elements taken out before the text is read
    drop   = ["Read also: .*"]      patterns: whole paragraphs that go
    cut    = ["\\(opens elsewhere\\)"]  patterns: pieces that go out of a paragraph
    end    = ["More on this topic"] patterns: paragraphs at which the article is over

The table is checked when it is read; a wrong key or pattern is an OutletError that names the entry.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from scraper.urls import host

_PATHS = ("title", "keep", "remove")
_PATTERNS = ("drop", "cut", "end")
_KEYS = ("hosts", *_PATHS, *_PATTERNS)
_ENOUGH = 200  # characters: where the kept elements hold less, the site has changed and the rule is void


class OutletError(Exception):
    """The table of outlets is wrong; the message names entry and key."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One entry, with its patterns compiled. Patterns match a paragraph as a whole, but for `cut`."""

    hosts: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    drop: tuple[re.Pattern[str], ...] = ()
    cut: tuple[re.Pattern[str], ...] = ()
    end: tuple[re.Pattern[str], ...] = ()

    def headline(self, tree: HtmlElement) -> str:
        """The text where the headline stands; empty where the rules name no place or nothing is there."""
        for path in self.title:
            for found in tree.xpath(path)[:1]:
                text = found if isinstance(found, str) else found.text_content()
                if text.strip():
                    return str(text)
        return ""

    def prune(self, tree: HtmlElement) -> None:
        """Leave only the elements to keep, where the tree has them; then take out those to remove.

        The text behind an element that goes stays.
        """
        self._reduce(tree)
        for path in self.remove:
            for element in tree.xpath(path):
                if element.getparent() is not None:
                    element.drop_tree()

    def _reduce(self, tree: HtmlElement) -> None:
        found = [element for path in self.keep for element in tree.xpath(path)]
        kept = [one for one in found if not any(above in found for above in one.iterancestors())]
        body = tree.find("body")
        if body is None or sum(len(element.text_content()) for element in kept) < _ENOUGH:
            return
        order = {element: number for number, element in enumerate(tree.iter())}
        kept = sorted(dict.fromkeys(kept), key=order.__getitem__)
        for child in list(body):
            body.remove(child)
        body.text = None
        etree.SubElement(body, "article").extend(kept)

    def filter(self, paragraphs: list[str]) -> list[str]:
        """The paragraphs that are the article's own."""
        return [text for text in self.read(paragraphs) if text]

    def read(self, paragraphs: list[str]) -> list[str]:
        """Each paragraph as it is to be read, empty where it goes; shorter where the article ends before."""
        kept: list[str] = []
        for paragraph in paragraphs:
            text = paragraph
            for pattern in self.cut:
                text = re.sub(r"  +", " ", pattern.sub("", text)).strip()
            if any(pattern.fullmatch(text) for pattern in self.end):
                break
            kept.append("" if any(pattern.fullmatch(text) for pattern in self.drop) else text)
        return kept


def outlet_of(url: str, *named: str) -> Outlet:
    """The rules for a URL's site: its own and those for all sites.

    Where the site is not listed, those of the addresses that the page gives as its own count: pages read from
    a file, a cache or a mirror. A page that lies about it can only spoil how it is read itself.
    """
    found = next((rules for one in (url, *named) if (rules := _of_host(host(one)))), [])
    found = [*found, *(one for one in outlets() if "*" in one.hosts)]
    return Outlet(**{key: tuple(part for one in found for part in getattr(one, key)) for key in _KEYS})


def _of_host(name: str) -> list[Outlet]:
    return [one for one in outlets() if any(name == h or name.endswith("." + h) for h in one.hosts)]


@cache
def outlets() -> tuple[Outlet, ...]:
    """All entries. Raises OutletError."""
    return load((resources.files(__package__) / "outlets.toml").read_text(encoding="utf-8"))


def load(text: str) -> tuple[Outlet, ...]:
    """The entries of a table in TOML. Raises OutletError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutletError(f"outlets.toml: {error}") from error
    if set(data) - {"outlet"} or not isinstance(data.get("outlet", []), list):
        raise OutletError("outlets.toml: only [[outlet]] entries are known")
    return tuple(_entry(item, number) for number, item in enumerate(data.get("outlet", []), 1))


def _entry(item: dict[str, Any], number: int) -> Outlet:
    where = f"outlets.toml: entry {number}"
    unknown = sorted(set(item) - set(_KEYS))
    if unknown:
        raise OutletError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(_KEYS)}")
    if not item.get("hosts"):
        raise OutletError(f"{where}: no hosts")
    for key in _KEYS:
        value = item.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise OutletError(f"{where}: {key!r} must be a list of strings")
    values: dict[str, Any] = {"hosts": tuple(name.lower() for name in item["hosts"])}
    for key in _PATHS:
        values[key] = tuple(_path(path, f"{where}: {key}") for path in item.get(key, []))
    for key in _PATTERNS:
        values[key] = tuple(_pattern(text, f"{where}, {key}") for text in item.get(key, []))
    return Outlet(**values)


def _path(path: str, where: str) -> str:
    try:
        etree.XPath(path)
    except etree.XPathError as error:
        raise OutletError(f"{where}: {path!r}: {error}") from error
    return path


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise OutletError(f"{where}: {text!r}: {error}") from error
