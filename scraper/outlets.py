"""The rules of `outlets.toml`: what single sites put into their text that is none of it.

    [[outlet]]
    hosts  = ["example.com"]        subdomains count too
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

_KEYS = ("hosts", "remove", "drop", "cut", "end")


class OutletError(Exception):
    """The table of outlets is wrong; the message names entry and key."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One entry, with its patterns compiled. Patterns match a paragraph as a whole, but for `cut`."""

    hosts: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    drop: tuple[re.Pattern[str], ...] = ()
    cut: tuple[re.Pattern[str], ...] = ()
    end: tuple[re.Pattern[str], ...] = ()

    def prune(self, tree: HtmlElement) -> None:
        """Take the elements out of the tree; the text behind them stays."""
        for path in self.remove:
            for element in tree.xpath(path):
                if element.getparent() is not None:
                    element.drop_tree()

    def filter(self, paragraphs: list[str]) -> list[str]:
        """The paragraphs that are the article's own."""
        kept: list[str] = []
        for paragraph in paragraphs:
            text = paragraph
            for pattern in self.cut:
                text = re.sub(r"  +", " ", pattern.sub("", text)).strip()
            if any(pattern.fullmatch(text) for pattern in self.end):
                break
            if text and not any(pattern.fullmatch(text) for pattern in self.drop):
                kept.append(text)
        return kept


def outlet_of(url: str) -> Outlet:
    """The rules for a URL's site: its own and those for all sites; empty ones where there are none."""
    name = host(url)
    found = [o for o in outlets() if any(h in {"*", name} or name.endswith("." + h) for h in o.hosts)]
    return Outlet(
        hosts=tuple(h for o in found for h in o.hosts),
        remove=tuple(p for o in found for p in o.remove),
        drop=tuple(p for o in found for p in o.drop),
        cut=tuple(p for o in found for p in o.cut),
        end=tuple(p for o in found for p in o.end),
    )


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
    for path in item.get("remove", []):
        _checked_path(path, where)
    patterns = {key: tuple(_pattern(p, f"{where}, {key}") for p in item.get(key, [])) for key in _KEYS[2:]}
    return Outlet(tuple(h.lower() for h in item["hosts"]), tuple(item.get("remove", [])), **patterns)


def _checked_path(path: str, where: str) -> None:
    try:
        etree.XPath(path)
    except etree.XPathError as error:
        raise OutletError(f"{where}: remove: {path!r}: {error}") from error


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise OutletError(f"{where}: {text!r}: {error}") from error
