"""Mail addresses as they may stand in the configuration: nothing that could end a header or a command."""

from __future__ import annotations

import re

from claims.terminal import one_line

# What stands in MAIL and RCPT and in a header: printable ASCII without anything that could end them.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


def checked_address(text: str) -> str:
    """A plain address, as it stands in the configuration; raises ValueError saying what is wrong with it."""
    if _ADDRESS.fullmatch(text) and len(text) <= 254 and ".." not in text:
        return text
    raise ValueError(f"{one_line(text)[:80]!r} is no mail address such as name@example.org")


def checked_mailbox(text: str) -> str:
    """An address, or a name and an address in angle brackets; raises ValueError."""
    name, bracket, rest = text.rpartition("<")
    if not bracket:
        return checked_address(text.strip())
    address = rest.removesuffix(">")
    if not name.isprintable() or any(mark in name for mark in '<>"') or len(name) > 100 or address == rest:
        raise ValueError(f"{one_line(text)[:80]!r} is no sender such as Claims <claims@example.org>")
    return f"{name.strip()} <{checked_address(address)}>".strip()


def address_of(mailbox: str) -> str:
    """The address alone, all of it checked; raises ValueError."""
    return checked_mailbox(mailbox).rpartition("<")[2].removesuffix(">")
