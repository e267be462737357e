"""`claims sources`: which sources there are, how each is doing, and how to get or lose one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.config import example
from claims.errors import Exit, InputError
from claims.options import Command, config_option, format_option, page_format_option
from claims.present import Format, default_format, dumps, write
from claims.terminal import clean, one_line, say

if TYPE_CHECKING:
    from claims.sections import SourceSection
    from claims.settings import Config
    from scraper.discovery import Discovery


class Sources(click.Group):
    """Its commands in the order of use; without one it lists, and its help page ends in examples."""

    examples = (
        "claims sources",
        "claims sources --example > config.toml",
        "claims sources add heise.de --lang de",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return ["list", "add", "show", "check", "mute", "unmute", "import", "export"]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, one a line."""
        with formatter.section("Examples"):
            for line in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


@click.group("sources", cls=Sources, invoke_without_command=True)
@click.option(
    "--example", "wants_example", is_flag=True, help="Print an annotated configuration to begin with."
)
@format_option
@config_option
@click.pass_context
def command(
    ctx: click.Context, wants_example: bool, style: Format | None, config: Path | None
) -> Exit | None:
    """List the configured sources, add some, look after them.

    Without a command: the list, with each one's state: what the last poll said, when the next is due, how
    many articles and claims it gave. With --example instead the configuration that comes with the program,
    its feeds annotated. What a command adds stands at the end of the configuration file.
    """
    if wants_example:
        click.echo(example(), nl=False)
        return Exit.OK
    return None if ctx.invoked_subcommand else _listed(_settings(config), style)


def _settings(config: Path | None) -> Config:
    """The configuration; `--config` may also stand before the command's name."""
    from claims.settings import load

    parent = click.get_current_context().parent
    return load(config or (parent.params.get("config") if parent else None))


def _style(style: Format | None) -> Format | None:
    parent = click.get_current_context().parent
    return style or (parent.params.get("style") if parent else None)


def _listed(settings: Config, style: Format | None) -> Exit:
    from claims.sourcelines import LISTING, source_lines

    lines = source_lines(settings)
    if not lines:
        say("no sources are configured; docs/adding-a-source.md says how")
        return Exit.NOTHING
    write(lines, LISTING, style)
    return Exit.OK


@command.command("list", cls=Command, examples=("claims sources list", "claims sources list --format csv"))
@format_option
@config_option
def listing(style: Format | None, config: Path | None) -> Exit:
    """List the configured sources: the same as without a command."""
    return _listed(_settings(config), _style(style))


@command.command(
    "add",
    cls=Command,
    examples=(
        "claims sources add https://www.heise.de --lang de --zone Europe/Berlin",
        "claims sources add https://example.org/news --select 'article h2 a' --name example",
    ),
)
@click.argument("url")
@click.option("--name", help="Short and unique; made from the address if not given.")
@click.option("--lang", help="Language of its articles; what the feed says if not given.")
@click.option("--zone", default="UTC", help="Zone of its dates, such as Europe/Berlin; UTC if not given.")
@click.option("--interval", type=int, default=60, help="Minutes between two polls; 60 if not given.")
@click.option("--select", default="", help="CSS selector of the links on a page that lists articles.")
@click.option("--folder", default="", help="Folder for OPML, such as Tech/Chips.")
@click.option("--unchecked", is_flag=True, help="Ask nobody: the address is a feed's, and --lang is given.")
@format_option
@config_option
def add(url: str, style: Format | None, config: Path | None, **given: Any) -> Exit:
    """Find a site's feed and add it to the configuration.

    The URL may be the feed's, or any page of the site: then the feeds that it names are tried, else the usual
    addresses, else its sitemaps. The first that can be read is added, others are named.
    """
    from claims.editing import append_sources
    from claims.sourcelines import LISTING, source_lines

    settings = _settings(config)
    url = url.strip() if "://" in url else f"https://{url.strip()}"
    section = _section(url, settings, given)
    new = append_sources(settings, [section])
    say(f"added to {settings.file}")
    write([line for line in source_lines(new) if line.section == section], LISTING, _style(style))
    return Exit.OK


