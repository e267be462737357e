"""`claims import`: what `claims export` wrote, into this ledger."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.options import Command, config_option
from claims.terminal import say
from claims.wording import counted

if TYPE_CHECKING:
    from db.importing import Imported


@click.command(
    "import",
    cls=Command,
    examples=(
        "claims import ledger.ndjson",
        "ssh elsewhere claims export | claims import -",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@config_option
def command(file: Path, config: Path | None) -> Exit:
    """Add what an export holds and this ledger lacks.

    FILE is what `claims export` wrote as ndjson (`-` is standard input). Doing so again adds nothing. A line
    that cannot be used is named, and then nothing of the file is added. What is here already stays: a text
    that another version of the extractors read here keeps that reading.
    """
    from claims.lock import round_lock
    from db.importing import import_lines

    ledger = ledger_path(config)
    with round_lock(ledger), _opened(file) as lines:
        added = import_lines(ledger, lines)
    say(_told(added))
    if added.kept:
        say(f"{counted(added.kept, 'text')} had been read by another extractor here: that reading stays")
    return Exit.OK


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with file.open("rb") as opened:
        yield opened


def _told(added: Imported) -> str:
    parts = [
        counted(number, name)
        for number, name in (
            (added.sources, "source"),
            (added.articles, "article"),
            (added.versions, "text"),
            (added.claims, "claim"),
            (added.rulings, "decision"),
        )
        if number
    ]
    return f"added {', '.join(parts)}" if parts else "nothing new: all of it is here already"
