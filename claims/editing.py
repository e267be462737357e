"""Adds sources to the configuration file: at its end, so that every byte a person wrote stays as it was.

An array of tables may be continued at the end of a TOML file whatever stands before, but for one written as
an inline list. So nothing is rewritten, and no comment can be lost; what would come out is checked as a whole
before it takes the file's place.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claims.config import parsed
from claims.errors import ConfigError, InputError
from claims.sections import SourceSection
from claims.settings import Config, checked
from claims.terminal import one_line


def append_sources(config: Config, sections: Sequence[SourceSection]) -> Config:
    """The configuration with the sources added to its file. Raises ConfigError; then nothing is changed."""
    path = config.file.resolve()
    before = path.read_bytes()
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if not before.strip() else end if before.endswith(b"\n") else 2 * end
    after = before + (gap + entries(sections, end)).encode("utf-8")
    try:
        new = checked(parsed(after, path), config.file)
    except ConfigError as error:
        text = f"the sources cannot be added to {path}; add them by hand ({error})"
        raise ConfigError(text) from error
    if new.sources != (*config.sources, *sections):
        raise ConfigError(f"{path} has changed meanwhile; nothing was added")
    _replace(path, after)
    return new


def entries(sections: Sequence[SourceSection], end: str = "\n") -> str:
    """The sources as TOML, each with what differs from the defaults."""
    return end.join(f"[[sources]]{end}" + "".join(f"{line}{end}" for line in _lines(one)) for one in sections)


def _lines(section: SourceSection) -> list[str]:
    always = {"name", "url", "lang", "zone", "interval"}
    fields = type(section).model_fields
    values = {name: getattr(section, name) for name in fields}
    return [
        f"{name} = {_value(value)}"
        for name, value in values.items()
        if name in always or value != fields[name].default
    ]


def _value(value: Any) -> str:
    """A TOML value. JSON's strings are TOML's, but for DEL and what a terminal would obey, which go."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else json.dumps(one_line(str(value)), ensure_ascii=False)


def write_whole(path: Path, content: bytes) -> None:
    """A file of this content, or none: what stood there stays until the new one is whole."""
    _replace(path.resolve(), content)


def _replace(path: Path, content: bytes) -> None:
    """Through a file beside it, so that a full disk or a crash leaves the old one; links and mode stay."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, name)
            else:
                Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
