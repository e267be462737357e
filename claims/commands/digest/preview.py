"""`claims digest preview`: the mail as it would be, and nobody gets it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command, config_option
from claims.terminal import say

if TYPE_CHECKING:
    from claims.digest.compose import Composed
    from claims.digest.window import Recipient
    from claims.settings import Config


@click.command(
    "preview",
    cls=Command,
    examples=(
        "claims digest preview",
        "claims digest preview --open",
        "claims digest preview --week 2026-W47 --to ann@example.org --eml > digest.eml",
    ),
)
@click.option(
    "--text", "form", flag_value="text", default="text", help="As plain text: unless told otherwise."
)
@click.option("--html", "form", flag_value="html", help="As HTML, its picture inside.")
@click.option("--eml", "form", flag_value="eml", help="As the mail itself, with its headers.")
@click.option("--open", "form", flag_value="open", help="In the browser.")
@click.option(
    "--week", metavar="WEEK", help="That ISO week, such as 2026-W47; else the seven days until now."
)
@click.option("--to", "address", metavar="ADDRESS", help="As that recipient of the configuration gets it.")
@config_option
def command(form: str, week: str | None, address: str | None, config: Path | None) -> Exit:
    """Show the mail without sending it.

    The days are those of [digest] zone. Nothing is marked as told: the next mail tells it all the same.
    """
    from claims.settings import load

    settings = load(config)
    recipient = _recipient(settings, address)
    composed = _composed(settings, week, recipient)
    if composed is None:
        say("nothing to tell of these days")
        return Exit.NOTHING
    if form == "open":
        _open(composed)
    else:
        sys.stdout.buffer.write(_written(composed, form, recipient, settings))
    return Exit.OK


def _composed(settings: Config, week: str | None, recipient: Recipient | None) -> Composed | None:
    from claims.digest.compose import compose
    from claims.digest.window import Window, week_named

    zone, now = settings.digest.zone_info, datetime.now(UTC)
    window = week_named(week, zone) if week else Window(now - timedelta(days=7), now)
    return compose(
        settings.ledger,
        window,
        recipient,
        language=settings.digest.language,
        zone=zone,
        now=now,
        most=settings.digest.max_items,
    )


def _recipient(settings: Config, address: str | None) -> Recipient | None:
    if address is None:
        return None
    for one in settings.digest.recipients:
        if one.address.casefold() == address.strip().casefold():
            return one.recipient()
    known = ", ".join(one.address for one in settings.digest.recipients) or "none"
    raise InputError(f"no recipient {address!r} in {settings.file}: it has {known}")


def _written(composed: Composed, form: str, recipient: Recipient | None, settings: Config) -> bytes:
    if form == "text":
        return composed.text.encode("utf-8")
    if form == "html":
        return _standing_alone(composed).encode("utf-8")
    from claims.digest.message import message

    address = recipient.address if recipient else "reader@example.org"
    mail = message(
        composed,
        sender=_sender(settings),
        recipient=address,
        unsubscribe=settings.digest.unsubscribe,
    )
    return mail.as_bytes()


def _sender(settings: Config) -> str:
    """The configured sender, or one that shows that there is none."""
    return str(getattr(getattr(settings, "mail", None), "sender", "") or "claims@example.org")


def _standing_alone(composed: Composed) -> str:
    """The HTML with its pictures in it: a browser knows no other parts of the mail."""
    from base64 import b64encode

    html = composed.html
    for image in composed.images:
        data = b64encode(image.png).decode("ascii")
        html = html.replace(f'"cid:{image.cid}"', f'"data:image/png;base64,{data}"')
    return html


def _open(composed: Composed) -> None:
    """Shows it in the browser, from a file that only this user can read and that stays for the browser."""
    import tempfile
    import webbrowser

    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8", delete=False) as file:
        file.write(_standing_alone(composed))
    if not webbrowser.open(Path(file.name).as_uri()):
        raise InputError(f"no browser could be opened: the page is in {file.name}")
    say(f"opened {file.name}")
