"""OPML ⇄ subscriptions. Reading is locked down (R22) and loses no feed; writing keeps what OPML cannot say.

An outline with `xmlUrl` is a subscription, the titles of the outlines around it are its folder. What only we
know of a source (its name, kind, selector, zone, interval) stands in attributes of a namespace of our own,
which other programs skip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from scraper.entries import text
from scraper.errors import NotAFeed, Word
from scraper.lockedxml import attributes, check_size, local_name, looks_like_html, tree_of
from scraper.urls import is_web

NAMESPACE = "urn:claims-monitor:source"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of an OPML file. `folder` is the titles around it joined by "/"; `own` our own attributes."""

    url: str
    title: str = ""
    folder: str = ""
    home: str = ""
    lang: str = ""
    own: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlines:
    """What an OPML file holds, in its order; `unusable` are outlines whose address we would never open.

    `degraded` says why the markup had to be repaired, empty where it was sound.
    """

    subscriptions: tuple[Subscription, ...]
    unusable: tuple[Subscription, ...] = ()
    degraded: str = ""


def read_opml(body: bytes, name: str) -> Outlines:
    """The subscriptions of a file called `name`. Raises NotAFeed where it is no OPML."""
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        raise NotAFeed(f"{name} is empty", name, Word.EMPTY)
    check_size(body, name)
    if looks_like_html(body):
        raise NotAFeed(f"{name} is a web page, not OPML", name, Word.HTML)
    degraded = ""
    try:
        root = tree_of(body, name)
    except NotAFeed as error:
        if error.word is not Word.PARSE:
            raise
        degraded, root = str(error), tree_of(body, name, recover=True)
    if local_name(root) != "opml":
        raise NotAFeed(f"{name} is XML, but not OPML", name)
    found = [one for top in root if local_name(top) == "body" for one in _outlines(top, ())]
    good = tuple(one for one in found if is_web(one.url))
    return Outlines(good, tuple(one for one in found if not is_web(one.url)), degraded)


def _outlines(node: etree._Element, folder: tuple[str, ...]) -> Iterator[Subscription]:
    for outline in node:
        if local_name(outline) != "outline":
            continue
        said = {key.lower(): text(value) for key, value in attributes(outline).items()}
        title = said.get("title") or said.get("text", "")
        url = said.get("xmlurl", "")
        if url:
            yield _subscription(outline, said, url, title, folder)
        # An outline may be a feed and hold others.
        inner = folder if url or not title else (*folder, title.replace("/", "-"))
        yield from _outlines(outline, inner)


def _subscription(
    outline: etree._Element, said: dict[str, str], url: str, title: str, folder: tuple[str, ...]
) -> Subscription:
    prefix = f"{{{NAMESPACE}}}"
    own = {
        key.removeprefix(prefix): text(value) for key, value in attributes(outline).items() if prefix in key
    }
    url = "https://" + url[7:] if url.lower().startswith("feed://") else url.removeprefix("feed:")
    path = "/".join(folder) or said.get("category", "").split(",")[0].strip("/ ")
    return Subscription(url, title, path, said.get("htmlurl", ""), said.get("language", ""), own)


def write_opml(subscriptions: Iterable[Subscription], title: str) -> bytes:
    """An OPML 2.0 file, with an outline for each folder."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"claims": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _sound(title)
    folders: dict[str, etree._Element] = {"": etree.SubElement(root, "body")}
    for one in subscriptions:
        outline = etree.SubElement(_folder(folders, one.folder), "outline")
        plain = {
            "type": "rss",
            "text": one.title,
            "title": one.title,
            "xmlUrl": one.url,
            "htmlUrl": one.home,
            "language": one.lang,
        }
        own = {f"{{{NAMESPACE}}}{key}": value for key, value in one.own.items()}
        for key, value in (plain | own).items():
            if value:
                outline.set(key, _sound(value))
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def _folder(folders: dict[str, etree._Element], path: str) -> etree._Element:
    """The outline of a folder, made with those around it where it is not there yet."""
    if path not in folders:
        above, _, name = path.rpartition("/")
        outline = etree.SubElement(_folder(folders, above), "outline")
        outline.set("text", _sound(name))
        outline.set("title", _sound(name))
        folders[path] = outline
    return folders[path]


def _sound(value: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("", value)
