"""What is shown of found claims, of stored claims and of sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from claims import wording
from claims.present import Column, Listing
from extractors.claim import Claim

if TYPE_CHECKING:
    from db.dues import Expected
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
        "sources": hit.sources,
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


def _snippet(hit: Hit) -> str:
    """The part of the evidence around the first word asked for; its beginning where none stands in it."""
    for evidence in hit.claim.evidence:
        if spans := hit.marked(evidence.text):
            return wording.around(evidence.text, *spans[0])
    return wording.around(_evidence(hit.claim), 0, 0)


HIT_NAMES = (
    "id", "kind", "subject", "object", "equivalent", "quantity", "approx", "unit", "due", "status", "speaker",
    "counterparty", "confidence", "evidence", "spans", "article", "title", "lang", "published", "source",
    "version", "current", "story", "sources",
)  # fmt: skip
HITS: Listing[Hit] = Listing(
    columns=(
        Column("Id", lambda hit: str(hit.id), right=True, keep=True),
        Column("Kind", lambda hit: str(hit.claim.kind), keep=True),
        Column("Status", lambda hit: str(hit.claim.status) + ("" if hit.current else " (old)"), keep=True),
        Column("Subject", lambda hit: hit.claim.subject),
        Column(
            "Amount", lambda hit: wording.amount(hit.claim.quantity), right=True, aligned=True, name="amount"
        ),
        Column("Of", lambda hit: wording.thing(hit.claim), name="of"),
        Column("Due", lambda hit: wording.due(hit.claim.due)),
        Column(
            "Published", lambda hit: hit.published.isoformat() if hit.published else "", keep=True, wide=True
        ),
        Column("Source", lambda hit: hit.source, wide=True, link=lambda hit: hit.url),
        Column("Told by", lambda hit: str(hit.sources), right=True, keep=True, widest=True),
    ),
    record=hit_record,
    sentence=lambda hit: (
        f"[{hit.id}] {wording.sentence(hit.claim)} · {hit.source or hit.url}, {hit.published or 'undated'}"
    ),
    marks=lambda hit, text: hit.marked(text),
    names=HIT_NAMES,
)
# Where words were asked for, the sentence that holds them matters more than where it was read.
_LATER = {"Published", "Source", "Told by"}
FOUND_BY_WORDS: Listing[Hit] = replace(
    HITS,
    columns=(
        *(replace(c, wide=False, widest=True) if c.title in _LATER else c for c in HITS.columns),
        Column("Found in", _snippet, wide=True, least=32, name="found_in"),
    ),
)


def _when(expected: Expected) -> str:
    days = expected.days
    if days == 0:
        return "today"
    return f"in {wording.counted(days, 'day')}" if days > 0 else f"{wording.counted(-days, 'day')} ago"


def expected_record(expected: Expected) -> dict[str, Any]:
    """The stable machine form of a due: a stored claim's, and how it stands."""
    return {"state": str(expected.state), "days": expected.days, **hit_record(expected.hit)}


DUES: Listing[Expected] = Listing(
    columns=(
        Column("Due", lambda one: wording.due(one.hit.claim.due)),
        Column("State", lambda one: str(one.state), keep=True),
        Column("When", _when, keep=True, name="when", widest=True),
        Column("Subject", lambda one: one.hit.claim.subject),
        Column(
            "Amount",
            lambda one: wording.amount(one.hit.claim.quantity),
            right=True,
            aligned=True,
            name="amount",
        ),
        Column("Of", lambda one: wording.thing(one.hit.claim), name="of"),
        Column("Kind", lambda one: str(one.hit.claim.kind), keep=True),
        Column("Told by", lambda one: str(one.hit.sources), right=True, keep=True, widest=True),
        Column("Id", lambda one: str(one.hit.id), right=True, keep=True),
        Column("Evidence", lambda one: _snippet(one.hit), wide=True, least=32, link=lambda one: one.hit.url),
    ),
    record=expected_record,
    sentence=lambda one: f"{one.state}, {_when(one)}: {HITS.sentence(one.hit)}: {_evidence(one.hit.claim)}",
    marks=lambda one, text: one.hit.marked(text),
    names=("state", "days", *HIT_NAMES),
)
