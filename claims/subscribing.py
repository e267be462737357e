"""From what was found or imported to entries of the configuration, and back to OPML. Nothing is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from claims.sections import SourceSection
from claims.settings import Config
from scraper.opml import Outlines, Subscription

_OWN = ("name", "kind", "select", "zone", "interval", "enabled")


@dataclass(frozen=True, slots=True)
class Import:
    """What an OPML file comes to: sources to add, and a sentence about each outline that is none."""

    added: tuple[SourceSection, ...]
    known: tuple[str, ...]
    refused: tuple[str, ...]


def imported(outlines: Outlines, config: Config, *, lang: str | None, zone: str) -> Import:
    """The sources of an OPML file. `lang` and `zone` count where an outline does not say."""
    holders = {one.url: one.name for one in config.sources}
    taken = {one.name for one in config.sources}
    added: list[SourceSection] = []
    known: list[str] = []
    refused = [f"{one.title or 'an outline'}: not a web address: {one.url}" for one in outlines.unusable]
    for one in outlines.subscriptions:
        if one.url in holders:
            known.append(f"{one.title or one.url}: already there as {holders[one.url]!r}: {one.url}")
            continue
        values = _values(one, taken, lang, zone)
        try:
            section = SourceSection.model_validate(values)
        except ValidationError as error:
            refused.append(f"{one.title or one.url}: {_why(error, values)}")
            continue
        added.append(section)
        holders[one.url] = section.name
        taken.add(section.name)
    return Import(tuple(added), tuple(known), tuple(refused))


def _values(one: Subscription, taken: set[str], lang: str | None, zone: str) -> dict[str, Any]:
    own = {name: value for name, value in one.own.items() if name in _OWN}
    said = one.lang.split("-")[0].split("_")[0].lower() or lang
    name = unique(own.pop("name", "") or one.title or one.url, taken)
    about = {"title": "" if one.title == name else one.title, "folder": one.folder, "home": one.home}
    return {"zone": zone, **own, **about, "name": name, "url": one.url, "lang": said}


def _why(error: ValidationError, values: dict[str, Any]) -> str:
    """The first mistake in a sentence."""
    if not values["lang"]:
        return "it does not say its language; give --lang"
    first = error.errors()[0]
    key = ".".join(map(str, first["loc"]))
    return f"{key}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def unique(text: str, taken: Iterable[str]) -> str:
    """A source's name from any text: "Tech – News" becomes "tech-news", a second one "tech-news-2"."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"^https?://(www\.)?", "", plain)
    name = re.sub(r"[^\w.]+", "-", plain).strip("-._")[:50].strip("-._") or "source"
    names, number, found = set(taken), 1, name
    while found in names:
        number += 1
        found = f"{name}-{number}"
    return found


def exported(config: Config) -> Iterable[Subscription]:
    """The configured sources as outlines, with all that we know of them."""
    for one in config.sources:
        values = one.model_dump(mode="json")
        defaults = {name: field.default for name, field in SourceSection.model_fields.items()}
        own = {name: _text(values[name]) for name in _OWN if name == "name" or values[name] != defaults[name]}
        yield Subscription(one.url, one.title or one.name, one.folder, one.home, one.lang, own)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
