"""The lines and units that let cron or systemd start what is to be done. Only texts are made here.

    cron       a block between two marks in the user's crontab; other lines are never touched
    systemd    <name>.service and its timer, or the daemon; each file names us in its first line

What is written again is the same text again. Paths may hold blanks and percent signs, which mean something
to both; neither can hold a line break.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.errors import InputError
from claims.settings import Config

MARK = "# Written by `claims install-schedule` for "


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be started. `program`: the words that start `claims`; `digest`: cron expression and zone."""

    config: Config
    program: tuple[str, ...]
    daemon: bool
    digest: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if any(not text.isprintable() for text in (*self.program, *map(str, self.paths))):
            raise InputError("a path holds a line break or control character: neither cron nor systemd can")

    @property
    def paths(self) -> list[Path]:
        """What is written to: the ledger's folder, pages, copies; and the configuration's name."""
        folders = [self.config.ledger.parent]
        folders += [self.config.archive_folder] * self.config.archive.enabled
        folders += [self.config.backup_folder] * bool(self.config.daemon.backups)
        outermost = [
            each
            for each in folders
            if not any(each.is_relative_to(other) for other in folders if other != each)
        ]
        return [self.config.file, *dict.fromkeys(outermost)]

    def call(self, *words: str) -> list[str]:
        """A command of ours with its configuration."""
        return [*self.program, *words, "--config", str(self.config.file)]


def crontab_block(plan: Plan) -> list[str]:
    """Our lines with their marks."""
    if plan.daemon:
        lines = [("@reboot", plan.call("daemon", "--quiet"))]
    else:
        hour, minute = plan.config.daemon.housekeeping.split(":")
        lines = [
            ("*/20 * * * *", plan.call("run", "--quiet")),
            (f"{int(minute)} {int(hour)} * * *", plan.call("housekeeping")),
            *([(plan.digest[0], plan.call("digest", "send", "--quiet"))] if plan.digest else []),
        ]
    # A percent sign would end the line for cron.
    written = [f"{when}  {shlex.join(call)}".replace("%", r"\%") for when, call in lines]
    return [_begin(plan), *written, _end(plan)]


def _begin(plan: Plan) -> str:
    return f"{MARK}{plan.config.file}: begin"


def _end(plan: Plan) -> str:
    return f"{MARK}{plan.config.file}: end"


def with_block(plan: Plan, lines: Sequence[str], block: Sequence[str]) -> list[str]:
    """A crontab's lines with this block in the place of our former one; all others as they were.

    Raises InputError where the marks are not as we left them.
    """
    begins = [number for number, line in enumerate(lines) if line.strip() == _begin(plan)]
    ends = [number for number, line in enumerate(lines) if line.strip() == _end(plan)]
    if not begins and not ends:
        return [*lines, *block]
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise InputError(
            f"the marks of our lines in the crontab are damaged: take the lines between '{_begin(plan)}' and "
            f"'{_end(plan)}' out by hand (crontab -e), then try again"
        )
    return [*lines[: begins[0]], *block, *lines[ends[0] + 1 :]]


def units(plan: Plan, name: str, *, system: bool, user: str = "") -> dict[str, str]:
    """The units' texts by the names of their files. `system`: for the machine's manager, as that user."""
    about = [f"{MARK}{plan.config.file}"]
    if plan.daemon:
        service = _service(plan, "claims: the daemon", ("daemon", "--quiet"), system, user, daemon=True)
        wanted = "multi-user.target" if system else "default.target"
        return {f"{name}.service": _text(about, service, [("Install", [f"WantedBy={wanted}"])])}
    hour, minute = plan.config.daemon.housekeeping.split(":")
    zone = plan.config.daemon.zone
    tasks = [
        ("", "one round over the due sources", ("run", "--quiet"), "*:0/20", "RandomizedDelaySec=60"),
        ("-housekeeping", "the daily upkeep", ("housekeeping",), f"*-*-* {hour}:{minute}:00 {zone}", ""),
    ]
    if plan.digest:
        tasks.append(("-digest", "the digest", ("digest", "send", "--quiet"), calendar(*plan.digest), ""))
    made: dict[str, str] = {}
    for end, what, words, when, more in tasks:
        service = _service(plan, f"claims: {what}", words, system, user, daemon=False)
        made[f"{name}{end}.service"] = _text(about, service)
        timer = [f"OnCalendar={when}", "Persistent=true", *([more] if more else [])]
        unit = [("Unit", [f"Description=claims: when to do {what}"]), ("Timer", timer)]
        made[f"{name}{end}.timer"] = _text(about, unit, [("Install", ["WantedBy=timers.target"])])
    return made


