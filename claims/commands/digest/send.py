"""`claims digest send`: the digest of the period that is over, once to each recipient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command, config_option
from claims.terminal import one_line, say
from claims.wording import counted

if TYPE_CHECKING:
    from claims.digest.sending import Outcome, Wish
    from claims.settings import Config


@click.command(
    "send",
    cls=Command,
    examples=(
        "claims digest send",
        "0 7-19 * * *  claims digest send --quiet --config ~/claims/config.toml    # in a crontab",
        "claims digest send --week 2026-W47 --to me@example.org --dry-run",
    ),
)
@click.option("--dry-run", is_flag=True, help="Compose all of it, send nothing, keep nothing.")
@click.option("--force", is_flag=True, help="Now, for whom it waits, failed or may have arrived.")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Only to this address; may be repeated.")
@click.option("--week", default="", metavar="WEEK", help="Of that ISO week instead, such as 2026-W47.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something was not sent.")
@config_option
def command(
    dry_run: bool, force: bool, to: tuple[str, ...], week: str, quiet: bool, config: Path | None
) -> Exit:
    """Send the digest of the period that is over.

    It tells of what came since the last one ended, up to the beginning of today or of the last day that
    digest.schedule names; the first one of seven days. Once that is sent the command does nothing until the
    next period is over, so that it may be called at any time and as often as you like: each call also sends
    what is due of the outbox. Where there is nothing to say there is no mail.

    --force sends at once what waits for its next try, what failed, and what may have arrived (unknown), with
    the same content and Message-ID; with --to also what did arrive. Exit code 3: some of it was not sent,
    or another sender is at work.
    """
    from claims.account import readable_by_others
    from claims.digest.sending import Wish, send
    from claims.fetching import utc_now
    from claims.settings import load

    if dry_run and force:
        raise InputError("--dry-run and --force exclude each other")
    settings, wish = load(config), Wish(week, to, force)
    if warning := readable_by_others(settings):
        say(f"warning: {warning}")
    if dry_run:
        return _rehearsed(settings, wish)
    outcome = send(settings, utc_now(), wish)
    return _told(settings, outcome, quiet=quiet)


def _rehearsed(settings: Config, wish: Wish) -> Exit:
    """What would become of each recipient's mail."""
    from email import message_from_bytes
    from email.policy import default

    from claims.digest.period import name_of
    from claims.digest.sending import rehearse
    from claims.fetching import utc_now

    found = rehearse(settings, utc_now(), wish)
    for one in found:
        name = name_of(one.window, settings.digest.zone_info)
        if one.state:
            click.echo(f"{one.recipient}: {name}: has its turn already: {one.state}")
        elif one.message is None:
            click.echo(f"{one.recipient}: {name}: nothing to say, no mail")
        else:
            subject = one_line(message_from_bytes(one.message, policy=default)["Subject"])
            click.echo(f"{one.recipient}: {name}: {subject} ({len(one.message) / 1000:.1f} kB)")
    if not found:
        say("no digest is due; --week composes that of a week")
    return Exit.OK if found else Exit.NOTHING


def _told(settings: Config, outcome: Outcome, *, quiet: bool) -> Exit:
    """What was not sent in any case, the rest unless it should be quiet."""
    from claims.sending import lines
    from db.outbox import State

    for line in lines(outcome.delivered):
        say(line)
    if not quiet:
        say(_summary(settings, outcome))
        for line in _waiting(outcome):
            say(line)
    if outcome.delivered.of(State.UNKNOWN) or outcome.delivered.of(State.FAILED):
        say("what failed or may have arrived: `claims digest send --force` sends it again")
    return Exit.OK if outcome.delivered.well else Exit.SOURCES


def _waiting(outcome: Outcome) -> list[str]:
    """Mails of this digest that were not tried now."""
    from db.outbox import State

    tried = {result.mail.id for result in outcome.delivered.results}
    return [
        f"{mail.recipient}: waits in the outbox: {mail.last_error}; --force tries at once"
        for mail in outcome.mails
        if mail.state is State.RENDERED and mail.id not in tried
    ]


def _summary(settings: Config, outcome: Outcome) -> str:
    from claims.digest.sending import told
    from db.outbox import State

    sent = counted(len(outcome.delivered.of(State.SENT)), "mail")
    if outcome.run is None:
        return f"no digest is due: the last one told of all that is over; {sent} sent"
    empty = sum(mail.state is State.EMPTY for mail in outcome.mails)
    nothing = f", nothing to say to {counted(empty, 'recipient')}" if empty else ""
    more = f"`claims digest show {outcome.run.id}` tells more"
    return f"digest {outcome.run.id} ({told(settings, outcome.run)}): {sent} sent{nothing}; {more}"
