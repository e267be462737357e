"""`claims datasette-metadata`: titles, facets and ready questions for looking at the ledger in Datasette."""

from __future__ import annotations

import json
from pathlib import Path

import click

from claims.config import ledger_path
from claims.errors import Exit
from claims.options import Command, config_option


@click.command(
    "datasette-metadata",
    cls=Command,
    examples=(
        "claims datasette-metadata > metadata.json",
        "datasette claims.db --metadata metadata.json",
    ),
)
@config_option
def command(config: Path | None) -> Exit:
    """Write the metadata file for Datasette.

    Datasette, a program of its own, shows a SQLite file in the browser. The file written here gives it
    titles, descriptions, facets and ready questions for this ledger; docs/datasette.md shows how.
    """
    from claims.datasette import metadata

    click.echo(json.dumps(metadata(ledger_path(config).stem), ensure_ascii=False, indent=2))
    return Exit.OK
