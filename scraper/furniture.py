"""The words and class names of `furniture.toml`: what pages put around and into their text everywhere.

    [classes] furniture  parts of class names: such elements go before the text is read
              lead       parts of class names: such elements hold the lines between headline and text
    [LANGUAGE] drop      patterns of a whole paragraph that is none of the article's
               channel   patterns that name where an outlet is to be followed, and
               call      patterns that call on readers: both condemn a short paragraph as the outlet's advert
               end       patterns of a heading behind which only sources or links follow
               credit    patterns that stand in a caption, not in a sentence
               byline    what stands before the names of authors
               joint     what stands between them
               paywall   patterns of a paragraph that asks for money before the text goes on

The table is checked when it is read; a wrong key or pattern is an OutletError that names it. All languages
count on every page: what is furniture in German is not by accident a sentence in English.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from lxml.html import HtmlElement

from scraper.outlets import OutletError

_CLASSES = ("furniture", "lead")
_WORDS = ("drop", "end", "credit", "channel", "call", "byline", "joint", "paywall")
MAX_PROMO = 500  # characters: an article about newsletters has longer paragraphs
MAX_DROPPED = 600  # characters: no piece of furniture seen so far was longer


@dataclass(frozen=True, slots=True)
class Furniture:
    """The table, with each list of patterns compiled into what it is used as."""

    furniture: frozenset[str]
    lead: frozenset[str]
    drop: re.Pattern[str]
    end: re.Pattern[str]
    credit: re.Pattern[str]
    channel: re.Pattern[str]
    call: re.Pattern[str]
    byline: re.Pattern[str]
    joint: re.Pattern[str]
    paywall: re.Pattern[str]

    def is_furniture(self, paragraph: str) -> bool:
        """Whether a paragraph is plainly none of the article's."""
        if len(paragraph) > MAX_DROPPED:
            return False
        return (
            bool(self.drop.fullmatch(paragraph)) or self.asks_to_pay(paragraph) or self._is_promo(paragraph)
        )

    def _is_promo(self, paragraph: str) -> bool:
        if len(paragraph) > MAX_PROMO:
            return False
        return bool(self.channel.search(paragraph) and self.call.search(paragraph))

    def asks_to_pay(self, paragraph: str) -> bool:
        """Whether a paragraph asks for money or an account before the text goes on."""
        return len(paragraph) <= MAX_DROPPED and bool(self.paywall.fullmatch(paragraph))


def class_parts(element: HtmlElement) -> set[str]:
    """The parts of an element's classes and id in lower case: media, info, mediainfo of "mediaInfo"."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    parts: set[str] = set()
    for name in names.split():
        pieces = [piece for piece in re.split(r"[-_:]+", name) if piece]
        humps = [hump for piece in pieces for hump in re.findall(r"[A-Z]?[a-zäöü0-9]+|[A-Z]+", piece)]
        parts |= {part.lower() for part in (*pieces, *humps)}
        parts |= {"".join(pair).lower() for pair in pairwise(humps)}
    return parts


@cache
def furniture() -> Furniture:
    """The table that is shipped. Raises OutletError."""
    return load((resources.files(__package__) / "furniture.toml").read_text(encoding="utf-8"))


def load(text: str) -> Furniture:
    """A table in TOML. Raises OutletError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutletError(f"furniture.toml: {error}") from error
    classes = _table(data, "classes", _CLASSES)
    languages = [_table(data, name, _WORDS) for name in data if name != "classes"]
    words = {key: [one for table in languages for one in table.get(key, [])] for key in _WORDS}
    for key, patterns in words.items():
        for pattern in patterns:
            _checked(pattern, key)
    return Furniture(
        furniture=frozenset(classes.get("furniture", [])),
        lead=frozenset(classes.get("lead", [])),
        drop=_joined(words["drop"]),
        end=_joined(words["end"]),
        credit=_joined(words["credit"]),
        channel=_joined(words["channel"]),
        call=_joined(words["call"]),
        byline=re.compile(rf"^(?:{_joined(words['byline']).pattern})\s+", re.IGNORECASE),
        joint=re.compile(rf"\s*(?:[,;&]|\b(?:{_joined(words['joint']).pattern})\b)\s*", re.IGNORECASE),
        paywall=_joined(words["paywall"]),
    )


def _table(data: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, list[str]]:
    table = data.get(name, {})
    if not isinstance(table, dict) or set(table) - set(keys):
        raise OutletError(f"furniture.toml: [{name}] may hold {', '.join(keys)}")
    for key, value in table.items():
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise OutletError(f"furniture.toml: [{name}] {key!r} must be a list of strings")
    return table


def _checked(pattern: str, key: str) -> None:
    try:
        re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise OutletError(f"furniture.toml: {key}: {pattern!r}: {error}") from error


def _joined(patterns: list[str]) -> re.Pattern[str]:
    """One pattern for all; one that never matches where there are none."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)", re.IGNORECASE)
