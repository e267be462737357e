"""The configured mail account with its password, which stands in a variable or a file of its own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from claims.config import beside
from claims.errors import ConfigError
from claims.mail import Account
from claims.settings import Config

_LONGEST = 4_096  # bytes of a password file


def account_of(config: Config) -> Account:
    """Whom to ask and who we are there; raises ConfigError where something is missing."""
    mail = config.mail
    if not mail.host:
        raise ConfigError(f"{config.file}: no mail server is configured: set host and sender under [mail]")
    return Account(
        host=mail.host,
        port=mail.port_used,
        security=mail.security,
        sender=mail.sender,
        user=mail.user,
        password=_password(config),
        timeout=mail.timeout,
        ca_file=beside(config.file, mail.ca_file) if mail.ca_file else None,
    )


def _password(config: Config) -> str:
    mail = config.mail
    if mail.password_file:
        return _in_file(password_file(config))
    if mail.password_env:
        password = os.environ.get(mail.password_env, "")
        if not password:
            raise ConfigError(f"mail.password_env: the variable {mail.password_env} is not set or empty")
        return password
    return ""


def password_file(config: Config) -> Path:
    """Where the password's file is."""
    return beside(config.file, config.mail.password_file or Path())


def _in_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LONGEST + 1)
    except OSError as error:
        raise ConfigError(f"mail.password_file: cannot read {path}: {error.strerror}") from None
    try:
        lines = raw.decode("utf-8").splitlines() if len(raw) <= _LONGEST else []
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 1 or not lines[0].strip():
        raise ConfigError(f"mail.password_file: {path} should hold the password on one line and nothing else")
    return lines[0].strip()


def readable_by_others(config: Config) -> str:
    """A sentence where others on this machine can read the password's file; else empty."""
    if not config.mail.password_file:
        return ""
    path = password_file(config)
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""  # reading it says why
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"{path} can be read by other users of this machine: chmod 600 {path}"
    return ""
