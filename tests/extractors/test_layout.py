"""How an article is laid out: sentences, words, phrases, cues, and the choice among candidates."""

from __future__ import annotations

import math

import pytest

from extractors.chooser import Classifier, Model, Ranker, model, softmax
from extractors.claim import Place
from extractors.cues import find_cues
from extractors.document import Document, read_document, read_words
from extractors.phrases import PhraseMatcher
from extractors.sentences import sentence_spans
from extractors.vocabulary import is_everyday_compound, is_everyday_word

# language | text with | between its sentences
SENTENCES = """
de # Die Norvik AG baut. | Sie zahlt bar.
de # Das kostet ca. 3 Mio. Euro. | Mehr nicht.
de # Am 3. Mai beginnt es. | Im Juni endet es.
de # Es kommt 2026. | Dann ist Schluss.
de # „Wir bauen.“ | Das sagte Frau Lunde.
de # Was nun? | Keine Ahnung! | Gut.
de # Sie zahlt z. B. in Raten.
en # Norvik Corp. pays cash. | It has plenty.
en # Dr. Lunde left the U.S. in May. | She is back.
en # It opens in 2026. | Then it closes.
en # "We build." | So she said.
en # J. K. Lunde paid $3.5 million. | Nobody knew.
en # What now? | Nothing.
en # It runs at 2.5 GHz
"""
ROWS = [line.split(" # ", 1) for line in SENTENCES.strip().splitlines()]


@pytest.mark.parametrize(("lang", "marked"), ROWS, ids=[row[1] for row in ROWS])
def test_sentences_end_where_marked(lang: str, marked: str) -> None:
    text = marked.replace(" | ", " ")
    assert [text[start:end] for start, end, *_ in sentence_spans(text, lang)] == marked.split(" | ")


def test_a_line_break_ends_a_sentence_and_a_short_line_is_a_heading() -> None:
    found = list(sentence_spans("Norvik builds\n\nIt pays. It waits.", "en"))
    assert [(number, heading) for _, _, number, heading in found] == [(0, True), (1, False), (1, False)]


def document(text: str, lang: str = "en", title: str = "") -> Document:
    return read_document(title, text, lang, None)


def test_words_hold_their_place_and_compounds_fall_apart() -> None:
    text = "KI-Chips für 3.500 Euro, U.S. 4x"
    words = read_words(text, "de")
    assert [word.text for word in words] == ["KI", "-", "Chips", "für", "3.500", "Euro", ",", "U.S.", "4x"]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_evidence_counts_from_its_own_place() -> None:
    laid = document("One here. Two there.", title="A head")
    title, _, second = (laid.evidence(sentence) for sentence in laid.sentences)
    assert (title.place, title.start, title.end, title.text) == (Place.TITLE, 0, 6, "A head")
    assert (second.place, second.start, second.end, second.text) == (Place.TEXT, 10, 20, "Two there.")


def test_offsets_lead_to_words_and_sentences() -> None:
    laid = document("One here. Two there.")
    start = laid.text.index("Two")
    assert laid.words[laid.word_index(start + 1)].text == "Two"
    assert laid.words[laid.first_word_from(start + 1)].text == "there"
    assert laid.sentence_at(start).index == 1
    assert laid.sentence_at(start - 1).index == 0


def found(
    phrases: dict[str, int], text: str, endings: tuple[str, ...] | None = None
) -> list[tuple[str, int]]:
    words = read_words(text, "")
    matcher = PhraseMatcher(phrases.items(), endings)
    hits = matcher.find(words, 0, len(words))
    return [(" ".join(word.text for word in words[a:b]), value) for a, b, value in hits]


def test_a_star_goes_on_and_a_plain_word_does_not() -> None:
    assert found({"liefer*": 1, "kauf": 2}, "Lieferte Kauf Käufer Kaufhaus") == [("Lieferte", 1), ("Kauf", 2)]


def test_a_star_with_endings_takes_only_these() -> None:
    assert found({"fabrik*": 1}, "Fabriken Fabrikant Fabrik", ("", "en")) == [("Fabriken", 1), ("Fabrik", 1)]


