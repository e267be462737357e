"""Bytes → a tree that is safe to read: decoded, limited, without network, entities or huge documents."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from scraper.article import Page
from scraper.errors import NotAnArticle, ReadError, Word

# The largest of 99 recorded news pages: 2.2 MB, 6,805 tags, 640 attributes or words in one tag but for
# embedded JSON. A page of 400,000 unclosed <p> or a tag of 200,000 attributes hangs every extractor.
MAX_BYTES = 8 * 1024 * 1024
MAX_TAGS = 60_000
MAX_WORDS_IN_TAG = 20_000
MAX_DEPTH = 200
MAX_LINKED = 200

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Characters that no XML may hold, written out or as a reference: one costs trafilatura the whole text.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,6})|0*([0-9]{1,7}))(?![0-9a-fA-F]);?")
# Python's codecs that no page is written in; the first two take quadratic time.
_NO_CHARSETS = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"}
_ESCAPES = re.compile(
    r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\ud[89a-f][0-9a-f]{2}|\\u00[01][0-9a-f]", re.IGNORECASE
)
_LEGACY = {"iso-8859-1", "iso8859-1", "latin-1", "latin1", "ascii", "us-ascii"}


def tree_of(page: Page) -> HtmlElement:
    """The page's element tree. Raises NotAnArticle for an empty page or one built to hang its reader."""
    if not page.body.strip():
        raise NotAnArticle("the page is empty", page.url)
    text = decode(page.body, page.charset)
    _check_size(text, page.url)
    text = _REFERENCE.sub(_referred, text)
    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError(f"the markup cannot be read: {error}", page.url) from error
    if _too_deep(tree):
        raise NotAnArticle("built too deep to be an article", page.url, Word.TOO_LARGE)
    return tree


def decode(body: bytes, charset: str | None = None) -> str:
    """Text by the first that reads without an error: byte order mark, UTF-8, server's word, page's, Windows.

    UTF-8 comes before what is declared: other encodings hardly ever read as UTF-8, false labels are common.
    NUL, other control characters and lone surrogates become the replacement character: libraries raise on
    them.
    """
    declared = _DECLARED.search(body[:4096])
    names = [name for mark, name in _MARKS if body.startswith(mark)]
    names += ["utf-8", charset or "", declared[1].decode("ascii") if declared else ""]
    for name in names:
        text = _try(body, "cp1252" if name.lower() in _LEGACY else name)
        if text is not None:
            return _sound(text)
    return _sound(body.decode("cp1252", "replace"))


def _try(body: bytes, name: str) -> str | None:
    if not name:
        return None
    try:
        return None if codecs.lookup(name).name in _NO_CHARSETS else body.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _sound(text: str) -> str:
    text = _FORBIDDEN.sub("\ufffd", text.removeprefix("\ufeff"))
    return text.encode("utf-8", "replace").decode("utf-8")


def _referred(match: re.Match[str]) -> str:
    """A character reference, or the replacement character where it leads to one that is forbidden."""
    number = int(match[1], 16) if match[1] else int(match[2])
    bad = number > 0x10FFFF or 0xD800 <= number < 0xE000 or _FORBIDDEN.match(chr(number))
    return "\ufffd" if bad else match[0]


def _check_size(text: str, url: str) -> None:
    if len(text) > MAX_BYTES:
        raise NotAnArticle(f"the page is larger than {MAX_BYTES} characters", url, Word.TOO_LARGE)
    pieces = text.split(">")
    if len(pieces) > MAX_TAGS:
        raise NotAnArticle(f"the page has more than {MAX_TAGS} tags", url, Word.TOO_LARGE)
    for piece in pieces:
        # Only long pieces can hold so many attributes; counting words in all of them would cost more.
        if len(piece) > 2 * MAX_WORDS_IN_TAG:
            tag = piece[piece.rfind("<") :]
            if len(tag) > 2 * MAX_WORDS_IN_TAG and len(tag.split()) > MAX_WORDS_IN_TAG:
                raise NotAnArticle("a single tag fills the page", url, Word.TOO_LARGE)


def _too_deep(tree: HtmlElement) -> bool:
    """Walks once, without recursion."""
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def linked_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """The page's JSON-LD objects, those that describe an article first; broken blocks are skipped."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            found += _objects(_json(script.text))
        if len(found) > MAX_LINKED:
            break
    return sorted(found[:MAX_LINKED], key=lambda item: not is_article(item))


def is_article(item: dict[str, Any]) -> bool:
    """Whether a JSON-LD object describes an article."""
    kinds = item.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(name, str) and name.endswith(("Article", "BlogPosting", "Report")) for name in names
    )


def _json(text: str) -> Any:
    """Sites put comments, trailing semicolons and raw line breaks around and into JSON.

    Characters that no store takes come in as escapes: lone surrogates are replaced, controls are blanks.
    """
    text = _ESCAPES.sub(lambda found: _escaped(found[0]), text)
    text = (
        re.sub(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$", "", text)
        .strip()
        .rstrip(";")
    )
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _escaped(found: str) -> str:
    if len(found) > 6:
        return found  # a pair is one character
    return " " if found[2:4] == "00" else "\\ufffd"


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Objects at the top, in lists, in `@graph` and as the main thing of a page."""
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data[:MAX_LINKED]:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(data.get(name), (list, dict)):
                yield from _objects(data[name], depth + 1)


def meta(tree: HtmlElement, *names: str) -> str:
    """The content of the first meta tag, by property or name, that is not empty; else an empty string."""
    for name in names:
        for tag in tree.iter("meta"):
            if (tag.get("property") or tag.get("name") or "").lower() == name and (
                tag.get("content") or ""
            ).strip():
                return str(tag.get("content")).strip()
    return ""
