"""Rows of lists: what is counted, for when and by whom stands in the sentence that announces the list."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.candidates import due_candidates, product_candidates, speaker_candidates
from extractors.claim import Kind
from extractors.document import read_document
from extractors.listings import announcers
from extractors.reading import Reading, read

TABLE = (
    "Wexcombe Research has counted who bought MI300X cards in 2024. The four largest, in units:\n\n"
    "Varrow | 91,000\nNorholt | 74,000\nOstby Cloud | 52,000\nGrelle | 49,000\n\n"
    "The rest is small. Norholt wants more."
)
BULLETS = (
    "So viele MI300X kauften die Anbieter 2024 laut Wexcombe Research:\n\n"
    "– Varrow: 91.000\n– Norholt: 74.000\n– Ostby Cloud: 52.000\n\nDer Rest ist klein."
)


def reading(text: str, lang: str) -> Reading:
    return read(read_document("", text, lang, date(2025, 1, 15)))


@pytest.mark.parametrize(("text", "lang", "rows"), [(TABLE, "en", 4), (BULLETS, "de", 3)])
def test_every_row_knows_its_announcing_sentence(text: str, lang: str, rows: int) -> None:
    document = read_document("", text, lang, None)
    found = announcers(document)
    assert len(found) == rows
    (home,) = set(found.values())
    sentence = document.sentences[home]
    assert document.text[sentence.start : sentence.end].endswith(":")


@pytest.mark.parametrize(("text", "lang"), [(TABLE, "en"), (BULLETS, "de")])
def test_the_last_row_is_offered_the_time_the_speaker_and_the_product_of_the_list(
    text: str, lang: str
) -> None:
    read_text = reading(text, lang)
    row = max(read_text.announcers)
    context = read_text.contexts[row]
    dues = [read_text.dues[position].due for position in due_candidates(read_text, context)]
    assert (date(2024, 1, 1), date(2024, 12, 31)) in [(due.start, due.end) for due in dues if due]
    assert "Wexcombe Research" in {entity.name for entity in speaker_candidates(read_text, context)}
    products = product_candidates(read_text, context, Kind.ORDER)
    assert "AMD Instinct MI300X" in {product.name for product in products}


def test_the_steps_lead_over_the_other_rows() -> None:
    read_text = reading(TABLE, "en")
    row = max(read_text.announcers)
    home = read_text.announcers[row]
    before = read_text.before(row, 1)
    assert before is not None and before.sentence.index == home
    assert [read_text.steps_back(row, at) for at in (row, row - 1, home, home - 1)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "Varrow has 3 halls.\n\nNorholt has 4.\n\nIt is cold.",  # paragraphs
        "The list is short:\n\nVarrow | 91,000\n\nIt is cold.",  # one row is no list
        "Plans have changed.\n\nHall 7 opens\n\nHall 8 does not open\n\nIt is cold.",  # no colon
    ],
)
def test_what_is_no_list(text: str) -> None:
    assert announcers(read_document("", text, "en", None)) == {}
