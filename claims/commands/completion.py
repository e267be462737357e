"""`claims completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import os
import sys

import click

from claims.errors import Exit
from claims.options import Command
from claims.terminal import is_tty, say

VARIABLE = "_CLAIMS_COMPLETE"
_INSTALL = {
    "bash": "claims completion bash > ~/.local/share/bash-completion/completions/claims",
    "zsh": "claims completion zsh > ~/.zfunc/_claims    # a folder of $fpath, before compinit runs",
    "fish": "claims completion fish > ~/.config/fish/completions/claims.fish",
}


@click.command("completion", cls=Command, examples=(*_INSTALL.values(), 'eval "$(claims completion bash)"'))
@click.argument("shell", type=click.Choice(list(_INSTALL)), required=False)
def command(shell: str | None) -> Exit:
    """Print the completion script of a shell.

    SHELL is your login shell unless given. Put the script where the shell looks for it, as in the examples,
    and open a new one.
    """
    from click.shell_completion import get_completion_class

    from claims.cli import cli

    shell = shell or _login_shell()
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"nothing is known about the shell {shell!r}")
    maker = kind(cli, {}, "claims", VARIABLE)
    click.echo((maker.source_template % maker.source_vars()).strip())
    if is_tty(sys.stdout):
        say(f"to install it: {_INSTALL[shell]}")
    return Exit.OK


def _login_shell() -> str:
    name = os.environ.get("SHELL", "").rpartition("/")[2]
    if name not in _INSTALL:
        raise click.UsageError(f"name the shell: {', '.join(_INSTALL)}")
    return name
