"""Plain words that settle what an amount is, by the rule alone and from article to claims."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim
from extractors.document import read_document
from extractors.pipeline import extract
from extractors.reading import Anchor, Context, Reading, read
from extractors.sentence_rules import acting_rival, is_given_up, is_question, is_replaced
from scraper.article import Article, Instant

PUBLISHED = date(2024, 1, 10)


def reading(lang: str, text: str) -> Reading:
    return read(read_document("", text, lang, PUBLISHED))


def counted(made: Reading) -> tuple[Context, Anchor]:
    """The last bare count and its sentence."""
    anchors = [a for a in made.anchors if a.quantity is not None and a.quantity.dimension == "count"]
    return made.contexts[anchors[-1].sentence.index], anchors[-1]


def claims(lang: str, title: str, text: str) -> list[Claim]:
    return extract(Article("https://example.org/a", title, text, lang, Instant.of_day(PUBLISHED)))


@pytest.mark.parametrize(
    ("lang", "text", "there"),
    [
        ("en", "It will install 30,000 GPUs instead of the planned 40,000.", True),
        ("en", "It will install 40,000 instead of TPUs.", False),
        ("de", "Es werden 30.000 Karten statt der geplanten 40.000.", True),
    ],
)
def test_the_figure_of_before_is_replaced(lang: str, text: str, there: bool) -> None:
    assert is_replaced(*counted(reading(lang, text))) is there


@pytest.mark.parametrize(
    ("lang", "text", "there"),
    [
        ("en", "Meta has scrapped a plant on which it was going to spend $2 billion.", True),
        ("de", "Meta hat das Werk gestrichen, in das zwei Milliarden Dollar fließen sollten.", True),
        ("en", "Meta is going to spend $2 billion.", False),
        ("de", "Meta steckt zwei Milliarden Dollar in das Werk.", False),
        (
            "en",
            "Meta dropped plans for Ohio and will spend $2 billion on the Texas site, as had been expected.",
            False,
        ),
    ],
)
def test_what_was_meant_and_is_called_off_is_denied(lang: str, text: str, there: bool) -> None:
    made = reading(lang, text)
    (anchor,) = (a for a in made.anchors if a.quantity is not None)
    assert is_given_up(made.contexts[0], anchor) is there
    assert {claim.status for claim in claims(lang, "", text)} <= (
        {"denied"} if there else {"planned", "actual"}
    )


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Will it have 40,000 GPUs?", True),
        ("**Will it have 40,000 GPUs?**", True),
        ("It has 40,000.", False),
    ],
)
def test_a_question_is_one_in_bold_letters_too(text: str, there: bool) -> None:
    made = reading("en", text)
    assert is_question(made, made.contexts[0]) is there


RIVALS = [
    (
        "de",
        "Nebelheim baut aus",
        "Der Betreiber Nebelheim will bis Ende 2027 rund 12.000 H100 aufstellen. Konkurrent Wolkenbruch "
        "besitzt 4.000 Beschleuniger, wie Chefin Ina Sturm sagte.",
        "Wolkenbruch",
    ),
    (
        "en",
        "Varnovia expands",
        "Varnovia plans to install 12,000 H100s by the end of 2027. Its rival Quarvex owns 4,000 H100s.",
        "Quarvex",
    ),
]


@pytest.mark.parametrize(("lang", "title", "text", "rival"), RIVALS)
def test_an_amount_behind_a_rival_is_the_rivals(lang: str, title: str, text: str, rival: str) -> None:
    made = read(read_document(title, text, lang, PUBLISHED))
    entity = acting_rival(made, counted(made)[0])
    assert entity is not None
    assert made.parties.entities[entity].name == rival
    owners = {c.quantity.low: c.subject for c in claims(lang, title, text) if c.quantity is not None}
    assert owners[4000] == rival
    assert owners[12000] == title.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Varnovia sold its rival Quarvex 4,000 H100s.",
        "Varnovia owns 4,000 H100s, more than its rival Quarvex.",
        "Its rival Quarvex, says Varnovia, owns 4,000 H100s.",
        "Rivals own 4,000 H100s.",
        "Unlike rival Quarvex it owns 4,000 H100s.",
        "Like its rival Quarvex, Varnovia owns 4,000 H100s.",
        "Its rival Quarvex says Varnovia owns 4,000 H100s.",
    ],
)
def test_a_rival_that_does_not_act_owns_nothing_by_that(text: str) -> None:
    made = reading("en", text)
    assert acting_rival(made, counted(made)[0]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Neben Konkurrent Wolkenbruch betreibt Nebelheim 4.000 H100.",
        "Anders als Konkurrent Wolkenbruch besitzt Nebelheim 4.000 H100.",
        "Konkurrent Wolkenbruch hat Nebelheim 4.000 H100 verkauft.",
    ],
)
def test_a_rival_beside_who_acts_owns_nothing_by_that(text: str) -> None:
    made = reading("de", f"Nebelheim baut aus. {text}")
    assert acting_rival(made, counted(made)[0]) is None


@pytest.mark.parametrize(
    ("lang", "text", "prices"),
    [
        ("de", "Die Karte kostet nun 249 statt 289 Dollar.", [249.0]),
        ("de", "Die Karte kostet nun 249 statt bisher 289 Dollar.", [249.0]),
        ("en", "The card now costs 249 instead of 289 dollars.", [249.0]),
        ("de", "Verkauft wurden 300 statt der für 12 Euro geplanten 200 Karten.", []),
    ],
)
def test_a_price_has_the_currency_of_the_one_that_it_replaces(
    lang: str, text: str, prices: list[float]
) -> None:
    lent = [a.quantity for a in reading(lang, text).anchors if a.quantity is not None and a.quantity.lent]
    assert [q.high for q in lent if q.dimension == "currency"] == prices


def test_what_goes_up_to_an_amount_is_that_amount() -> None:
    (anchor,) = (a for a in reading("en", "The price goes up to $499.").anchors if a.quantity is not None)
    assert anchor.quantity is not None
    assert (anchor.quantity.low, anchor.quantity.high) == (499.0, 499.0)


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        (
            "de",
            "Einem Medienbericht zufolge will Veltrix 3 Milliarden Euro in Indien investieren.",
            "expected",
        ),
        ("de", "Veltrix plant dem Vernehmen nach den Abbau von 2.000 Stellen.", "expected"),
        ("de", "Veltrix will 3 Milliarden Euro in Indien investieren.", "planned"),
        ("en", "Veltrix will reportedly invest $3 billion in a chip plant in India.", "expected"),
        ("en", "Veltrix plans to invest $3 billion in a chip plant in India.", "planned"),
    ],
)
def test_what_a_report_tells_that_names_nobody_is_expected(lang: str, text: str, status: str) -> None:
    (claim,) = claims(lang, "", text)
    assert (claim.status, claim.speaker) == (status, None)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Veltrix said it will buy 20,000 GPUs in 2027 and is reportedly building a plant in Leeds."),
        ("de", "Veltrix kündigte an, 2027 20.000 GPUs vom angeblich schnellsten Hersteller zu kaufen."),
    ],
)
def test_a_rumour_beside_what_the_party_says_is_not_of_its_amount(lang: str, text: str) -> None:
    (claim,) = claims(lang, "", text)
    assert (claim.status, claim.speaker) == ("planned", "Veltrix")
