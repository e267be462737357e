"""Names of products that hold a number: behind a company, in brackets, before a plus or a model word."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.reading import read


def _names(lang: str, text: str) -> set[str]:
    return {p.name for p in read(read_document("", text, lang, date(2025, 5, 20))).products}


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "The phone with five cameras: Nokia 9 PureView arrives in March.", "Nokia 9 PureView"),
        ("de", "Die Nokia 6 Klang Pro liegt seit Mai in den Läden.", "Nokia 6 Klang Pro"),
        ("de", "Der Wuffel 8 XT+ ist seit dem 8. Januar im Handel.", "Wuffel 8 XT+"),
        ("en", "Google asks $249.99 for AI Ultra.", "AI Ultra"),
        ("de", "„Ein Phone (4) wird es 2026 nicht geben“, heißt es dort.", "Phone (4)"),
        ("de", "Sein Wuba Mini 2 AWD Plus klettert Böschungen hinauf.", "Wuba Mini 2 AWD Plus"),
    ],
)
def test_the_whole_name_is_read(lang: str, text: str, name: str) -> None:
    assert name in _names(lang, text)


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("de", "Nokia 9 Millionen Geräte zuzutrauen fällt schwer.", "Nokia 9"),
        ("en", "Nokia 9 million phones richer", "Nokia 9"),
        ("en", "It sold to 1300+ users.", "1300+"),
        ("de", "Bei Nokia 12 Werke zu schließen wäre teuer.", "Nokia 12 Werke"),
        ("de", "Im Werk baut Tesla 500 Autos pro Woche.", "Tesla 500 Autos"),
        ("de", "Damit hat Samsung 300 Mitarbeiter plus 40 Azubis.", "Samsung 300 Mitarbeiter"),
        ("en", "Meta 5 GW Campus To Open In 2028", "Meta 5 GW Campus To Open In"),
        ("en", "Volkswagen 3 Plants Closed", "Volkswagen 3 Plants Closed"),
        ("en", "OpenAI 500+ GPUs", "OpenAI 500+ GPUs"),
        ("en", "5 GB Plus and 3 TB Ultra", "GB Plus"),
        ("de", "MIT PLUS 3 PROZENT", "MIT PLUS"),
    ],
)
def test_a_number_that_counts_belongs_to_no_name(lang: str, text: str, name: str) -> None:
    assert name not in _names(lang, text)


@pytest.mark.parametrize(
    ("lang", "text", "amount"),
    [
        ("de", "Seit Mai liefert Nvidia 120 Chips pro Monat an Meta.", 120),
        ("de", "Jedes Jahr bestellt Amazon 700 Roboter plus Ersatzteile.", 700),
        ("en", "Amazon opened 200+ stores.", 200),
    ],
)
def test_what_counts_stays_an_amount(lang: str, text: str, amount: int) -> None:
    anchors = read(read_document("", text, lang, date(2025, 5, 20))).anchors
    assert amount in [anchor.quantity.low for anchor in anchors if anchor.quantity is not None]
