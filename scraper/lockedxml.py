"""XML, locked down (R22): no entities, no network, no DTD, no huge trees; size and depth counted first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from scraper.errors import NotAFeed, Word

# Every XML parser of this folder is made with these.
LOCKED = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}

_LISTINGS = frozenset({"rss", "feed", "rdf", "urlset", "sitemapindex", "opml"})

MAX_TAGS = 100_000  # 1000 entries of 25 elements each, opened and closed, with room to spare
MAX_DEPTH = 100  # feedparser needs 6.8 s for 100,000 nested tags
MAX_LOOSE = 200  # brackets that open nothing: 450 kB of them keep feedparser busy for two minutes

_TAG = re.compile(rb"<(/?)[A-Za-z_][^<>]*?(/?)>")
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
# What may stand before the first element, each taken off from the front.
_PROLOG = re.compile(
    rb"\s+|<\?.{0,2000}?\?>|<!--.{0,20000}?-->|<!DOCTYPE[^<>\[]{0,2000}(\[.{0,20000}?\]\s*)?>", re.S | re.I
)


def check_size(body: bytes, url: str) -> None:
    """Counts tags and depth before a parser sees them, in one pass; raises NotAFeed beyond the limits."""
    bare = _without_cdata(body)
    brackets = bare.count(b"<") if bare is not None else 0
    if bare is None or brackets > MAX_TAGS:
        raise NotAFeed("built too large to be a feed", url, Word.TOO_LARGE)
    depth = tags = deepest = 0
    for match in _TAG.finditer(bare):
        depth += -1 if match[1] else 0 if match[2] else 1
        deepest = max(deepest, depth)
        tags += 1
    if deepest > MAX_DEPTH and not looks_like_html(body):
        raise NotAFeed("built too deep to be a feed", url, Word.TOO_LARGE)
    if brackets - tags > MAX_LOOSE:
        raise NotAFeed(f"{brackets - tags} tags that never close", url, Word.TOO_LARGE)


def _without_cdata(body: bytes) -> bytes | None:
    """The markup without character data, which may hold any number of brackets; None where it never ends."""
    first, *rest = body.split(b"<![CDATA[")
    pieces, unclosed = [first], 0
    for piece in rest:
        _, closed, after = piece.partition(b"]]>")
        unclosed += not closed
        pieces.append(after)
    return None if unclosed > MAX_LOOSE else b"".join(pieces)


def root_name(body: bytes) -> str:
    """The first element's name in lower case without its prefix; empty where there is none."""
    body = body[:100_000]
    if b"\0" in body[:4]:  # UTF-16, where every other byte is zero
        body = body.replace(b"\0", b"")
    at = 0
    while (skipped := _PROLOG.match(body, at)) is not None:
        at = skipped.end()
    found = _ROOT.match(body, at)
    return found[1].decode("ascii", "replace").lower() if found else ""


def looks_like_html(body: bytes) -> bool:
    """Whether a web page stands where something else was asked for."""
    root, head = root_name(body), body[:2000].lower()
    if root in _LISTINGS:
        return False
    return root == "html" or b"<!doctype html" in head or b"<html" in head


def tree_of(body: bytes, url: str, *, recover: bool = False) -> etree._Element:
    """The root element. Raises NotAFeed for broken markup (unless `recover`) and for declared entities."""
    parser = etree.XMLParser(recover=recover, remove_comments=True, remove_pis=True, **LOCKED)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        raise NotAFeed(f"broken markup: {error}", url) from error
    if root is None:
        raise NotAFeed("no markup that could be repaired", url)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise NotAFeed("it declares entities, which are never expanded", url, Word.REFUSED)
    return root


def elements(body: bytes, url: str, *tags: str, recover: bool = False) -> Iterator[etree._Element]:
    """The elements of these local names as they end, each emptied afterwards: memory stays flat."""
    names = [f"{{*}}{tag}" for tag in tags]
    try:
        for _, element in etree.iterparse(BytesIO(body), tag=names, recover=recover, **LOCKED):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except (etree.LxmlError, ValueError) as error:
        raise NotAFeed(f"broken markup: {error}", url) from error


def local_name(element: etree._Element) -> str:
    """An element's name in lower case without its namespace; empty for comments and the like.

    A recovering parser leaves prefixes that nobody declared in the name: lxml's own QName refuses those.
    """
    try:
        name = element.tag
    except UnicodeDecodeError:
        return ""  # half a character in it: see text_in
    return name.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(name, str) else ""


def text_in(element: etree._Element) -> str:
    """An element's own text; a recovering parser lets halves of characters in, which cannot be read."""
    try:
        return element.text or ""
    except UnicodeDecodeError:
        return ""


def attributes(element: etree._Element) -> dict[str, str]:
    """An element's attributes, none where one of them cannot be read."""
    try:
        return {str(key): str(value) for key, value in element.attrib.items()}
    except UnicodeDecodeError:
        return {}
