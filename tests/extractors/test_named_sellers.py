"""A price is that of the shop that its clause names; who only works there sells nothing."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.named_sellers import may_sell
from extractors.reading import read


def sellers(lang: str, text: str) -> set[str]:
    """Those who may sell, of all that the text names, by its first price."""
    made = read(read_document("", text, lang, date(2026, 3, 4)))
    context, anchor = next((c, a) for c in made.contexts for a in c.anchors if a.measure == "currency")
    return {entity.name for entity in may_sell(made, context, anchor, made.parties.entities)}


@pytest.mark.parametrize(
    ("lang", "text", "seller"),
    [
        (
            "en",
            "Cards get cheaper, says Nvidia: at Halvorsen the RTX 5080 costs $1,049 this week.",
            "Halvorsen",
        ),
        ("en", "At the retailer Halvorsen Nvidia's RTX 5080 costs $1,049.", "Halvorsen"),
        ("de", "Beim Versender Ostwindt kostet die RTX 5080 von Nvidia 1.049 Euro.", "Ostwindt"),
        ("de", "Die RTX 5080 von Nvidia gibt es bei Ostwindt für 1.049 Euro.", "Ostwindt"),
    ],
)
def test_the_shop_is_named(lang: str, text: str, seller: str) -> None:
    assert sellers(lang, text) == {seller}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Jocelyn Pang, analyst at Halvorsen, thinks that Nvidia takes $1,049 for it."),
        ("en", "Nvidia rents out its cards at Halvorsen's halls for $2 an hour."),
        ("en", "Nvidia sells the card at Rs 20,999."),
        ("de", "Die Karte von Nvidia bleibt bei Ostwindt beliebt, und anderswo kostet sie 1.049 Euro."),
    ],
)
def test_nobody_is_named_as_a_seller(lang: str, text: str) -> None:
    assert "Nvidia" in sellers(lang, text)
