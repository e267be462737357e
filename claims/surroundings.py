"""What the doctor looks at around the program: zones, others' clocks, disks, and those whom alerts go to."""

from __future__ import annotations

import os
import shutil
import zoneinfo
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from claims.alertmail import sender_of
from claims.errors import ConfigError
from claims.findings import Finding, Verdict
from claims.wording import counted

if TYPE_CHECKING:
    from claims.alertsettings import AlertSection
    from claims.receivers import Receiver
    from claims.settings import Config
    from db.alerts import Standing

_ROOM = 200_000_000  # bytes: a year of 30 feeds takes about that much
# Signed messages are refused by many receivers, and digests come on the wrong day, beyond such a difference.
_SKEW = timedelta(minutes=2)


def zones() -> Iterator[Finding]:
    """Whether named time zones can be had, and know when summer time begins."""
    try:
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        text = "there are no time zones: neither the system nor the package tzdata has any"
        yield Finding(Verdict.FAILED, "zones", text, advice="pip install tzdata")
        return
    hours = {berlin.utcoffset(datetime(2026, month, 1, tzinfo=berlin)) for month in (1, 7)}
    if hours != {timedelta(hours=1), timedelta(hours=2)}:
        text = "the time zone data know no summer time"
        yield Finding(Verdict.FAILED, "zones", text, advice="bring the system's tzdata up to date")
    else:
        count = len(zoneinfo.available_timezones())
        yield Finding(Verdict.OK, "zones", f"{counted(count, 'time zone')}, with summer time")


def skew(dates: Sequence[tuple[datetime, str]]) -> Iterator[Finding]:
    """Whether our clock agrees with the servers', by when we got an answer and its `Date`."""
    apart = [(at - said).total_seconds() for at, text in dates if (said := _date(text))]
    if not apart:
        yield Finding(Verdict.OK, "clock online", "no server told its time")
        return
    seconds = median(apart)
    if abs(seconds) > _SKEW.total_seconds():
        way = "ahead of" if seconds > 0 else "behind"
        text = f"{_span(abs(seconds))} {way} the clocks of {counted(len(apart), 'server')}"
        advice = "let the clock be set by itself (timedatectl set-ntp true)"
        yield Finding(Verdict.FAILED, "clock online", text, advice=advice)
    else:
        text = f"agrees with {counted(len(apart), 'server')}"
        yield Finding(Verdict.OK, "clock online", text)


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _span(seconds: float) -> str:
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return counted(int(seconds // size), word)
    return counted(int(seconds), "second")


# Disks


def disks(config: Config) -> Iterator[Finding]:
    """Whether there is room, and leave to write, where ledger, archive and copies grow."""
    places = {"ledger": config.ledger.parent}
    if config.archive.enabled:
        places["archive"] = config.archive_folder
    backups = getattr(config, "backup_folder", None)  # where the daemon keeps its copies
    places |= {"backups": backups} if backups else {}
    by_device: dict[int, list[tuple[str, Path]]] = {}
    for what, folder in places.items():
        there = next(place for place in (folder, *folder.parents) if place.exists())
        by_device.setdefault(there.stat().st_dev, []).append((what, there))
    for found in by_device.values():
        yield from _disk([what for what, _ in found], [there for _, there in found])


def _disk(what: Sequence[str], folders: Sequence[Path]) -> Iterator[Finding]:
    free = shutil.disk_usage(folders[0]).free
    text = f"{free / 1e9:,.1f} GB free for {', '.join(what)} at {folders[0]}"
    if free > _ROOM:
        yield Finding(Verdict.OK, "disk", text)
    else:
        advice = "free some; keep_days and max_total_mb in [archive] make its folder smaller"
        yield Finding(Verdict.WARNING, "disk", text, advice=advice)
    for name, folder in zip(what, folders, strict=True):
        # The archive's own check looks at its folder.
        if name != "archive" and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            text = f"{folder} may not be written, the {name} cannot be kept there"
            yield Finding(
                Verdict.FAILED, "disk", text, advice="give this user the right, or name another path"
            )


# Alerts


def alerts(config: Config) -> Iterator[Finding]:
    """Whether each alert can reach its receivers, as far as that is seen without sending, and how it went."""
    from claims.receivers import receivers
    from db.alerts import standings
    from db.errors import LedgerError

    try:
        told = {(each.alert, each.receiver): each for each in standings(config.ledger)}
    except LedgerError:  # the ledger's own check tells what is wrong with it
        told = {}
    for alert in config.alerts:
        if not alert.enabled:
            continue
        yield from _names(alert, config)
        for receiver in receivers(alert):
            found = _lacking(receiver, config) or _told(receiver, told.get((alert.name, receiver.name)))
            about = f"alert {alert.name}"
            yield found or Finding(Verdict.OK, about, f"{receiver.name}: can be told")


def _names(alert: AlertSection, config: Config) -> Iterator[Finding]:
    """Names that the ledger has never seen are often misspelt."""
    from db.errors import LedgerError
    from db.search import Query, meant

    try:
        unknown = meant(config.ledger, Query(words=alert.search))
    except LedgerError:  # the same
        return
    for sentence in unknown:
        advice = "correct the name in its search, or leave it where the name may still come"
        yield Finding(Verdict.WARNING, f"alert {alert.name}", sentence, advice=advice)


def _lacking(receiver: Receiver, config: Config) -> Finding | None:
    """What keeps the receiver from being told, whatever is sent."""
    from claims.receivers import secret_of

    about = f"alert {receiver.alert.name}"
    if receiver.kind == "webhook":
        try:
            secret_of(receiver.alert, config)
        except ConfigError as error:
            advice = "make one, such as with: openssl rand -base64 32"
            return Finding(Verdict.FAILED, about, str(error), advice=advice)
    if receiver.kind == "command":
        program = receiver.target[0]
        path = config.file.parent / program if "/" in program else program
        if shutil.which(path) is None:
            text = f"there is no program {program!r}"
            advice = "give its whole path; a relative one counts from the configuration's folder"
            return Finding(Verdict.FAILED, about, text, advice=advice)
    if receiver.kind == "mail" and not sender_of(config):
        text = f"{receiver.name}: no mail can be sent without a server and a sender"
        return Finding(Verdict.FAILED, about, text, advice="fill in [mail] in the configuration")
    return None


def _told(receiver: Receiver, standing: Standing | None) -> Finding | None:
    """What went wrong with messages so far."""
    name = receiver.alert.name
    if standing is None:
        return None
    text = f"{receiver.name}: {standing.said}"
    if lost := standing.failed + standing.gone:
        advice = f"mend it, then: claims alerts retry {name}"
        what = f"{text} ({counted(lost, 'message')} not taken)"
        return Finding(Verdict.WARNING, f"alert {name}", what, advice=advice)
    if standing.waiting and standing.said:
        advice = f"it is tried again by itself; claims alerts test {name} --send tries now"
        what = f"{text} ({counted(standing.waiting, 'message')} waiting)"
        return Finding(Verdict.WARNING, f"alert {name}", what, advice=advice)
    return None
