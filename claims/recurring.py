"""What an outlet puts under many of its articles is taken out before claims are read; both readings do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from db.ledger import Ledger
from scraper import segments
from scraper.article import Article


def own_text(article: Article, ledger: Ledger) -> tuple[Article, Mapping[str, Sequence[str]]]:
    """The article without what its outlet puts under other articles too, and what to remember of it."""
    outlet = segments.outlet_key(article)
    if not outlet:
        return article, {}
    memory = ledger.segments(outlet, segments.fingerprints(article))
    return segments.without_recurring(article, memory), segments.remembered(article, memory)
