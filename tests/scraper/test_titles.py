"""Which of a page's own headlines is the editors'."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from scraper.markup import linked_data
from scraper.titles import choose_title

NEWS, SEARCH, SOCIAL = "Werk baut am Fluss", "Beispielwerk: Alles zum Bau", "So groß wird das neue Werk"


def page(window: str, og: str, data: str, heading: str, body: str = "") -> str:
    headline = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{data}"}}</script>'
    head = f"<title>{window}</title><meta property='og:title' content='{og}'>{headline if data else ''}"
    return f"<html><head>{head}</head><body><h1>{heading}</h1>{body}<p>Text.</p></body></html>"


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (page(NEWS, SOCIAL, NEWS, NEWS), NEWS),
        (page(SEARCH, NEWS, SEARCH, SEARCH, f"<h2>{NEWS}</h2>"), NEWS),
        (page(NEWS, SOCIAL, NEWS, NEWS, f"<aside><h2>{SOCIAL}</h2></aside>"), NEWS),
        (page(NEWS, SOCIAL, NEWS, NEWS, f"<a href='/x'><span>{SOCIAL}</span></a>"), NEWS),
        (page(SEARCH, SEARCH, NEWS, SEARCH), NEWS),
        (page(SEARCH, NEWS, NEWS, SEARCH), NEWS),
        (page(f"{NEWS} | Probeblatt", NEWS, "", f"Am Fluss {NEWS}"), NEWS),
        (page(NEWS, "", "", NEWS), NEWS),
    ],
    ids=[
        "og:title alone and unseen",
        "og:title alone but shown",
        "shown in the margin only",
        "shown in a link only",
        "JSON-LD against the rest",
        "both against the search title",
        "a line above in h1",
        "nothing but h1",
    ],
)
def test_the_editors_headline(html: str, title: str) -> None:
    tree = document_fromstring(html)
    assert choose_title(tree, linked_data(tree)) == title
