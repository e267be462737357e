"""What analysts expected, beside what a party told."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.claim import Claim
from extractors.document import read_document
from extractors.estimates import is_estimated
from extractors.pipeline import extract
from extractors.reading import read
from scraper.article import Article, Instant

PUBLISHED = date(2026, 3, 4)


def _estimated(lang: str, text: str) -> list[float]:
    made = read(read_document("", text, lang, PUBLISHED))
    return [
        anchor.quantity.high or 0.0
        for context in made.contexts
        for anchor in context.anchors
        if anchor.quantity is not None and is_estimated(made, context, anchor)
    ]


def _claims(text: str) -> dict[float, Claim]:
    found = extract(Article("https://news.example/a", "", text, "en", Instant.of_day(PUBLISHED)))
    return {claim.quantity.high or 0.0: claim for claim in found if claim.quantity is not None}


@pytest.mark.parametrize(
    ("lang", "text", "amounts"),
    [
        ("en", "Revenue was $3.4 billion, beating the $3.2 billion analysts had expected.", [3.2e9]),
        ("en", "Veltrix expects $5.3 billion; Wall Street had forecast $5.1 billion.", [5.1e9]),
        ("en", "Revenue rose to $4 billion, above the consensus of $3.8 billion.", [3.8e9]),
        ("en", "Sales hit $4 billion, compared with analysts' average estimate of $3.8 billion.", [3.8e9]),
        ("en", "Beating analysts' expectations, Veltrix reported revenue of $4 billion.", []),
        ("en", "Veltrix reported sales of $4 billion, more than analysts had expected.", []),
        ("en", "Veltrix told analysts to expect revenue of $75 million.", []),
        ("en", "Veltrix gave analysts a forecast of $14 billion in revenue for 2027.", []),
        ("en", "Veltrix disappointed analysts as it forecast revenue of $14 billion for 2027.", []),
        ("en", "Veltrix will open a factory on Market Street that is projected to cost $5 million.", []),
        ("de", "Veltrix schlug die Erwartungen der Analysten mit einem Umsatz von 3,2 Mrd. Euro.", []),
        ("de", "Der Umsatz lag bei 3,2 Milliarden Euro, Analysten hatten mehr erwartet.", []),
        ("de", "Veltrix überraschte Analysten mit der Prognose von 14 Milliarden Euro.", []),
        ("de", "Gegenüber Analysten bestätigte Veltrix seine Prognose von 14 Milliarden Euro.", []),
        ("de", "Analysten hatten im Schnitt mit 833 Millionen Euro gerechnet.", [8.33e8]),
        (
            "de",
            "3,4 Milliarden Euro übertrafen die Erwartungen der Analysten von 3,2 Milliarden Euro.",
            [3.2e9],
        ),
        ("de", "Es waren 2,4 Milliarden Euro, der Konsens lag bei 2,3 Milliarden Euro.", [2.3e9]),
        ("de", "Veltrix setzte 4 Milliarden Euro um und damit mehr, als Analysten erwartet hatten.", []),
    ],
)
def test_whose_figure_is_told_by_its_own_words(lang: str, text: str, amounts: list[float]) -> None:
    assert _estimated(lang, text) == amounts


def test_an_estimate_is_expected_and_not_said_by_the_party() -> None:
    told = "Veltrix reported third-quarter revenue of $3.4 billion on Tuesday"
    found = _claims(f"{told}, beating the $3.2 billion analysts had expected.")
    assert (found[3.4e9].status, found[3.4e9].speaker) == ("actual", "Veltrix")
    assert (found[3.2e9].status, found[3.2e9].speaker) == ("expected", None)


def test_who_asked_the_analysts_has_no_revenue_and_tells_no_fact() -> None:
    told = "Veltrix's revenue rose to $4 billion, compared with analysts' average estimate of $3.8 billion"
    found = _claims(f"{told}, according to LSEG data.")
    assert {claim.subject for claim in found.values()} == {"Veltrix"}
    assert (found[4e9].status, found[4e9].speaker) == ("actual", None)
    assert (found[3.8e9].status, found[3.8e9].speaker) == ("expected", "LSEG")
