"""From article to claims: plain sentences of every kind, the spaCy side, and what must hold for any text."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy import displacy

from extractors.claim import Kind
from extractors.components import layers
from extractors.languages.lexicon import Lexicon, LexiconError, lexicon
from extractors.pipeline import MOST_CHARACTERS, build, explain, extract, extract_many
from scraper.article import Article, Instant

PUBLISHED = date(2024, 5, 2)

# language | sentence | kind | subject | object, where it counts | low | unit | due
PLAIN = """
en | By the end of 2025, Meta will operate 350,000 Nvidia H100 GPUs. | deployment | Meta | NVIDIA H100 | 350000 | units | -2025-12-31
de | Bis Ende 2025 will Meta 350.000 Nvidia H100 betreiben. | deployment | Meta | NVIDIA H100 | 350000 | units | -2025-12-31
en | Microsoft has ordered 40,000 Nvidia H200 GPUs. | order | Microsoft | NVIDIA H200 | 40000 | units |
de | Microsoft hat 40.000 Nvidia H200 bestellt. | order | Microsoft | NVIDIA H200 | 40000 | units |
en | Apple shipped 12 million iPads in 2023. | shipment | Apple | Apple iPad | 12e6 | units | 2023-01-01-2023-12-31
de | Apple lieferte 2023 zwölf Millionen iPads aus. | shipment | Apple | Apple iPad | 12e6 | units | 2023-01-01-2023-12-31
en | Amazon plans to spend 10 billion euros on data centers in Germany by 2026. | investment | Amazon | | 10e9 | EUR | -2026-12-31
de | Amazon will bis 2026 10 Milliarden Euro in Rechenzentren in Deutschland investieren. | investment | Amazon | | 10e9 | EUR | -2026-12-31
en | Amazon will build a 300-megawatt data center in Ohio by 2027. | power | Amazon | | 300e6 | W | -2027-12-31
de | Amazon will bis 2027 ein Rechenzentrum mit 300 Megawatt bauen. | power | Amazon | | 300e6 | W | -2027-12-31
en | The supercomputer Tavira is expected to reach 2 exaflops in 2026. | performance | Tavira | | 2e18 | FLOPS | 2026-01-01-2026-12-31
de | Der Supercomputer Tavira soll 2026 eine Rechenleistung von 2 Exaflops erreichen. | performance | Tavira | | 2e18 | FLOPS | 2026-01-01-2026-12-31
en | Apple sells the iPad Air for $599. | price | Apple | Apple iPad Air | 599 | USD |
de | Apple verkauft das iPad Air für 699 Euro. | price | Apple | Apple iPad Air | 699 | EUR |
en | Nvidia will launch the GeForce RTX 5090 in January 2025. | launch | Nvidia | NVIDIA GeForce RTX 5090 | | | 2025-01-01-2025-01-31
de | Nvidia bringt die GeForce RTX 5090 im Januar 2025 auf den Markt. | launch | Nvidia | NVIDIA GeForce RTX 5090 | | | 2025-01-01-2025-01-31
en | Spotify has 239 million paying subscribers. | users | Spotify | | 239e6 | users |
de | Spotify hat 239 Millionen zahlende Abonnenten. | users | Spotify | | 239e6 | users |
en | Intel will cut 15,000 jobs by the end of 2024. | jobs | Intel | | 15000 | jobs | -2024-12-31
de | Intel streicht bis Ende 2024 15.000 Stellen. | jobs | Intel | | 15000 | jobs | -2024-12-31
en | Nvidia expects revenue of $28 billion in the second quarter of 2024. | revenue | Nvidia | | 28e9 | USD | 2024-04-01-2024-06-30
de | Nvidia erwartet für das zweite Quartal 2024 einen Umsatz von 28 Milliarden Dollar. | revenue | Nvidia | | 28e9 | USD | 2024-04-01-2024-06-30
"""  # noqa: E501  a table
ROWS = [[cell.strip() for cell in line.split("|")] for line in PLAIN.strip().splitlines()]


def article(text: str, lang: str, title: str = "", day: date | None = PUBLISHED) -> Article:
    published = Instant.of_day(day) if day is not None else None
    return Article("https://example.org/a", title, text, lang, published)


@pytest.mark.parametrize("row", ROWS, ids=[row[1] for row in ROWS])
def test_plain_sentences_give_their_claim(row: list[str]) -> None:
    lang, text, kind, subject, thing, low, unit, due = row
    claims = [claim for claim in extract(article(text, lang)) if claim.kind == kind]
    assert len(claims) == 1, claims
    record = claims[0].record()
    assert record["subject"] == subject
    assert not thing or record["object"] == thing
    assert record["unit"] == (unit or None)
    assert record["quantity"] == ([float(low), float(low)] if low else None)
    start, end = due[:-10].rstrip("-") or None, due[-10:] or None
    assert record["due"] == ([start, end] if due else None)
    assert record["evidence"] == [text]
    assert {reason.field for reason in claims[0].reasons} >= {"kind", "subject", "due", "status"}


def test_every_kind_stands_in_the_table_in_both_languages() -> None:
    assert {(row[0], row[2]) for row in ROWS} == {(lang, kind) for lang in ("de", "en") for kind in Kind}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Zehntausende Grafikprozessoren sollen es werden."),
        ("en", "Tens of thousands of graphics processors are planned."),
        ("de", "Der Umsatz legte um 12 Prozent zu."),
        ("en", "Revenue grew by 12 percent."),
        ("de", "3 Kommentare"),
        ("en", "12 min read"),
    ],
)
def test_vague_amounts_shares_and_page_furniture_give_none(lang: str, text: str) -> None:
    assert extract(article(text, lang)) == []


@pytest.mark.parametrize("lang", ["fr", "", "und", "DE", "../de"])
def test_a_language_without_a_file_gives_none(lang: str) -> None:
    extraction = explain(article("Meta will have 350,000 H100 GPUs.", lang))
    assert (extraction.claims, extraction.rejected) == ((), ())


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\u2028"])
def test_an_empty_text_gives_none(lang: str, text: str) -> None:
    assert extract(article(text, lang)) == []


def test_a_claim_in_the_title_alone_is_found_there() -> None:
    title = "Intel streicht bis Ende 2024 15.000 Stellen"
    (claim,) = extract(article("Mehr ist nicht bekannt.", "de", title))
    assert claim.record()["spans"] == [{"in": "title", "start": 0, "end": len(title)}]


def test_many_articles_come_in_order() -> None:
    texts = [article(row[1], row[0]) for row in ROWS[:4]]
    assert [claims[0].subject for claims in extract_many(texts)] == [row[3] for row in ROWS[:4]]


def test_turned_down_amounts_keep_their_reasons() -> None:
    text = "The cafeteria served 900 lunches."
    rejected = explain(article(text, "en")).rejected
    assert [(r.what, r.evidence.text) for r in rejected] == [("900", text)]
    assert rejected[0].reasons


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Meta will buy 30,000 H100 GPUs instead of the 40,000 originally planned."),
        ("de", "Meta wird 30.000 H100-GPUs kaufen statt der geplanten 40.000."),
    ],
)
def test_a_replaced_figure_is_no_claim(lang: str, text: str) -> None:
    extraction = explain(article(text, lang))
    assert [claim.quantity.low for claim in extraction.claims if claim.quantity] == [30000]
    assert [one.reasons[-1].rule for one in extraction.rejected] == ["replaced"]


@pytest.mark.parametrize(
    ("lang", "text", "there"),
    [
        ("en", "Meta will have computing power worth 600,000 H100 GPUs by the end of 2024.", True),
        ("en", "Meta will have the equivalent of about 600,000 H100 GPUs by the end of 2024.", True),
        ("en", "Meta will have 600,000 H100 GPUs by the end of 2024.", False),
        ("de", "Meta wird bis Ende 2024 Rechenleistung im Gegenwert von 600.000 H100-GPUs haben.", True),
        ("de", "Meta wird bis Ende 2024 eine Rechenleistung haben, die rund 600.000 H100 entspricht.", True),
        ("de", "Meta wird bis Ende 2024 600.000 H100-GPUs haben.", False),
    ],
)
def test_computing_power_told_in_chips_is_in_equivalents(lang: str, text: str, there: bool) -> None:
    (claim,) = extract(article(text, lang))
    assert claim.equivalent is there


# Any text


PIECES = st.sampled_from(
    [row[1] for row in ROWS]
    + [
        "Meta",
        "H100",
        "350.000",
        "1e9",
        "bis Ende",
        "by the end of",
        "2025",
        "$",
        "Milliarden",
        "GmbH",
        "„",
        '"',
    ]
    + [
        "\n\n",
        "\x00",
        "\ud800",
        "\u202e",
        "…",
        "3.",
        "Dr.",
        "-",
        "x",
        "9" * 400,
        "million " * 60,
        "der Konzern",
        "it",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map(" ".join))
DAYS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, PUBLISHED]))


@given(title=TEXTS, text=TEXTS, lang=st.sampled_from(["de", "en"]), day=DAYS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_claims_with_true_evidence_twice_the_same(
    title: str, text: str, lang: str, day: date | None
) -> None:
    one = article(text, lang, title, day)
    extraction = explain(one)
    for found in (*extraction.claims, *extraction.rejected):
        evidence = found.evidence if isinstance(found.evidence, tuple) else (found.evidence,)
        for part in evidence:
            assert getattr(one, part.place)[part.start : part.end] == part.text
    assert explain(one) == extraction


@pytest.mark.slow
@pytest.mark.parametrize("text", [ROWS[0][1] + " ", "9 ", "((", "a "])
def test_a_megabyte_finishes(text: str) -> None:
    whole = (text * 1_000_000)[:1_000_000]
    for claim in extract(article(whole, "en")):
        assert all(part.end <= MOST_CHARACTERS for part in claim.evidence)


# The spaCy side


@pytest.mark.parametrize("name", layers.ORDER)
def test_every_component_is_a_registered_factory(name: str) -> None:
    assert spacy.blank("en").has_factory(name)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_layers_are_span_groups(lang: str) -> None:
    row = next(row for row in ROWS if row[:1] == [lang] and row[2] == "deployment")
    doc = build(lang)(row[1])
    groups = {name: [(span.text, span.label_) for span in doc.spans[name]] for name in doc.spans}
    assert ("350,000" if lang == "en" else "350.000", "count") in [
        (text.split(" ")[0], label) for text, label in groups["quantities"]
    ]
    assert "NVIDIA H100" in [label for _, label in groups["products"]]
    assert ("Meta", "company") in groups["parties"]
    assert "by" in [label for _, label in groups["dues"]]
    assert groups["cues"]
    assert [claim.kind for claim in doc._.claims] == [Kind.DEPLOYMENT]


def users_pipeline(lang: str) -> Any:
    nlp = spacy.blank(lang)
    nlp.add_pipe("sentencizer")
    for name in layers.ORDER:
        nlp.add_pipe(name)
    return nlp


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_pipeline_gives_what_extract_gives(lang: str) -> None:
    for row in ROWS:
        if row[0] == lang:
            doc = build(lang).make_doc(row[1])
            doc._.published = PUBLISHED
            assert build(lang)(doc)._.claims == explain(article(row[1], lang)).claims


def test_reading_an_article_loads_no_spacy() -> None:
    """It takes a third of the time until the first article is read, and nothing in a reading asks it."""
    reads = "from extractors.pipeline import extract; from scraper.article import Article"
    told = f"import sys; {reads}; extract(Article('u', 't', 'Meta plans 9 H100.', 'en'))"
    done = subprocess.run(
        [sys.executable, "-c", f"{told}; print('onnxruntime' in sys.modules, 'spacy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "False"]


def test_it_works_behind_the_components_of_a_user() -> None:
    texts = [row[1] for row in ROWS if row[0] == "en"]
    docs = list(users_pipeline("en").pipe(texts))
    assert [doc._.claims[0].subject for doc in docs] == [row[3] for row in ROWS if row[0] == "en"]
    for doc in docs:
        (part,) = doc._.claims[0].evidence
        assert doc.text[part.start : part.end] == part.text


def test_sentences_do_not_end_at_abbreviations() -> None:
    doc = users_pipeline("en")("Norvik Corp. paid Dr. Lunde. She left in 2026. Nothing else.")
    assert [sent.text for sent in doc.sents] == [
        "Norvik Corp. paid Dr. Lunde.",
        "She left in 2026.",
        "Nothing else.",
    ]


def test_displacy_shows_the_layers() -> None:
    doc = build("en")(ROWS[0][1])
    page = displacy.render(doc, style="span", options={"spans_key": "parties"}, jupyter=False)
    assert "Meta" in page
    assert "company" in page


# Words


def test_a_missing_word_list_is_named_with_its_file() -> None:
    words = Lexicon("xx", {"cues": {"plan": ["will"], "say": "said"}})
    assert words.words("cues.plan") == ("will",)
    with pytest.raises(LexiconError, match=r"languages/xx.toml: no key 'cues.deny'"):
        words.words("cues.deny")
    with pytest.raises(LexiconError, match=r"languages/xx.toml: 'cues.say' must be a list of strings"):
        words.words("cues.say")
    with pytest.raises(LexiconError, match=r"languages/xx.toml: 'cues.plan' must be a table"):
        words.table("cues.plan")
    with pytest.raises(LexiconError, match="no language 'xx'; there are: de, en"):
        lexicon("xx")


def test_what_is_dropped_as_noise_is_told_by_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "By the end of 2024, Meta will operate 350,000 Nvidia H100 GPUs."
    one = Article("https://example.org/a", "", text, "en", Instant.of_day(date(2024, 5, 2)))
    assert len(explain(one).claims) == 1
    monkeypatch.setattr("extractors.assemble.is_noise", lambda reading, beliefs: True)
    extraction = explain(one)
    assert extraction.claims == ()
    dropped = [r for r in extraction.rejected if r.reasons[-1].rule == "noise"]
    assert [r.what in text and "350,000" in r.what for r in dropped] == [True]


@pytest.mark.parametrize(
    ("lang", "text"),
    [("de", "Braucht Meta 350.000 Nvidia H100?"), ("en", "Will Meta operate 350,000 Nvidia H100 GPUs?")],
)
def test_a_question_is_no_claim(lang: str, text: str) -> None:
    extraction = explain(Article("https://example.org/a", "", text, lang, Instant.of_day(date(2024, 5, 2))))
    assert extraction.claims == ()
    assert [r.reasons[-1].rule for r in extraction.rejected] == ["question"]
