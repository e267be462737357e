"""Where a name stands among the names and amounts of its sentence, as the encoder is told."""

from __future__ import annotations

from datetime import date

from extractors.document import read_document
from extractors.encoder.lines import LINES, STEPS, in_line
from extractors.encoder.opinions import places_of_entity
from extractors.reading import Reading, read

TEXT = "Microsoft bought 50,000 GPUs, Oracle 70,000 GPUs and Meta 90,000 GPUs. Amazon waits."


def reading(text: str) -> Reading:
    return read(read_document("", text, "en", date(2026, 3, 2)))


def classes(text: str, number: int) -> dict[str, tuple[int, int]]:
    """By name, for the amount of this number."""
    article = reading(text)
    anchors = [anchor for anchor in article.anchors if anchor.quantity is not None]
    fillers = [places_of_entity(article, entity) for entity in article.parties.entities]
    found = in_line(article, anchors[number], fillers)
    return {article.document.text[start:].split()[0].strip(",."): told for start, told in found.items()}


def test_the_second_name_is_in_step_with_the_second_amount() -> None:
    in_step = {classes(TEXT, number)[name][1] for number, name in enumerate(("Microsoft", "Oracle", "Meta"))}
    assert len(in_step) == 1
    assert classes(TEXT, 1)["Microsoft"][1] not in in_step
    assert classes(TEXT, 1)["Meta"][1] not in in_step


def test_what_lies_between_is_told() -> None:
    near, far = classes(TEXT, 2)["Meta"][0], classes(TEXT, 2)["Microsoft"][0]
    assert near == 1  # nothing
    assert far == LINES - 1  # two amounts and two names


def test_other_sentences_are_no_part_of_the_line() -> None:
    assert "Amazon" not in classes(TEXT, 0)


def test_a_sentence_with_one_amount_has_no_steps() -> None:
    assert classes("Microsoft and Oracle bought 50,000 GPUs.", 0)["Oracle"][1] == 0


def test_all_classes_have_a_vector() -> None:
    crowd = " ".join(f"Microsoft {n},000 GPUs, Oracle {n},500 GPUs," for n in range(10, 25))
    for number in (0, 7, 15):
        for line, step in classes(crowd + " Meta.", number).values():
            assert 0 < line < LINES
            assert 0 <= step < STEPS


def test_two_readings_of_one_name_are_one() -> None:
    article = reading("Microsoft bought 50,000 GPUs and Oracle 70,000 GPUs.")
    anchor = next(a for a in article.anchors if a.quantity is not None)
    text = article.document.text
    oracle = text.index("Oracle")
    fillers = [[(oracle, oracle + 6, "name")], [(oracle, oracle + 3, "name")]]
    assert in_line(article, anchor, fillers)[oracle][0] == 1  # no other name lies between


def test_plain_nouns_are_counted_by_nobody() -> None:
    article = reading("Microsoft bought 50,000 GPUs and Oracle 70,000 GPUs.")
    anchor = [a for a in article.anchors if a.quantity is not None][1]
    text = article.document.text
    first, last = text.index("Microsoft"), text.index("Oracle")
    names = [[(first, first + 9, "name")], [(last, last + 6, "name")]]
    noun = [(text.index("GPUs"), text.index("GPUs") + 4, "noun")]
    assert in_line(article, anchor, [*names, noun])[last] == in_line(article, anchor, names)[last]
