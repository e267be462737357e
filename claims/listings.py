"""What is shown of found claims, of stored claims and of sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from claims import wording
from claims.fragment import link_to
from claims.present import Column, Listing
from extractors.claim import Claim

if TYPE_CHECKING:
    from db.courses import Fate
    from db.dues import Expected
    from db.promises import Promise
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
        "statement": hit.statement,
        "thread": hit.thread,
        "sources": hit.sources,
        "tellings": hit.tellings,
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
    "version", "current", "story", "statement", "thread", "sources", "tellings",
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
        Column("Sources", lambda hit: str(hit.sources), right=True, keep=True, widest=True),
    ),
    record=hit_record,
    sentence=lambda hit: (
        f"[{hit.id}] {wording.sentence(hit.claim)} · {hit.source or hit.url}, {hit.published or 'undated'}"
    ),
    marks=lambda hit, text: hit.marked(text),
    names=HIT_NAMES,
)
# Where words were asked for, the sentence that holds them matters more than where it was read.
_LATER = {"Published", "Source"}
FOUND_BY_WORDS: Listing[Hit] = replace(
    HITS,
    columns=(
        *(replace(c, wide=False, widest=True) if c.title in _LATER else c for c in HITS.columns),
        Column("Found in", _snippet, wide=True, least=32, name="found_in"),
    ),
)


def each_told_by(listing: Listing[Hit]) -> Listing[Hit]:
    """The listing with the number of sources on every terminal: where a row stands for many articles."""
    columns = (replace(c, widest=c.widest and c.title != "Sources") for c in listing.columns)
    return replace(listing, columns=tuple(columns))


def _when(expected: Expected) -> str:
    days = expected.days
    if days == 0:
        return "today"
    return f"in {wording.counted(days, 'day')}" if days > 0 else f"{wording.counted(-days, 'day')} ago"


FATE_NAMES = (
    "moved", "moved_from", "outcome", "outcome_reason", "outcome_id", "outcome_day", "outcome_source",
    "outcome_evidence", "outcome_article", "outcome_link",
)  # fmt: skip


def fate_record(fate: Fate) -> dict[str, Any]:
    """How a promise was moved and how it ended; everything None while it is to come as it was first said."""
    hit = fate.hit
    evidence = _evidence(hit.claim) if hit else ""
    return {
        "moved": str(fate.moved) if fate.moved else None,
        "moved_from": _last_day(fate),
        "outcome": str(fate.end) if fate.end else None,
        "outcome_reason": fate.reason or None,
        "outcome_id": hit.id if hit else None,
        "outcome_day": hit.published.isoformat() if hit and hit.published else None,
        "outcome_source": hit.source if hit else None,
        "outcome_evidence": evidence if hit else None,
        "outcome_article": hit.url if hit else None,
        "outcome_link": link_to(hit.url, evidence) if hit else None,
    }


def _last_day(fate: Fate) -> str | None:
    due = fate.before.claim.due if fate.before else None
    day = (due.end or due.start) if due else None
    return day.isoformat() if day else None


def _moved_due(hit: Hit, fate: Fate) -> str:
    """The due, and from when it was moved."""
    due = wording.due(hit.claim.due)
    return f"{due}, {fate.moved} from {_last_day(fate)}" if fate.moved else due


def _told_by(hit: Hit, fate: Fate) -> str:
    """The sentence that tells how it ended, else the promise's own."""
    return _evidence(fate.hit.claim) if fate.hit else _snippet(hit)


class _Ending(Protocol):
    """A claim with what became of it."""

    @property
    def hit(self) -> Hit: ...

    @property
    def fate(self) -> Fate: ...


_Of = TypeVar("_Of", bound=_Ending)


def _amount() -> Column[_Of]:
    return Column(
        "Amount", lambda one: wording.amount(one.hit.claim.quantity), right=True, aligned=True, name="amount"
    )


def _ended_by() -> Column[_Of]:
    return Column(
        "Evidence",
        lambda one: _told_by(one.hit, one.fate),
        wide=True,
        least=32,
        link=lambda one: (one.fate.hit or one.hit).url,
    )


def expected_record(expected: Expected) -> dict[str, Any]:
    """The stable machine form of a due: a stored claim's, how it stands, and how it ended."""
    stands = {"state": str(expected.state), "days": expected.days}
    return {**stands, **fate_record(expected.fate), **hit_record(expected.hit)}


def _state(expected: Expected) -> str:
    """The state, and which way it ended where the state does not say it."""
    end = str(expected.fate.end or expected.state)
    return str(expected.state) if end == expected.state else f"{expected.state} ({end})"


def _expected_sentence(one: Expected) -> str:
    ended = f" · {_ending(one.fate)}" if one.fate.hit else ""
    moved = f", {one.fate.moved} from {_last_day(one.fate)}" if one.fate.moved else ""
    told = HITS.sentence(one.hit)
    return f"{_state(one)}, {_when(one)}{moved}: {told}: {_evidence(one.hit.claim)}{ended}"


def _ending(fate: Fate) -> str:
    hit = fate.hit
    if hit is None:
        return ""
    where = f"{hit.source or hit.url}, {hit.published or 'undated'}"
    return f"[{hit.id}] {where}: {_evidence(hit.claim)}"


DUES: Listing[Expected] = Listing(
    columns=(
        Column("Due", lambda one: _moved_due(one.hit, one.fate)),
        Column("State", _state, keep=True),
        Column("When", _when, keep=True, name="when", widest=True),
        Column("Subject", lambda one: one.hit.claim.subject),
        _amount(),
        Column("Of", lambda one: wording.thing(one.hit.claim), name="of"),
        Column("Kind", lambda one: str(one.hit.claim.kind), keep=True),
        Column("Sources", lambda one: str(one.hit.sources), right=True, keep=True, widest=True),
        Column("Id", lambda one: str(one.hit.id), right=True, keep=True),
        _ended_by(),
    ),
    record=expected_record,
    sentence=_expected_sentence,
    marks=lambda one, text: one.hit.marked(text),
    names=("state", "days", *FATE_NAMES, *HIT_NAMES),
)


def promise_record(promise: Promise) -> dict[str, Any]:
    """The stable machine form of a promise: a stored claim's, and what became of it."""
    since = promise.fate.since
    kept = {"kept": str(promise.kept), "promised": since.isoformat() if since else None}
    return {**kept, **fate_record(promise.fate), **hit_record(promise.hit)}


PROMISES: Listing[Promise] = Listing(
    columns=(
        Column("Promised", lambda one: str(one.fate.since or ""), keep=True),
        Column("Kept", lambda one: str(one.kept), keep=True),
        Column("Subject", lambda one: one.hit.claim.subject),
        _amount(),
        Column("Of", lambda one: wording.thing(one.hit.claim), name="of"),
        Column("Due", lambda one: _moved_due(one.hit, one.fate)),
        Column("Sources", lambda one: str(one.hit.sources), right=True, keep=True, widest=True),
        Column("Id", lambda one: str(one.hit.id), right=True, keep=True),
        _ended_by(),
    ),
    record=promise_record,
    sentence=lambda one: (
        f"{one.kept}: {HITS.sentence(one.hit)}: {_evidence(one.hit.claim)}"
        + (f" · {_ending(one.fate)}" if one.fate.hit else "")
    ),
    names=("kept", "promised", *FATE_NAMES, *HIT_NAMES),
)
