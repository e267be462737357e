"""`claims show`: one claim in its article with a link that opens the page there, its sources, its history."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims import background, wording
from claims.config import ledger_path
from claims.errors import Exit
from claims.fragment import link_to
from claims.listings import hit_record
from claims.options import Command, config_option, page_format_option
from claims.present import Format, dumps
from claims.stored import stored_claim
from claims.terminal import bold, folded, is_tty, marked, one_line, text_width, wants_colour
from extractors.claim import Claim, Evidence
from extractors.claim import Place as Part

if TYPE_CHECKING:
    from db.background import Background
    from db.search import Hit, Shown
    from db.stories import Place


@click.command(
    "show", cls=Command, examples=("claims show 12", "claims show 12 --format json | jq -r '.links[0]'")
)
@click.argument("claim_id", metavar="ID", type=click.IntRange(min=1))
@page_format_option
@config_option
def command(claim_id: int, style: Format | None, config: Path | None) -> Exit:
    """Show one claim in its article, its sources and its history.

    ID is the number that `claims search` prints. Each evidence sentence is marked in its paragraph and has a
    link that opens the page at that sentence. Sources are all articles that say the same, in any language;
    of one that is not independent it tells why. The history tells how it was raised, cut, delayed,
    contradicted, denied, met or missed.
    """
    from db.background import background as known
    from db.stories import story_of

    path = ledger_path(config)
    shown = stored_claim(path, claim_id)
    story = story_of(path, shown.hit.article_id)
    behind = known(path, claim_id)
    out = sys.stdout
    if style in {Format.JSON, Format.NDJSON} or (style is None and not is_tty(out)):
        click.echo(dumps(_record(shown, story, behind), indent=2 if style is Format.JSON else None))
    else:
        width = text_width(out)
        colour = wants_colour(out)
        page = [*lines(shown, colour, width), *background.lines(behind, shown.hit, colour, width)]
        page += _told_also(shown, story, width)
        click.echo("\n".join(page), color=True)
    return Exit.OK


def _record(shown: Shown, story: list[Place], behind: Background) -> dict[str, Any]:
    url = shown.hit.url
    links = [link_to(url, each.text) for each in shown.hit.claim.evidence]
    same_text = [_place(place) for place in story]
    return {**hit_record(shown.hit), **background.record(behind), "links": links, "same_text": same_text}


def _place(place: Place) -> dict[str, Any]:
    return {
        "article": place.url,
        "title": place.title,
        "source": place.source,
        "published": place.published.isoformat() if place.published else None,
        "lead": place.lead,
        "agencies": sorted(place.agencies),
    }


def _told_also(shown: Shown, story: list[Place], width: int) -> Iterator[str]:
    """The other places that carry the same text: together they are one source."""
    if not story:
        return
    yield ""
    yield f"The same text in {len(story)} places, which count as one source:"
    for place in story:
        where = " · ".join(filter(None, (place.source, str(place.published or ""), place.title)))
        marks = [*(["first"] if place.lead else []), *sorted(place.agencies)]
        here = ["this article"] if place.article_id == shown.hit.article_id else []
        noted = f" ({', '.join([*marks, *here])})" if marks or here else ""
        yield from folded(one_line(where + noted), width, "  ", "    ")
        yield f"    {one_line(place.url)}"


def lines(shown: Shown, colour: bool, width: int) -> Iterator[str]:
    """The claim for a person: in a sentence, field by field, and in its article."""
    hit, claim = shown.hit, shown.hit.claim
    for line in folded(one_line(wording.sentence(claim)), width):
        yield bold(line, colour)
    yield ""
    for name, value in (*_facts(claim), *_origin(hit)):
        if value:
            yield from folded(one_line(value), width, f"  {name:<14}", " " * 16)
    for evidence in claim.evidence:
        yield ""
        yield from _passage(shown, evidence, colour, width)
        yield one_line(link_to(hit.url, evidence.text))


def _facts(claim: Claim) -> Iterator[tuple[str, str]]:
    yield "kind", str(claim.kind)
    yield "status", str(claim.status)
    yield "subject", claim.subject
    yield "amount", wording.amount(claim.quantity)
    yield "of", wording.thing(claim)
    yield "due", wording.due(claim.due)
    yield "speaker", claim.speaker or ""
    yield "counterparty", claim.counterparty or ""
    yield "confidence", f"{claim.confidence:.2f}"


def _origin(hit: Hit) -> Iterator[tuple[str, str]]:
    yield "article", hit.title
    yield "published", f"{hit.published or 'unknown'}"
    yield "source", hit.source
    if not hit.current:
        yield "version", f"{hit.version}; the article was changed since"


def _passage(shown: Shown, evidence: Evidence, colour: bool, width: int) -> Iterator[str]:
    text = shown.article_title if evidence.place is Part.TITLE else shown.article_text
    if not text:  # dropped for its age (store.keep_text_days): the sentence itself is left
        return marked("", evidence.text, "", colour, width)
    return marked(*wording.paragraph_of(text, evidence), colour, width)
