"""Writes what is generated of the documentation: two pages of docs and the README's example.

`python docs/generate.py` writes, `--check` only tells whether something is out of date (exit code 1).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import walkthrough

from claims.cli import cli

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- demo: written by `make docs` -->", "<!-- /demo -->"
WIDTH = 100


def commands_page() -> str:
    """Every command's help page, in the order of use."""
    context = click.Context(cli, info_name="claims", max_content_width=WIDTH, terminal_width=WIDTH)
    parts = [
        "# Commands\n",
        "Written by `make docs` from the commands' own help; a test keeps it true.\n",
        _section("claims", cli.get_help(context)),
    ]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        if command is None:
            raise LookupError(f"no module for the command {name!r}")
        parts += _sections(command, context)
    return "\n".join(parts)


def _sections(command: click.Command, parent: click.Context) -> list[str]:
    """A command's help page, and those of the commands below it."""
    inner = click.Context(command, parent=parent, info_name=command.name, terminal_width=WIDTH)
    found = [_section(inner.command_path, command.get_help(inner))]
    if isinstance(command, click.Group):
        for name in command.list_commands(inner):
            below = command.get_command(inner, name)
            found += _sections(below, inner) if below is not None else []
    return found


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```\n{text}\n```\n"


def demo_output() -> str:
    """The demonstration's last part: the question that the project began with, its answers, one in full."""
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    arguments = [sys.executable, "-m", "claims", "demo"]
    done = subprocess.run(  # noqa: S603 - our own command, our own words
        arguments, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    said = "$ claims search H100" + done.stdout.rpartition("$ claims search H100")[2].rstrip()
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", said)  # the port is another one each time


def readme(text: str, example: str) -> str:
    """The README with the example between its marks."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n```\n{example}\n```\n{END}{after}"


def pages() -> dict[Path, str]:
    """Every generated file with the content it should have."""
    path = ROOT / "README.md"
    return {
        ROOT / "docs" / "commands.md": commands_page(),
        ROOT / "docs" / "how-it-decides.md": walkthrough.page(),
        path: readme(path.read_text(encoding="utf-8"), demo_output()),
    }


def told(text: str) -> str:
    """The text without numbers, table widths and shares of belief.

    The former shift with any claim found before, the latter in the last digits with the processor.
    """
    plain = re.sub(r"(?m)^ *\d+   +|(?<=claims show )\d+$|(?<=confidence) +\S+|\b[01]\.\d{2,3}\b", " ", text)
    return re.sub(r"─+|(?<=\S) +", " ", plain)


def main() -> int:
    """Writes, or checks with `--check`."""
    wanted, check = pages(), "--check" in sys.argv[1:]
    same = told if check else str
    stale = [
        path for path in wanted if not path.exists() or same(path.read_text("utf-8")) != same(wanted[path])
    ]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is out of date: run `make docs`", file=sys.stderr)
        else:
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
