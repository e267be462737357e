"""`claims relate`: how the second claim of each pair stands to the first. Nothing is stored."""

from __future__ import annotations

import json
import sys

import click

from claims.articles import open_input
from claims.complaints import Complaints
from claims.errors import Exit
from claims.options import Command
from claims.terminal import escape_unsafe


@click.command(
    "relate",
    cls=Command,
    examples=(
        "claims relate --jsonl pairs.jsonl > relations.jsonl",
        "claims relate --jsonl - < pairs.jsonl",
    ),
)
@click.option(
    "--jsonl", "file", required=True, metavar="FILE|-", help="One pair of claims a line: id, a and b."
)
def command(file: str) -> Exit:
    """Tell how two claims relate, for many pairs.

    Each line of FILE is a pair (id, a, b), a published on the same day as b or before; `-` is standard input.
    Each line printed has the id, the relation of b to a (same, refinement, revision, contradiction, outcome,
    denial, unrelated) and the reason in plain words. A bad line is named on standard error, the others go on,
    and the exit code is 2.
    """
    from claims.pairs import relate_lines

    complain = Complaints(file)
    with open_input(file) as stream:
        for related in relate_lines(stream, complain):
            sys.stdout.write(escape_unsafe(json.dumps(related.record(), ensure_ascii=False)) + "\n")
    return Exit.USAGE if complain.any else Exit.OK
