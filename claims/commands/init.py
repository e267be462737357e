"""`claims init`: the first configuration, in a minute."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command
from claims.terminal import is_tty, say
from claims.wording import counted

if TYPE_CHECKING:
    from claims.starting import Choices


@click.command(
    "init",
    cls=Command,
    examples=(
        "claims init",
        "claims init --language de --language en --topic chips --topic data-centres",
        "claims init ~/claims/config.toml --language en --contact me@example.org --mail me@example.org",
    ),
)
@click.argument("file", type=click.Path(path_type=Path), default="config.toml", required=False)
@click.option("--language", "languages", metavar="CODE", multiple=True, help="Of articles; may be repeated.")
@click.option(
    "--topic",
    "topics",
    metavar="WORD",
    multiple=True,
    help="Only its feeds; may be repeated; all if not given.",
)
@click.option(
    "--contact", metavar="ADDRESS", help="Where the owners of sites reach you; sent with each request."
)
@click.option("--mail", metavar="ADDRESS", help="Who gets the weekly digest.")
@click.option("--smtp", metavar="HOST", default="", help="The server that sends your mail.")
@click.option("--zone", metavar="ZONE", help="Your time zone; this machine's if not given.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(
    file: Path,
    languages: tuple[str, ...],
    topics: tuple[str, ...],
    contact: str | None,
    mail: str | None,
    smtp: str,
    zone: str | None,
    force: bool,
) -> Exit:
    """Write an annotated configuration for your languages and topics.

    FILE is config.toml in this folder unless given. On a terminal it asks for what no option says; elsewhere
    it takes all languages and topics. Nothing is overwritten without --force, and nothing is fetched.
    """
    from claims.config import parsed
    from claims.editing import write_whole
    from claims.settings import checked
    from claims.starting import Choices, local_zone, text_for

    file = file.expanduser()
    _check(file, force=force)
    given = Choices(languages, topics, contact or "", mail or "", smtp, zone or local_zone())
    asked = is_tty(sys.stdin) and is_tty(sys.stderr)
    choices = _asked(given, contact is None, mail is None) if asked else given
    choices = _completed(choices)
    text = text_for(choices).encode("utf-8")
    settings = checked(parsed(text, file), file.absolute())
    write_whole(file, text)
    say(f"{file}: {counted(len(settings.sources), 'source')} in {', '.join(choices.languages)}")
    for line in _next(file, choices):
        say(line)
    return Exit.OK


def _check(file: Path, *, force: bool) -> None:
    if file.is_dir():
        raise InputError(f"{file} is a folder: name a file in it, such as {file / 'config.toml'}")
    if file.exists() and not force:
        raise InputError(f"{file} is there already: name another file, or say --force to replace it")
    if not file.absolute().parent.is_dir():
        raise InputError(f"there is no folder {file.absolute().parent}: make it first")


def _completed(choices: Choices) -> Choices:
    """All languages where none is given. Raises InputError for what is not to be had."""
    from claims.starting import languages, topics

    chosen = choices.languages or languages()
    _known("language", chosen, languages())
    _known("topic", choices.topics, tuple(topics(languages())))
    if choices.topics and not set(choices.topics) & set(topics(chosen)):
        has = ", ".join(topics(chosen))
        raise InputError(
            f"no feed in {', '.join(chosen)} is about {', '.join(choices.topics)}; there are: {has}"
        )
    return replace(choices, languages=tuple(dict.fromkeys(chosen)))


def _known(what: str, chosen: Sequence[str], known: Sequence[str]) -> None:
    for word in chosen:
        if word not in known:
            raise InputError(
                f"there is no {what} {word!r} among the given feeds; there are: {', '.join(known)}"
            )


def _asked(choices: Choices, ask_contact: bool, ask_mail: bool) -> Choices:
    """Questions with an answer to begin with, on standard error."""
    from claims.starting import languages, topics

    if not choices.languages:
        choices = replace(choices, languages=_words("Languages", languages(), languages()))
    if not choices.topics:
        there = topics(choices.languages)
        say("Topics: " + ", ".join(f"{name} ({n})" for name, n in there.items()))
        chosen = _words("Which of them, or all", ("all",), (*there, "all"))
        choices = replace(choices, topics=() if "all" in chosen else chosen)
    if ask_contact:
        text = "An address at which sites reach you, mail or web (sent with each request; may be empty)"
        choices = replace(choices, contact=_line(text))
    if ask_mail:
        choices = replace(choices, mail=_line("Who gets the weekly digest by mail (may be empty)"))
        if choices.mail and not choices.smtp:
            choices = replace(choices, smtp=_line("The server that takes your mail (may be empty)"))
    return choices


def _line(text: str) -> str:
    answer: str = click.prompt(text, default="", show_default=False, err=True)
    return answer.strip()


def _words(text: str, default: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Some of the known words, asked for until they are."""
    while True:
        answer: str = click.prompt(text, default=" ".join(default), err=True)
        words = tuple(dict.fromkeys(answer.replace(",", " ").lower().split()))
        if words and not set(words) - set(known):
            return words
        say(f"write some of: {', '.join(known)}")


def _next(file: Path, choices: Choices) -> list[str]:
    from claims.cli import COMMANDS
    from claims.mailsettings import is_local

    option = "" if file == Path("config.toml") else f" --config {file}"
    lines = ["Next:", f"  claims doctor{option}     whether all is well, and what to do where it is not"]
    if not choices.contact:
        lines.append("  give fetch.contact in the file: an address at which the owners of sites reach you")
    if choices.mail and not choices.smtp:
        lines.append("  fill in [mail] in the file, so that the digest can be sent")
    elif choices.mail and not is_local(choices.smtp):
        lines.append(
            "  give mail.user and mail.password_file in the file, where your mail server wants a login"
        )
    lines += [
        f"  claims run{option}        the first round: some minutes",
        f"  claims search{option}     what it found, the newest first",
    ]
    if "digest" in COMMANDS:
        lines.append(f"  claims digest preview{option}    what the weekly mail would say")
    return lines
