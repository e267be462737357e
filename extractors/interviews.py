"""Interviews: whose answers an article prints, where it only asks and answers.

A paragraph that ends in a question asks; those behind it, up to the next such paragraph, answer. It is an
interview where answers say "we" or "I" in their own voice: a list of frequent questions does not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain, groupby
from typing import TYPE_CHECKING

from extractors.mentions import Entity, EntityType
from extractors.sentence_rules import is_question

if TYPE_CHECKING:
    from extractors.reading import Context, Reading

_QUESTIONS = 2  # fewer may be an author's own
_OWN_VOICE = 2  # answers that say "we" or "I"
_ORGANISATION = frozenset({"legal form", "organisation word", "apposition"})


@dataclass(frozen=True, slots=True)
class Interview:
    """The sentences that answer, by number; who does, and for which party, as entity indices."""

    answers: frozenset[int]
    guest: int
    party: int | None


def find_interview(reading: Reading) -> Interview | None:
    """The interview that an article is, None for any other article and where nobody is introduced."""
    questions, answers = _parts(reading)
    spoken = sum(any(map(_own_voice, sentences)) for sentences in answers)
    if questions < _QUESTIONS or spoken < _OWN_VOICE:
        return None
    party = _party(reading, answers[0][0].sentence.start)
    guest = _guest(reading, answers[0][-1].sentence.end, party)
    if guest is None:
        return None
    answering = frozenset(c.sentence.index for sentences in answers for c in sentences)
    return Interview(answering, guest.index, party if guest.employer is None else guest.employer)


def is_answer(reading: Reading, context: Context) -> bool:
    """Does the sentence belong to an answer of an interview?"""
    interview = reading.interview
    return interview is not None and context.sentence.index in interview.answers


def _parts(reading: Reading) -> tuple[int, list[list[Context]]]:
    """How many paragraphs ask, and the answers, each of one paragraph or more.

    Behind the last question an answer ends with its first-person words: what follows may be something else.
    """
    questions, asked = 0, False
    answers: list[list[list[Context]]] = []
    body = (context for context in reading.contexts if not context.sentence.title)
    for _, group in groupby(body, key=lambda context: context.sentence.paragraph):
        paragraph = list(group)
        if is_question(reading, paragraph[-1]):
            questions, asked = questions + 1, True
        elif asked:
            answers.append([paragraph])
            asked = False
        elif answers:
            answers[-1].append(paragraph)
    if answers:
        while len(answers[-1]) > 1 and not any(map(_own_voice, answers[-1][-1])):
            answers[-1].pop()
    return questions, [list(chain.from_iterable(answer)) for answer in answers]


def _own_voice(context: Context) -> bool:
    return not context.quoted and any(cue.name == "we" for cue in context.cues)


def _guest(reading: Reading, end: int, party: int | None) -> Entity | None:
    """Of the people named up to the first answer the first, one of the article's party before others.

    Where there is none, the first name there that may be a person's: its given name is on no list.
    """
    opening = [e for e in reading.parties.entities if e.mentions and e.mentions[0].start < end]
    people = [e for e in opening if e.type is EntityType.PERSON]
    people = people or [e for e in opening if e.index != party and _may_be_person(e)]
    return min(
        people, key=lambda e: (party is None or e.employer != party, e.mentions[0].start), default=None
    )


def _party(reading: Reading, end: int) -> int | None:
    """The party named most in title, introduction and first question; of equals the first."""
    opening = [c for c in reading.contexts if c.sentence.start < end]
    named = Counter(mention.entity for context in opening for mention in reading.acting(context))
    return named.most_common(1)[0][0] if named else None


def _may_be_person(entity: Entity) -> bool:
    """An unlisted name of two or three words that nothing makes an organisation's."""
    if entity.type is not EntityType.UNKNOWN or entity.hints & _ORGANISATION:
        return False
    return 2 <= len(entity.name.split()) <= 3
