"""What the front door says when something cannot be done.

    UserError            one sentence for standard error, and the exit code
    ├── ConfigError      the configuration is missing or wrong (2)
    ├── InputError       an argument, a file or a line of it cannot be used (2)
    └── RoundLocked      another round is at work on the same ledger (3)

Errors of the scraper and of the ledger are turned into one of these words by `claims.cli.main`.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    OK = 0
    NOTHING = 1
    USAGE = 2
    SOURCES = 3
    BUG = 70
    INTERRUPTED = 130


class UserError(Exception):
    """Something the user can mend. The message is one sentence (or one a line), never a traceback."""

    code: Exit = Exit.USAGE


class ConfigError(UserError):
    """The configuration cannot be used; the message names file and key."""


class InputError(UserError):
    """An argument, a file or a line of it cannot be used."""


class RoundLocked(UserError):
    """Another round holds the lock of this ledger."""

    code = Exit.SOURCES
