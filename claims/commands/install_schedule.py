"""`claims install-schedule`: lets cron or systemd start what is to be done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit, InputError
from claims.options import Command, config_option
from claims.terminal import say

if TYPE_CHECKING:
    from claims.installing import Plan


@click.command(
    "install-schedule",
    cls=Command,
    examples=(
        "claims install-schedule --cron --dry-run",
        "claims install-schedule --systemd --daemon",
        "claims install-schedule --cron --remove",
    ),
)
@click.option("--cron", "style", flag_value="cron", help="Lines in your crontab.")
@click.option(
    "--systemd", "style", flag_value="systemd", help="Units for systemd: yours, as root the machine's."
)
@click.option("--daemon", is_flag=True, help="Start `claims daemon` instead of single rounds.")
@click.option("--dry-run", "-n", is_flag=True, help="Only print what would be written.")
@click.option("--remove", is_flag=True, help="Take out what was written.")
@click.option("--name", default="claims", show_default=True, help="What the units are called.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the units there instead of where systemd looks for them.",
)
@config_option
def command(
    style: str | None,
    daemon: bool,
    dry_run: bool,
    remove: bool,
    name: str,
    folder: Path | None,
    config: Path | None,
) -> Exit:
    """Let cron or systemd start it by itself.

    Writes lines into your crontab, or units for systemd: a round every 20 minutes, the daily housekeeping,
    and the digest if one is configured; with --daemon the daemon, which does all of it at its own time. Other
    lines and files are never touched, doing it again changes nothing, --remove takes it out again. Says what
    was written, and what is left for you to do.
    """
    from claims.chores import digest_schedule
    from claims.installing import Plan
    from claims.settings import load

    if style is None:
        raise click.UsageError("say --cron or --systemd")
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise InputError(f"--name: letters, digits, - and _ only, not {name!r}")
    settings = load(config)
    plan = Plan(settings, tuple(_program()), daemon, digest_schedule(settings))
    if style == "cron":
        return _cron(plan, dry_run=dry_run, remove=remove)
    return _systemd(plan, name, folder, dry_run=dry_run, remove=remove)


def _program() -> list[str]:
    """The words that start this very program, by absolute paths: cron and systemd know no PATH of ours."""
    called, beside = Path(sys.argv[0]), Path(sys.executable).with_name("claims")
    if called.name == "claims" and called.is_absolute():
        return [str(called)]
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "claims"]


# Cron


def _cron(plan: Plan, *, dry_run: bool, remove: bool) -> Exit:
    from claims.installing import crontab_block, with_block

    block = [] if remove else crontab_block(plan)
    if dry_run and not remove:
        click.echo("\n".join(block))
        return Exit.OK
    before = _crontab("-l")
    after = with_block(plan, before, block)
    if after == before:
        say("the crontab is as it should be: nothing was changed")
    elif dry_run:
        click.echo("\n".join(line for line in before if line not in after))
    else:
        _crontab("-", "".join(f"{line}\n" for line in after))
        _told_cron(plan, block)
    return Exit.OK


def _told_cron(plan: Plan, block: list[str]) -> None:
    if not block:
        say(f"our lines for {plan.config.file} were taken out of your crontab")
        return
    say("written to your crontab (crontab -l shows it):")
    for line in block:
        click.echo(line)
    say("cron counts in this machine's time zone, and mails what is said: see that it reaches you (MAILTO)")
    if plan.daemon:
        say(
            "the daemon starts with the next boot; start it now with: " + " ".join(plan.call("daemon")) + " &"
        )


def _crontab(*arguments: str) -> list[str]:
    """The user's crontab, read with "-l", written with "-" and its text. Raises InputError."""
    how, *text = arguments
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603
            ["crontab", how],  # noqa: S607
            input="".join(text),
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    except OSError as error:
        raise InputError(
            f"there is no program crontab here ({error.strerror}): install cron, use --systemd, or see what "
            "would be written with --dry-run"
        ) from error
    if done.returncode and not (how == "-l" and "no crontab" in done.stderr.lower()):
        raise InputError(
            f"crontab {how} failed: {done.stderr.strip() or done.returncode}; nothing was changed"
        )
    return done.stdout.splitlines() if how == "-l" and not done.returncode else []


# systemd


def _systemd(plan: Plan, name: str, folder: Path | None, *, dry_run: bool, remove: bool) -> Exit:
    from claims.installing import units

    system = os.geteuid() == 0
    where = folder or _units_folder(system)
    made = {} if remove else units(plan, name, system=system, user=_owner(plan.config.file))
    if dry_run and not remove:
        click.echo("\n".join(f"# {where / file}\n{text}" for file, text in made.items()), nl=False)
        return Exit.OK
    former = [where / f"{name}{end}" for end in _ENDS if _ours(where / f"{name}{end}", made)]
    gone = [path for path in former if path.name not in made]
    changed = [file for file, text in made.items() if _content(where / file) != text]
    if dry_run:
        click.echo("\n".join(map(str, gone)))
        return Exit.OK
    missing = [path for path in plan.paths if not path.exists()]
    if missing and not remove:
        raise InputError(f"{missing[0]} does not exist: make it first, the service may write nowhere else")
    where.mkdir(parents=True, exist_ok=True)
    for file in changed:
        (where / file).write_text(made[file], encoding="utf-8")
    for path in gone:
        path.unlink()
    _told_systemd(plan, where, changed, gone, "systemctl" if system else "systemctl --user")
    return Exit.OK


_ENDS = tuple(f"{part}.{kind}" for part in ("", "-housekeeping", "-digest") for kind in ("service", "timer"))


def _units_folder(system: bool) -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path("/etc/systemd/system") if system else Path(home).expanduser() / "systemd" / "user"


def _owner(file: Path) -> str:
    """Whose configuration it is: as that user it shall run."""
    try:
        return file.owner()
    except KeyError:
        raise InputError(f"nobody is known to own {file}: who shall run it?") from None


def _content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else None


def _ours(path: Path, made: dict[str, str]) -> bool:
    """Whether there is such a file of ours. Raises InputError for somebody else's in our way."""
    from claims.installing import MARK

    text = _content(path)
    if text is not None and not text.startswith(MARK) and path.name in made:
        raise InputError(f"{path} is there already and none of ours: choose another --name, or move it away")
    return text is not None and text.startswith(MARK)


def _told_systemd(plan: Plan, where: Path, changed: list[str], gone: list[Path], systemctl: str) -> None:
    for file in changed:
        say(f"written: {where / file}")
    for path in gone:
        say(f"removed: {path}")
    if not changed and not gone:
        say(f"{where} is as it should be: nothing was changed")
        return
    say("next:")
    stopped = " ".join(path.name for path in gone if path.suffix == ".timer" or plan.daemon is False)
    if stopped:
        click.echo(f"{systemctl} disable --now {stopped}")
    click.echo(f"{systemctl} daemon-reload")
    if plan.daemon:
        starting = [file for file in changed if file.endswith(".service")]
    else:
        starting = [file for file in changed if file.endswith(".timer")]
    if starting:
        click.echo(f"{systemctl} enable --now {' '.join(starting)}")
        if "--user" in systemctl:
            click.echo("loginctl enable-linger    # so that it also runs while you are not logged in")
