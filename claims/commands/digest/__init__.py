"""`claims digest`: the mail of the week. Each command of the group is a module of this folder."""

from __future__ import annotations

import importlib

import click

from claims.options import Command

COMMANDS = ("preview", "send", "list", "show")


class Digest(click.Group):
    """Finds a command in the module of its name; its help page ends in examples."""

    examples = (
        "claims digest preview",
        "claims digest preview --open --week 2026-W47",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return [*COMMANDS]  # a command of this folder is named list

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module."""
        if cmd_name not in COMMANDS:
            return None
        found: Command = importlib.import_module(f"claims.commands.digest.{cmd_name}").command
        return found

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, one a line."""
        with formatter.section("Examples"):
            for line in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


@click.group("digest", cls=Digest)
def command() -> None:
    """The mail of the week: what was newly claimed, what changed, what falls due, what came true."""
