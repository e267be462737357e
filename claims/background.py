"""What stands behind a claim, for people and for programs: its sources, and its thread's history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from claims import wording
from claims.fragment import link_to
from claims.terminal import bold, folded, one_line

if TYPE_CHECKING:
    from db.background import Background
    from db.courses import Event
    from db.search import Hit
    from db.standing import Told

_CHANGE = 13  # characters: "contradicted" and a space


def lines(behind: Background, hit: Hit, colour: bool, width: int) -> Iterator[str]:
    """Who tells it and why not each counts, then what became of it; nothing of a claim that stands alone."""
    if len(behind.tellings) > 1:
        yield ""
        yield bold(_headline(behind), colour)
        yield from _sources(behind.tellings, width)
    if len(behind.history) > 1:
        yield ""
        yield bold("History", colour)
        for event in behind.history:
            yield from _event(event, hit, colour, width)


def _headline(behind: Background) -> str:
    stands = behind.standing
    tellings = wording.counted(len(behind.tellings), "article")
    if stands is None:
        return f"Told by {tellings}"
    told = f"Told by {wording.counted(stands.sources, 'independent source')} in {tellings}"
    if stands.first_seen and stands.last_seen and stands.first_seen != stands.last_seen:
        return f"{told}, {stands.first_seen} to {stands.last_seen}"
    return f"{told}, {stands.first_seen}" if stands.first_seen else told


def _sources(tellings: tuple[Told, ...], width: int) -> Iterator[str]:
    """A line each: its number among the independent ones or a dash, day, source, language, id, and why."""
    longest = max(len(one_line(told.source)) for told in tellings)
    number = 0
    for told in tellings:
        number += not told.why
        mark = "-" if told.why else str(number)
        source = f"{one_line(told.source):<{longest}}"
        head = f"  {mark:>2}  {told.day or 'undated'!s:<10}  {source}  {told.lang}  [{told.claim_id}]"
        yield from folded(f"{head}  {one_line(_noted(told))}".rstrip(), width, "", " " * 18)


def _noted(told: Told) -> str:
    """Why it does not count; of one that counts, whom it names as its source."""
    return told.why or (f"as told by {', '.join(told.origins)}" if told.origins else "")


def _event(event: Event, shown: Hit, colour: bool, width: int) -> Iterator[str]:
    hit, claim = event.hit, event.hit.claim
    here = hit.statement == shown.statement
    change = str(event.change or claim.status)
    head = f"{'>' if here else ' '} {hit.published or 'undated'!s:<10}  {change:<{_CHANGE}}"
    what = f"{claim.subject}: {wording.amount(claim.quantity)} {wording.thing(claim)}"
    text = " ".join(f"{what} {wording.due(claim.due)}".split()).rstrip(":")
    rest = " " * len(head)
    first, *more = folded(one_line(text), width - len(head)) or [""]
    yield bold(f"{head}{first}", colour) if here else f"{head}{first}"
    yield from (f"{rest}{line}" for line in more)
    for line in (_by(event), event.reason):
        if line:
            yield from folded(one_line(line), width, rest, rest)


def _by(event: Event) -> str:
    """By whom, how sure, how often told, and the numbers that lead on."""
    hit, claim = event.hit, event.hit.claim
    status = str(claim.status) if event.change else ""
    told = wording.counted(hit.sources, "source")
    against = f"to [{event.to}]" if event.to else ""
    return " · ".join(filter(None, (_voice(hit), status, told, f"[{hit.id}]", against)))


def _voice(hit: Hit) -> str:
    """Who says it; where nobody is named, who tells it."""
    return hit.claim.speaker or hit.source or hit.url


def record(behind: Background) -> dict[str, Any]:
    """The same for programs."""
    stands = behind.standing
    return {
        "first_seen": _day(stands.first_seen) if stands else None,
        "last_seen": _day(stands.last_seen) if stands else None,
        "first_source": stands.first_source if stands else None,
        "told_by": [_telling(told) for told in behind.tellings],
        "history": [_entry(event) for event in behind.history],
    }


def _telling(told: Told) -> dict[str, Any]:
    return {
        "id": told.claim_id,
        "published": _day(told.day),
        "source": told.source,
        "lang": told.lang,
        "article": told.url,
        "origins": list(told.origins),
        "counted": not told.why,
        "why_not": told.why or None,
    }


def _entry(event: Event) -> dict[str, Any]:
    hit, claim = event.hit, event.hit.claim.record()
    evidence = hit.claim.evidence[0].text if hit.claim.evidence else ""
    return {
        "id": hit.id,
        "statement": hit.statement,
        "published": _day(hit.published),
        "change": str(event.change) if event.change else None,
        "to": event.to,
        "reason": event.reason or None,
        **{name: claim[name] for name in _SAID},
        "says": wording.sentence(hit.claim),
        "by": _voice(hit),
        "source": hit.source,
        "sources": hit.sources,
        "evidence": evidence,
        "link": link_to(hit.url, evidence),
    }


_SAID = (
    "kind", "status", "subject", "object", "equivalent", "quantity", "approx", "unit", "due", "speaker",
)  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
