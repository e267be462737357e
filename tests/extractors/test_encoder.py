"""The context encoder: pieces, layout and opinions, on the trained network that ships."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.candidates import KINDS_BY_MEASURE, subject_candidates
from extractors.chooser import joined
from extractors.document import read_document
from extractors.encoder.layout import MOST_PIECES, TAGS, Layout
from extractors.encoder.network import KINDS, STATUSES, network
from extractors.encoder.opinions import FORMS, Opinions, gap_class, opinions_on, places_of_entity
from extractors.encoder.pieces import pieces
from extractors.reading import Reading, read

TEXT = (
    "Der Betreiber Nebelheim will bis Ende 2027 rund 12.000 H100 aufstellen. "
    "Konkurrent Wolkenbruch besitzt 4.000 Beschleuniger, wie Chefin Ina Sturm sagte."
)


def reading(text: str, title: str = "Nebelheim baut aus", lang: str = "de") -> Reading:
    return read(read_document(title, text, lang, date(2026, 3, 2)))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_pieces_cover_all_but_blanks_in_order(text: str) -> None:
    found = pieces().split(text)
    assert all(a < b for _, a, b in found if text[a:b].strip()) and all(a <= b for _, a, b in found)
    assert [a for _, a, _ in found] == sorted(a for _, a, _ in found)
    covered = {i for _, a, b in found for i in range(a, b)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}


def test_known_words_split_into_few_pieces() -> None:
    assert len(pieces().split("Rechenzentrum")) <= 3
    assert len(pieces().split("accelerators")) <= 3


def test_an_endless_word_is_one_unknown_piece() -> None:
    assert pieces().split("x" * 5000) == [(pieces().unknown, 0, 5000)]


def test_a_character_outside_the_vocabulary_is_unknown() -> None:
    assert pieces().unknown in [piece for piece, _, _ in pieces().split("a\U0001f9ffb")]


def test_an_ordinary_article_is_one_window() -> None:
    layout = Layout(reading(TEXT), pieces())
    assert len(layout.windows) == 1
    assert layout.windows[0].end == len(layout.ids)


def test_windows_of_a_long_text_hold_every_sentence_and_overlap() -> None:
    layout = Layout(reading("\n\n".join([TEXT] * 40)), pieces())
    windows = layout.windows
    assert len(windows) > 3
    assert all(w.end - w.start <= MOST_PIECES for w in windows)
    assert all(later.first < earlier.last for earlier, later in pairwise(windows))
    assert sorted(layout.homes) == [s.index for s in layout.reading.document.sentences]


def test_one_giant_sentence_is_cut_to_the_window() -> None:
    layout = Layout(reading("Nebelheim hat " + "sehr " * 1500 + "12.000 H100."), pieces())
    assert all(w.end - w.start <= MOST_PIECES for w in layout.windows)


def test_spans_touch_the_words_they_are_asked_for() -> None:
    layout = Layout(reading(TEXT), pieces())
    start = layout.reading.document.text.index("12.000")
    span = layout.span(start, start + 6)
    assert span is not None
    assert layout.starts[span[0]] == start
    assert layout.ends[span[1] - 1] == start + 6


def test_the_network_fits_the_code() -> None:
    assert network().tags.shape[0] == len(TAGS)
    assert network().heads["subject.form"].shape[0] == len(FORMS)
    assert network().heads["kind.out"].shape[1] == len(KINDS)
    assert network().pieces.shape[0] == len(pieces().ids)


def opinions() -> tuple[Reading, Opinions]:
    made = reading(TEXT)
    return made, opinions_on(made)


def test_beliefs_are_shares() -> None:
    made, view = opinions()
    for anchor in made.anchors:
        kinds = view.kind(anchor)
        assert kinds is not None
        assert set(kinds) == set(KINDS_BY_MEASURE[anchor.measure])
        assert sum(kinds.values()) == pytest.approx(1, abs=1e-4)
        statuses = view.status(anchor, "deployment")
        assert statuses is not None
        assert set(statuses) == set(STATUSES)


def test_each_amount_is_given_to_the_party_of_its_own_sentence() -> None:
    made, view = opinions()
    for amount, party in (("12.000", "Nebelheim"), ("4.000", "Wolkenbruch")):
        anchor = next(
            a
            for a in made.anchors
            if a.quantity is not None and amount in made.document.text[a.start : a.end]
        )
        context = made.contexts[anchor.sentence.index]
        candidates = subject_candidates(made, context, "deployment", None)
        fillers = [places_of_entity(made, e) for e in candidates]
        shares = view.rank("subject", anchor, "deployment", fillers)
        assert shares is not None
        assert candidates[shares.index(max(shares))].name == party


def test_the_same_text_gives_the_same_beliefs() -> None:
    (first, one), (second, two) = opinions(), opinions()
    assert [one.kind(a) for a in first.anchors] == [two.kind(a) for a in second.anchors]


def test_far_into_an_endless_text_the_encoder_is_silent() -> None:
    made = reading("\n\n".join([TEXT] * 800))
    view = opinions_on(made)
    assert view.kind(made.anchors[0]) is not None
    assert view.kind(made.anchors[-1]) is None


def test_gaps_tell_before_from_after() -> None:
    assert gap_class(-1, 0) != gap_class(1, 0)
    assert gap_class(0, -5) != gap_class(0, 5)
    assert {gap_class(s, p) for s in range(-9, 9) for p in range(-40, 40)} <= set(range(20))


def test_two_beliefs_meet_between_them() -> None:
    both = joined({"a": 0.9, "b": 0.1}, {"a": 0.1, "b": 0.9}, 0.5)
    assert both["a"] == pytest.approx(both["b"])
    assert joined({"a": 0.9, "b": 0.1}, None, 0.5) == {"a": 0.9, "b": 0.1}
    assert joined({"a": 0.9, "b": 0.1}, {"a": 0.2, "b": 0.8}, 0.0)["a"] == pytest.approx(0.9, abs=1e-4)


def test_nothing_is_reported_to_anybody(tmp_path: Path) -> None:
    """onnxruntime keeps a file about the machine in the home directory and reports from it, if it is let."""
    code = "from extractors.encoder.network import network; network()"
    environment = {**os.environ, "HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert list(tmp_path.iterdir()) == []
