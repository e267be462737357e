"""Interviews: who answers is who speaks, and frequent questions are no interview."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.document import read_document
from extractors.interviews import Interview, is_answer
from extractors.pipeline import extract
from extractors.reading import Reading, read
from scraper.article import Article, Instant

DE = (
    "Ilka Rautenstrauch leitet Lippwerk, einen Betreiber von Rechenzentren in Aurich.\n\n"
    "Wie groß ist Lippwerk heute?\n\n"
    "Klein. Wir betreiben 2.100 H200, mehr gibt die Leitung nicht her. Die Halle war früher ein Kuhstall.\n\n"
    "Und wie viele Leute arbeiten bei Ihnen?\n\n"
    "Wir sind 64 Leute. Bis Ende 2027 wollen wir 90 sein.\n\n"
    "Was plant die Konkurrenz?\n\n"
    "Keine Ahnung. Fragen Sie sie."
)
EN = (
    "Imogen Tarrant runs Moorland Compute, an operator of data centres in Wales.\n\n"
    "How large is Moorland Compute today?\n\n"
    "Small. We run 2,100 H200s, and the line gives no more. The hall was a cowshed once.\n\n"
    "And how many people work for you?\n\n"
    "We have 64 employees. By the end of 2027 we want 90.\n\n"
    "What are your rivals up to?\n\n"
    "No idea. Ask them."
)
QUESTIONS = (
    "What does Moorland Compute plan?\n\nIt wants to install 2,100 H200s in Wales.\n\n"
    "Who pays?\n\nA fund from London. Imogen Tarrant, its head, calls it a bet.\n\n"
    "When does it open?\n\nIn May 2027."
)


def reading(text: str, lang: str) -> Reading:
    return read(read_document("", text, lang, date(2025, 5, 20)))


def found(text: str, lang: str) -> tuple[Reading, Interview]:
    made = reading(text, lang)
    assert made.interview is not None
    return made, made.interview


@pytest.mark.parametrize(
    ("lang", "text", "guest", "party"),
    [("de", DE, "Ilka Rautenstrauch", "Lippwerk"), ("en", EN, "Imogen Tarrant", "Moorland Compute")],
)
def test_who_is_introduced_answers_for_the_party(lang: str, text: str, guest: str, party: str) -> None:
    made, interview = found(text, lang)
    entities = made.parties.entities
    assert entities[interview.guest].name == guest
    assert interview.party is not None
    assert entities[interview.party].name == party


@pytest.mark.parametrize(("lang", "text"), [("de", DE), ("en", EN)])
def test_answers_are_what_stands_behind_the_questions(lang: str, text: str) -> None:
    made, _ = found(text, lang)
    said = [
        made.document.text[c.sentence.start : c.sentence.end] for c in made.contexts if is_answer(made, c)
    ]
    assert len(said) == 7
    assert not any("?" in sentence for sentence in said)
    assert not any("Rautenstrauch" in sentence or "Tarrant" in sentence for sentence in said)


@pytest.mark.parametrize("text", [QUESTIONS, "", "Why?", EN.replace("?", "."), EN.replace("We", "They")])
def test_other_articles_are_no_interviews(text: str) -> None:
    made = reading(text.replace(" we ", " they "), "en")
    assert made.interview is None
    assert not any(is_answer(made, context) for context in made.contexts)


@pytest.mark.parametrize(
    ("lang", "text", "guest"), [("de", DE, "Ilka Rautenstrauch"), ("en", EN, "Imogen Tarrant")]
)
def test_a_guest_whose_given_name_no_list_has(lang: str, text: str, guest: str) -> None:
    made, interview = found(text.replace(guest, "Ynke Quantow"), lang)
    assert made.parties.entities[interview.guest].name == "Ynke Quantow"


def test_without_anybody_introduced_there_is_no_interview() -> None:
    assert reading(EN.replace("Imogen Tarrant runs", "This is about"), "en").interview is None


@pytest.mark.parametrize(
    ("lang", "text", "guest"), [("de", DE, "Ilka Rautenstrauch"), ("en", EN, "Imogen Tarrant")]
)
def test_claims_of_an_answer_are_the_guests(lang: str, text: str, guest: str) -> None:
    article = Article("https://moor.example/1", "", text, lang, Instant.of_day(date(2025, 5, 20)))
    claims = [claim for claim in extract(article) if claim.quantity is not None]
    assert claims
    assert {claim.speaker for claim in claims} == {guest}
