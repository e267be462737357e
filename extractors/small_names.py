"""Names in small letters, of one everyday word or of several: "paper lamp", "der Betreiber abendrot".

Small letters alone make no name: it must stand where only a name can, at the head of a sentence or a row,
behind a noun that introduces a company, or behind "called". Found so, it is one wherever it recurs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from extractors.document import Sentence
from extractors.languages.lexicon import lexicon
from extractors.list_rows import opening, row_heads
from extractors.name_shapes import QUOTES, NameShapes
from extractors.name_words import word_set
from extractors.vocabulary import base_form, is_everyday_compound, is_everyday_word

_MOST_WORDS = 4
_MOST_PLACES = 300  # of one word that are looked at: time must not grow with their square
_MOST_SMALL = 0.3  # of all sentences; who writes all of them small marks no name by it


def small_names(shapes: NameShapes, introduced: set[int], listed: set[int]) -> dict[int, int]:
    """The words that such names begin with, each with the word after the name's last.

    `introduced`: words behind a noun for a company; `listed`: words of names that the catalogue has.
    """
    return _Reader(shapes, introduced, listed).spans()


class _Reader:
    def __init__(self, shapes: NameShapes, introduced: set[int], listed: set[int]) -> None:
        self.shapes, self.introduced, self.listed = shapes, introduced, listed
        self.words, self.lang = shapes.words, shapes.document.lang
        self.verbs = word_set(self.lang, "proper_names.singular_verbs")
        self.endings = lexicon(self.lang).words("proper_names.verb_endings")
        self.plain = word_set(self.lang, "proper_names.never_small")
        self.naming = word_set(self.lang, "proper_names.calling")
        self.leads, self.beginning = shapes.tables.before_explained, shapes.tables.indefinite
        self.openings = {s.first: opening(shapes, s) for s in shapes.document.sentences if s.first < s.last}
        self.abbreviations = word_set(self.lang, "sentences.abbreviations")
        self.telling = word_set(self.lang, "proper_names.telling_more")
        self.heads = set(self.openings.values()) | {
            index
            for index in range(2, len(self.words))
            if self.words[index].text.islower() and self._ends_before(index)
        }
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for index, word in enumerate(self.words):
            if len(self.by_word[word.text]) < _MOST_PLACES:
                self.by_word[word.text].append(index)

    def spans(self) -> dict[int, int]:
        """All names, the heads of rows that have capitals among them."""
        found: dict[int, int] = {}
        runs: dict[tuple[str, ...], None] = {}
        for first, last in [*row_heads(self.shapes, self.listed), *self._told()]:
            if self.listed.isdisjoint(range(first, last)):
                found[first] = last
                runs[self._texts(first, last)] = None
        for run in sorted(runs, key=len):
            if len(run) > 1 or run[0].islower():
                found.update(self._recurrences(run))
        return found

    def _ends_before(self, index: int) -> bool:
        """A full stop of no abbreviation; no sentence is split there, before small letters."""
        word, stop, before = self.words[index], self.words[index - 1], self.words[index - 2]
        spaced = stop.end < word.start and stop.start == before.end
        ends = before.text.isalpha() and len(before.text) > 2 and before.lower not in self.abbreviations
        return spaced and stop.text in ".!?" and (ends or before.text in QUOTES + ")")

    def _texts(self, first: int, last: int) -> tuple[str, ...]:
        return tuple(word.text for word in self.words[first:last])

    def _told(self) -> Iterator[tuple[int, int]]:
        sentences = self.shapes.document.sentences
        heads = sorted(head for head in self.heads if head < len(self.words))
        small = sum(self.words[head].text.islower() for head in heads)
        if small <= max(2, _MOST_SMALL * len(sentences)):
            for head in heads:
                sentence = self.shapes.document.sentence_at(self.words[head].start)
                yield from self._opener(head, sentence)
        for sentence in sentences:
            yield from self._called(sentence)
            yield from self._explained(sentence)
        for index in self.introduced:
            yield from self._introduced(index)

    def _recurrences(self, run: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Where the same words stand again, and no article makes them a common noun."""
        for first in self.by_word[run[0]]:
            last = first + len(run)
            if self._texts(first, last) != run or not self.listed.isdisjoint(range(first, last)):
                continue
            sentence = self.shapes.document.sentence_at(self.words[first].start)
            before = self.words[first - 1].lower if first else ""
            if last > sentence.last:
                continue
            if before in self.shapes.tables.determiners and first not in self.heads:
                continue
            if self._is_distinct(run) or self._stands_as_name(first, last):
                yield first, last

    def _is_distinct(self, run: tuple[str, ...]) -> bool:
        """Words that mean nothing else in small letters: several together, a strange one, a German noun."""
        return len(run) > 1 or not is_everyday_word(run[0], self.lang) or self._is_small_noun(run[0])

    def _stands_as_name(self, first: int, last: int) -> bool:
        """An everyday word at the head of a sentence, introduced, before an apposition or owning."""
        before = self.words[first - 1].text if first else ""
        return (
            first in self.heads
            or first in self.introduced
            or before in (":", "*")
            or self._owns(last)
            or (before in self.leads and self._ends_plainly(last))
        )

    def _owns(self, index: int) -> bool:
        """An "'s" right behind the name."""
        if index + 1 >= len(self.words) or self.words[index].start != self.words[index - 1].end:
            return False
        return self.words[index].text in "'’" and self.words[index + 1].text == "s"

    def _ends_plainly(self, index: int) -> bool:
        return index >= len(self.words) or not self.words[index].text.isalnum()

    def _is_small_noun(self, text: str) -> bool:
        """A German noun without its capital, or a compound that ends in one."""
        if self.lang != "de" or not text.islower():
            return False
        return base_form(text, "de")[:1].isupper()

    def _run(self, first: int, sentence: Sentence) -> Iterator[int]:
        """The ends of the runs of small words from here on: "tin", "tin &", "tin & rope"."""
        for last in range(first + 1, min(first + _MOST_WORDS, sentence.last) + 1):
            word = self.words[last - 1]
            joiner = word.text in ("&", ".") and last - 1 > first
            if not (joiner or (word.text.isalpha() and word.text.islower() and word.lower not in self.plain)):
                return
            if not joiner:
                yield last

    def _opener(self, first: int, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """At the head of a sentence, before its apposition or, where it is told again, before a verb."""
        best: tuple[int, int] | None = None
        for last in self._run(first, sentence):
            end = last + (last < sentence.last and self.words[last].text in QUOTES)
            again = self._count(self._texts(first, last)) > 1
            if self._is_explained(first, last, end, sentence, again=again):
                best = first, last
                break
            if again and (self._acts(end, sentence) or self._owns(last)):
                best = first, last
        if best is not None:
            yield best

    def _is_explained(self, first: int, last: int, end: int, sentence: Sentence, *, again: bool) -> bool:
        """Do a comma and an article follow, and a noun for a company or the same name elsewhere?"""
        if end + 2 >= sentence.last or self.words[end].text != ",":
            return False
        if self.words[end + 1].lower not in self.shapes.tables.explaining & self.shapes.tables.determiners:
            return False
        plain = last - first > 1 or not is_everyday_word(self.words[first].text, self.lang)
        return again or (plain and self._kind(end + 2, sentence) is not None)

    def _count(self, run: tuple[str, ...]) -> int:
        firsts = self.by_word[run[0]]
        return sum(
            self._texts(first, first + len(run)) == run
            and (first in self.heads or self.words[first - 1].lower not in self.shapes.tables.determiners)
            for first in firsts
        )

    def _acts(self, index: int, sentence: Sentence) -> bool:
        return index < sentence.last and self.shapes.acts(self.words[index])

    def _is_from_somewhere(self, index: int, sentence: Sentence) -> bool:
        """A comma, "a", a noun for a company and what tells more of it: ", a start-up from Porto"."""
        if index + 2 >= sentence.last or self.words[index].text != ",":
            return False
        kind = self._kind(index + 2, sentence) if self.words[index + 1].lower in self.beginning else None
        return kind is not None and kind < sentence.last and self.words[kind].lower in self.telling

    def _kind(self, index: int, sentence: Sentence) -> int | None:
        """The word behind the noun for a company that ends the phrase beginning here."""
        end = index
        while end < min(index + 5, sentence.last) and self.words[end].text.isalnum() | (
            self.words[end].text == "-"
        ):
            end += 1
        tables = self.shapes.tables
        hits = [last for _, last, _ in tables.apposition.find(self.words, index, end)]
        hits += [at + 1 for at in range(index, end) if self.shapes.introduces(self.words[at])]
        return min(hits, default=None)

    def _called(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Behind "a cloud provider called", with or without quotation marks."""
        for index in range(sentence.first + 1, sentence.last - 1):
            if self.words[index].lower not in self.naming or not self._is_company(index, sentence):
                continue
            first = index + 1
            articles = (word.lower for word in self.words[max(index - 6, sentence.first) : index])
            nearest = [text for text in articles if text in self.shapes.tables.determiners][-1:]
            if self.beginning.isdisjoint(nearest):  # "the company called it so" names nothing
                continue
            if self.words[first].text in QUOTES:
                yield from self._in_quotes(first + 1, sentence)
                continue
            ends = [last for last in self._run(first, sentence) if self._ends_plainly(last)]
            yield from ((first, last) for last in ends[:1])

    def _is_company(self, index: int, sentence: Sentence) -> bool:
        """Does a noun for a company stand right before the word?"""
        first = max(index - 3, sentence.first)
        nouns = self.shapes.tables.apposition.find(self.words, first, index)
        return any(last == index for _, last, _ in nouns) or self.shapes.introduces(self.words[index - 1])

    def _in_quotes(self, first: int, sentence: Sentence) -> Iterator[tuple[int, int]]:
        for last in range(first + 1, min(first + _MOST_WORDS, sentence.last - 1) + 1):
            if self.words[last].text in QUOTES:
                yield first, last
                return
            if not self.words[last].text.isalnum():
                return

    def _explained(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Behind a preposition, before its apposition: "at paper lamp, a start-up from Porto"."""
        for index in range(sentence.first + 2, sentence.last - 2):
            if not self._is_from_somewhere(index, sentence):
                continue
            for first in range(index - 1, max(index - _MOST_WORDS, sentence.first), -1):
                named = self._is_numbered(first, index) or index in self._run(first, sentence)
                if not named and index - first > 1:
                    break
                if self.words[first - 1].lower in self.leads and index - first > 1:
                    yield first, index
                    break

    def _is_numbered(self, first: int, last: int) -> bool:
        """A short number before words with capitals: "9 Fathoms"."""
        number = self.words[first].text
        return number.isdecimal() and len(number) < 3 and all(w.capital for w in self.words[first + 1 : last])

    def _introduced(self, index: int) -> Iterator[tuple[int, int]]:
        """Right behind a noun for a company: a German noun without its capital, or a strange word."""
        if index >= len(self.words):
            return
        sentence = self.shapes.document.sentence_at(self.words[index].start)
        if index and self.words[index - 1].text in QUOTES:
            yield from (
                span
                for span in self._in_quotes(index, sentence)
                if span[1] - span[0] > 1 and self._count(self._texts(*span)) > 1
            )
            return
        text = self.words[index].text
        if self.lang != "de" or text in self.plain or not (text.islower() and text.isalpha()):
            return
        noun = self._is_small_noun(text)
        unknown = not (is_everyday_word(text, "de") or is_everyday_compound(text, "de"))
        strange = unknown and self._is_no_verb(index, sentence)
        last = self._pair(index, sentence)
        if len(text) > 3 and (noun or strange):
            yield index, last

    def _is_no_verb(self, index: int, sentence: Sentence) -> bool:
        """Before a comma or a bracket, or where the clause has its verb before."""
        after = self.words[index + 1].text if index + 1 < sentence.last else ""
        clause = [word.text for word in self.words[sentence.first : index]]
        verb = "," not in clause and not self.verbs.isdisjoint(clause)
        return after in (",", "(") or (
            verb and after.islower() and not self.words[index].text.endswith(self.endings)
        )

    def _pair(self, index: int, sentence: Sentence) -> int:
        """The word behind "rad & speiche"; without an ampersand, behind the one word."""
        pair = self.words[index + 1 : min(index + 3, sentence.last)]
        joined = len(pair) == 2 and pair[0].text == "&" and pair[1].text.islower()
        return index + 3 if joined else index + 1
