"""Looks after the installation: configuration, ledger, words, models, clock, disks, mail, alerts, sources.

Each check is a function that yields findings and raises nothing; `claims doctor` only prints them. Only a
mail server that is configured is asked, and told: no mail. Sources unless told otherwise are not: then every
source's feed is fetched once, and nothing is stored.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from claims.errors import UserError
from claims.findings import Finding, Verdict
from claims.settings import Config, load
from claims.surroundings import alerts, disks, skew, zones
from claims.wording import counted
from db.errors import LedgerError
from db.ledger import Ledger, SourceRow
from scraper.collect import is_muted_by_hand
from scraper.health import Health, condition

DISTRIBUTION = "claims-monitor"
PACKAGES = ("scraper", "extractors", "db", "claims")
_SILENT = timedelta(days=14)  # for a source whose usual gap is not known yet
# The day this was written: a clock that shows less is wrong.
_NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)


def examine(flag: Path | None, *, online: bool, now: datetime) -> Iterator[Finding]:
    """All findings in the order of the checks; a check that breaks is itself a finding."""
    from claims.mailcheck import mail

    yield from _guarded("names", names)
    yield from _guarded("words and models", models)
    yield from _guarded("clock", lambda: clock(now))
    yield from _guarded("zones", zones)
    try:
        config = load(flag)
    except UserError as error:
        advice = "correct what is named; `claims init` writes a new one"
        yield Finding(Verdict.FAILED, "configuration", str(error), advice=advice)
        return
    yield from _guarded("configuration", lambda: configuration(config))
    yield from _guarded("disk", lambda: disks(config))
    yield from _guarded("archive", lambda: archive(config))
    yield from _guarded("ledger", lambda: ledger(config, now))
    yield from _guarded("mail", lambda: mail(config))
    yield from _guarded("alerts", lambda: alerts(config))
    if online:
        yield from _guarded("network", lambda: network(config, now))


def _guarded(about: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as error:  # the doctor reports what is broken, whatever it is
        advice = "this check itself broke: please tell its authors"
        yield Finding(Verdict.FAILED, about, f"{type(error).__name__}: {error}", advice=advice)


def names() -> Iterator[Finding]:
    """Whether another distribution brings one of our four plain package names."""
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    taken = {name: sorted(set(owners.get(name, ())) - {DISTRIBUTION}) for name in PACKAGES}
    for name, others in taken.items():
        if others:
            text = f"the package {name!r} also belongs to {', '.join(others)}"
            advice = "install into an environment of its own, such as with pipx"
            yield Finding(Verdict.FAILED, "names", text, advice=advice)
    if not any(taken.values()):
        yield Finding(Verdict.OK, "names", "no other distribution owns " + ", ".join(PACKAGES))


def models() -> Iterator[Finding]:
    """Whether words, catalogue and models load and find a claim in one plain sentence."""
    from extractors import pipeline
    from extractors.languages.lexicon import available, lexicon
    from scraper.article import Article, Instant

    for lang in available():
        lexicon(lang)
    day = Instant.of_day(datetime(2024, 1, 18, tzinfo=UTC).date())
    probe = Article("id:probe", "", "Meta will have 350,000 NVIDIA H100 by the end of 2024.", "en", day)
    found = pipeline.extract(probe)
    verdict = Verdict.OK if found else Verdict.FAILED
    what = "find" if found else "do not find"
    text = f"languages {', '.join(available())}; extractor {pipeline.VERSION}; they {what} the sample claim"
    advice = "" if found else "install the program anew: its files are incomplete"
    yield Finding(verdict, "words and models", text, advice=advice)


def clock(now: datetime) -> Iterator[Finding]:
    """Whether the clock can be right."""
    if now < _NOT_BEFORE:
        text = f"it shows {now:%Y-%m-%d}, which is in the past"
        advice = "set it, or let it be set by itself (timedatectl set-ntp true)"
        yield Finding(Verdict.FAILED, "clock", text, advice=advice)
    else:
        yield Finding(Verdict.OK, "clock", f"{now:%Y-%m-%d %H:%M} UTC")


def configuration(config: Config) -> Iterator[Finding]:
    """Whether there is something to do, and whether sites can tell whom to ask."""
    enabled = [source for source in config.sources if source.enabled]
    verdict = Verdict.OK if enabled else Verdict.WARNING
    text = f"{config.file}: {len(enabled)} of {len(config.sources)} sources enabled"
    advice = "" if enabled else "add one: claims sources add URL"
    yield Finding(verdict, "configuration", text, advice=advice)
    if not config.fetch.contact or "example.org" in config.fetch.contact:
        text = "fetch.contact is not yours"
        advice = "give an address there that a site's owner can turn to"
        yield Finding(Verdict.WARNING, "configuration", text, advice=advice)


def archive(config: Config) -> Iterator[Finding]:
    """Whether pages are kept, where, and how much that takes."""
    folder = config.archive_folder
    if not config.archive.enabled:
        yield Finding(Verdict.OK, "archive", "off: pages are not kept as they came")
        return
    files = [file.stat().st_size for file in folder.glob("*.warc.gz")]
    most = config.archive.max_total_mb
    held = f"{counted(len(files), 'file')}, {sum(files) / 1e6:,.1f} MB of at most {most:,}"
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        advice = "give this user the right, or name another folder under [archive]"
        yield Finding(Verdict.FAILED, "archive", f"{folder} is no folder that may be written", advice=advice)
    else:
        yield Finding(Verdict.OK, "archive", f"{folder}: {held}")


def ledger(config: Config, now: datetime) -> Iterator[Finding]:
    """Whether the ledger is whole, what it holds, and how each source is doing."""
    path = config.ledger
    if not path.exists():
        yield Finding(Verdict.OK, "ledger", f"{path} will be made by the first round")
        return
    try:
        with Ledger.open(path) as opened:
            yield from _contents(path, opened)
            yield from _quarantine(opened, now)
            rows = {row.name: row for row in opened.sources()}
            times = {name: opened.article_times(name) for name in rows}
    except LedgerError as error:
        sentence, _, advice = str(error).partition(": ")
        yield Finding(Verdict.FAILED, "ledger", sentence, advice=advice or "restore a backup")
        return
    for section in config.sources:
        if section.enabled:
            yield _source(section.name, rows.get(section.name), times.get(section.name, []), now)


def _contents(path: Path, opened: Ledger) -> Iterator[Finding]:
    broken = opened.integrity()
    for sentence in broken[:5]:
        advice = "restore a backup, or export what can be read: claims export"
        yield Finding(Verdict.FAILED, "ledger", f"{path}: {sentence}", advice=advice)
    if not broken:
        counts = opened.counts()
        held = f"{counted(counts.articles, 'article')}, {counted(counts.claims, 'claim')}"
        held += f", schema {opened.schema_version()}"
        yield Finding(Verdict.OK, "ledger", f"{path}: {held}")


def _quarantine(opened: Ledger, now: datetime) -> Iterator[Finding]:
    """Pages that hung or killed their reader; a person may want to look at them, or let them out."""
    for page in opened.in_quarantine():
        held = f"not asked for until {page.until:%Y-%m-%d %H:%M}" if page.until > now else "asked for again"
        times = "once" if page.times == 1 else f"{page.times} times"
        text = f"{page.url}: {page.reason} {times}, last {page.last:%Y-%m-%d %H:%M} ({page.message}); {held}"
        advice = "nothing; claims run --force asks all the same"
        yield Finding(Verdict.WARNING, "quarantine", text, advice=advice)


def _source(name: str, row: SourceRow | None, times: list[datetime], now: datetime) -> Finding:
    about = f"source {name}"
    checked = row.state.checked if row else None
    if row is None or checked is None:
        return Finding(Verdict.OK, about, "not asked yet", source=True)
    found = condition(row.state, times)
    verdict, text = _VERDICTS.get(found.health, Verdict.OK), f"{found.health}: {found.why}"
    advice = _ADVICE.get(found.health, "").format(name=name)
    if found.health is Health.MUTED:
        verdict = Verdict.OK if is_muted_by_hand(row.state) else verdict
        text = f"muted {found.why}"
    elif found.health is Health.OK:
        text = f"{row.state.last_status}, {counted(row.articles, 'article')}"
        if checked > now + timedelta(minutes=5):
            verdict = Verdict.WARNING
            text = f"last asked in the future ({checked:%Y-%m-%d %H:%M}): the clock was wrong then"
            advice = f"set the clock, then: claims run --source {name} --force"
        elif found.gap is None and row.newest and row.newest < (now - _SILENT).date():
            verdict, text = Verdict.WARNING, f"silent since {row.newest}"
            advice = _ADVICE[Health.SILENT].format(name=name)
    return Finding(verdict, about, text, source=True, advice=advice)


_ADVICE = {
    Health.MUTED: "claims sources unmute {name}",
    Health.FAILING: "see what it answers: claims sources check {name}; find its new feed: claims sources add",
    Health.SILENT: "look whether its feed has moved: claims sources check {name}",
    Health.DEGRADED: "see what it answers: claims sources check {name}",
}
_VERDICTS = {
    Health.MUTED: Verdict.FAILED,
    Health.FAILING: Verdict.FAILED,
    Health.SILENT: Verdict.WARNING,
    Health.DEGRADED: Verdict.WARNING,
}


def network(config: Config, now: datetime) -> Iterator[Finding]:
    """Fetches each enabled source's feed once, politely; stores nothing."""
    from claims.fetching import client_for, page_reader
    from scraper.article import FetchState, Page
    from scraper.collect import Problem, collect

    told: list[tuple[datetime, str]] = []

    def note(page: Page) -> None:
        told.append((page.fetched, page.headers.get("date", "")))

    with client_for(config, recorder=note) as client, page_reader() as reader:
        for section in config.sources:
            if not section.enabled:
                continue
            items = collect(
                section.source(),
                FetchState(),
                client,
                known=lambda url: True,
                now=now,
                parser=reader.parse,
                lister=reader.listing,
            )
            bad = [item for item in items if isinstance(item, Problem)]
            text = f"{bad[0].kind}: {bad[0].message}" if bad else "reached and read"
            verdict = Verdict.FAILED if bad else Verdict.OK
            advice = f"find its feed anew: claims sources add {section.home or section.url}" if bad else ""
            yield Finding(verdict, f"source {section.name} online", text, source=True, advice=advice)
    yield from skew(told)
