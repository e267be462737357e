"""`claims alerts`: what is watched for, what would be told, and what became of each message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claims.errors import Exit, InputError
from claims.listings import HITS
from claims.options import Command, Group, WithinType, config_option, format_option
from claims.present import Column, Format, Listing, write
from claims.terminal import say
from claims.wording import counted

if TYPE_CHECKING:
    from claims.alertsettings import AlertSection
    from claims.receivers import Receiver
    from claims.settings import Config
    from db.alerts import Standing
    from db.search import Hit


@dataclass(frozen=True, slots=True)
class Line:
    """One alert and one of its receivers. `standing` is None where nothing was ever told."""

    alert: AlertSection
    receiver: str
    since: datetime | None
    standing: Standing | None

    @property
    def state(self) -> str:
        """In one word."""
        told = self.standing
        if not self.alert.enabled:
            return "off"
        if told is not None and told.gone:
            return "gone"
        if told is not None and told.failed:
            return "failed"
        if told is not None and told.waiting:
            return "waiting"
        return "ok" if self.since else "new"


def _count(line: Line, name: str) -> int:
    return int(getattr(line.standing, name)) if line.standing else 0


def _record(line: Line) -> dict[str, Any]:
    told = line.standing
    return {
        "name": line.alert.name,
        "search": line.alert.search,
        "receiver": line.receiver,
        "state": line.state,
        "since": line.since.isoformat() if line.since else None,
        **{name: _count(line, name) for name in ("done", "waiting", "failed", "gone")},
        "last_done": told.last_done.isoformat() if told and told.last_done else None,
        "next_try": told.next_try.isoformat() if told and told.next_try else None,
        "said": told.said if told else "",
    }


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


LISTING: Listing[Line] = Listing(
    columns=(
        Column("Name", lambda line: line.alert.name, keep=True),
        Column("State", lambda line: line.state, keep=True),
        Column("Search", lambda line: line.alert.search),
        Column("To", lambda line: line.receiver),
        Column("Since", lambda line: _day(line.since), keep=True, wide=True),
    ),
    record=_record,
    sentence=lambda line: f"{line.alert.name}: {line.state}: {line.alert.search} → {line.receiver}",
)
STATUS: Listing[Line] = Listing(
    columns=(
        Column("Name", lambda line: line.alert.name, keep=True),
        Column("State", lambda line: line.state, keep=True),
        Column("To", lambda line: line.receiver),
        Column("Sent", lambda line: str(_count(line, "done")), right=True, keep=True),
        Column("Waiting", lambda line: str(_count(line, "waiting")), right=True, keep=True),
        Column(
            "Failed", lambda line: str(_count(line, "failed") + _count(line, "gone")), right=True, keep=True
        ),
        Column("Last sent", lambda line: _day(line.standing.last_done if line.standing else None), wide=True),
        Column("Next try", lambda line: _day(line.standing.next_try if line.standing else None), wide=True),
        Column("What went wrong", lambda line: line.standing.said if line.standing else ""),
    ),
    record=_record,
    sentence=lambda line: (
        f"{line.alert.name} → {line.receiver}: {line.state}, {counted(_count(line, 'done'), 'message')} sent"
    ),
)


@click.group(
    "alerts",
    cls=Group,
    invoke_without_command=True,
    examples=("claims alerts", "claims alerts test chips --days 30d", "claims alerts status"),
)
@format_option
@config_option
@click.pass_context
def command(ctx: click.Context, style: Format | None, config: Path | None) -> Exit | None:
    """Be told at once when a new claim meets a search.

    Alerts stand in the configuration as [[alerts]]: a search as `claims search` takes it, and where to: mail,
    a webhook, a command. Each statement is told once, however many articles repeat it. docs/alerts.md has
    the rest. Without a command: the list.
    """
    return None if ctx.invoked_subcommand else _listed(_settings(config), style, LISTING)


def _settings(config: Path | None) -> Config:
    """The configuration; `--config` may also stand before the command's name."""
    from claims.settings import load

    parent = click.get_current_context().parent
    return load(config or (parent.params.get("config") if parent else None))


def _listed(settings: Config, style: Format | None, listing: Listing[Line]) -> Exit:
    found = _lines(settings)
    if not found:
        say(f"{settings.file} has no [[alerts]]; docs/alerts.md says how")
        return Exit.NOTHING
    write(found, listing, style)
    return Exit.OK


