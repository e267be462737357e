"""Where the configuration is, and its raw content. The only module of this package that reads TOML.

Found by, in this order: `--config` > CLAIMS_CONFIG > ./config.toml > $XDG_CONFIG_HOME/claims/config.toml.
Relative paths in it count from the file itself.

Apart from `settings.py`, which checks the content, because checking takes pydantic and pydantic takes
0.1 s to import: `claims search` needs no more than the ledger's path.
"""

from __future__ import annotations

import os
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from claims.errors import ConfigError

VARIABLE = "CLAIMS_CONFIG"
DEFAULT_STORE = "claims.db"
_LARGEST = 1_000_000  # bytes; a config of 1,000 sources has about 200,000


def find(flag: Path | None) -> Path:
    """The file to read; raises ConfigError where none of the places has one."""
    given = flag or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if given is not None:
        return given.expanduser()
    places = _places()
    for place in places:
        if place.exists():
            return place
    looked = ", ".join(str(place) for place in places)
    raise ConfigError(
        f"no configuration found (looked at {looked}); `claims init` writes one, "
        f"--config or {VARIABLE} names one elsewhere"
    )


def example() -> str:
    """The annotated configuration that comes with the program: config.toml of the repository."""
    return (resources.files("claims") / "config.example.toml").read_text(encoding="utf-8")


def _places() -> list[Path]:
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return [Path("config.toml"), Path(home).expanduser() / "claims" / "config.toml"]


def ledger_path(flag: Path | None = None) -> Path:
    """The ledger's absolute path, with nothing else of the configuration looked at."""
    path = find(flag)
    store = read(path).get("store", {})
    name = store.get("path", DEFAULT_STORE) if isinstance(store, dict) else None
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{path}: store.path: should be the path of a file, not {name!r}")
    return beside(path, Path(name))


def beside(config: Path, path: Path) -> Path:
    """A path written in the configuration, made absolute."""
    return config.absolute().parent / path.expanduser()


def read(path: Path) -> dict[str, Any]:
    """The file's tables, unchecked; raises ConfigError where it cannot be read or is no TOML."""
    try:
        raw = path.read_bytes()[: _LARGEST + 1] if path.is_file() else None
    except OSError as error:
        raise ConfigError(f"cannot read the configuration {path}: {error.strerror}") from error
    if raw is None:
        why = "is a directory" if path.is_dir() else "does not exist"
        raise ConfigError(f"the configuration {path} {why}")
    if len(raw) > _LARGEST:
        raise ConfigError(f"the configuration {path} is larger than {_LARGEST:,} bytes")
    return parsed(raw, path)


def parsed(raw: bytes, path: Path) -> dict[str, Any]:
    """The tables of what is to stand in the file; raises ConfigError where it is no TOML."""
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise ConfigError(f"the configuration {path} is not text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the configuration {path} is not valid TOML: {error}") from None