_Sections = list[tuple[str, list[str]]]


def _service(
    plan: Plan, what: str, words: tuple[str, ...], system: bool, user: str, *, daemon: bool
) -> _Sections:
    first, *rest = plan.call(*words)
    call = " ".join([_quoted(first), *(_quoted(word, variables=True) for word in rest)])
    unit = [f"Description={what}"]
    if system:
        unit += ["Wants=network-online.target", "After=network-online.target"]
    kind = ["Type=oneshot"]
    if daemon:
        kind = [
            "Type=notify",
            # SIGHUP reads the configuration again; a running article gets its time to be stored.
            "ExecReload=/bin/kill -HUP $MAINPID",
            "TimeoutStopSec=120",
            "Restart=on-failure",
            "RestartSec=60",
            # Wrong configuration, or a daemon runs already: another try would end the same way.
            "RestartPreventExitStatus=2 3",
        ]
    as_user = [f"User={user}"] if system and user else []
    writable = [f"ReadWritePaths={_quoted(str(path))}" for path in plan.paths[1:]]
    return [
        ("Unit", unit),
        (
            "Service",
            [*kind, f"ExecStart={call}", *as_user, *writable, *_HARDENING, *(_SYSTEM if system else _USER)],
        ),
    ]


# What the program does not need is not there for it. Not among them: MemoryDenyWriteExecute and
# ProcSubset, because the libraries behind the extractors may make code at run time and look at the processor.
_HARDENING = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "PrivateTmp=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    "UMask=0077",
)
_SYSTEM = (
    "CapabilityBoundingSet=",
    "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "RemoveIPC=yes",
)
# A user's manager may only close off the file system in a name space of its own.
_USER = ("PrivateUsers=yes",)


def _quoted(word: str, *, variables: bool = False) -> str:
    """A word as systemd reads it: percent signs and, in arguments, dollar signs are doubled."""
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return '"' + (word.replace("$", "$$") if variables else word) + '"'


def _text(about: list[str], *parts: _Sections) -> str:
    sections = [section for part in parts for section in part]
    return "\n".join(about) + "".join(f"\n\n[{name}]\n" + "\n".join(lines) for name, lines in sections) + "\n"


def calendar(expression: str, zone: str) -> str:
    """`0 7 * * 1` as systemd writes it: `Mon *-*-* 07:00:00 Europe/Berlin`.

    Raises InputError for what has no such form: the daemon takes any expression.
    """
    from claims.crontimes import weekdays

    fields = expression.split()
    plain = len(fields) == 5 and all(field.isdigit() for field in fields[:2]) and fields[2:4] == ["*", "*"]
    if not plain:
        raise InputError(
            f"the digest's schedule {expression!r} has no form for a timer: let the daemon run, with --daemon"
        )
    try:
        days = "" if fields[4] == "*" else ",".join(day.capitalize() for day in weekdays(fields[4])) + " "
    except ValueError as error:
        raise InputError(f"the digest's schedule {expression!r}: {error}") from None
    return f"{days}*-*-* {int(fields[1]):02}:{int(fields[0]):02}:00 {zone}"
