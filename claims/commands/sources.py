"""`claims sources`: the configured sources and how each is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.config import example
from claims.errors import Exit
from claims.options import Command, config_option, format_option
from claims.present import Column, Format, Listing, write
from claims.terminal import say
from scraper.article import FetchState

if TYPE_CHECKING:
    from claims.settings import Config, SourceSection
    from db.ledger import SourceRow


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A configured source with what the ledger knows of it; `row` is None before the first round."""

    section: SourceSection
    row: SourceRow | None

    @property
    def status(self) -> str:
        """One or two words: off, new, or what the last poll said."""
        if not self.section.enabled:
            return "off"
        return (self.row and self.row.state.last_status) or "never asked"

    @property
    def every(self) -> int:
        """Minutes between two polls: the interval, or the scraper's floor for such a feed where that is more.

        A feed that was not read yet counts as one with validators, as most are.
        """
        from scraper.collect import Pace

        state = self.row.state if self.row and self.row.url == self.section.url else FetchState()
        validators = bool(state.etag or state.last_modified or not state.last_success)
        return round(Pace().interval(self.section.source(), validators=validators).total_seconds() / 60)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else ""


def _record(line: SourceLine) -> dict[str, Any]:
    row, state = line.row, line.row.state if line.row else None
    return {
        **line.section.model_dump(),
        "every": line.every,
        "status": line.status,
        "message": state.last_message if state else "",
        "failures": state.failures if state else 0,
        "checked": state.checked.isoformat() if state and state.checked else None,
        "next_check": state.next_check.isoformat() if state and state.next_check else None,
        "articles": row.articles if row else 0,
        "claims": row.claims if row else 0,
        "newest": row.newest.isoformat() if row and row.newest else None,
    }


LISTING: Listing[SourceLine] = Listing(
    columns=(
        Column("Name", lambda line: line.section.name, keep=True),
        Column("Lang", lambda line: line.section.lang, keep=True),
        Column("Every", lambda line: f"{line.every} min", right=True, keep=True),
        Column("Status", lambda line: line.status),
        Column("Articles", lambda line: str(line.row.articles if line.row else 0), right=True, keep=True),
        Column("Claims", lambda line: str(line.row.claims if line.row else 0), right=True, keep=True),
        Column("Next check (UTC)", lambda line: _moment(line.row.state.next_check if line.row else None)),
        Column("Address", lambda line: line.section.url, wide=True),
    ),
    record=_record,
    sentence=lambda line: f"{line.section.name} ({line.section.lang}): {line.status}, {line.section.url}",
)


@click.command("sources", cls=Command, examples=("claims sources", "claims sources --example > config.toml"))
@click.option(
    "--example", "wants_example", is_flag=True, help="Print an annotated configuration to begin with."
)
@format_option
@config_option
def command(wants_example: bool, style: Format | None, config: Path | None) -> Exit:
    """List the configured sources.

    With each one's state: what the last poll said, when the next is due, how many articles and claims
    it gave. With --example instead the configuration that comes with the program, its feeds annotated.
    """
    if wants_example:
        click.echo(example(), nl=False)
        return Exit.OK
    from claims.settings import load

    lines = source_lines(load(config))
    if not lines:
        say("no sources are configured; docs/adding-a-source.md says how")
        return Exit.NOTHING
    write(lines, LISTING, style)
    return Exit.OK


def source_lines(config: Config) -> list[SourceLine]:
    """The configured sources in their order, each with what the ledger knows; no ledger is made for it."""
    from db.ledger import Ledger

    rows: dict[str, SourceRow] = {}
    if config.ledger.exists():
        with Ledger.open(config.ledger) as ledger:
            rows = {row.name: row for row in ledger.sources()}
    return [SourceLine(section, rows.get(section.name)) for section in config.sources]
