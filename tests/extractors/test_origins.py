"""Whose news an article tells, by sentences written for it in both languages."""

from __future__ import annotations

import pytest

from extractors.catalogue.records import CatalogueError
from extractors.claim import Claim, Evidence, Kind, Status
from extractors.origins import _checked, article_origins, claim_origins, own_outlet
from scraper.article import Article
from scraper.duplicates import RELEASE

REST = "\n\n" + "Mehr dazu im nächsten Heft. " * 40

SENTENCES: list[tuple[str, str, set[str]]] = [
    ("de", "Norvik plant 5.000 Server, berichtet das Handelsblatt.", {"Handelsblatt"}),
    ("de", "Laut Bloomberg baut Norvik ein Rechenzentrum mit 300 Megawatt.", {"Bloomberg"}),
    ("de", "Wie die Nachrichtenagentur Reuters meldet, kauft Norvik 5.000 Server.", {"Reuters"}),
    ("de", "Norvik will 5.000 Server kaufen, heißt es in einem Bloomberg-Bericht.", {"Bloomberg"}),
    ("de", "Der Süddeutschen Zeitung zufolge investiert Norvik 2 Milliarden Euro.", {"Süddeutsche Zeitung"}),
    ("de", "„Wir kaufen 5.000 Server“, sagte der Chef gegenüber heise online.", {"heise online"}),
    ("de", "Norvik kauft 5.000 Server, wie aus einer Pressemitteilung hervorgeht.", {RELEASE}),
    ("de", "Wall Street Journal und Reuters berichten davon.", {"Wall Street Journal", "Reuters"}),
    ("de", "Norvik verkauft Bloomberg 5.000 Server.", set()),
    ("de", "Norvik bestellt 5.000 Server. Laut Vertrag kommen sie im Mai.", set()),
    ("en", "Norvik plans 5,000 servers, according to the Financial Times.", {"Financial Times"}),
    ("en", "Bloomberg reports that Norvik will build a 300 MW site.", {"Bloomberg"}),
    ("en", "Norvik has ordered 5,000 servers, its chief executive told CNBC.", {"CNBC"}),
    ("en", "As first reported by The Information, Norvik is buying 5,000 servers.", {"The Information"}),
    ("en", "Norvik will spend $2 billion, theverge.com reported.", {"The Verge"}),
    ("en", "Norvik announced 5,000 servers in a press release.", {RELEASE}),
    ("en", "Norvik sold 5,000 servers to Bloomberg. According to the contract they ship in May.", set()),
    ("en", "Norvik will invite Forbes readers to see its 5,000 servers.", set()),
]  # fmt: skip


def article(text: str, lang: str = "de", **changes: object) -> Article:
    fields: dict[str, object] = {
        "url": "https://www.example.org/1", "title": "", "text": text, "lang": lang, "source": "Blatt",
    }  # fmt: skip
    return Article(**(fields | changes))  # type: ignore[arg-type]


def claim(text: str, sentence: str, speaker: str | None = None) -> Claim:
    start = text.index(sentence)
    evidence = (Evidence(start, start + len(sentence), sentence),)
    return Claim(Kind.ORDER, "Norvik", None, None, None, Status.PLANNED, evidence, speaker=speaker)


@pytest.mark.parametrize(("lang", "sentence", "named"), SENTENCES, ids=[text for _, text, _ in SENTENCES])
def test_a_sentence_names_its_source(lang: str, sentence: str, named: set[str]) -> None:
    """In the opening for the whole article; far behind it for the claim alone."""
    assert article_origins(article(sentence, lang)) == named
    deep = article(f"{'Ganz anderes. ' * 60}{sentence}{REST}", lang)
    assert article_origins(deep) == set()
    assert set(claim_origins(deep, claim(deep.text, sentence), frozenset())) == named


def test_a_credit_in_title_dateline_or_last_line() -> None:
    text = f"Norvik kauft 5.000 Server.{REST}"
    assert article_origins(article(text, title="Bloomberg: laut Insidern 5.000 Server")) == {"Bloomberg"}
    assert article_origins(article(f"BERLIN (dpa) - {text}")) == {"dpa"}
    assert article_origins(article(f"{text}\n\nQuelle: Handelsblatt")) == {"Handelsblatt"}
    assert article_origins(article(f"{text}\n\nVia The Verge", "en")) == {"The Verge"}
    assert article_origins(article(text, authors=("dpa",))) == {"dpa"}


def test_the_speaker_may_be_an_outlet() -> None:
    text = f"Norvik kauft 5.000 Server.{REST}"
    said = claim(text, "Norvik kauft 5.000 Server.", speaker="Handelsblatt")
    assert claim_origins(article(text), said, frozenset({"dpa"})) == ("Handelsblatt", "dpa")


def test_nobody_retells_himself() -> None:
    own = article("Das sagte der Chef gegenüber heise online.", url="https://www.heise.de/news/1")
    assert own_outlet(own) == "heise online"
    assert article_origins(own) == set()
    said = claim(own.text, own.text, speaker="heise online")
    assert claim_origins(own, said, frozenset()) == ()


@pytest.mark.parametrize(
    ("url", "source", "outlet"),
    [
        ("https://www.businessinsider.de/gruenderszene/1", "gruenderszene", "Business Insider"),
        ("https://www.businessinsider.com/1", "", "Business Insider"),
        ("https://news.example.org/1", "Blatt", "Blatt"),
        ("https://www.example.org/1", "", "example.org"),
        ("https://notheise.de/1", "", "notheise.de"),
        ("file:///tmp/page.html", "", "file:///tmp/page.html"),
    ],
)
def test_the_outlet_itself(url: str, source: str, outlet: str) -> None:
    assert own_outlet(article("Text.", url=url, source=source)) == outlet


def test_a_language_without_words_names_nobody() -> None:
    assert article_origins(article("Selon Bloomberg, 5 000 serveurs.", "fr")) == set()


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"name": ""}, "needs a name"),
        ({"name": "Blatt", "hosts": "blatt.de"}, "lists of texts"),
        ({"name": "Blatt", "aliases": [1]}, "lists of texts"),
        ({"name": "Blatt", "host": ["blatt.de"]}, "unknown host"),
    ],
)
def test_a_broken_entry_is_named(entry: dict[str, object], complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        _checked(entry)