def test_phrases_overlap_and_need_all_their_words() -> None:
    assert found({"set": 1, "set to": 2, "*werk": 3}, "set to set Kraftwerk") == [
        ("set", 1),
        ("set to", 2),
        ("set", 1),
        ("Kraftwerk", 3),
    ]


def test_an_empty_phrase_is_an_error() -> None:
    with pytest.raises(ValueError, match="an empty phrase for 7"):
        PhraseMatcher([(" ", 7)])


@pytest.mark.parametrize(("word", "lang"), [("Haus", "de"), ("house", "en"), ("Houses", "en")])
def test_everyday_words_are_known(word: str, lang: str) -> None:
    assert is_everyday_word(word, lang)


@pytest.mark.parametrize(("word", "lang"), [("Nimbrix", "de"), ("Xorvel", "en")])
def test_names_are_no_everyday_words(word: str, lang: str) -> None:
    assert not is_everyday_word(word, lang)
    assert not is_everyday_compound(word, lang)


def test_compounds_of_known_parts_are_everyday_and_endless_ones_are_not() -> None:
    assert is_everyday_compound("Rechenzentrumsbetreiber", "de")
    assert not is_everyday_compound("Haus" * 30, "de")


@pytest.mark.parametrize(
    ("lang", "text", "cue", "there"),
    [
        ("de", "Norvik will 5 Server.", "plan", True),
        ("de", "Norvik hat 5 Server.", "plan", False),
        ("en", "Norvik plans 5 servers.", "plan", True),
        ("en", "Norvik has 5 servers.", "plan", False),
        ("de", "Norvik dementierte den Kauf.", "deny", True),
        ("de", "Norvik bestätigte den Kauf.", "deny", False),
        ("en", "Norvik denied the purchase.", "deny", True),
        ("en", "Norvik confirmed the purchase.", "deny", False),
        ("de", "Das könnte teuer werden.", "modal", True),
        ("de", "Das ist teuer.", "modal", False),
        ("en", "That could be dear.", "modal", True),
        ("en", "That is dear.", "modal", False),
        ("de", "600.000 H100-Äquivalente", "equivalent", True),
        ("de", "600.000 H100", "equivalent", False),
        ("en", "600,000 H100 equivalents", "equivalent", True),
        ("en", "600,000 H100s", "equivalent", False),
        ("de", "Wir bauen.", "we", True),
        ("de", "Er baut.", "we", False),
        ("en", "We build.", "we", True),
        ("en", "He builds.", "we", False),
    ],
)
def test_cues(lang: str, text: str, cue: str, there: bool) -> None:
    laid = document(text, lang)
    assert (cue in {one.name for one in find_cues(laid, laid.sentences[0])}) is there


def test_shares_sum_to_one_and_survive_great_scores() -> None:
    shares = softmax([1000.0, 999.0, -1000.0])
    assert math.isclose(sum(shares), 1.0)
    assert shares == sorted(shares, reverse=True)
    assert softmax([]) == []


def test_a_ranker_prefers_the_heavier_candidate_and_tells_why() -> None:
    ranker = Ranker({"near": 2.0, "far": -1.0, "dust": 0.01})
    near, far = ranker.probabilities([["near", "unknown"], ["far"]])
    assert near > far
    assert ranker.why(["dust", "far", "near"]) == (("near", 2.0), ("far", -1.0))


def test_a_classifier_believes_the_heaviest_class_most() -> None:
    chooser = Classifier(("a", "b", "c"), {"x": (1.0, 3.0, 0.0)})
    shares = chooser.probabilities(["x", "y"])
    assert max(shares, key=shares.__getitem__) == "b"
    assert set(shares) == {"a", "b", "c"}


def test_the_trained_model_is_whole() -> None:
    trained = model()
    assert isinstance(trained, Model)
    assert 0 < trained.threshold < 1
    assert {"object", "subject", "due", "speaker", "counterparty"} <= set(trained.rankers)
    assert list(trained.calibration) == sorted(trained.calibration)
