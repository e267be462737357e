"""Computing power that is told in chips."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.assemble import is_equivalent
from extractors.document import read_document
from extractors.reading import read


@pytest.mark.parametrize(
    ("lang", "text", "there"),
    [
        ("en", "Meta will have computing power worth 600,000 H100 GPUs by the end of 2024.", True),
        ("en", "Meta will have the equivalent of about 600,000 H100 GPUs by the end of 2024.", True),
        ("en", "Meta will have 600,000 H100 GPUs by the end of 2024.", False),
        ("de", "Meta wird bis Ende 2024 Rechenleistung im Gegenwert von 600.000 H100-GPUs haben.", True),
        ("de", "Meta wird bis Ende 2024 Rechenleistung haben, die rund 600.000 H100 entspricht.", True),
        ("de", "Meta wird bis Ende 2024 600.000 H100-GPUs haben.", False),
    ],
)
def test_computing_power_told_in_chips_is_in_equivalents(lang: str, text: str, there: bool) -> None:
    made = read(read_document("", text, lang, date(2024, 1, 10)))
    (context,) = made.contexts
    (counted,) = [a for a in context.anchors if a.quantity is not None and a.quantity.dimension == "count"]
    assert is_equivalent(context, counted) is there
