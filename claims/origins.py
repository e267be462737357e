"""Every value of the configuration with where it comes from: the line of the file, or the default.

TOML readers tell no lines. So the headings and keys are found again by looking at the lines; what they say is
taken from the reader alone. A key inside an inline table or a list bears the line on which that begins.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from claims.config import VARIABLE, find, parsed, read
from claims.settings import Config, checked

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `line` is None where it is the default; `origin` says the same in words."""

    key: str
    value: Any
    line: int | None
    origin: str


def values(flag: Path | None) -> tuple[Config, list[Value]]:
    """The configuration and all its values in the order of the sections. Raises ConfigError."""
    path = find(flag).absolute()
    read(path)  # names what is wrong with the file itself
    raw = path.read_bytes()
    config = checked(parsed(raw, path), path)
    places = lines_of(raw.decode("utf-8"))
    return config, list(_values(config, (), places, path.name))


def found_by(flag: Path | None) -> str:
    """Which of the ways led to the file."""
    if flag:
        return "by --config"
    return f"by {VARIABLE}" if os.environ.get(VARIABLE) else "in the usual places"


def _values(model: BaseModel, above: Key, places: dict[Key, int], file: str) -> Iterator[Value]:
    for name in type(model).model_fields:
        value, key = getattr(model, name), (*above, name)
        if isinstance(value, BaseModel):
            yield from _values(value, key, places, file)
        elif isinstance(value, tuple) and any(isinstance(each, BaseModel) for each in value):
            for place, each in enumerate(value):
                yield from _values(each, (*key, place), places, file)
        else:
            line = _line(key, places) if name in model.model_fields_set else None
            yield Value(
                dotted(key), _plain(value), line, f"{file}:{line}" if line else _untold(model, name, file)
            )


def _untold(model: BaseModel, name: str, file: str) -> str:
    return file if name in model.model_fields_set else "default"


def _line(key: Key, places: dict[Key, int]) -> int | None:
    """The line of the key, or of the nearest thing that it stands in."""
    while key:
        if key in places:
            return places[key]
        key = key[:-1]
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path | date) else value


def dotted(key: Key) -> str:
    """`sources[3].interval`"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".")


# Lines

_PART = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')"
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADING = re.compile(rf"\s*(?P<open>\[\[?)\s*(?P<name>{_DOTTED})\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(rf"\s*(?P<name>{_DOTTED})\s*=(?P<rest>.*)$")
# What may hold brackets and hashes that mean nothing, and the brackets that do.
_TOKEN = re.compile(
    r"\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''.*?'''|(?P<mark>\"\"\"|'''|[\[\]{}])|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)


def lines_of(text: str) -> dict[Key, int]:
    """The line, from 1, of every heading and key of a valid file."""
    places: dict[Key, int] = {}
    table: Key = ()
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        if heading := _HEADING.match(lines[at]):
            table = _entered(heading["open"] == "[[", _parts(heading["name"]), places)
            places[table] = at + 1
        elif key := _KEY.match(lines[at]):
            places.setdefault((*table, *_parts(key["name"])), at + 1)
            at += _further(key["rest"], lines[at + 1 :])
        at += 1
    return places


def _entered(many: bool, names: tuple[str, ...], places: dict[Key, int]) -> Key:
    """The key of a table: a list's name leads on to its last entry, `[[name]]` to a new one."""
    key: Key = ()
    for depth, name in enumerate(names):
        key = (*key, name)
        count = 0
        while (*key, count) in places:
            count += 1
        if many and depth == len(names) - 1:
            return (*key, count)
        if count:
            key = (*key, count - 1)
    return key


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))


def _further(value: str, below: list[str]) -> int:
    """How many more lines a value takes: until strings and brackets are closed."""
    for count in range(len(below) + 1):
        if _closed("\n".join([value, *below[:count]])):
            return count
    return 0


def _closed(value: str) -> bool:
    depth = 0
    for token in _TOKEN.finditer(value):
        if token["mark"] in {'"""', "'''"}:
            return False
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token["mark"] or "", 0)
    return depth <= 0
