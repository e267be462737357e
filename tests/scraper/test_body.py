"""The article's own text: what goes, and beside each thing that goes, the like of it that stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.html import fromstring

from scraper.article import Page
from scraper.furniture import class_parts, furniture, load
from scraper.outlets import OutletError
from scraper.parse import parse
from tests.scraper.conftest import SENTENCE, article_html

FIRST = SENTENCE.format(3)


def text_of(html: str, url: str = "https://probe.example/a") -> list[str]:
    page = Page(
        url, 200, html.encode(), datetime(2026, 11, 22, 12, tzinfo=UTC), {"content-type": "text/html"}
    )
    return parse(page).text.split("\n\n")


def with_end(markup: str) -> str:
    return article_html().replace("</article>", f"{markup}</article>")


def with_start(markup: str) -> str:
    return article_html().replace("</h1>", f"</h1>{markup}", 1)


GONE = [
    "Lesen Sie auch: Wie das Beispielwerk die Stadt verändert",
    "Abonnieren Sie jetzt unseren Newsletter, dann wissen Sie mehr.",
    "Mit dem Newsletter informiert Sie die Redaktion täglich über das Wichtigste. Hier geht's zur Anmeldung!",
    "Die mit einem Symbol gekennzeichneten Links sind Affiliate-Links. Wir erhalten eine Provision.",
    "Stand: 22.11.2026, 06:00 Uhr",
    "Fehler gefunden? Jetzt melden.",
    "(dpa/abc)",
    "mit Material von dpa",
    "Jetzt mit dem Probe-Abo weiterlesen",
    "Foto: Erika Muster",
    "We may earn a commission if you buy through our links.",
    "Sign up for our newsletter and get the news in your inbox.",
    "Read more: How the works changed the town",
    "This story originally appeared in Probeblatt.",
    "Subscribe to continue reading this article",
]
STAYS = [
    "Das Beispielwerk gibt seit 2024 einen Newsletter mit 40.000 Lesern heraus.",
    "Auf Facebook, Instagram und WhatsApp folgen dem Beispielwerk 3 Millionen Menschen.",
    "Das Unternehmen will 2.000 Abonnenten für seinen Podcast gewinnen.",
    "Quelle: Das Werk nennt 300 Megawatt, die Behörde aber nur 200, und beide Zahlen stammen aus dem Juni.",
    "Die Anzeige wurde im Mai zurückgezogen.",
    "The company will subscribe 40 million shares and sign up 300 customers by 2027.",
    "Read-only memory costs 40 dollars a unit, the company said.",
    "Der Vertrag mit der dpa läuft bis 2028.",
    "»Wir bauen 300 Hallen!«, sagte die Leiterin.",
]


@pytest.mark.parametrize("line", GONE)
def test_furniture_goes(line: str) -> None:
    text = text_of(with_end(f"<p>{line}</p><p>{SENTENCE.format(9)}</p>"))
    assert line not in text
    assert SENTENCE.format(9) in text


@pytest.mark.parametrize("line", STAYS)
def test_sentences_like_furniture_stay(line: str) -> None:
    assert line in text_of(with_end(f"<p>{line}</p><p>{SENTENCE.format(9)}</p>"))


def test_entries_that_only_link_go_and_sentences_with_links_stay() -> None:
    links = "".join(
        f"<li><strong>Werk:</strong> <a href='/{n}'>Was aus Halle {n} wird</a></li>" for n in range(4)
    )
    facts = "<li>Beschleuniger: <a href='/x'>300</a> Stück je Halle, geliefert ab Mai</li>"
    facts += "<li>Strom: 40 Megawatt</li>"
    text = text_of(with_end(f"<ul>{links}</ul><ul>{facts}</ul><p>{SENTENCE.format(9)}</p>"))
    assert not [line for line in text if "Was aus Halle" in line]
    assert "Strom: 40 Megawatt" in text
    assert "Beschleuniger: 300 Stück je Halle, geliefert ab Mai" in text


def test_a_heading_that_links_to_itself_stays() -> None:
    text = text_of(with_end(f"<h2 id='x'><a href='#x'>So geht es weiter</a></h2><p>{SENTENCE.format(9)}</p>"))
    assert "So geht es weiter" in text


def test_an_element_named_as_furniture_goes_only_while_it_is_small() -> None:
    box = f"<div class='go-newsletter-box'><p>{SENTENCE.format(8)}</p></div>"
    assert SENTENCE.format(8) not in text_of(with_end(box))
    start, end = "</h1><div class='newsletter'>", "</div></article>"
    whole = article_html().replace("</h1>", start, 1).replace("</article>", end)
    assert FIRST in text_of(whole)


def test_what_stands_over_the_first_sentence_goes() -> None:
    over = "<p>Wirtschaft</p><p>Von Erika Muster</p><p>22.11.2026, 08:00 Uhr</p>"
    assert text_of(with_start(over))[0] == FIRST


def test_the_title_with_a_line_above_it_is_not_repeated() -> None:
    html = article_html().replace(
        "<article>", "<article><p>Werk am Fluss: Beispielwerk plant Rechenzentrum</p>"
    )
    assert text_of(html)[0] == FIRST


def test_key_facts_in_a_list_stay_at_the_top_and_at_the_end() -> None:
    facts = "<ul><li>300 Beschleuniger bis 2027</li><li>40 Megawatt Leistung</li></ul>"
    assert "300 Beschleuniger bis 2027" in text_of(with_start(facts))
    assert text_of(with_end(facts))[-1] == "40 Megawatt Leistung"


def test_a_heading_of_nothing_and_a_list_of_sources_go() -> None:
    end = "<h2>Verwendete Quellen:</h2><ul><li>Angaben des Werks</li><li>Eigene Rechnung</li></ul>"
    assert text_of(with_end(end))[-1] == SENTENCE.format(7)
    assert text_of(with_end("<h2>Mehr aus der Region</h2>"))[-1] == SENTENCE.format(7)


def test_sources_in_the_middle_end_nothing() -> None:
    text = text_of(with_end(f"<h2>Quellen:</h2><p>{SENTENCE.format(9)}</p>"))
    assert SENTENCE.format(9) in text


LEAD = "Der Bau beginnt im Frühjahr und kostet rund 4 Milliarden Euro, sagt die Leitung."


@pytest.mark.parametrize(
    "shown",
    [
        f"<p class='article-lead'>{LEAD}</p>",
        f"<div class='Article_elementLead__x1'><p>{LEAD}</p></div>",
        f"<h2 class='xy'>{LEAD}</h2>",
        f"<div class='intro'><script>track('x')</script><span>{LEAD}</span></div>",
    ],
)
def test_a_lead_is_found_without_the_pages_description(shown: str) -> None:
    html = article_html().replace(
        "<article><h1>Beispielwerk plant Rechenzentrum</h1>",
        "<h1>Beispielwerk plant Rechenzentrum</h1>" + shown + "<article>",
    )
    text = text_of(html)
    assert text[:2] == [LEAD, FIRST]


@pytest.mark.parametrize(
    "shown",
    [
        f"<figure><p>{LEAD}</p></figure>",
        f"<ul><li><p>{LEAD}</p></li></ul>",
        f"<p><a href='/x'>{LEAD}</a></p>",
        f"<p>{LEAD} Foto: Muster</p>",
        "<p>Anmelden und mitreden kann hier jeder, der ein Konto hat</p>",
    ],
)
def test_what_is_no_lead_is_not_taken_for_one(shown: str) -> None:
    html = article_html().replace(
        "<article><h1>Beispielwerk plant Rechenzentrum</h1>",
        "<h1>Beispielwerk plant Rechenzentrum</h1>" + shown + "<article>",
    )
    assert text_of(html)[0] == FIRST


def test_a_box_around_the_text_is_no_lead() -> None:
    inner = f"<span>Von der Redaktion. {FIRST}</span>"
    html = article_html().replace("<article>", f"<div class='intro'>{inner}</div><article>", 1)
    text = text_of(html)
    assert sum(SENTENCE.format(3)[:60] in line for line in text) == 1


def test_a_page_laid_out_in_tables_is_read() -> None:
    rows = "".join(f"<p>{SENTENCE.format(number)}</p>" for number in range(3, 9))
    table = f"<table><tr><td>{rows}</td></tr></table>"
    html = f"<html><head><title>Ein Werk</title></head><body>{table}</body></html>"
    assert any(FIRST in line for line in text_of(html))


def test_a_large_first_letter_belongs_to_its_word() -> None:
    html = article_html().replace(
        "<p>Das Beispielwerk", "<p><span class='initial'>D</span>as Beispielwerk", 1
    )
    assert text_of(html)[0] == FIRST


def test_the_text_in_json_ld_counts_where_the_page_shows_none() -> None:
    body = "\\n".join(SENTENCE.format(n) for n in range(3, 8))
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'
    html = f"<html><head><title>Ein Werk</title>{data}</head><body><div>Bitte warten Sie.</div></body></html>"
    assert text_of(html)[0] == FIRST
    shown = article_html(head=data.replace("Beispielwerk", "Anderswerk"))
    assert "Anderswerk" not in " ".join(text_of(shown))


def test_class_names_come_apart() -> None:
    element = fromstring("<p class='mediaInfo_box go-newsletter' id='TopTeaser'>x</p>")
    assert class_parts(element) >= {"mediainfo", "media", "info", "box", "newsletter", "topteaser", "teaser"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[de]\ndrop = ['(']", "drop"),
        ("[de]\nnonsense = []", r"\[de\] may hold"),
        ("[classes]\nlead = 'x'", "'lead' must be a list"),
        ("[[", "furniture.toml"),
    ],
)
def test_a_wrong_table_names_its_place(text: str, why: str) -> None:
    with pytest.raises(OutletError, match=why):
        load(text)


def test_the_shipped_table_has_both_languages() -> None:
    assert furniture().drop.fullmatch("Werbung")
    assert furniture().drop.fullmatch("Advertisement")
    assert not load("").drop.fullmatch("")
