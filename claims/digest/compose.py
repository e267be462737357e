"""START HERE for the digest's content: a ledger and a window → a mail's subject, text and HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from claims.digest.layout import Image, as_html, as_text
from claims.digest.page import Page, page
from claims.digest.pictures import chart
from claims.digest.tongue import Tongue, tongue
from claims.digest.window import Recipient, Window
from db.digest import Brought, brought
from db.search import Query
from scraper.health import Health


@dataclass(frozen=True, slots=True)
class Composed:
    """What a mail says; `images` are named by the HTML."""

    subject: str
    text: str
    html: str
    images: tuple[Image, ...] = ()
    language: str = "en"


# Gmail cuts a mail off at 102 kB. This is for all of it as it is sent: both texts, the picture, the headers.
LARGEST = 100_000
MOST_ITEMS = 10


def compose(
    path: Path,
    window: Window,
    recipient: Recipient | None = None,
    *,
    language: str = "en",
    zone: tzinfo = UTC,
    now: datetime | None = None,
    most: int = MOST_ITEMS,
) -> Composed | None:
    """What the window brought this recipient, or None where there is nothing to say.

    `language` is what the mail's own words are in unless the recipient has one; claims stay in the language
    of their source. `zone` decides which day an instant falls on; dues count from `now`, or from the window's
    end where that is over. `most`: statements in the first part, half as many in others; fewer where the
    mail would be too large. Raises BadQuery, LedgerError.
    """
    words = tongue((recipient and recipient.language) or language)
    query = recipient.query if recipient else ""
    today = min(now or datetime.now(UTC), window.end).astimezone(zone).date()
    found = brought(
        path,
        window.start,
        window.end,
        query=Query(words=query),
        today=today,
        lapsed=window.lapsed(zone),
        most=most,
    )
    if not (found.claimed or (not query and _lost(found))):
        return None
    pictures = chart(path, found, words)
    for items in _fewer(most):
        laid_out = page(found, window, tongue=words, zone=zone, today=today, query=query, most=items)
        composed = _composed(laid_out, words, pictures)
        if weight(composed) <= LARGEST:
            break
    return composed


def _lost(found: Brought) -> bool:
    """Whether sources say nothing any more, which who reads all of them must know."""
    return any(one.condition.health is not Health.DEGRADED for one in found.sources)


def _composed(laid_out: Page, words: Tongue, pictures: tuple[Image, ...]) -> Composed:
    return Composed(
        subject=_subject(laid_out, words),
        text=as_text(laid_out),
        html=as_html(laid_out, pictures),
        images=pictures,
        language=words.lang,
    )


def _subject(laid_out: Page, words: Tongue) -> str:
    if laid_out.lead is None:
        return words.say("mail", "subject_short", period=laid_out.period)
    return words.say("mail", "subject", period=laid_out.period, lead=laid_out.lead.headline)


def _fewer(most: int) -> list[int]:
    """Ever fewer items, down to one, which always fits: everything has its longest length."""
    return [most, *(items for items in (50, 30, 20, 14, 10, 7, 5, 3, 2, 1) if items < most)]


def weight(composed: Composed) -> int:
    """Bytes of the mail as it is sent."""
    from claims.digest.message import message

    return len(message(composed, sender="claims@example.org", recipient="reader@example.org").as_bytes())
