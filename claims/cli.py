"""The command `claims`. START HERE for the command line: every command is a module of `claims/commands/`.

A command module is imported when its command runs, and imports what is heavy inside its function: `claims
search` answers without spaCy, httpx or trafilatura. Data goes to standard output, everything else to standard
error; errors become one sentence here and nowhere else. Exit codes: `claims.errors.Exit`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from claims.errors import Exit, UserError
from claims.options import Command
from claims.terminal import prepare_streams, say

COMMANDS = (
    *("run", "daemon", "status", "install-schedule"),
    *("add", "extract", "reextract", "relate"),
    *("search", "show", "thread", "due", "record", "chart", "explain", "sources"),
    *("digest", "feed"),
    *("export", "import", "backup", "verify", "prune", "housekeeping", "datasette-metadata"),
    *("alerts", "init", "config", "completion", "doctor", "demo"),
)
# Where the name is none that Python takes for a module.
_MODULES = {
    "import": "import_",
    "datasette-metadata": "datasette_metadata",
    "install-schedule": "install_schedule",
}


class LazyGroup(click.Group):
    """Finds a command in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module."""
        if cmd_name not in COMMANDS:
            return None
        command: Command = importlib.import_module(
            f"claims.commands.{_MODULES.get(cmd_name, cmd_name)}"
        ).command
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Two examples and what the exit codes mean."""
        with formatter.section("Examples"):
            formatter.write(
                "  claims run --config config.toml\n  claims search H100 --company Meta --min 100k\n"
            )
        formatter.write(
            "\nExit codes: 0 ok, 1 nothing found, 2 usage or configuration, 3 some sources failed\n"
        )
        formatter.write("or another round is at work, 70 a bug, 130 interrupted.\n")


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, param, value: _print_version(ctx) if value else None,
    help="Show the version and exit.",
)
def cli() -> None:
    """Keeps the books on who claimed what in the tech press: how many, of what, by when.

    Reads German and English feeds, finds the claims in the articles, and finds them again with their source.
    """


def _print_version(context: click.Context) -> None:
    """The installed version; a checkout that runs without being installed has none."""
    from importlib.metadata import PackageNotFoundError, version

    if context.resilient_parsing:
        return
    try:
        click.echo(f"claims {version('claims-monitor')}")
    except PackageNotFoundError:
        click.echo("claims (run from its source, not installed)")
    context.exit()


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: runs a command and exits with its code."""
    prepare_streams()
    if asked := os.environ.get("_CLAIMS_COMPLETE"):
        sys.exit(_completed(asked))
    code = run(list(sys.argv[1:] if arguments is None else arguments))
    sys.exit(_flushed(code))


def _completed(asked: str) -> int:
    """What a shell asks with each press of the tab key; see `claims completion`."""
    from click.shell_completion import shell_complete

    return shell_complete(cli, {}, "claims", "_CLAIMS_COMPLETE", asked)


def run(arguments: list[str]) -> int:
    """Runs a command; every error becomes a sentence on standard error and an exit code."""
    try:
        with cli.make_context("claims", arguments) as context:
            result: Any = cli.invoke(context)
        return int(result or Exit.OK)
    except click.exceptions.Exit as done:
        return done.exit_code
    except KeyboardInterrupt:
        say("claims: interrupted; what was stored so far is kept")
        return Exit.INTERRUPTED
    except Exception as error:
        return _told(error)


def _told(error: Exception) -> int:
    """Says what went wrong in one sentence and gives the exit code."""
    if isinstance(error, BrokenPipeError):
        return _reader_left()
    if isinstance(error, click.ClickException):
        say(_usage(error))
        return Exit.USAGE
    if isinstance(error, UserError):
        say(f"claims: {error}")
        return error.code
    if isinstance(error, OSError):
        return _unwritten(error)
    return _translated(error)


def _usage(error: click.ClickException) -> str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "claims"
    text = error.format_message().rstrip(".")
    return f"{path}: {text[:1].lower()}{text[1:]}; see '{path} --help'"


def _translated(error: Exception) -> int:
    """Errors of the scraper and the ledger carry their own sentence; anything else is a bug."""
    from db.errors import LedgerError
    from scraper.errors import ScraperError

    if isinstance(error, LedgerError | ScraperError):
        say(f"claims: {error}")
        return Exit.USAGE if isinstance(error, LedgerError) else Exit.SOURCES
    if os.environ.get("CLAIMS_DEBUG"):
        raise error
    say(f"claims: unexpected {type(error).__name__}: {error} (a bug; CLAIMS_DEBUG=1 shows where)")
    return Exit.BUG


def _flushed(code: int) -> int:
    """Writes what is buffered: a full disk or a reader that left shows only now."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return _told(error)
    return code


def _unwritten(error: OSError) -> int:
    """The machine refuses: a full disk under the output, a file that may not be made."""
    if error.filename:
        say(f"claims: {error.filename}: {error.strerror}")
    else:
        say(f"claims: cannot write the output: {error.strerror or error}")
        _discard_output()
    return Exit.USAGE


def _reader_left() -> int:
    """The reader of our pipe has seen enough (`claims search | head`): nothing is wrong."""
    _discard_output()
    return Exit.OK


def _discard_output() -> None:
    """What is still buffered goes nowhere, so that the interpreter does not complain when it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
