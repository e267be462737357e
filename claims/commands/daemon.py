"""`claims daemon`: runs by itself until it is told to end."""

from __future__ import annotations

from pathlib import Path

import click

from claims.errors import ConfigError, Exit, InputError
from claims.options import Command, config_option


@click.command(
    "daemon",
    cls=Command,
    examples=(
        "claims daemon --quiet --config ~/claims/config.toml",
        "claims install-schedule --systemd --daemon    # lets systemd start it",
    ),
)
@click.option("--quiet", "-q", is_flag=True, help="Log only what somebody should look at.")
@click.option("--verbose", "-v", is_flag=True, help="Log every article.")
@click.option("--log-json", is_flag=True, help="Log in JSON, one event a line.")
@config_option
def command(quiet: bool, verbose: bool, log_json: bool, config: Path | None) -> Exit:
    """Run by itself: rounds, digests, alerts, upkeep.

    Asks each source when it is due, sends the digest when its time has come and mail that waits, and once a
    day looks after the ledger: upkeep, a backup, old pages and texts deleted. Stays in the foreground and
    logs to standard error; `claims status` tells how it is doing.

    SIGTERM and Ctrl-C end it when the running article is stored (exit code 0), a second one at once. SIGHUP
    reads the configuration again; one with a mistake changes nothing. What was missed while it did not run is
    done once at the next start.

    Exit code 3: a daemon runs for this ledger already.
    """
    from claims.daemon import Daemon
    from claims.listening import answering
    from claims.lock import daemon_lock
    from claims.logs import Logs
    from claims.progress import Level
    from claims.settings import Config, load

    if quiet and verbose:
        raise InputError("--quiet and --verbose exclude each other")
    level = Level.WARNING if quiet else Level.DEBUG if verbose else Level.INFO

    def make_log(settings: Config) -> Logs:
        return Logs(level, as_json=log_json or settings.round.log_json, zone=settings.daemon.zone)

    settings = load(config)
    if not settings.sources:
        raise ConfigError(f"{settings.file} names no sources; docs/adding-a-source.md says how")
    with daemon_lock(settings.ledger):
        Daemon(settings, make_log, listen=answering).run()
    return Exit.OK