def _lines(settings: Config) -> list[Line]:
    from claims.receivers import receivers
    from db.alerts import first_sights, standings
    from db.errors import LedgerMissing, LedgerTooOld

    since: dict[str, datetime] = {}
    told: dict[tuple[str, str], Standing] = {}
    try:
        since = first_sights(settings.ledger)
        told = {(each.alert, each.receiver): each for each in standings(settings.ledger)}
    except (LedgerMissing, LedgerTooOld):
        say("no round has run yet: nothing is watched before the first one")
    return [
        Line(alert, each.name, since.get(alert.name), told.get((alert.name, each.name)))
        for alert in settings.alerts
        for each in receivers(alert)
    ]


@command.command("list", cls=Command, examples=("claims alerts list", "claims alerts list --format json"))
@format_option
@config_option
def listing(style: Format | None, config: Path | None) -> Exit:
    """List the alerts with their searches and receivers: the same as without a command."""
    return _listed(_settings(config), style, LISTING)


@command.command("status", cls=Command, examples=("claims alerts status", "claims alerts status --json"))
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@format_option
@config_option
def status(as_json: bool, style: Format | None, config: Path | None) -> Exit:
    """Show what was sent, what waits, and what went wrong.

    Exit code 3: messages were refused or given up; `claims alerts retry` tries them again.
    """
    settings = _settings(config)
    code = _listed(settings, Format.JSON if as_json else style, STATUS)
    if code is Exit.OK and any(line.state in {"failed", "gone"} for line in _lines(settings)):
        return Exit.SOURCES
    return code


def _alert(settings: Config, name: str) -> AlertSection:
    found = next((alert for alert in settings.alerts if alert.name == name), None)
    if found is None:
        names = ", ".join(alert.name for alert in settings.alerts) or "none"
        raise InputError(f"no alert is named {name!r}; there are: {names}")
    return found


@command.command(
    "test",
    cls=Command,
    examples=("claims alerts test chips --days 30d", "claims alerts test chips --send"),
)
@click.argument("name")
@click.option("--days", type=WithinType(), default="7d", show_default=True, help="How far back: 7d, 6w, 3m.")
@click.option("--send", is_flag=True, help="Send the newest one to all receivers, marked as a test.")
@format_option
@config_option
def test(name: str, days: int, send: bool, style: Format | None, config: Path | None) -> Exit:
    """Show what an alert would have told in the last days.

    Each statement once, the newest first. With --send the newest goes to the alert's receivers, marked as a
    test; it does not count as told. Exit code 1: nothing matches, 3: a receiver did not take the test.
    """
    from claims.fetching import utc_now
    from db.alerts import matching
    from db.search import Query, meant

    settings = _settings(config)
    alert, now = _alert(settings, name), utc_now()
    path = settings.ledger
    found = matching(path, alert.search, since=now - timedelta(days=days), today=now.date())
    if not found:
        say(
            "\n".join(
                [f"nothing in the last {counted(days, 'day')}", *meant(path, Query(words=alert.search))]
            )
        )
        return Exit.NOTHING
    write(found, HITS, style)
    return _tried(settings, alert, found[0], now) if send else Exit.OK


def _tried(settings: Config, alert: AlertSection, hit: Hit, now: datetime) -> Exit:
    """One message to each receiver, past the ledger's records."""
    from claims.alerts import body_of
    from claims.receivers import parcel_of, receivers
    from db.alerts import State
    from db.ledger import Ledger

    body = body_of(alert, hit, 0, now, test=True)
    parcel = parcel_of(body, f"alert-test:{alert.name}:{int(now.timestamp())}")
    failed = False
    with Ledger.open(settings.ledger) as ledger:
        for each in receivers(alert):
            outcome = each.deliver(parcel, ledger, settings, now)
            failed |= outcome.state is not State.DONE
            say(f"{each.name}: {_taken(each) if outcome.state is State.DONE else outcome.said}")
    return Exit.SOURCES if failed else Exit.OK


def _taken(receiver: Receiver) -> str:
    return "in the outbox, the next round sends it" if receiver.kind == "mail" else "taken"


@command.command(
    "retry", cls=Command, examples=("claims alerts retry chips", "claims alerts retry chips && claims run")
)
@click.argument("name")
@config_option
def retry(name: str, config: Path | None) -> Exit:
    """Try again what was refused, given up, or meant for a receiver that was gone.

    The next round sends it. Also what still waits is tried at once then.
    """
    from claims.fetching import utc_now
    from db.alerts import revive
    from db.ledger import Ledger

    settings = _settings(config)
    _alert(settings, name)
    with Ledger.open(settings.ledger) as ledger:
        count = revive(ledger, name, utc_now())
    say(f"{counted(count, 'message')} of {name} will be tried again with the next round")
    return Exit.OK
