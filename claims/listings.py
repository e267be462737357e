"""What is shown of found claims, of stored claims and of sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims import wording
from claims.present import Column, Listing
from extractors.claim import Claim

if TYPE_CHECKING:
    from db.search import Hit
    from scraper.article import Article


@dataclass(frozen=True, slots=True)
class Found:
    """A claim just found, with its article; `name` is the article's id or address."""

    name: str
    article: Article
    claim: Claim


def found_record(found: Found) -> dict[str, Any]:
    """The stable machine form: the guidelines' fields, plus the article's name."""
    return {"article": found.name, **found.claim.record()}


def hit_record(hit: Hit) -> dict[str, Any]:
    """The stable machine form of a stored claim: the same fields, and where it was said."""
    return {
        "id": hit.id,
        **hit.claim.record(),
        "article": hit.url,
        "title": hit.title,
        "lang": hit.lang,
        "published": hit.published.isoformat() if hit.published else None,
        "source": hit.source,
        "version": hit.version,
        "current": hit.current,
        "story": hit.story,
    }


def _evidence(claim: Claim) -> str:
    return claim.evidence[0].text if claim.evidence else ""


FOUND: Listing[Found] = Listing(
    columns=(
        Column("Kind", lambda found: str(found.claim.kind), keep=True),
        Column("Status", lambda found: str(found.claim.status), keep=True),
        Column("Subject", lambda found: found.claim.subject),
        Column("Amount", lambda found: wording.amount(found.claim.quantity), right=True),
        Column("Of", lambda found: wording.thing(found.claim)),
        Column("Due", lambda found: wording.due(found.claim.due)),
        Column("Says", lambda found: found.claim.speaker or "", wide=True),
        Column("Evidence", lambda found: _evidence(found.claim), wide=True),
    ),
    record=found_record,
    sentence=lambda found: wording.sentence(found.claim),
)

HITS: Listing[Hit] = Listing(
    columns=(
        Column("Id", lambda hit: str(hit.id), right=True, keep=True),
        Column("Kind", lambda hit: str(hit.claim.kind), keep=True),
        Column("Status", lambda hit: str(hit.claim.status) + ("" if hit.current else " (old)"), keep=True),
        Column("Subject", lambda hit: hit.claim.subject),
        Column("Amount", lambda hit: wording.amount(hit.claim.quantity), right=True),
        Column("Of", lambda hit: wording.thing(hit.claim)),
        Column("Due", lambda hit: wording.due(hit.claim.due)),
        Column(
            "Published", lambda hit: hit.published.isoformat() if hit.published else "", keep=True, wide=True
        ),
        Column("Source", lambda hit: hit.source, wide=True),
    ),
    record=hit_record,
    sentence=lambda hit: (
        f"[{hit.id}] {wording.sentence(hit.claim)} · {hit.source or hit.url}, {hit.published or 'undated'}"
    ),
)
