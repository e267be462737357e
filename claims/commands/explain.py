"""`claims explain`: why a claim was found, and what was turned down."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims import wording
from claims.config import ledger_path
from claims.decisions import (
    Decision,
    claim_record,
    decisions,
    grounds_in_words,
    rejected_record,
    sureness,
)
from claims.errors import Exit
from claims.options import Command, article_options, config_option
from claims.present import dumps
from claims.stored import stored_claim
from claims.terminal import bold, folded, one_line, text_width, wants_colour
from extractors.claim import Claim, Evidence, Reason

if TYPE_CHECKING:
    from db.search import Shown
    from extractors.pipeline import Extraction

_NAME = 13  # characters: the longest name of a decision and two spaces
_NARROW = 60  # characters: below, names stand on lines of their own


@click.command(
    "explain",
    cls=Command,
    examples=(
        "claims explain 12",
        "claims explain article.txt --published 2024-01-19 | less",
        "claims explain 12 --json | jq '.claims[].decisions[] | {field, settled, score}'",
    ),
)
@click.argument("place", metavar="ID|FILE")
@click.option("--verbose", "-v", is_flag=True, help="Add the features' own names and weights.")
@click.option("--json", "machine", is_flag=True, help="For programs: one JSON object.")
@article_options
@config_option
def command(
    place: str,
    verbose: bool,
    machine: bool,
    published: date | None,
    lang: str | None,
    title: str | None,
    config: Path | None,
) -> Exit:
    """Show the decisions behind a claim.

    For a stored claim's ID: what was chosen for each field, how sure (0 to 1), and what spoke for it and
    against it. For a FILE (`-` is standard input): the same for each claim found in it, and for the amounts
    and times that were turned down.

    The grounds are those that the named features give; the encoder that reads the context has its share in
    each figure, but cannot say why.
    """
    look = _Look(wants_colour(sys.stdout), text_width(sys.stdout), verbose)
    if place.isdecimal() and not Path(place).exists():
        shown = stored_claim(ledger_path(config), int(place))
        record, lines = _stored_record(shown), _stored(shown, look)
    else:
        from claims.reading import explain, read_article

        extraction = explain(read_article(place, published, lang, title))
        record, lines = _found_record(extraction), _found(extraction, look)
    click.echo(dumps(record, indent=2) if machine else "\n".join(lines), color=True)
    return Exit.OK


@dataclass(frozen=True, slots=True)
class _Look:
    colour: bool
    width: int
    verbose: bool


def _stored_record(shown: Shown) -> dict[str, Any]:
    from claims.listings import hit_record

    told = {**hit_record(shown.hit), **claim_record(shown.hit.claim, shown.reasons)}
    return {"claims": [told], "rejected": [], "extractor": shown.extractor}


def _found_record(extraction: Extraction) -> dict[str, Any]:
    return {
        "claims": [claim_record(claim, claim.reasons) for claim in extraction.claims],
        "rejected": [rejected_record(r.what, r.evidence, r.reasons) for r in extraction.rejected],
    }


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
        head = one_line(f"{rejected.what}: turned down, {_why(rejected.reasons)}")
        yield from (bold(line, look.colour) for line in folded(head, look.width, "", "  "))
        yield from _passages((rejected.evidence,), look)
        yield from _decisions(rejected.reasons, rejected.evidence.text, look)


def _why(reasons: tuple[Reason, ...]) -> str:
    """The last decision is the one that turned it down."""
    if not reasons:
        return "for no reason told"
    last = decisions(reasons[-1:], "")[0]
    return "no claim hangs on it" if last.settled == "no claim" else last.settled


def _claim(claim: Claim, reasons: Iterable[Reason], look: _Look) -> Iterator[str]:
    for line in folded(one_line(wording.sentence(claim)), look.width):
        yield bold(line, look.colour)
    yield from _passages(claim.evidence, look)
    told = f"{claim.confidence:.2f}: of a hundred such claims about {100 * claim.confidence:.0f} are right"
    yield from _named("confidence", f"{told} in who, how many and of what", look)
    yield from _decisions(reasons, claim.evidence[0].text if claim.evidence else "", look)


def _passages(passages: Iterable[Evidence], look: _Look) -> Iterator[str]:
    for evidence in passages:
        yield from folded(f"“{one_line(evidence.text)}”", look.width, "  ", "   ")


def _decisions(reasons: Iterable[Reason], sentence: str, look: _Look) -> Iterator[str]:
    """Each decision: what was settled and how sure, then what spoke for it and against it."""
    for decision in decisions(reasons, sentence):
        yield from _named(decision.about, _settled(decision), look)
        for name, against in (("for", False), ("against", True)):
            told = grounds_in_words(decision, against=against, verbose=look.verbose)
            if told:
                yield from folded(one_line(f"{name}: {told}"), look.width, *_indents(look))
        if look.verbose and not decision.grounds:
            yield from folded(one_line(f"[{decision.raw}]"), look.width, *_indents(look))


def _settled(decision: Decision) -> str:
    if decision.score is None:
        return decision.settled
    return f"{decision.settled} ({decision.score:.2f}, {sureness(decision.score)})"


def _named(name: str, text: str, look: _Look) -> Iterator[str]:
    """A name and what it stands for: side by side, or one under the other where room is short."""
    if look.width < _NARROW:
        yield f"  {one_line(name)}"
        yield from folded(one_line(text), look.width, "    ", "    ")
    else:
        head = f"  {one_line(name):<{_NAME}}"
        yield from folded(one_line(text), look.width, head, " " * len(head))


def _indents(look: _Look) -> tuple[str, str]:
    first = 6 if look.width < _NARROW else 2 + _NAME
    return " " * first, " " * (first + 2)
