"""What must hold for the claims of any article at all."""

from __future__ import annotations

import json

from extractors.pipeline import explain
from scraper.article import Article


def check(one: Article, *, twice: bool = True) -> int:
    """How many claims an article gives; each must stand in it, twice the same."""
    extraction = explain(one)
    for claim in extraction.claims:
        assert claim.evidence
        for part in claim.evidence:
            assert part.text and getattr(one, part.place)[part.start : part.end] == part.text
        assert 0.0 <= claim.confidence <= 1.0
        json.dumps(claim.record(), allow_nan=False)
    for turned_down in extraction.rejected:
        part = turned_down.evidence
        assert getattr(one, part.place)[part.start : part.end] == part.text
    if twice:
        assert explain(one) == extraction
    return len(extraction.claims)
