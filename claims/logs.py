"""What a round says without a terminal: one event a line on standard error, `key=value` or JSON.

    watcher → structlog → level and time → page text made safe → logfmt | JSON → standard error

error    a bug of ours, a job of the daemon that failed
warning  a source failed or was muted: all that `--quiet` leaves
info     each source, each problem, the round: what is said by default
debug    each article: with `--verbose`
"""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from claims.progress import Level
from claims.report import Report, SourceReport, closing_line
from claims.terminal import escape_unsafe, one_line

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from scraper.article import Article
    from scraper.collect import Problem


class Logs:
    """A round's watcher that logs. `as_json`: lines for programs; `zone`: the one whose times they show."""

    def __init__(self, level: Level, *, as_json: bool, zone: str = "UTC") -> None:
        self._log: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr),
            processors=[
                structlog.processors.add_log_level,
                _Stamp(ZoneInfo(zone)),
                *([_json] if as_json else [_plain, _LOGFMT]),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(level),
        )

    def say(self, level: Level, event: str, **about: object) -> None:
        """What is no matter of a round."""
        self._log.log(level, event, **about)

    def begin(self, total: int) -> None:
        """The round's start."""
        self._log.debug("round begins", sources=total)

    def article(self, source: str, article: Article, claims: int) -> None:
        """Every article, for whoever wants to know that much."""
        self._log.debug("article stored", source=source, claims=claims, title=article.title, url=article.url)

    def problem(self, source: str, problem: Problem) -> None:
        """What went wrong; a bug is an error, and that a source failed is told when it is done."""
        level = logging.ERROR if problem.unexpected else logging.INFO
        event = "bug" if problem.unexpected else "problem"
        self._log.log(level, event, source=source, **_about(problem))

    def finished(self, report: SourceReport) -> None:
        """What came of a source, and whether somebody should look at it."""
        found = {"articles": report.articles, "changed": report.versions, "claims": report.claims}
        self._log.info("source asked", source=report.name, **found, problems=len(report.problems))
        if report.failed and not any(problem.unexpected for problem in report.problems):
            self._log.warning("source failed", source=report.name, **_about(report.problems[0]))
        for notice in report.notices:
            level = logging.WARNING if notice.event else logging.INFO
            self._log.log(level, "source notice", source=report.name, notice=notice.text)
        if report.cut_off:
            self._log.info("source to be continued", source=report.name)

    def done(self, report: Report) -> None:
        """The round in one line."""
        numbers = {"articles": report.articles, "claims": report.claims, "problems": report.problems}
        asked = {"sources": len(report.sources), "waiting": report.waiting, "failed": len(report.failed)}
        self._log.info(closing_line(report), **asked, **numbers)


class _Stamp:
    """Adds the time, in seconds and with its offset, so that the two hours of a fold can be told apart."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __call__(
        self, logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event["timestamp"] = stamp(datetime.now(self._zone))
        return event


def stamp(moment: datetime) -> str:
    """`2026-11-22T14:40:00+01:00`, or with a Z in UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _about(problem: Problem) -> dict[str, str]:
    return {"kind": problem.kind, "message": problem.message, "url": problem.url}


def _plain(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Page text is data: no line breaks, nothing that a terminal would obey."""
    return {key: one_line(value) if isinstance(value, str) else value for key, value in event.items()}


_LOGFMT = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)


def _json(logger: object, method: str, event: MutableMapping[str, Any]) -> str:
    """The same for JSON, where nothing needs to be lost: what a terminal would obey is escaped."""
    return escape_unsafe(str(_JSON(logger, method, event)))