def _section(url: str, settings: Config, given: dict[str, Any]) -> SourceSection:
    """The entry to add. Raises InputError and ScraperError."""
    from claims.settings import section_of
    from claims.subscribing import unique
    from scraper.discovery import site_name

    known = {one.url: one.name for one in settings.sources}
    found: dict[str, Any] = {"url": url, "lang": ""}
    if url in known:
        raise InputError(f"{url} is there already, as {known[url]!r}")
    if not given.pop("unchecked"):
        found = _found(url, settings, given["select"], known)
    name = given.pop("name") or unique(site_name(url), known.values())
    lang = given.pop("lang") or found.pop("lang")
    if not lang:
        raise InputError("nothing tells the language of its articles: give --lang")
    return section_of({**given, **found, "name": name, "lang": lang})


def _found(url: str, settings: Config, select: str, known: dict[str, str]) -> dict[str, Any]:
    from claims.fetching import client_for, page_reader
    from scraper.discovery import discover

    with client_for(settings) as client, page_reader() as reader:
        result = discover(url, client, select=select, lister=reader.listing, detective=reader.clues)
    fresh = [one for one in result.found if one.url not in known]
    if not fresh:
        raise InputError(_in_vain(url, result, known))
    for other in fresh[1:]:
        say(f"also found: {other.url} ({other.kind}, {one_line(other.title) or 'without a title'})")
    best = fresh[0]
    say(f"{best.url}: {best.kind}, {len(best.entries)} entries, {one_line(best.title) or 'without a title'}")
    return {"url": best.url, "kind": best.kind, "lang": best.lang, "title": one_line(best.title)[:200]}


def _in_vain(url: str, result: Discovery, known: dict[str, str]) -> str:
    if result.found:
        return f"{result.found[0].url} is there already, as {known[result.found[0].url]!r}"
    tried = "".join(f"\n  {error.url}: {error.kind}: {error}" for error in result.failed)
    return f"no feed and no sitemap found at {url}; --select takes the links of a page as they stand{tried}"


@command.command(
    "show", cls=Command, examples=("claims sources show heise", "claims sources show heise --format json")
)
@click.argument("name")
@page_format_option
@config_option
def show(name: str, style: Format | None, config: Path | None) -> Exit:
    """Show one source in full: addresses, health, schedule, what it gave."""
    from claims.sourcelines import page, record, source_lines

    settings = _settings(config)
    _check_names((name,), settings)
    line = next(line for line in source_lines(settings) if line.section.name == name)
    style = style or default_format(sys.stdout)
    if style in {Format.TEXT, Format.TABLE}:
        click.echo(clean(page(line)))
    else:
        click.echo(dumps(record(line), indent=2 if style is Format.JSON else None))
    return Exit.OK


@command.command("check", cls=Command, examples=("claims sources check", "claims sources check heise golem"))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@format_option
@config_option
def check(names: tuple[str, ...], style: Format | None, config: Path | None) -> Exit:
    """Ask sources now and say what they answer; nothing is stored.

    All that are enabled, or those named. Exit code 3: some cannot be read, are muted or have fallen silent.
    """
    from claims.checking import LISTING, checked

    settings = _settings(config)
    _check_names(names, settings)
    wanted = [one for one in settings.sources if one.name in names or (not names and one.enabled)]
    lines = []
    for line in checked(settings, wanted):
        lines.append(line)
        if not line.well:
            say(f"{line.name}: {one_line(line.message)}")
    write(lines, LISTING, _style(style))
    if not lines:
        return Exit.NOTHING
    return Exit.OK if all(line.well for line in lines) else Exit.SOURCES


def _check_names(names: tuple[str, ...], settings: Config) -> None:
    known = {one.name for one in settings.sources}
    unknown = sorted(set(names) - known)
    if unknown:
        raise InputError(f"no source is named {', '.join(map(repr, unknown))}; `claims sources` lists them")


@command.command(
    "mute", cls=Command, examples=("claims sources mute heise", "claims sources mute heise golem")
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@config_option
def mute(names: tuple[str, ...], config: Path | None) -> Exit:
    """Leave sources alone until they are unmuted. What they gave stays."""
    return _turned(names, _settings(config), quiet=True)


@command.command(
    "unmute", cls=Command, examples=("claims sources unmute heise", "claims sources unmute heise golem")
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@config_option
def unmute(names: tuple[str, ...], config: Path | None) -> Exit:
    """Ask muted sources again, whoever muted them: failures are forgotten, the next round asks."""
    return _turned(names, _settings(config), quiet=False)


def _turned(names: tuple[str, ...], settings: Config, *, quiet: bool) -> Exit:
    """Notes it in the ledger, under the round's lock: a round at work would write its own state over it."""
    from claims.lock import round_lock
    from claims.sourcelines import source_lines
    from db.ledger import Ledger
    from scraper.collect import muted, unmuted

    _check_names(names, settings)
    change = muted if quiet else unmuted
    with round_lock(settings.ledger), Ledger.open(settings.ledger) as ledger:
        for line in source_lines(settings):
            if line.section.name in names:
                ledger.save_state(line.section.source(), change(line.state))
                say(f"{line.section.name} is {'muted' if quiet else 'asked again in the next round'}")
    return Exit.OK


@command.command(
    "import",
    cls=Command,
    examples=("claims sources import feeds.opml --lang de", "claims sources import feeds.opml --dry-run"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", help="Language of those that do not say their own.")
@click.option("--zone", default="UTC", help="Zone of those that do not say their own; UTC if not given.")
@click.option("--dry-run", is_flag=True, help="Only show what would be added.")
@format_option
@config_option
def bring(
    file: Path, lang: str | None, zone: str, dry_run: bool, style: Format | None, config: Path | None
) -> Exit:
    """Add the feeds of an OPML file to the configuration.

    Folders are kept. A feed that is there already is named and left alone. Nobody is asked: `claims sources
    check` does that. Exit code 3: some outlines cannot be used; each is named with the reason.
    """
    from claims.editing import append_sources
    from claims.sourcelines import LISTING, source_lines
    from claims.subscribing import imported
    from scraper.opml import read_opml

    settings = _settings(config)
    outlines = read_opml(_content(file), str(file))
    result = imported(outlines, settings, lang=lang, zone=zone)
    for line in (
        *([f"{file} had to be repaired: {outlines.degraded}"] if outlines.degraded else []),
        *result.known,
        *result.refused,
    ):
        say(one_line(line))
    new = settings if dry_run or not result.added else append_sources(settings, result.added)
    if dry_run:
        new = settings.model_copy(update={"sources": (*settings.sources, *result.added)})
    names = {one.name for one in result.added}
    write([line for line in source_lines(new) if line.section.name in names], LISTING, _style(style))
    done = "would be added" if dry_run else f"added to {settings.file}"
    say(f"{len(names)} {done}, {len(result.known)} already there, {len(result.refused)} cannot be used")
    if result.refused:
        return Exit.SOURCES
    return Exit.OK if names or result.known else Exit.NOTHING


_LARGEST = 16 * 1024 * 1024  # bytes of an OPML file: 50,000 feeds


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise InputError(f"{file} is larger than {_LARGEST:,} bytes")
    return content


@command.command(
    "export",
    cls=Command,
    examples=("claims sources export feeds.opml", "claims sources export - | xmllint -"),
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@config_option
def send(file: Path, config: Path | None) -> Exit:
    """Write the configured sources to an OPML file that any feed reader takes; `-` is standard output.

    What only we know of a source (selector, zone, interval and so on) stands in attributes of our own, so
    that importing the file elsewhere gives the same sources.
    """
    from claims.editing import write_whole
    from claims.subscribing import exported
    from scraper.opml import write_opml

    settings = _settings(config)
    content = write_opml(exported(settings), "claims")
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        return Exit.OK
    write_whole(file, content)
    say(f"{len(settings.sources)} sources written to {file}")
    return Exit.OK
