"""Who speaks without a name: offices, mouthpieces and pronouns lead back to a person or a party."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.candidates import speaker_candidates
from extractors.document import read_document
from extractors.reading import Reading, read


def _reading(lang: str, text: str) -> Reading:
    return read(read_document("", text, lang, date(2025, 5, 20)))


def _voices(lang: str, text: str) -> list[tuple[str, str]]:
    reading = _reading(lang, text)
    entities = reading.parties.entities
    return [
        (v.words, entities[v.entity].name) for c in reading.contexts for v in c.voices if v.entity is not None
    ]


@pytest.mark.parametrize(
    ("lang", "text", "voice"),
    [
        (
            "de",
            "Das Start-up Nimbrix wächst. Gründerin Julia Holm ist zufrieden. Nimbrix baut aus. "
            "400 Leute will die Gründerin einstellen.",
            ("Gründerin", "Julia Holm"),
        ),
        (
            "en",
            "The start-up Nimbrix is growing. Julia Holm, the chief executive, is content. Nimbrix builds. "
            "It needs 400 people, the chief executive said.",
            ("chief executive", "Julia Holm"),
        ),
        (
            "de",
            "Das Start-up Nimbrix wächst. Man habe 400 Leute, sagte eine Sprecherin.",
            ("Sprecherin", "Nimbrix"),
        ),
        (
            "en",
            "The start-up Nimbrix is growing. It has 400 people, a spokeswoman said.",
            ("spokeswoman", "Nimbrix"),
        ),
        (
            "de",
            "Geschäftsführer Jonas Brenner leitet Nimbrix. „Wir sind 400 Leute“, sagt er.",
            ("er", "Jonas Brenner"),
        ),
        (
            "en",
            'Chief executive Jonas Brenner runs Nimbrix. "We are 400 people," he said.',
            ("he", "Jonas Brenner"),
        ),
        ("de", "Das Start-up Nimbrix zählt laut Firmenangaben 400 Kunden.", ("Firmenangaben", "Nimbrix")),
    ],
)
def test_a_voice_leads_back_to_who_is_meant(lang: str, text: str, voice: tuple[str, str]) -> None:
    assert voice in _voices(lang, text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Nimbrix baue 400 Server, sagte ein Analyst."),
        ("en", "Nimbrix is building 400 servers, an analyst said."),
        ("en", "Chief executive Julia Holm said that Nimbrix has 400 people."),
        ("de", "Gründerin Julia Holm sagte, Nimbrix habe 400 Leute."),
    ],
)
def test_strangers_and_names_are_no_voices(lang: str, text: str) -> None:
    assert _voices(lang, text) == []


def test_a_name_introduced_before_a_longer_one_keeps_to_itself() -> None:
    text = "The start-up Loonsong grows. Loonsong has 58,000 users. In May it brings out Loonsong Studio."
    names = {entity.name for entity in _reading("en", text).parties.entities}
    assert {"Loonsong", "Loonsong Studio"} <= names


@pytest.mark.parametrize(
    "text", ["Whoop, of Boston, has 300 people.", "Salad of Salt Lake City has 300 people."]
)
def test_an_everyday_word_with_a_home_is_a_name(text: str) -> None:
    names = {entity.name for entity in _reading("en", text).parties.entities}
    assert text.split(maxsplit=1)[0].strip(",") in names


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Gründer Qiu Zhaojiang war da. Qiu sagte, man baue 400 Roboter."),
        ("en", "Founder Qiu Zhaojiang was there. Qiu said that it would build 400 robots."),
    ],
)
def test_a_surname_may_come_first(lang: str, text: str) -> None:
    reading = _reading(lang, text)
    (person,) = [entity for entity in reading.parties.entities if entity.name == "Qiu Zhaojiang"]
    assert len(person.mentions) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Elon Musk spoke. Elon University bought 300 robots.", "Elon University"),
        ("Satya Nadella spoke. Analyst Satya Iyer said so.", "Satya Iyer"),
    ],
)
def test_a_given_name_may_begin_another_name(text: str, name: str) -> None:
    assert name in {entity.name for entity in _reading("en", text).parties.entities}


def test_of_two_the_last_was_heard_last() -> None:
    filler = "It rained again. " * 7
    told = "Founder Julia Holm said prices rise, but founder Anna Berg said they fall."
    reading = _reading("en", f"{told} {filler}Meta bought 300 robots.")
    offered = {entity.name for entity in speaker_candidates(reading, reading.contexts[-1])}
    assert offered == {"Anna Berg", "Meta"}


def test_who_was_heard_last_may_speak_on_for_half_an_article() -> None:
    filler = "It rained again. " * 7
    text = f"Founder Julia Holm said that prices rise. {filler}Meta bought 300 robots."
    reading = _reading("en", text)
    offered = {entity.name for entity in speaker_candidates(reading, reading.contexts[-1])}
    assert offered == {"Julia Holm", "Meta"}
    silent = _reading("en", f"Founder Julia Holm likes tea. {filler}Meta bought 300 robots.")
    offered = {entity.name for entity in speaker_candidates(silent, silent.contexts[-1])}
    assert offered == {"Meta"}
