"""What the configuration may hold, and every mistake in it named at once, by its path in the file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from claims.alertsettings import AlertSection
from claims.config import beside, find, read
from claims.daemonsettings import DaemonSection
from claims.errors import ConfigError, InputError
from claims.mailsettings import DigestSection, MailSection, RecipientSection
from claims.section import Section
from claims.sections import ArchiveSection, FetchSection, RoundSection, SourceSection, StoreSection


def section_of(values: dict[str, Any]) -> SourceSection:
    """One entry from values that a person gave; raises InputError with all mistakes."""
    try:
        return SourceSection.model_validate(values)
    except ValidationError as error:
        mistakes = [_mistake(detail, values) for detail in error.errors()]
        raise InputError("; ".join(mistake.removeprefix(": ") for mistake in mistakes)) from None


class Config(Section):
    """The whole file; `file` is where it was read."""

    store: StoreSection = StoreSection()
    fetch: FetchSection = FetchSection()
    round: RoundSection = RoundSection()
    archive: ArchiveSection = ArchiveSection()
    mail: MailSection = MailSection()
    digest: DigestSection = DigestSection()
    daemon: DaemonSection = DaemonSection()
    alerts: tuple[AlertSection, ...] = ()
    sources: tuple[SourceSection, ...] = ()
    _file: Path = Path()

    @property
    def file(self) -> Path:
        """Where the configuration was read."""
        return self._file

    @property
    def ledger(self) -> Path:
        """The ledger's path, made absolute."""
        return beside(self._file, self.store.path)

    @property
    def backup_folder(self) -> Path:
        """The folder of the daily copies, made absolute."""
        return beside(self._file, self.daemon.backup_path)

    @property
    def archive_folder(self) -> Path:
        """The archive's folder, made absolute."""
        return beside(self._file, self.archive.path)


def load(flag: Path | None = None) -> Config:
    """The checked configuration; raises ConfigError with all mistakes, one a line."""
    path = find(flag).absolute()
    return checked(read(path), path)


def checked(data: dict[str, Any], path: Path) -> Config:
    """The same of a file's tables that are at hand already."""
    mistakes = _repeated(data)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        mistakes = [_mistake(detail, data) for detail in error.errors()] + mistakes
    if mistakes:
        raise ConfigError(
            "\n".join([f"{path}: {_count(len(mistakes))}", *(f"  {line}" for line in mistakes)])
        )
    config._file = path
    return config


def _count(number: int) -> str:
    return "1 mistake" if number == 1 else f"{number} mistakes"


def _repeated(data: dict[str, Any]) -> list[str]:
    """Names and addresses that stand twice: a second one would overwrite the first one's fetch state."""
    found = []
    for table, key in (("sources", "name"), ("sources", "url"), ("alerts", "name")):
        entries = data.get(table)
        rows = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        counts = Counter(row[key] for row in rows if isinstance(row.get(key), str))
        found += [f"{table}: {key} {value!r} stands {n} times" for value, n in counts.items() if n > 1]
    return found


def _mistake(detail: ErrorDetails, data: dict[str, Any]) -> str:
    """`sources[3].interval (heise): input should be …, not 1`"""
    where, entry = _where(detail["loc"], data)
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        return f"{where}: unknown key{_meant(key, detail['loc'])}"
    if detail["type"] == "missing":
        return f"{where}{entry}: is missing"
    if detail["type"] == "value_error":
        return f"{where}{entry}: {detail['msg'].removeprefix('Value error, ')}"
    text = detail["msg"].removeprefix("Input ").replace("valid tuple", "list")
    return f"{where}{entry}: {text[:1].lower()}{text[1:]}, not {_shown(detail['input'])}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _where(loc: tuple[int | str, ...], data: dict[str, Any]) -> tuple[str, str]:
    """The dotted path, and the entry's own name where it stands in a list of named entries."""
    path, entry, node = "", "", data
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
        node = _child(node, part)
        if isinstance(part, int) and isinstance(node, dict) and isinstance(node.get("name"), str):
            entry = f" ({node['name']})"
    return path, entry


def _child(node: Any, part: int | str) -> Any:
    try:
        return node[part]
    except (KeyError, IndexError, TypeError):
        return None


def _meant(key: str, loc: tuple[int | str, ...]) -> str:
    """A hint at the nearest known key of the same section."""
    from difflib import get_close_matches

    sections: dict[str, type[BaseModel]] = {
        "store": StoreSection,
        "fetch": FetchSection,
        "round": RoundSection,
        "archive": ArchiveSection,
        "mail": MailSection,
        "digest": RecipientSection if "recipients" in loc else DigestSection,
        "alerts": AlertSection,
        "daemon": DaemonSection,
        "sources": SourceSection,
    }
    section = sections.get(str(loc[0]), Config) if len(loc) > 1 else Config
    known = list(section.model_fields)
    near = get_close_matches(key, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(known)}"
