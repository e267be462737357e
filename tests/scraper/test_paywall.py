"""Whether a page says that it shows only the beginning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.article import Page
from scraper.parse import parse
from tests.scraper.conftest import article_html


def told(answer: str, kind: str = "NewsArticle") -> str:
    data = f'{{"@type": "{kind}", "headline": "x", "isAccessibleForFree": {answer}}}'
    return f'<script type="application/ld+json">{data}</script>'


ASK = "<h2>Jetzt weiterlesen</h2>"
BOX = "<div class='c-paywall'><span>Wählen Sie eines unserer Angebote und lesen Sie alles.</span></div>"


@pytest.mark.parametrize(
    ("head", "end", "paywalled"),
    [
        (told("false"), "", True),
        (told('"False"'), "", True),
        (told("true"), ASK, False),
        (told("false", "WebPage"), "", False),
        ("<meta property='article:content_tier' content='locked'>", "", True),
        ("<meta property='article:content_tier' content='free'>", ASK, False),
        ("", ASK, True),
        ("", "<p>This post is for paid subscribers</p>", True),
        ("", BOX, True),
        ("", "<p>Das Werk will die Pläne jetzt weiterlesen lassen, sagte ein Sprecher der Stadt.</p>", False),
        ("", "", False),
    ],
)
def test_paywalls(head: str, end: str, paywalled: bool) -> None:
    html = article_html(head=head).replace("</article>", f"</article>{end}")
    page = Page("https://probe.example/a", 200, html.encode(), datetime(2026, 11, 22, tzinfo=UTC))
    assert parse(page).paywalled is paywalled


def test_a_box_on_a_long_free_page_proves_nothing() -> None:
    html = article_html(paragraphs=30).replace("</article>", f"</article>{BOX}")
    page = Page("https://probe.example/a", 200, html.encode(), datetime(2026, 11, 22, tzinfo=UTC))
    assert not parse(page).paywalled
