"""Who wrote an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.article import Page
from scraper.parse import parse
from tests.scraper.conftest import article_html


def data(*objects: str) -> str:
    return "".join(f'<script type="application/ld+json">{one}</script>' for one in objects)


ERIKA, MAX, IDA = "Erika Muster", "Max Probe", "Ida Beispiel"
PERSON = '{"@type": "Person", "@id": "#1", "name": "Erika Muster"}'
BYLINE = "<meta name='author' content='{}'>"


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (
            data(f'{{"@type": "Article", "author": [{{"name": "{ERIKA}"}}, {{"name": ["{MAX}"]}}]}}'),
            (ERIKA, MAX),
        ),
        (data(f'{{"@graph": [{PERSON}, {{"@type": "Article", "author": {{"@id": "#1"}}}}]}}'), (ERIKA,)),
        (data('{"@type": "Review", "author": "x"}', '{"@type": "Article", "author": "Max Probe"}'), (MAX,)),
        (BYLINE.format("Von Erika Muster, Max Probe und Ida Beispiel"), (ERIKA, MAX, IDA)),
        (BYLINE.format("By Erika Muster and Max Probe"), (ERIKA, MAX)),
        (BYLINE.format("Erika Muster (emu)"), (ERIKA,)),
        (BYLINE.format("https://probe.example/erika"), ()),
        ("</head><body><span itemprop='author'>Erika Muster</span>", (ERIKA,)),
        ("", ()),
    ],
)
def test_authors(head: str, authors: tuple[str, ...]) -> None:
    html = article_html(head=head)
    page = Page("https://probe.example/a", 200, html.encode(), datetime(2026, 11, 22, tzinfo=UTC))
    assert parse(page).authors == authors
