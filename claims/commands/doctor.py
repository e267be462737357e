"""`claims doctor`: what is wrong with the installation, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claims.errors import Exit
from claims.options import Command, config_option, format_option
from claims.present import Column, Format, Listing, write

if TYPE_CHECKING:
    from claims.findings import Finding


LISTING: Listing[Finding] = Listing(
    columns=(
        Column("Verdict", lambda finding: str(finding.verdict), keep=True),
        Column("About", lambda finding: finding.about),
        Column("Finding", lambda finding: finding.text),
        Column("What to do", lambda finding: finding.advice),
    ),
    record=lambda finding: {
        "verdict": str(finding.verdict),
        "about": finding.about,
        "text": finding.text,
        "advice": finding.advice,
    },
    sentence=lambda finding: (
        f"{finding.verdict}: {finding.about}: {finding.text}"
        + (f" → {finding.advice}" if finding.advice else "")
    ),
)


@click.command("doctor", cls=Command, examples=("claims doctor", "claims doctor --online --format json"))
@click.option("--online", is_flag=True, help="Also fetch each source's feed once; nothing is stored.")
@format_option
@config_option
def command(online: bool, style: Format | None, config: Path | None) -> Exit:
    """Check the installation.

    Looks at the configuration, the ledger, words and models, package names, the clock and the time zones, the
    disks, the mail server (logging in, sending nothing), those whom alerts go to, and the state of each
    source, and says what to do about each finding. With --online also whether the clock agrees with the
    servers'. Exit code 2 where something is broken, 3 where only sources are.
    """
    from claims.doctor import examine
    from claims.fetching import utc_now
    from claims.findings import Verdict

    findings = list(examine(config, online=online, now=utc_now()))
    write(findings, LISTING, style)
    failed = [finding for finding in findings if finding.verdict is Verdict.FAILED]
    if any(not finding.source for finding in failed):
        return Exit.USAGE
    return Exit.SOURCES if failed else Exit.OK
