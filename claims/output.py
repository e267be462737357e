"""Files that a command writes: whole or not at all, and never over what is there without being told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from claims.errors import InputError


@contextmanager
def written(out: Path | None, ledger: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file that takes its name when all is written; standard output where none is named."""
    if out is None:
        yield sys.stdout.buffer
        return
    _check(out, ledger, force=force)
    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        with _opened(part, out) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _opened(part: Path, out: Path) -> BinaryIO:
    """The file under its passing name; an error names the one that was asked for."""
    try:
        return part.open("xb")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}") from error


def _check(out: Path, ledger: Path, *, force: bool) -> None:
    if out.exists() and ledger.exists() and out.samefile(ledger):
        raise InputError(f"{out} is the ledger itself: name another file")
    if out.is_dir():
        raise InputError(f"{out} is a folder: name a file in it")
    if out.exists() and not force:
        raise InputError(f"{out} is there already: name another file, or say --force")
    if not out.parent.is_dir():
        raise InputError(f"there is no folder {out.parent}: make it first")
