"""The first configuration: the annotated example, with what a person chose filled in.

Text stays text: values are set line by line and whole entries are left out, so that every comment that helps
is still there. What comes out is checked like any configuration before it is written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.config import example, parsed
from claims.mailsettings import is_local
from claims.settings import Config, checked

_ENTRY = "[[sources]]\n"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person wants. Empty `topics`: all. `contact`: for sites; `mail`: for digests."""

    languages: tuple[str, ...]
    topics: tuple[str, ...] = ()
    contact: str = ""
    mail: str = ""
    smtp: str = ""
    zone: str = "UTC"


def languages() -> tuple[str, ...]:
    """Those of the given sources."""
    return tuple(dict.fromkeys(source.lang for source in _given().sources))


def topics(chosen: Iterable[str]) -> dict[str, int]:
    """The topics of the given sources in these languages, with how many there are, most first."""
    wanted = set(chosen)
    counts = Counter(source.folder for source in _given().sources if source.lang in wanted)
    return dict(counts.most_common())


def _given() -> Config:
    name = Path("config.example.toml")
    return checked(parsed(example().encode("utf-8"), name), name)


def text_for(choices: Choices) -> str:
    """The configuration's text. Raises ConfigError where the choices make none that holds."""
    head, entries = _split(example())
    kept = [
        entry
        for entry, source in zip(entries, _given().sources, strict=True)
        if source.lang in choices.languages and (not choices.topics or source.folder in choices.topics)
    ]
    head = set_value(head, "fetch", "contact", choices.contact)
    for section in ("digest", "daemon"):
        head = set_value(head, section, "zone", choices.zone)
    head = set_value(head, "digest", "language", choices.languages[0])
    if choices.mail:
        head = _with_mail(head, choices)
    return f"{head.rstrip()}\n\n" + "\n".join(kept)


def _with_mail(head: str, choices: Choices) -> str:
    """The mail of the week to one address, on Monday morning."""
    head = set_value(head, "mail", "sender", choices.mail)
    if choices.smtp:
        head = set_value(head, "mail", "host", choices.smtp)
        if is_local(choices.smtp):
            head = set_value(head, "mail", "security", "none")
    head = set_value(head, "digest", "schedule", "0 7 * * mon")
    return _below_table(head, "digest", f"\n[[digest.recipients]]\naddress = {_quoted(choices.mail)}\n")


def _split(text: str) -> tuple[str, list[str]]:
    """What stands before the first source, and the sources' own text without the headings between them."""
    head, *entries = text.split(_ENTRY)
    return _without_headings(head), [_ENTRY + _without_headings(entry).rstrip() + "\n" for entry in entries]


def _without_headings(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# ──"))


def set_value(text: str, table: str, key: str, value: str) -> str:
    """The text with a key of a table set; the comment behind it stays.

    One that stands there as an example, behind a #, is put in force. A table that is not there is added.
    """
    lines = text.splitlines(keepends=True)
    first, last = _bounds(lines, table)
    if first < 0:
        return f"{text.rstrip()}\n\n[{table}]\n{key} = {_quoted(value)}\n"
    for ahead in ("", r"#\s*"):
        for place in range(first, last):
            found = re.match(
                rf"{ahead}{re.escape(key)}\s*=\s*(?P<value>\"[^\"\n]*\"|[^#\n]*?)(?P<rest>\s*(#.*)?)$",
                lines[place],
            )
            if found:
                lines[place] = f"{key} = {_quoted(value)}{found['rest'].rstrip()}\n"
                return "".join(lines)
    lines.insert(first, f"{key} = {_quoted(value)}\n")
    return "".join(lines)


def _below_table(text: str, table: str, added: str) -> str:
    """The text with something behind a table and the comments that belong to it, up to an empty line."""
    lines = text.splitlines(keepends=True)
    first, last = _bounds(lines, table)
    lines.insert(next((place for place in range(first, last) if not lines[place].strip()), last), added)
    return "".join(lines)


def _bounds(lines: Sequence[str], table: str) -> tuple[int, int]:
    """The lines of a table: behind its heading, up to the next one; -1 where it is not there."""
    headings = [place for place, line in enumerate(lines) if re.match(r"\[", line)]
    for place, after in zip(headings, [*headings[1:], len(lines)], strict=True):
        if lines[place].strip() == f"[{table}]":
            return place + 1, after
    return -1, -1


def _quoted(text: str) -> str:
    """A TOML string; JSON's are TOML's for everything that a line can hold."""
    return json.dumps(text, ensure_ascii=False)


def local_zone() -> str:
    """The zone of this machine where it says so by name, else UTC."""
    path = str(Path("/etc/localtime").resolve())
    name = path.partition("/zoneinfo/")[2]
    return name if re.fullmatch(r"[A-Z]\w+/[\w/+-]+", name) and not name.startswith("Etc/") else "UTC"
