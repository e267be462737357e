"""One annotated article with its names and numbers swapped, title, text and annotation alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from benchmarks.swapping.invent import Inventor
from benchmarks.swapping.names import NAME_FIELDS, Names, Record, inventor, names_of, spellings_pattern
from benchmarks.swapping.numbers import Numbers, significant
from extractors.catalogue.names import catalogue
from extractors.quantities import find_quantities

TOLERANCE = 0.005  # the guidelines': amounts agree within half a percent

Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Swapped:
    """A swapped article, what was swapped in it, and the amounts that had to stay as they were."""

    article: Record
    names: Names
    kept: frozenset[str]
    numbers: int  # how many numbers changed
    words: int  # how many words of names changed


def swap(article: Record) -> Swapped:
    """The article in an invented world; the same article always gives the same one.

    An amount that the annotation takes from words or from arithmetic ("four 500-MW halls") cannot follow:
    the numbers of its sentences stay, which `kept` tells.
    """
    names, invented, numbers = names_of(article), inventor(article), _numbers(article)
    while True:
        swapped = _apply(article, names, invented, numbers)
        broken = _unreadable(article, swapped.article, numbers)
        if not broken:
            return swapped
        numbers.kept |= broken
        numbers.draw(_used(article, names, invented, numbers))


def readable(amount: Sequence[float | None], sentences: Sequence[str], lang: str) -> bool:
    """Whether an amount of the annotation can be read in one of its sentences."""
    return any(
        _same(amount[0], mention.low) and _same(amount[1], mention.high)
        for sentence in sentences
        for mention in find_quantities(sentence, lang)
    )


def _same(gold: float | None, read: float | None) -> bool:
    if gold is None or read is None:
        return gold is read
    return abs(gold - read) <= TOLERANCE * max(abs(gold), 1e-9)


def _numbers(article: Record) -> Numbers:
    amounts = [claim["quantity"] for claim in article["claims"] if claim.get("quantity")]
    pairs = {(q[0], q[1]) for q in amounts if None not in q and q[0] < q[1]}
    ends = frozenset(float(end) for amount in amounts for end in amount if end is not None)
    numbers = Numbers(
        article["id"], tuple(sorted(pairs)), ends, published=date.fromisoformat(article["published"])
    )
    numbers.draw(_used(article, names_of(article), inventor(article), numbers))
    return numbers


def _used(article: Record, names: Names, invented: Inventor, numbers: Numbers) -> Iterator[str]:
    for text in (article["title"], article["text"]):
        taken = _spans(names, text, invented)
        yield from (digits for _, _, digits in numbers.found(text, article["lang"], taken))


def _spans(names: Names, text: str, invented: Inventor) -> list[tuple[int, int]]:
    """Where names stand, whose numbers are the names' own."""
    return [match.span() for match in names.pattern.finditer(text)]


def _apply(article: Record, names: Names, invented: Inventor, numbers: Numbers) -> Swapped:
    edits: dict[str, list[Edit]] = {}
    words = changed = 0
    for part in ("title", "text"):
        text = article[part]
        spelled = list(names.swapped(text, invented.word))
        counted = list(numbers.edits(text, article["lang"], _spans(names, text, invented)))
        edits[part] = sorted([*spelled, *counted])
        words, changed = words + len(spelled), changed + len(counted)
    row: Record = {
        **article,
        "url": f"https://swapped.example/{article['id']}",
        "title": _edited(article["title"], edits["title"]),
        "text": _edited(article["text"], edits["text"]),
    }
    row["claims"] = [_claim(claim, article, edits, names, invented, numbers) for claim in article["claims"]]
    return Swapped(row, names, frozenset(numbers.kept), changed, words)


def _edited(text: str, edits: Sequence[Edit], start: int = 0, end: int | None = None) -> str:
    """The part [start, end) of a text with its edits made."""
    end = len(text) if end is None else end
    inside = [edit for edit in edits if start <= edit[0] and edit[1] <= end]
    pieces = [text[start : inside[0][0] if inside else end]]
    for (_, stop, new), following in pairwise([*inside, (end, end, "")]):
        pieces += [new, text[stop : following[0]]]
    return "".join(pieces)


def _claim(
    claim: Record,
    article: Record,
    edits: dict[str, list[Edit]],
    names: Names,
    invented: Inventor,
    numbers: Numbers,
) -> Record:
    swapped = dict(claim)
    for field in (*NAME_FIELDS, *(f"{name}_aliases" for name in NAME_FIELDS)):
        if claim.get(field):
            swapped[field] = _renamed(claim[field], names, invented)
    if claim.get("object"):
        swapped["object_aliases"] = [
            *swapped.get("object_aliases", []),
            *(_renamed(spelling, names, invented) for spelling in _spelled(claim["object"], article)),
        ]
    if claim.get("quantity"):
        ends = [end if end is None else numbers.value(float(end)) for end in claim["quantity"]]
        swapped["quantity"] = [int(e) if e is not None and e.is_integer() else e for e in ends]
    swapped["evidence"] = [_sentence(sentence, article, edits) for sentence in claim["evidence"]]
    return swapped


def _spelled(product: str, article: Record) -> list[str]:
    """How the article writes a listed product: whose an invented "K473" is, only a list could tell."""
    listed = catalogue().product(product)
    if listed is None:
        return []
    whole = f"{article['title']}\n{article['text']}"
    return [alias for alias in listed.aliases if spellings_pattern([alias]).search(whole)]


def _renamed(value: Any, names: Names, invented: Inventor) -> Any:
    if isinstance(value, list):
        return [_renamed(one, names, invented) for one in value]
    return _edited(value, list(names.swapped(value, invented.word)))


def _sentence(sentence: str, article: Record, edits: dict[str, list[Edit]]) -> str:
    """A sentence of the annotation as it reads after the swap; found by its place in the article."""
    part = "text" if sentence in article["text"] else "title"
    start = article[part].index(sentence)
    return _edited(article[part], edits[part], start, start + len(sentence))


def _unreadable(before: Record, after: Record, numbers: Numbers) -> set[str]:
    """The digits that must stay: those of amounts that their swapped sentences do not tell."""
    broken: set[str] = set()
    for old, new in zip(before["claims"], after["claims"], strict=True):
        amount = new.get("quantity")
        if not amount or readable(amount, new["evidence"], before["lang"]):
            continue
        told = {
            digits for text in old["evidence"] for _, _, digits in numbers.found(text, before["lang"], [])
        }
        broken |= told | {significant(float(end)) for end in old["quantity"] if end is not None}
    return broken - numbers.kept
