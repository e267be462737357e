"""Claims as an Atom feed (RFC 4287), for a feed reader that follows a search.

An entry's id is made of the article's address and what the claim says, so that it stays the same when the
article is read again, or the feed written from another ledger. Its `updated` is when it was first seen.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from claims import wording
from claims.fragment import link_to
from claims.terminal import clean, one_line
from db.search import Hit
from extractors.claim import Claim

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Two code points that XML 1.0 has no room for, and that a terminal does not mind.
_UNFIT = re.compile("[\ufffe\uffff]")
# An empty feed has changed at no time; readers want a date all the same.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom(hits: Sequence[Hit], seen: Mapping[int, datetime], query: str) -> bytes:
    """The feed of these hits; `seen` says when each was first seen, `query` what was searched for."""
    feed = ET.Element("feed", xmlns=_ATOM)
    _text(feed, "title", f"Claims: {query}" if query else "Claims")
    _text(feed, "id", uuid5(NAMESPACE_URL, f"claims feed {query}").urn)
    instants = [seen[hit.id] for hit in hits if hit.id in seen]
    _text(feed, "updated", _instant(max(instants, default=_NEVER)))
    _text(ET.SubElement(feed, "author"), "name", "claims")
    _text(feed, "generator", "claims")
    for identity, hit in _once(hits):
        _add_entry(feed, identity, hit, seen.get(hit.id, _NEVER))
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _once(hits: Sequence[Hit]) -> Iterator[tuple[str, Hit]]:
    """Each id once: an article may say a thing twice."""
    met: set[str] = set()
    for hit in hits:
        identity = uuid5(NAMESPACE_URL, f"{hit.url}\n{_said(hit.claim)}").urn
        if identity not in met:
            met.add(identity)
            yield identity, hit


def _said(claim: Claim) -> str:
    """What the claim says, without what differs from reading to reading."""
    record = claim.record()
    kept = ("kind", "subject", "object", "equivalent", "quantity", "unit", "due", "status", "counterparty")
    return repr([(name, record[name]) for name in kept])


def _add_entry(feed: ET.Element, identity: str, hit: Hit, seen: datetime) -> None:
    entry = ET.SubElement(feed, "entry")
    _text(entry, "title", wording.sentence(hit.claim))
    _text(entry, "id", identity)
    _text(entry, "updated", _instant(seen))
    if hit.published:
        _text(entry, "published", f"{hit.published}T00:00:00Z")
    sentences = [evidence.text for evidence in hit.claim.evidence] or [hit.title]
    address = clean(hit.url)
    if address.startswith(("https://", "http://")):
        href = _fit(link_to(address, sentences[0]))
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=href)
    for term in (hit.claim.kind, hit.claim.status):
        ET.SubElement(entry, "category", term=str(term))
    _add_content(entry, hit, sentences)


def _add_content(entry: ET.Element, hit: Hit, sentences: Sequence[str]) -> None:
    """The evidence and where it stands."""
    content = ET.SubElement(entry, "content", type="xhtml")
    inner = ET.SubElement(content, "div", xmlns=_XHTML)
    for sentence in sentences:
        quote = ET.SubElement(inner, "blockquote", {_LANG: hit.lang})
        _text(quote, "p", sentence)
    where = ", ".join(part for part in (hit.source, str(hit.published or ""), hit.title) if part)
    _text(inner, "p", where)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _fit(one_line(text))


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
