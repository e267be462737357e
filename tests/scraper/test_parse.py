"""Page → Article: faithful text, the right title, date, language, address; hostile pages over quickly."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from scraper.article import Article, Origin, Page, Precision
from scraper.errors import NotAnArticle, ScraperError
from scraper.outlets import OutletError, load
from scraper.parse import detect_language, parse
from tests.scraper.conftest import SENTENCE, article_html

URL = "https://probe.example/a"


def page(body: str | bytes, url: str = URL, kind: str = "text/html; charset=utf-8") -> Page:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return Page(url, 200, raw, datetime(2026, 11, 22, 12, tzinfo=UTC), {"content-type": kind})


def read(body: str | bytes, **options: str) -> Article:
    return parse(page(body), **options)  # type: ignore[arg-type]


def test_paragraphs_are_faithful() -> None:
    first = "Das Werk kostet rund 5,5&nbsp;Mrd. Euro, sagte <a href='/x'>Erika Muster</a> dem <b>Blatt</b>."
    html = article_html().replace("<article>", f"<article><p>{first}</p><h2>Zwischen&shy;titel</h2>", 1)
    text = read(html).text
    paragraphs = text.split("\n\n")
    assert "Das Werk kostet rund 5,5 Mrd. Euro, sagte Erika Muster dem Blatt." in paragraphs
    assert SENTENCE.format(3) in paragraphs
    assert all(paragraph == paragraph.strip() and "\n" not in paragraph for paragraph in paragraphs)


LEAD = "Der Bau beginnt im Frühjahr und kostet rund 4 Milliarden Euro, sagt die Leitung."


@pytest.mark.parametrize(
    ("described", "shown", "first"),
    [
        (LEAD, f"<div class='intro'><span>{LEAD}</span></div>", LEAD),
        (LEAD, "", SENTENCE.format(3)),
        ("Anmelden", "<p>Anmelden</p>", SENTENCE.format(3)),
        (SENTENCE.format(4), "", SENTENCE.format(3)),
    ],
    ids=["shown", "not shown", "a label", "in the text already"],
)
def test_the_lead_comes_first_where_readers_see_it(described: str, shown: str, first: str) -> None:
    html = article_html(head=f'<meta name="description" content="{described}">')
    text = read(html.replace("<article>", f"<header>{shown}</header><article>", 1)).text
    assert text.split("\n\n")[0] == first
    assert text.count(LEAD) == (1 if first == LEAD else 0)


def test_the_title_stands_apart() -> None:
    article = read(article_html("Beispielwerk plant Rechenzentrum"))
    assert article.title == "Beispielwerk plant Rechenzentrum"
    assert not article.text.startswith(article.title)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<meta property='og:title' content='Was die Leser sehen'>", "Was die Leser sehen"),
        (
            "<script type='application/ld+json'>"
            '{"@type": "NewsArticle", "headline": "Die &quot;Schlagzeile&quot; des Blattes"}</script>',
            'Die "Schlagzeile" des Blattes',
        ),
        ("<meta property='og:title' content='Suchwort: Rechenzentrum'>", "Suchwort: Rechenzentrum"),
        ("<script type='application/ld+json'>{broken</script>", "Für die Suche gemacht"),
    ],
)
def test_the_editors_headline_wins(head: str, title: str) -> None:
    assert read(article_html("Für die Suche gemacht", head)).title == title


@pytest.mark.parametrize(
    ("head", "at", "origin", "precision"),
    [
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "datePublished": '
            '"2026-11-01T00:00:00Z"}, {"@type": "NewsArticle", '
            '"datePublished": "2026-11-20T08:00:00+01:00"}]}</script>',
            "2026-11-20T07:00",
            Origin.JSON_LD,
            Precision.MINUTE,
        ),
        (
            "<meta name='date' content='2026-11-20T08:00:00'>",
            "2026-11-20T07:00",
            Origin.META,
            Precision.MINUTE,
        ),
        ("<meta name='date' content='20.11.2026'>", "2026-11-19T23:00", Origin.META, Precision.DAY),
        (
            "<meta name='date' content='2026-11-20'></head><body><time datetime='2026-11-20T08:00'>x</time>",
            "2026-11-20T07:00",
            Origin.TIME_TAG,
            Precision.MINUTE,
        ),
        (
            "<meta name='date' content='2026-11-20'></head><body><time datetime='2026-11-01T08:00'>x</time>",
            "2026-11-19T23:00",
            Origin.META,
            Precision.DAY,
        ),
        (
            "<meta name='date' content='2099-11-20'></head><body><time datetime='2026-11-20T08:00'>x</time>",
            "2026-11-20T07:00",
            Origin.TIME_TAG,
            Precision.MINUTE,
        ),
    ],
    ids=["json-ld", "meta", "day", "minute of the same day", "other day", "future"],
)
def test_dates(head: str, at: str, origin: Origin, precision: Precision) -> None:
    found = read(article_html(head=head), zone="Europe/Berlin").published
    assert found is not None
    assert (found.at.isoformat()[:16], found.origin, found.precision) == (at, origin, precision)


def test_no_date_is_none() -> None:
    assert read(article_html()).published is None


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (SENTENCE.format(3), "de"),
        ("The company will open its new data centre in Ohio by the end of 2027, it said on Tuesday.", "en"),
        ("Meta kauft 350.000 GPUs", "de"),
        ("Le groupe va construire un nouveau centre de données près de Lyon avant la fin de 2027.", None),
        ("La empresa construirá un nuevo centro de datos cerca de Madrid antes de que acabe el año.", None),
        ("Firma zbuduje nowe centrum danych pod Warszawą do końca przyszłego roku, podał rzecznik.", None),
        ("株式会社は来年末までに新しいデータセンターを建設すると発表しました。東京の近くです。", None),
        ("", None),
        ("123 456 --- !!!", None),
        ("\0\ud800", None),
    ],
)
def test_languages(text: str, lang: str | None) -> None:
    assert detect_language(text) == lang


def test_another_language_keeps_its_own_code() -> None:
    french = "<p>Le groupe va construire un centre de données près de Lyon avant 2028, selon {0} élus.</p>"
    text = "".join(french.format(number) for number in range(6))
    html = f"<html><body><article><h1>Un titre</h1>{text}</article></body></html>"
    assert read(html, lang="de").lang == "fr"


def test_a_page_that_names_the_wrong_language_is_read_in_its_own() -> None:
    english = (
        "<p>The company will open {0} new halls near the river by the end of 2027, it said on Tuesday.</p>"
    )
    text = "".join(english.format(number) for number in range(3, 9))
    html = f"<html lang='de'><body><article><h1>A title in English</h1>{text}</article></body></html>"
    assert read(html, lang="de").lang == "en"
    assert read(article_html(lang="en")).lang == "de"


def test_authors_and_canonical() -> None:
    head = (
        '<script type="application/ld+json">{"@type": ["NewsArticle"], "author": [{"name": "Erika Muster"}, '
        '{"name": "Max Probe"}, "https://probe.example/x", 7, null]}</script>'
        "<link rel='canonical' href='https://www.probe.example/own?utm_source=x'>"
    )
    article = read(article_html(head=head))
    assert article.authors == ("Erika Muster", "Max Probe")
    assert (article.url, article.fetched_url) == ("https://www.probe.example/own", URL)


@pytest.mark.parametrize(
    ("charset", "kind"),
    [
        ("utf-8", "text/html"),
        ("utf-8", "text/html; charset=utf-8"),
        ("cp1252", "text/html; charset=iso-8859-1"),
        ("cp1252", "text/html"),
        ("utf-8", "text/html; charset=us-ascii"),
        ("utf-8", "text/html; charset=nonsense"),
    ],
)
def test_charsets(charset: str, kind: str) -> None:
    html = article_html("Größe über Straße – „Käse“")
    article = parse(page(html.encode(charset), kind=kind))
    assert article.title == "Größe über Straße – „Käse“"


@pytest.mark.parametrize(
    "body", ["", " \n ", "<html></html>", "<p></p>", "<!-- -->", "<html><body><nav>Start</nav>"]
)
def test_pages_without_text(body: str) -> None:
    with pytest.raises(ScraperError):
        read(body)


HOSTILE = {
    "unclosed paragraphs": "<html><body>" + "<p>" * 400_000,
    "attributes": "<html><body><p " + " ".join(f"a{n}='1'" for n in range(200_000)) + ">x</p>",
    "nested": "<html><body>" + "<div>" * 50_000 + "x",
    "nested below the cap": "<html><body>" + "<div>" * 5_000 + "word " * 100,
    "open tags": "<html><body>" + "<a" * 500_000,
    "spans": "<html><body><p>" + "<span>" * 55_000,
    "formats": "<html><body><p>" + "<b><i>" * 25_000 + "x",
    "json": "<html><script type='application/ld+json'>" + "[" * 100_000 + "</script><body><p>x",
    "comments": "<html><body>" + "<!--" * 100_000,
    "entities": "<html><body><p>" + "&amp;" * 500_000,
    "one word": "<html><body><p>" + "a" * 2_000_000,
    "spaces": "<html><body><p>a" + " " * 2_000_000 + "b",
    "tables": "<html><body>" + "<table><tr><td>" * 10_000 + "x",
    "lists": "<html><body>" + "<ul><li>word" * 10_000,
    "links": "<html><body><p>" + "<a href='/x'>word</a> " * 20_000,
    "breaks": "<html><body><p>" + "word<br>" * 40_000,
    "divs": "<html><body>" + "<div>some words here</div>" * 20_000,
    "surrogates and nul": "<html><body><p>" + "\0\ud800 word " * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_pages_built_to_hang_are_over_quickly(name: str) -> None:
    began = time.process_time()
    try:
        outcome = read(HOSTILE[name]).text.encode("utf-8")
    except ScraperError as refusal:
        outcome = str(refusal).encode("utf-8")
    assert outcome.strip(), "neither a text nor a reason"
    assert time.process_time() - began < 25, name


def test_a_page_too_large_says_so() -> None:
    with pytest.raises(NotAnArticle) as caught:
        read("<html><body>" + "<p>" * 400_000)
    assert caught.value.kind == "too large"


# --- outlet rules


def test_an_outlets_furniture_goes() -> None:
    noise = "<p>Der Anbieter lieferte(öffnet im neuen Fenster) , was er versprach.</p>"
    html = article_html().replace("<article>", f"<article>{noise}", 1)
    assert "lieferte, was" in parse(page(html, "https://www.golem.de/a")).text
    assert "öffnet im neuen Fenster" in read(html).text


def test_rules_end_an_article() -> None:
    (outlet,) = load('[[outlet]]\nhosts = ["a.example"]\ndrop = ["werbung"]\nend = ["mehr davon"]')
    assert outlet.filter(["eins", "Werbung", "Werbung wirkt", "Mehr davon", "zwei"]) == [
        "eins",
        "Werbung wirkt",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[outlet]]\nremove = []", "entry 1: no hosts"),
        (
            '[[outlet]]\nhosts = ["a"]\n[[outlet]]\nhosts = ["b"]\nnonsense = 1',
            "entry 2: unknown key 'nonsense'",
        ),
        ('[[outlet]]\nhosts = ["a"]\ndrop = ["("]', "entry 1, drop"),
        ('[[outlet]]\nhosts = ["a"]\nremove = ["//["]', "entry 1: remove"),
        ('[[outlet]]\nhosts = ["a"]\ncut = "x"', "'cut' must be a list"),
        ("other = 1", "only"),
        ("[[", "outlets.toml"),
    ],
)
def test_a_wrong_table_names_entry_and_key(text: str, why: str) -> None:
    with pytest.raises(OutletError, match=why):
        load(text)
