"""`claims config`: what holds, and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command, Group, config_option, format_option
from claims.present import Column, Format, Listing, write
from claims.terminal import say

if TYPE_CHECKING:
    from claims.origins import Value


def _shown(value: object) -> str:
    if value is None:
        return "(not set)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


LISTING: Listing[Value] = Listing(
    columns=(
        Column("Key", lambda one: one.key, keep=True),
        Column("Value", lambda one: _shown(one.value)),
        Column("From", lambda one: one.origin, keep=True),
    ),
    record=lambda one: {"key": one.key, "value": one.value, "origin": one.origin, "line": one.line},
    sentence=lambda one: f"{one.key} = {json.dumps(one.value, ensure_ascii=False)}  # {one.origin}",
)


@click.group("config", cls=Group, examples=("claims config show", "claims config show fetch --format text"))
def command() -> None:
    """Show what the configuration says."""


@command.command(
    "show",
    cls=Command,
    examples=(
        "claims config show",
        "claims config show fetch alerts --format text",
        "claims config show --changed --json",
    ),
)
@click.argument("sections", nargs=-1, metavar="[SECTION]...")
@click.option("--changed", is_flag=True, help="Only what the file says, without the defaults.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@format_option
@config_option
def show(
    sections: tuple[str, ...], changed: bool, as_json: bool, style: Format | None, config: Path | None
) -> Exit:
    """Show every value that holds, and where it comes from.

    The line of the file, or the default. SECTION: only these, such as fetch or sources. Secrets are in no
    configuration: it names the variable or the file that holds one.
    """
    from claims.origins import found_by, values
    from claims.settings import Config

    unknown = sorted(set(sections) - set(Config.model_fields))
    if unknown:
        known = ", ".join(Config.model_fields)
        raise InputError(f"there is no section {unknown[0]!r}; there are: {known}")
    settings, found = values(config)
    say(f"{settings.file} (found {found_by(config)})")
    wanted = [
        one
        for one in found
        if (not sections or one.key.partition(".")[0].partition("[")[0] in sections)
        and (one.origin != "default" or not changed)
    ]
    write(wanted, LISTING, Format.JSON if as_json else style)
    return Exit.OK if wanted else Exit.NOTHING
