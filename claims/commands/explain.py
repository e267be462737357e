"""`claims explain`: why a claim was found, and what was turned down."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims import wording
from claims.config import ledger_path
from claims.errors import Exit
from claims.options import Command, article_options, config_option
from claims.stored import stored_claim
from claims.terminal import bold, folded, one_line, text_width, wants_colour
from extractors.claim import Claim, Evidence, Reason

if TYPE_CHECKING:
    from db.search import Shown
    from extractors.pipeline import Extraction


@click.command(
    "explain",
    cls=Command,
    examples=("claims explain 12", "claims explain article.txt --published 2024-01-19"),
)
@click.argument("place", metavar="ID|FILE")
@article_options
@config_option
def command(
    place: str, published: date | None, lang: str | None, title: str | None, config: Path | None
) -> Exit:
    """Show the decisions behind a claim.

    For a stored claim's ID: which cue, rule and score settled each field. For a FILE (`-` is standard
    input): the same for each claim found in it, and the candidates that were turned down, and why.
    """
    look = _Look(wants_colour(sys.stdout), text_width(sys.stdout))
    if place.isdecimal() and not Path(place).exists():
        lines = list(_stored(stored_claim(ledger_path(config), int(place)), look))
    else:
        from claims.reading import explain, read_article

        lines = list(_found(explain(read_article(place, published, lang, title)), look))
    click.echo("\n".join(lines), color=True)
    return Exit.OK


@dataclass(frozen=True, slots=True)
class _Look:
    colour: bool
    width: int


def _stored(shown: Shown, look: _Look) -> Iterator[str]:
    yield from _claim(shown.hit.claim, shown.reasons, look)
    yield ""
    yield f"found by version {one_line(shown.extractor)} of the extractors in"
    yield one_line(shown.hit.url)


def _found(extraction: Extraction, look: _Look) -> Iterator[str]:
    for claim in extraction.claims:
        yield from _claim(claim, claim.reasons, look)
        yield ""
    told = f"{wording.counted(len(extraction.claims), 'claim')}, {len(extraction.rejected)} turned down"
    yield bold(told, look.colour)
    for rejected in extraction.rejected:
        yield ""
        yield from folded(one_line(rejected.what), look.width, "- ", "  ")
        yield from _passages((rejected.evidence,), look)
        yield from _reasons(rejected.reasons, look)


def _claim(claim: Claim, reasons: Iterable[Reason], look: _Look) -> Iterator[str]:
    for line in folded(one_line(wording.sentence(claim)), look.width):
        yield bold(line, look.colour)
    yield from _passages(claim.evidence, look)
    yield f"  {'confidence':<14}{claim.confidence:.2f}"
    yield from _reasons(reasons, look)


def _passages(passages: Iterable[Evidence], look: _Look) -> Iterator[str]:
    for evidence in passages:
        yield from folded(f"“{one_line(evidence.text)}”", look.width, "  ", "   ")


def _reasons(reasons: Iterable[Reason], look: _Look) -> Iterator[str]:
    """The field, how sure, and what settled it, in three columns."""
    for reason in reasons:
        score = "" if reason.score is None else f"{reason.score:.2f}"
        head = f"  {one_line(reason.field):<14}{score:<6}"
        yield from folded(one_line(f"{reason.rule}: {reason.detail}"), look.width, head, " " * len(head))
