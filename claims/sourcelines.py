"""A configured source with what the ledger knows of it: as a row, as a page, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from claims.present import Column, Listing
from scraper.article import FetchState
from scraper.health import Condition, Health, condition, span

if TYPE_CHECKING:
    from claims.sections import SourceSection
    from claims.settings import Config
    from db.ledger import SourceRow
    from scraper.moves import Moved


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A configured source with what the ledger knows of it; `row` is None before the first round."""

    section: SourceSection
    row: SourceRow | None
    condition: Condition

    @property
    def state(self) -> FetchState:
        """What is remembered of this feed; nothing where the ledger knows another one by the name."""
        from scraper.collect import belongs

        row = self.row
        return row.state if row and belongs(self.section.source(), row.url, row.state) else FetchState()

    @property
    def status(self) -> str:
        """One or two words: off, new, or what the last poll said."""
        if not self.section.enabled:
            return "off"
        return (self.row and self.row.state.last_status) or "never asked"

    @property
    def word(self) -> str:
        """The status, led by what matters more: "muted (http 410)", "silent (ok)"."""
        health = self.condition.health
        telling = health in {Health.MUTED, Health.SILENT, Health.DEGRADED}
        return f"{health} ({self.status})" if telling else self.status

    @property
    def every(self) -> int:
        """Minutes between two polls: the interval, or the scraper's floor for such a feed where that is more.

        A feed that was not read yet counts as one with validators, as most are.
        """
        from scraper.collect import Pace

        state = self.state
        validators = bool(state.etag or state.last_modified or not state.last_success)
        return round(Pace().interval(self.section.source(), validators=validators).total_seconds() / 60)


def source_lines(config: Config) -> list[SourceLine]:
    """The configured sources in their order, each with what the ledger knows; no ledger is made for it."""
    from db.ledger import Ledger

    rows: dict[str, SourceRow] = {}
    times: dict[str, list[datetime]] = {}
    if config.ledger.exists():
        with Ledger.open(config.ledger) as ledger:
            rows = {row.name: row for row in ledger.sources()}
            times = {one.name: ledger.article_times(one.name) for one in config.sources if one.name in rows}
    return [_line(section, rows.get(section.name), times) for section in config.sources]


def _line(section: SourceSection, row: SourceRow | None, times: dict[str, list[datetime]]) -> SourceLine:
    line = SourceLine(section, row, Condition(Health.NEW))
    found = condition(line.state, times.get(section.name, ()), enabled=section.enabled)
    return SourceLine(section, row, found)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else ""


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def record(line: SourceLine) -> dict[str, Any]:
    """The stable machine form. `usual_gap` is in hours; `asked` where the feed is asked, if it has moved."""
    from scraper.moves import address

    row = line.row
    state = row.state if row else FetchState()
    return {
        **line.section.model_dump(),
        "every": line.every,
        "status": line.status,
        "message": state.last_message,
        "failures": state.failures,
        "health": str(line.condition.health),
        "why": line.condition.why,
        "usual_gap": _hours(line.condition.gap),
        "asked": address(line.section.source(), line.state),
        "checked": _iso(state.checked),
        "last_success": _iso(state.last_success),
        "next_check": _iso(state.next_check),
        "articles": row.articles if row else 0,
        "claims": row.claims if row else 0,
        "newest": row.newest.isoformat() if row and row.newest else None,
    }


def _hours(gap: timedelta | None) -> float | None:
    return round(gap.total_seconds() / 3600, 2) if gap else None


LISTING: Listing[SourceLine] = Listing(
    columns=(
        Column("Name", lambda line: line.section.name, keep=True),
        Column("Lang", lambda line: line.section.lang, keep=True),
        Column("Every", lambda line: f"{line.every} min", right=True, keep=True),
        Column("Status", lambda line: line.word),
        Column("Articles", lambda line: str(line.row.articles if line.row else 0), right=True, keep=True),
        Column("Claims", lambda line: str(line.row.claims if line.row else 0), right=True, keep=True),
        Column("Next check (UTC)", lambda line: _moment(line.row.state.next_check if line.row else None)),
        Column("Address", lambda line: line.section.url, wide=True),
    ),
    record=record,
    sentence=lambda line: f"{line.section.name} ({line.section.lang}): {line.word}, {line.section.url}",
)


def page(line: SourceLine) -> str:
    """Everything about one source, a line a field; empty fields are left out."""
    section, state, row = line.section, line.state, line.row
    from scraper.moves import address, adopted

    moved = adopted(state)
    asked = address(section.source(), state)
    health = f"{line.condition.health}: {line.condition.why}".removesuffix(": ")
    fields = {
        "address": section.url,
        "asked at": "" if asked == section.url else f"{asked} (moved for good, adopted {_day(moved)})",
        "also known as": ", ".join(url for url in (moved.aliases if moved else ()) if url != section.url),
        "kind": _kind(line),
        "selector": section.select,
        "title": section.title,
        "folder": section.folder,
        "language": section.lang,
        "zone": section.zone,
        "asked every": f"{line.every} min",
        "health": health,
        "last answer": state.last_status,
        "failures": f"{state.failures:g} (muted at 8)" if state.failures else "",
        "last asked": _moment(state.checked),
        "last success": _moment(state.last_success),
        "next check": _moment(state.next_check),
        "articles": str(row.articles if row else 0),
        "claims": str(row.claims if row else 0),
        "last article": _moment(line.condition.newest),
        "usual gap": span(line.condition.gap) if line.condition.gap else "not known yet",
    }
    return "\n".join([section.name, "", *(f"  {name:<14}{text}" for name, text in fields.items() if text)])


def _kind(line: SourceLine) -> str:
    """The kind as configured; of one that is told from the answer, what it turned out to be."""
    found = line.state.extra.get("kind", "")
    return (
        f"{line.section.kind} ({found})" if found and found != line.section.kind else str(line.section.kind)
    )


def _day(moved: Moved | None) -> str:
    return moved.at[:10] if moved else ""
