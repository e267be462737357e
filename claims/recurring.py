"""What an outlet puts under many of its articles is taken out before claims are read.

Whatever stores an article as it was fetched does it by `keep`; what reads an archived page again uses
`own_text`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from db.ledger import Ledger, Stored
from db.segments import Blocks
from scraper import segments
from scraper.article import Article

if TYPE_CHECKING:
    from claims.round import Extract


def own_text(article: Article, ledger: Ledger) -> Article:
    """The article without what its outlet puts under other articles too, by what is known of them today."""
    return segments.without_recurring(article, _memory(article, ledger))


def keep(
    article: Article, ledger: Ledger, extract: Extract, clock: Callable[[], datetime]
) -> tuple[Article, Stored]:
    """Store an article's own text with its claims, and remember its blocks; gives what was stored, and how.

    A text that the ledger has as it was fetched stays: that more is known of the outlet's blocks today makes
    no new version of it. Raises LedgerError, and what `extract` raises.
    """
    memory, outlet = _memory(article, ledger), segments.outlet_key(article)
    kept = segments.without_recurring(article, memory)
    if ledger.lacks(kept) and not ledger.lacks(article):
        kept = article
    claims, version = extract(kept) if ledger.lacks(kept) else ([], "")
    held = segments.remembered(article, memory)
    blocks = Blocks(outlet, held, segments.MAX_REMEMBERED) if outlet else None
    return kept, ledger.store(kept, claims, extractor=version, now=clock(), blocks=blocks)


def _memory(article: Article, ledger: Ledger) -> segments.Memory:
    outlet = segments.outlet_key(article)
    return ledger.segments(outlet, segments.fingerprints(article)) if outlet else {}
