"""`claims explain`: why a claim was found, and what was turned down."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims import wording
from claims.config import ledger_path
from claims.errors import Exit
from claims.options import Command, article_options, config_option
from claims.stored import stored_claim
from claims.terminal import bold, one_line, wants_colour
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
    colour = wants_colour(sys.stdout)
    if place.isdecimal() and not Path(place).exists():
        lines = list(_stored(stored_claim(ledger_path(config), int(place)), colour))
    else:
        from claims.reading import explain, read_article

        lines = list(_found(explain(read_article(place, published, lang, title)), colour))
    click.echo("\n".join(lines), color=True)
    return Exit.OK


def _stored(shown: Shown, colour: bool) -> Iterator[str]:
    yield from _claim(shown.hit.claim, shown.reasons, colour)
    yield ""
    yield f"found by {one_line(shown.extractor)} in {one_line(shown.hit.url)}"


def _found(extraction: Extraction, colour: bool) -> Iterator[str]:
    for claim in extraction.claims:
        yield from _claim(claim, claim.reasons, colour)
        yield ""
    yield bold(f"{len(extraction.claims)} claims, {len(extraction.rejected)} turned down", colour)
    for rejected in extraction.rejected:
        yield ""
        yield f"- {one_line(rejected.what)}"
        yield from _passages((rejected.evidence,))
        yield from _reasons(rejected.reasons)


def _claim(claim: Claim, reasons: Iterable[Reason], colour: bool) -> Iterator[str]:
    yield bold(f"{one_line(wording.sentence(claim))}  confidence {claim.confidence:.2f}", colour)
    yield from _passages(claim.evidence)
    yield from _reasons(reasons)


def _passages(passages: Iterable[Evidence]) -> Iterator[str]:
    for evidence in passages:
        yield f"    “{one_line(evidence.text)}”"


def _reasons(reasons: Iterable[Reason]) -> Iterator[str]:
    for reason in reasons:
        score = "" if reason.score is None else f"  {reason.score:+.2f}"
        yield "    " + one_line(f"{reason.field}: {reason.rule}: {reason.detail}") + score
