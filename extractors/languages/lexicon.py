"""Loads a language's words and says plainly what is missing.

A language is one TOML file beside this module. `en.toml` is the reference: every table and key that it
has, another language must have too; values may differ, empty lists are allowed.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

REFERENCE = "en"


class LexiconError(Exception):
    """A language file lacks something or holds the wrong type; the message names file and key."""


class Lexicon:
    """The words of one language, read by dotted key: `lexicon.words("cues.plan")`."""

    def __init__(self, lang: str, data: dict[str, Any]) -> None:
        self.lang = lang
        self._data = data

    def value(self, key: str) -> Any:
        """The raw value under a dotted key; raises LexiconError where it is missing."""
        node: Any = self._data
        for part in key.split("."):
            if not isinstance(node, dict) or part not in node:
                raise LexiconError(f"languages/{self.lang}.toml: no key {key!r}")
            node = node[part]
        return node

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words or phrases."""
        value = self.value(key)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise LexiconError(f"languages/{self.lang}.toml: {key!r} must be a list of strings")
        return tuple(value)

    def table(self, key: str) -> dict[str, Any]:
        """A table of words to values."""
        value = self.value(key)
        if not isinstance(value, dict):
            raise LexiconError(f"languages/{self.lang}.toml: {key!r} must be a table")
        return value


@cache
def available() -> tuple[str, ...]:
    """The codes of all languages that have a file."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


@cache
def lexicon(lang: str) -> Lexicon:
    """The checked lexicon of a language; raises LexiconError where there is none or keys are missing."""
    data = _read(lang)
    if lang != REFERENCE:
        missing = sorted(_keys(_read(REFERENCE)) - _keys(data))
        if missing:
            raise LexiconError(f"languages/{lang}.toml: missing " + ", ".join(missing))
    return Lexicon(lang, data)


@cache
def _read(lang: str) -> dict[str, Any]:
    file = resources.files(__package__) / f"{lang}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"no language {lang!r}; there are: {', '.join(available())}") from None
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"languages/{lang}.toml: {error}") from error


def _keys(data: dict[str, Any], depth: int = 2, prefix: str = "") -> set[str]:
    """Dotted keys down to two levels: below that, the words themselves are the keys and may differ."""
    keys = set()
    for name, value in data.items():
        keys.add(prefix + name)
        if isinstance(value, dict) and depth > 1:
            keys |= _keys(value, depth - 1, f"{prefix}{name}.")
    return keys
