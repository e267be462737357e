"""A file on this machine → Article. HTML or plain text, told apart by content, never by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from scraper.article import Article, Instant, Page
from scraper.errors import TooLarge, UnreadableFile, Word
from scraper.language import identify
from scraper.markup import decode
from scraper.parse import parse
from scraper.titles import tidy
from scraper.urls import clean

MAX_FILE = 8 * 1024 * 1024  # bytes
MAX_TITLE = 250  # characters; a longer first line is a paragraph

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_BLOCKS = re.compile(r"</(?:p|div|article|h[1-6])\s*>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_KINDS = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a zip archive"), (b"\x1f\x8b", "packed with gzip"))


def read_file(
    path: Path,
    *,
    url: str | None = None,
    published: date | Instant | None = None,
    lang: str | None = None,
    title: str | None = None,
    zone: str = "UTC",
    parser: Callable[..., Article] = parse,
) -> Article:
    """The article in a file. What is given counts more than what the file says.

    A text file's first line is its title where none is given, a blank line follows and the line is short.
    `parser` reads web pages, as in `collect`.
    Raises UnreadableFile, TooLarge or another ScraperError; the message names the file.
    """
    body = _bytes(path)
    text = _decoded(body, path)
    address = url or path.resolve().as_uri()
    if is_html(text):
        found = parser(_page(address, text), lang=lang, zone=zone)
    else:
        found = _plain(text, address, title, path)
    instant = _instant(published) or found.published
    return Article(
        url=clean(url) if url else address if not is_html(text) else found.url,
        title=title or found.title,
        text=found.text,
        lang=lang or found.lang,
        published=instant,
        authors=found.authors,
        fetched_url=address,
    )


def is_html(text: str) -> bool:
    """Whether a text is a web page or a piece of one: a document's first tag, or several closed blocks."""
    head = text[:4000].removeprefix("\ufeff")
    return bool(_HTML.match(head)) or (head.lstrip().startswith("<") and len(_BLOCKS.findall(text)) >= 2)


def _bytes(path: Path) -> bytes:
    where = str(path)
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise UnreadableFile(f"{path}: there is no such file", where) from None
    except IsADirectoryError:
        raise UnreadableFile(f"{path}: this is a folder, not a file", where) from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{path}: cannot be read: {error}", where) from error
    if len(body) > MAX_FILE:
        raise TooLarge(f"{path}: larger than {MAX_FILE // 1024 // 1024} MB", where)
    if not body.strip():
        raise UnreadableFile(f"{path}: the file is empty", where, Word.EMPTY)
    return body


def _decoded(body: bytes, path: Path) -> str:
    """The text of a file, or a sentence on why it is none."""
    for mark, name in _KINDS:
        if body.startswith(mark):
            raise UnreadableFile(f"{path}: this is {name}, not text", str(path))
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in body and not wide:
        raise UnreadableFile(f"{path}: binary data, not text", str(path))
    text = decode(body)
    # A text in an old encoding holds no control characters; one in a thousand is a damaged file.
    if len(_CONTROL.findall(text)) > len(text) / 1000:
        raise UnreadableFile(f"{path}: binary data, not text", str(path))
    return text


def _page(address: str, text: str) -> Page:
    return Page(address, 200, text.encode(), datetime.now(UTC), {"content-type": "text/html; charset=utf-8"})


def _plain(text: str, address: str, title: str | None, path: Path) -> Article:
    paragraphs = paragraphs_of(text)
    if (
        title is None
        and len(paragraphs) > 1
        and "\n" not in paragraphs[0]
        and len(paragraphs[0]) <= MAX_TITLE
    ):
        title = paragraphs.pop(0)
    body = "\n\n".join(paragraphs)
    if not re.search(r"\w", body):
        raise UnreadableFile(f"{path}: no words in it", str(path), Word.EMPTY)
    return Article(address, tidy(title or ""), body, identify(f"{title or ''}\n{body}"))


def paragraphs_of(text: str) -> list[str]:
    """Split at blank lines; line ends are made one kind, trailing spaces go, the words stay as they are."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _CONTROL.sub("", text.removeprefix("\ufeff"))
    blocks = re.split(r"\n[ \t\u00a0\x0b\x0c]*\n\s*", text)
    stripped = ("\n".join(line.strip() for line in block.strip().split("\n")) for block in blocks)
    return [block for block in stripped if block]


def _instant(given: date | Instant | None) -> Instant | None:
    """A day, or a moment where one was given."""
    if given is None or isinstance(given, Instant):
        return given
    day = given.date() if isinstance(given, datetime) else given
    return Instant.of_day(day)
