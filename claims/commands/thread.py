"""`claims thread`: what belongs together, and what a person decides about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims import wording
from claims.config import ledger_path
from claims.errors import Exit
from claims.listings import hit_record
from claims.options import Command, config_option, page_format_option
from claims.present import Format, dumps
from claims.stored import NoSuchClaim, stored_claim
from claims.terminal import bold, folded, is_tty, one_line, say, text_width, wants_colour
from claims.wording import counted

if TYPE_CHECKING:
    from db.rulings import Decided
    from db.timeline import Entry

_ids = click.argument("claims", metavar="ID...", nargs=-1, required=True, type=click.IntRange(min=1))


class Threads(click.Group):
    """Its commands in the order of use; its help page ends in examples."""

    examples = (
        "claims thread show 12",
        "claims thread split 12 14",
        "claims thread join 3 17",
        "claims thread undo",
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return ["show", "split", "join", "undo"]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, one a line."""
        with formatter.section("Examples"):
            for line in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


@click.group("thread", cls=Threads)
def command() -> None:
    """What belongs together: show a thread, or put right what was put together wrongly.

    A thread holds all claims that say the same (one statement, however many outlets and languages) and the
    statements that revise, contradict, fulfil or deny it. What you decide with split and join is kept by the
    sentence that a claim rests on: it outlives `claims reextract`, and goes before every rule.
    """


@command.command(
    "show", cls=Command, examples=("claims thread show 12", "claims thread show 12 --format json")
)
@click.argument("claim_id", metavar="ID", type=click.IntRange(min=1))
@page_format_option
@config_option
def show(claim_id: int, style: Format | None, config: Path | None) -> Exit:
    """Show the thread of a claim.

    Statement by statement, the earliest first: what it says, how it stands to an earlier claim and why, and
    who told it when.
    """
    from db.timeline import timeline

    path = ledger_path(config)
    entries = timeline(path, claim_id)
    if not entries:
        stored_claim(path, claim_id)
        raise NoSuchClaim(f"claim {claim_id} is in no thread: its article was changed since, or it waits"
                          " for the next round to be grouped")  # fmt: skip
    out = sys.stdout
    if style in {Format.JSON, Format.NDJSON} or (style is None and not is_tty(out)):
        click.echo(dumps(_record(entries), indent=2 if style is Format.JSON else None))
    else:
        click.echo("\n".join(_lines(entries, wants_colour(out), text_width(out))), color=True)
    return Exit.OK


def _record(entries: list[Entry]) -> dict[str, Any]:
    return {
        "thread": entries[0].thread,
        "claims": [
            {
                **hit_record(entry.hit),
                "statement": entry.statement,
                "relation": entry.relation,
                "earlier": entry.earlier,
                "reason": entry.reason,
            }
            for entry in entries
        ],
    }


def _lines(entries: list[Entry], colour: bool, width: int) -> Iterator[str]:
    statements: dict[int, list[Entry]] = {}
    for entry in entries:
        statements.setdefault(entry.statement, []).append(entry)
    size = f"{counted(len(statements), 'statement')}, {counted(len(entries), 'claim')}"
    yield f"Thread {entries[0].thread}: {size}"
    for told in statements.values():
        yield ""
        for line in folded(one_line(wording.sentence(told[0].hit.claim)), width):
            yield bold(line, colour)
        for entry in told:
            yield from folded(one_line(_origin(entry)), width, "  ", "    ")
            if entry.relation is not None:
                why = f"{entry.relation} of {entry.earlier}: {entry.reason}"
                yield from folded(one_line(why), width, "    ", "    ")


def _origin(entry: Entry) -> str:
    hit = entry.hit
    parts = (str(hit.published or "unknown day"), f"claim {hit.id}", hit.source, hit.title)
    return " · ".join(part for part in parts if part)


@command.command("split", cls=Command, examples=("claims thread split 12", "claims thread split 12 14"))
@_ids
@config_option
def split(claims: tuple[int, ...], config: Path | None) -> Exit:
    """Take claims out of their thread.

    The claims of these numbers stay together; everything else that is in their thread now is kept apart from
    them from now on.
    """
    from db.rulings import Verb, decide

    return _told("split off", decide(ledger_path(config), Verb.SPLIT, claims, now=_now()))


@command.command("join", cls=Command, examples=("claims thread join 3 17", "claims thread join 3 17 --same"))
@_ids
@click.option("--same", is_flag=True, help="They say the same: one statement, their sources count together.")
@config_option
def join(claims: tuple[int, ...], same: bool, config: Path | None) -> Exit:
    """Put the threads of two or more claims together."""
    from db.rulings import Verb, decide

    if len(set(claims)) < 2:
        raise click.UsageError("name at least two claims")
    return _told("joined", decide(ledger_path(config), Verb.SAME if same else Verb.JOIN, claims, now=_now()))


@command.command(
    "undo", cls=Command, examples=("claims thread undo", "claims thread undo --config ~/claims/config.toml")
)
@config_option
def undo(config: Path | None) -> Exit:
    """Take the latest split or join back; again: the one before it."""
    from db.rulings import undo as undone

    decided = undone(ledger_path(config), now=_now())
    if decided is None:
        say("nothing was split or joined by hand")
        return Exit.NOTHING
    return _told(f"took back: {decided.verb} of", decided)


def _told(what: str, decided: Decided) -> Exit:
    claims = ", ".join(map(str, decided.claims)) or "claims that are gone"
    threads = ", ".join(map(str, decided.threads))
    say(f"{what} {claims}; now in thread{'s' if len(decided.threads) > 1 else ''} {threads or 'none'}")
    return Exit.OK


def _now() -> Any:
    from claims.fetching import utc_now

    return utc_now()
