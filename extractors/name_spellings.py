"""One name spelled in two ways in an article: "Northern Grid Authority (NGA)", "NIMBRIX" in a headline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.catalogue.given_names import is_given_name
from extractors.document import Document
from extractors.mentions import Mention
from extractors.proper_names import NameSpan

_SHORTEST, _LONGEST = 3, 8  # letters of an abbreviation; of two letters there are too many by chance
_COMPOUND = 12  # letters of a word that has several parts: "Boddenforschungszentrum"
_MOST_BRACKETS = 200  # of an article; what stands in later ones is told apart

Target = NameSpan | int  # where a name is written out, or the number of a listed party


class Spellings:
    """Which names of an article stand for others in it."""

    def __init__(self, document: Document, heads: frozenset[str]) -> None:
        self._words, self._document, self._heads = document.words, document, heads
        self._stands_for: dict[str, Target] = {}

    def read(self, spans: Sequence[NameSpan], listed: Iterable[Mention]) -> None:
        """Compare the names that no list has with each other and, in brackets, with the listed ones.

        `listed` are the mentions of companies that the catalogue has.
        """
        written = {self._text(s).casefold(): s for s in reversed(spans) if not self._text(s).isupper()}
        for span in spans:
            other = written.get(self._text(span).casefold())
            if other is not None and self._text(span).isupper() and self._in_headline(span):
                self._stands_for[self._text(span)] = other
        for short, targets in self._bracketed(spans, listed).items():
            # Behind two names, or behind anything that it does not shorten, it is no abbreviation of one.
            known = {self._text(t) if isinstance(t, NameSpan) else t for t in targets}
            if len(known) == 1 and targets[0] is not None:
                self._stands_for[short] = targets[0]

    def target(self, span: NameSpan) -> Target:
        """Where the name of a span is written out, or the listed party it stands for; or the span itself."""
        text = self._text(span)
        found = self._stands_for.get(text, self._stands_for.get(text.removesuffix("s"), span))
        return self._stands_for.get(self._text(found), found) if isinstance(found, NameSpan) else found

    def _bracketed(
        self, spans: Sequence[NameSpan], listed: Iterable[Mention]
    ) -> dict[str, list[Target | None]]:
        """By abbreviation: the names that it stands in brackets behind, or that stand so behind it."""
        ends = {span.last: span for span in spans}
        companies = {mention.last: mention for mention in listed}
        found: dict[str, list[Target | None]] = {}
        brackets = 0
        for inner in spans:
            if not self._in_brackets(inner) or brackets == _MOST_BRACKETS:
                continue
            brackets += 1
            outer, company = ends.get(inner.first - 1), companies.get(inner.first - 1)
            if outer is not None and self._shortens(outer, inner.first, inner.last, inner.hints):
                found.setdefault(self._text(outer), []).append(inner)
                continue
            target: Target | None = None
            if outer is not None and self._shortens(inner, outer.first, outer.last, outer.hints):
                target = outer
            elif company is not None and self._shortens(inner, company.first, company.last, frozenset()):
                target = company.entity
            found.setdefault(self._text(inner), []).append(target)
        return found

    def _in_brackets(self, span: NameSpan) -> bool:
        words = self._words
        opened = span.first > 0 and words[span.first - 1].text == "("
        return opened and span.last < len(words) and words[span.last].text in "),"

    def _in_headline(self, span: NameSpan) -> bool:
        sentence = self._document.sentence_at(self._words[span.first].start)
        return bool(sentence.title or sentence.heading)

    def _shortens(self, short: NameSpan, first: int, last: int, hints: frozenset[str]) -> bool:
        """Are its letters those of a longer name in their order, two of them the first of words?

        Of a name of one long word the first letter is enough. Behind a person stands the party that they
        belong to, and no abbreviation.
        """
        text = self._text(short)
        capitals = sum(letter.isupper() for letter in text)
        if short.last - short.first > 1 or capitals < 2 or not _SHORTEST <= len(text) <= _LONGEST:
            return False
        words = [word.text for word in self._words[first:last]]
        organisation = "organisation word" in hints or words[-1].lower() in self._heads
        if "person title" in hints or (is_given_name(words[0]) and not organisation):
            return False
        initials = _initials(text.casefold(), " ".join(words).casefold())
        return initials >= 2 or (initials == 1 and len(words) == 1 and len(words[0]) >= _COMPOUND)

    def _text(self, span: NameSpan) -> str:
        return self._document.text[self._words[span.first].start : self._words[span.last - 1].end]


def _initials(letters: str, name: str) -> int:
    """The most beginnings of words that the letters of a short name can be read from, in order.

    0 where they cannot be, or the first of them begins no word.
    """
    begins = [at == 0 or name[at - 1] in " -" for at in range(len(name))]
    counts = [int(begin) if letter == letters[0] else 0 for letter, begin in zip(name, begins, strict=True)]
    for letter in letters[1:]:
        best, following = 0, []
        for at, begin in enumerate(begins):
            following.append(best + begin if best and name[at] == letter else 0)
            best = max(best, counts[at])
        counts = following
    return max(counts, default=0)
