"""Text for a terminal: nothing from a page may move the cursor, change colours or turn the reading direction.

Page text is data (it may hold ANSI sequences, control characters, bidirectional overrides, lone surrogates).
Standard library only: `claims search` in a pipe must start fast.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterator
from typing import TextIO

# Whole escape sequences go first, so that "\x1b[31m" leaves no "[31m" behind: CSI, OSC to BEL or ST, others.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -~]"
)
# C0 but for tab and newline, DEL, C1, bidirectional marks and overrides, zero-width and invisible marks,
# line and paragraph separators, surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """The text without anything that a terminal would obey; tabs and newlines stay."""
    return _UNSAFE.sub("", _ANSI.sub("", text))


def one_line(text: str) -> str:
    """The cleaned text on one line, runs of white space made one space."""
    return " ".join(clean(text).split())


def escape_unsafe(json_text: str) -> str:
    r"""JSON text with the same characters written as \uXXXX: nothing is lost and nothing is obeyed."""
    return _UNSAFE.sub(lambda match: _json_escape(ord(match.group())), json_text)


def _json_escape(code: int) -> str:
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def is_tty(stream: TextIO) -> bool:
    """Whether a person is looking; a closed stream is no terminal."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def wants_colour(stream: TextIO) -> bool:
    """NO_COLOR wins, then CLICOLOR_FORCE, then whether the stream is a terminal that knows colours."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("CLICOLOR_FORCE", "0") not in {"", "0"}:
        return True
    return is_tty(stream) and os.environ.get("TERM") != "dumb"


def bold(text: str, colour: bool) -> str:
    """The text in bold where colours are wanted."""
    return f"\x1b[1m{text}\x1b[0m" if colour else text


def text_width(out: TextIO) -> int:
    """How wide running text is written: as wide as the terminal, but never so wide that lines are lost."""
    import shutil

    width = shutil.get_terminal_size((_READABLE, 40)).columns if is_tty(out) else _READABLE
    return max(20, min(width, _READABLE))


_READABLE = 100  # characters


def folded(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """The text on lines of that width, led by `first` and then by `rest`; words stay whole."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def marked(before: str, sentence: str, after: str, colour: bool, width: int) -> Iterator[str]:
    """A paragraph in lines, one sentence picked out: highlighted, or between >> and << without colours."""
    if not colour:
        yield from folded(f"{clean(before)}>>{clean(sentence)}<<{clean(after)}", width)
        return
    inside = False
    # Cleaned text holds no control characters: two of them mark the ends while the lines are broken.
    for line in folded(f"{clean(before)}\x02{clean(sentence)}\x03{clean(after)}", width):
        opened = ("\x02" if inside else "") + line
        inside = opened.rfind("\x02") > opened.rfind("\x03")
        closed = opened + ("\x03" if inside else "")
        yield closed.replace("\x02", "\x1b[1;30;43m").replace("\x03", "\x1b[0m")


def prepare_streams() -> None:
    """Standard output and error never fail on a character that the terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def say(message: str) -> None:
    """One line for a person on standard error."""
    print(clean(message), file=sys.stderr)
