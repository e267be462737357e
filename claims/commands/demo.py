"""`claims demo`: the main job on a small bundled site, from feed to answer, in a folder of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from claims.errors import Exit
from claims.options import Command
from claims.terminal import is_tty

_CONFIG = """\
# Made by `claims demo`: two invented magazines, served by the demonstration itself.
[store]
path = "claims.db"

[fetch]
min_gap = 0.01
allow_hosts = ["{host}"]

[[sources]]
name = "serverhalle"
url = "http://{host}/de/feed.xml"
lang = "de"
zone = "Europe/Berlin"

[[sources]]
name = "cold-aisle"
url = "http://{host}/en/feed.xml"
lang = "en"
"""

_QUESTION = "claims search H100 --company Meta --min 100k --statements"


@click.command("demo", cls=Command, examples=("claims demo", "claims demo --keep /tmp/claims-demo"))
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep the demonstration's configuration and ledger there, to go on searching.",
)
def command(keep: Path | None) -> Exit:
    """Show the whole path on a small bundled site.

    Serves a German and an English magazine on this machine, runs one round against them with the real
    scraper, and prints the claims found and a search over them. Nothing else is touched.
    """
    from claims.commands.run import perform
    from claims.demo.site import serving
    from claims.progress import Level, progress
    from claims.report import closing_line
    from claims.settings import load

    with _folder(keep) as folder, serving() as base:
        file = folder / "config.toml"
        file.write_text(_CONFIG.format(host=base.removeprefix("http://")), encoding="utf-8")
        click.echo("$ claims run")
        level = Level.INFO if is_tty(sys.stderr) else Level.WARNING
        with progress(level, as_json=False) as watcher:
            report = perform(load(file), watcher, only=frozenset(), force=True)
        click.echo(f"{closing_line(report)}\n")
        _show_claims(folder / "claims.db")
        again = f"claims search --config {file}" if keep else "claims demo --keep FOLDER"
        click.echo(f"\nTo ask questions of your own: {again}", err=True)
    return Exit.SOURCES if report.failed else Exit.OK


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="claims-demo-") as made:
        yield Path(made)


def _show_claims(ledger: Path) -> None:
    """Everything that was found, the question that the project began with, and its best answer in full."""
    from claims import background
    from claims.commands.show import lines
    from claims.listings import HITS, each_told_by
    from claims.present import Format, write
    from claims.terminal import text_width, wants_colour
    from db.background import background as known
    from db.search import Query, search, show

    click.echo("$ claims search --limit 100")
    write(search(ledger, Query(limit=100)), HITS, Format.TABLE)
    click.echo(f"\n$ {_QUESTION}")
    answers = search(ledger, Query(words="H100", company="Meta", minimum=100_000, statements=True))
    write(answers, each_told_by(HITS), Format.TABLE)
    best = show(ledger, answers[0].id) if answers else None
    if best:
        click.echo(f"\n$ claims show {best.hit.id}")
        colour, width = wants_colour(sys.stdout), text_width(sys.stdout)
        behind = known(ledger, best.hit.id)
        page = [*lines(best, colour, width), *background.lines(behind, best.hit, colour, width)]
        click.echo("\n".join(page), color=True)
