"""A page as HTML and as plain text, by the templates of this folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from css_inline import CSSInliner
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from claims.digest.page import Page

COLUMNS = 78


@dataclass(frozen=True, slots=True)
class Image:
    """A picture inside the mail, known by `cid`; `alt` says what it shows."""

    cid: str
    png: bytes
    alt: str


def as_html(page: Page, images: Sequence[Image]) -> str:
    """The mail's HTML: styles on the elements themselves, which is all that some readers of mail look at.

    The rules for a dark screen have no other place than the head.
    """
    return _inliner().inline(_templates().get_template("mail.html").render(page=page, images=images))


def as_text(page: Page) -> str:
    """The mail's plain text, no line of it wider than 78 columns."""
    return _templates().get_template("mail.txt").render(page=page).strip("\n") + "\n"


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("claims.digest", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"fold": fold, "rule": lambda title: "-" * min(_columns(title), COLUMNS)}
    return found


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, minify_css=True)


def fold(text: str, left: str = "", first: str | None = None) -> str:
    """The text on lines of 78 columns led by `left`, the first by `first`; what is longer is broken.

    A long address is broken as well: within its angle brackets the breaks do not count (RFC 3986, C).
    """
    lines = list(_lines(text.split(" "), COLUMNS - len(left)))
    start = left if first is None else first
    return "\n".join((start if not number else left) + line for number, line in enumerate(lines))


def _lines(words: list[str], width: int) -> Iterator[str]:
    line, used = "", 0
    for word in words:
        wide = _columns(word)
        if line and used + 1 + wide <= width:
            line, used = f"{line} {word}", used + 1 + wide
            continue
        if line:
            yield line
        *whole, line = _pieces(word, width) if wide > width else [word]
        yield from whole
        used = _columns(line)
    if line:
        yield line


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces that each fit on a line."""
    pieces, used = [""], 0
    for character in word:
        wide = _columns(character)
        if used + wide > width:
            pieces.append("")
            used = 0
        pieces[-1] += character
        used += wide
    return pieces


def _columns(text: str) -> int:
    """How wide it is where letters are one column wide: East Asian ones are two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )
