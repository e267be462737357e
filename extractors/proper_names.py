"""Names that no list has: runs of capitalised words, told from everyday words by lists and by context.

In German every noun has a capital, so the word list decides first: a strange word is a name, an everyday
word is none, a compound of known parts ("Kernwerk") is one where the text treats it so: introduced by an
apposition noun, followed by a legal form, or used again and again without an article.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.bare_names import bare_names, uncapped_names
from extractors.catalogue.given_names import is_given_name
from extractors.catalogue.places import (
    PlaceKind,
    country_of_adjective,
    gazetteer,
    is_ambiguous,
    place,
    place_of_adjective,
)
from extractors.declined_names import offices, public_bodies, stem_of
from extractors.document import Document, Sentence, Word
from extractors.languages.lexicon import lexicon
from extractors.name_ends import NameEnds
from extractors.name_shapes import QUOTES, NameShapes
from extractors.name_usage import count_usage
from extractors.quantities import is_amount
from extractors.small_names import small_names
from extractors.vocabulary import is_everyday_word

_MOST_WORDS = 15  # a longer run of capitals is a headline or a list, no name


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A possible name over the words [first, last); `hints` say what speaks for it."""

    first: int
    last: int
    hints: frozenset[str]


def find_names(document: Document, taken: set[int], listed: set[int]) -> list[NameSpan]:
    """All possible names of a document; words in `taken` belong to known names already, or to no names.

    `listed` are those of them that belong to names which the catalogue has.
    """
    reader = _Reader(document, taken, listed)
    spans = [span for sentence in document.sentences if not sentence.title for span in reader.spans(sentence)]
    titles = [
        span for sentence in document.sentences if sentence.title for span in reader.title(sentence, spans)
    ]
    return titles + spans


class _Reader(NameShapes):
    """Walks the sentences of one document; counts how each capitalised word is used in it."""

    def __init__(self, document: Document, taken: set[int], listed: set[int]) -> None:
        super().__init__(document)
        self.taken = set(taken)
        self.ends = NameEnds(document)
        self.calling = frozenset(lexicon(document.lang).words("names.naming_words"))
        self.product_heads = lexicon(document.lang).words("names.product_heads")
        self.introduced = self.introductions()
        self.small = {
            first: last
            for first, last in small_names(self, self.introduced, listed).items()
            if self.taken.isdisjoint(range(first, last))
        }
        self.titled = self.surnames()
        self.uncapped = uncapped_names(self, self.introduced)
        usage = count_usage(self)
        self.pairs, self.running = usage.pairs, usage.running
        self.bare, self.articled = usage.bare, usage.articled
        self.acting = bare_names(self, self.articled)

    def spans(self, sentence: Sentence) -> Iterator[NameSpan]:
        """The possible names of a sentence, from left to right."""
        for first, last in (*public_bodies(self.document, sentence), *offices(self.document, sentence)):
            if self.taken.isdisjoint(range(first, last)):
                self.taken.update(range(first, last))
                yield NameSpan(first, last, frozenset({"organisation word"}))
        index = free = sentence.first
        while index < sentence.last:
            if index in self.small and index not in self.taken:
                yield self._small(index, sentence)
                index = free = self.small[index]
                continue
            if index in self.taken or not self._opens(index, sentence):
                free = index + 1 if index in self.taken else free
                index += 1
                continue
            end = max(self._extend(index, sentence), self.hyphenated_place(index))
            first, last = self.trim(self.whole_compound(index, free), end)
            first += self._leads_in(first, last, sentence)
            first -= first - 1 >= free and self.counted(first, last, sentence)
            if first < last and not (last - first == 1 and self.words[first].lower in self.tables.rivals):
                yield NameSpan(first, last, frozenset(self._hints(first, last, sentence)))
            index = free = max(end, index + 1)  # a legal form that was cut off begins no name

    def _small(self, index: int, sentence: Sentence) -> NameSpan:
        """A name that its place in the text tells, not its letters."""
        last = self.small[index]
        hints = self._hints(index, last, sentence) - {"weak", "everyday"}
        return NameSpan(index, last, frozenset(hints | {"strange"}))

    def _leads_in(self, first: int, last: int, sentence: Sentence) -> bool:
        """A word that only opens the sentence before a name: "Today Verdalis …", "Rival Allente …".

        Or tells, in the genitive, where it is at home: "Thailands Siam AI".
        """
        if last - first < 2:
            return False
        word, after = self.words[first], self.words[first + 1]
        if self._owns_as_country(word.text):
            return True
        if first != sentence.first or (after.lower in self.tables.heads and place(word.text) is not None):
            return False
        told = first + 1 in self.introduced and self.everyday(word) and word.lower not in self.tables.heads
        once = self.document.lang == "en" and self.pairs[word.text, after.text] == 1  # "Insurer Meadowbank"
        if told and (once or self.strange(after)):
            return True
        return word.lower in self.tables.rivals or self._stands_alone(word, after)

    def _stands_alone(self, word: Word, after: Word) -> bool:
        """Is the second word a name without the first, an everyday one, elsewhere?"""
        if not is_everyday_word(word.text, self.document.lang) or self.running[word.text]:
            return False
        # Behind another word it is the end of another name: "Carbon Robotics".
        ends = sum(times for (_, last), times in self.pairs.items() if last == after.text)
        alone = self.bare[after.text] - ends
        return alone > 0 and not is_given_name(word.text)

    def _owns_as_country(self, text: str) -> bool:
        """A country in the genitive: `place` finds it, though no list has this spelling."""
        found = place(text)
        return found is not None and found.kind is PlaceKind.COUNTRY and text not in gazetteer().names

    def title(self, sentence: Sentence, spans: list[NameSpan]) -> Iterator[NameSpan]:
        """In a headline only what the text names too, or what no word list knows."""
        starts = (self.words[s.first] for s in spans)
        first = {word.text for word in starts if word.lower not in self.tables.spelled}
        seen = {text.removesuffix("s") for text in first if place_of_adjective(text) is None}
        whole = {tuple(word.text for word in self.words[s.first : s.last]) for s in spans}
        index = sentence.first
        while index < sentence.last:
            if index in self.small and index not in self.taken:
                span = self._small(index, sentence)
                yield NameSpan(span.first, span.last, span.hints | {"title"})
                index = span.last
                continue
            word = self.words[index]
            known = word.text.removesuffix("s") in seen or word.text in seen | self.acting
            if index not in self.taken and word.capital and (known or self._strange_in_title(word)):
                last = index + (3 if self.with_kin(index, sentence) else 1)
                last = max(last, self._end_as_in_text(index, sentence, whole))
                while (
                    last < sentence.last
                    and last not in self.taken
                    and self.words[last].capital
                    and self.joined(last)
                    and (
                        self._strange_in_title(self.words[last])
                        or self.words[last].lower in self.tables.heads
                    )
                ):
                    last += 1
                yield NameSpan(index, last, frozenset(self._hints(index, last, sentence) | {"title"}))
                index = last
            else:
                index += 1

    def _end_as_in_text(self, index: int, sentence: Sentence, names: set[tuple[str, ...]]) -> int:
        """Where the longest of these names ends that stands here in the headline."""
        ends = (index + len(name) for name in names if name[0] == self.words[index].text)
        free = (end for end in ends if end <= sentence.last and self.taken.isdisjoint(range(index, end)))
        return max((e for e in free if tuple(w.text for w in self.words[index:e]) in names), default=index)

    def _strange_in_title(self, word: Word) -> bool:
        """Unknown to the word lists, and neither "CEO" nor "GPUs"."""
        return self.strange(word) and word.lower not in self.tables.never_surnames

    def _opens(self, index: int, sentence: Sentence) -> bool:
        """May a name begin here?"""
        word = self.words[index]
        if word.text in self.uncapped:
            return True
        capital = any(c.isupper() for c in word.text)
        if not capital or word.lower in self.tables.never or self._is_amount(index):
            return False
        if index in self.introduced or self._after_title(index, sentence):
            return word.lower not in self.tables.openers
        if word.text in self.acting or self._names_next(index, sentence):
            return True
        if self.document.lang == "de":
            return self._opens_german(index, sentence)
        return self._opens_english(index, sentence)

    def _is_amount(self, index: int) -> bool:
        """A letter before money or behind digits, or digits with their unit: "A$", "1.9K", "5GW"."""
        word, lang = self.words[index], self.document.lang
        if len(word.text) == 1:
            before = self.words[index - 1] if index else None
            scale = before is not None and before.end == word.start and before.text[-1].isdigit()
            return lang == "de" or scale or self.before_money(index)
        return word.text[0].isdigit() and is_amount(word.text, lang)

    def _after_title(self, index: int, sentence: Sentence) -> bool:
        """Behind "CEO" or "Finanzchefin" a person's name begins."""
        if index == sentence.first or not self.joined(index):
            return False
        before = self.words[index - 1]
        titled = self.behind_office(index, sentence) or (before.capital and self.is_office(before))
        return titled and not self.everyday(self.words[index])

    def _names_next(self, index: int, sentence: Sentence) -> bool:
        """A given name before a capital, or an organisation word beside one: "X Ventures"."""
        word = self.words[index]
        if index + 1 >= sentence.last or index + 1 in self.taken or not self.joined(index + 1):
            return False
        after = self.words[index + 1]
        double = after.text == "-" and index + 2 < sentence.last  # "Hans-Jörg Pauli"
        if self._particle(index, index + 1, sentence) or (
            double and is_given_name(self.words[index + 2].text)
        ):
            return is_given_name(word.text)
        if not after.capital or after.lower in self.tables.never_second:
            return False
        if is_given_name(word.text):
            return after.text.isalpha() and after.lower not in self.tables.titles
        if word.lower in self.tables.heads:
            return (
                self.document.lang != "de"
                or not is_everyday_word(after.text, "de")
                or bool(place(after.text) or self.hyphenated_place(index + 1))
            )
        return (
            after.lower in self.tables.heads
            and word.lower not in self.tables.openers
            and not (self.document.lang == "de" and self._is_object(index + 1, sentence))
            and (
                self.document.lang != "de"
                or stem_of(word.text, "de") is not None
                or not self.has_article(index, sentence)
                or not is_everyday_word(after.text, "de")
            )
        )

    def _opens_german(self, index: int, sentence: Sentence) -> bool:
        word = self.words[index]
        if word.lower in self.tables.determiners or self._says_only_where(index):
            return False
        mixed = word.text != word.text.capitalize() and not word.text.isupper()
        if mixed or self.with_kin(index, sentence):
            return True
        if self.legal_form_ahead(index, sentence) or self.ends.domain_ends(index + 1, sentence.last):
            return True
        listed = place(word.text) is not None and not is_ambiguous(word.text)
        if listed or self.hyphenated_place(index) or self.is_abbreviation(index):
            return True
        if self.everyday(word):
            # "der Großrechner Mondfisch 3", "vom Typ Mondfisch 3"
            says_what = word.lower in self.calling or word.lower.endswith(self.product_heads)
            ahead = not says_what and self.numbered_ahead(index, sentence)
            numbered = ahead or self.numbered(index + 1, sentence)
            return numbered or self.quoted(index) or self._used_as_name(index)
        return True

    def _says_only_where(self, index: int) -> bool:
        """A town's adjective before a name, no part of it: "die Ulmer Zirbex AG", "der Ulmer Makler X"."""
        if not self.says_where_from(index):
            return False
        word, after = self.words[index], self.words[index + 1]
        goes_on = index + 2 < len(self.words) and self.words[index + 2].capital and self.joined(index + 2)
        return (goes_on or self.strange(after)) and self.pairs[word.text, after.text] == 1

    def _used_as_name(self, index: int) -> bool:
        """A compound that the text never gives an article, as only names and plurals go."""
        word = self.words[index]
        bare, articled = self.bare[word.text], self.articled[word.text]
        if 2 * articled >= bare or (articled and bare < 3):
            return False
        return not is_everyday_word(word.text, "de")

    def _opens_english(self, index: int, sentence: Sentence) -> bool:
        word = self.words[index]
        if word.lower in self.tables.openers or country_of_adjective(word.text):
            return False
        if not is_everyday_word(word.text, "en"):
            return True
        after = self.words[index + 1] if index + 1 < sentence.last else None
        follows = after is not None and after.capital and self.joined(index + 1)
        follows = follows and after is not None and after.lower not in self.tables.never_second
        follows = follows and index + 1 not in self.taken  # "Shareholder Microsoft"
        if word.text.isupper() and len(word.text) > 3:
            return bool(follows)
        before = self.words[index - 1] if index > sentence.first else None
        initial = before is None or before.text in QUOTES + ":.–—-•*|" or before.text.isdigit()
        if initial or sentence.heading:
            known = self.running[word.text] > 0 or bool(follows and not sentence.heading)
            located = place(word.text) is not None and not is_ambiguous(word.text)
            return known or located or self._is_told_to_be_one(index, sentence)
        return True

    def _is_told_to_be_one(self, index: int, sentence: Sentence) -> bool:
        """ "Kettle & Drum"; "Pallet, the project tool"; "Whoop, of Boston"; "Kettle Inc"; "Kettle's"."""
        pair = self.words[index + 1 : min(index + 3, sentence.last)]
        joined = len(pair) == 2 and pair[0].text == "&" and pair[1].capital
        if not sentence.heading and (self.owns(index) or self.legal_form_ahead(index, sentence)):
            return True
        return joined or self.explained(index, sentence) or self.comes_from(index + 1, sentence)

    def _extend(self, first: int, sentence: Sentence) -> int:
        office = self.is_office(self.words[first]) and self._surname(first + 1, sentence)
        last = first + 1 + office  # behind "Personalvorständin" her name begins
        person = office or is_given_name(self.words[first].text) or self._after_title(first, sentence)
        if person and last + 1 < sentence.last and self.words[last].text == "-":
            last += 2 * is_given_name(self.words[last + 1].text)  # "Hans-Jörg Pauli"
        led = self._particle(first, last, sentence) > 0
        owned = led or self.ends.in_genitive(first, last)
        if (not owned and self._names_next(last - 1, sentence)) or (person and self._surname(last, sentence)):
            last = max(last + 1, self.hyphenated_place(last) if last < sentence.last else 0)
        end = min(sentence.last, first + _MOST_WORDS)
        while (
            last < end
            and last not in self.taken
            and self.joined(last)
            and not self.ends.in_genitive(first, last)
        ):
            word = self.words[last]
            after = self.words[last + 1] if last + 1 < sentence.last else None
            if particle := self._particle(first, last, sentence):
                last += particle + 1  # "Raymond van Eck"
                continue
            if (
                word.lower in self.tables.joiners
                and word.text.isalpha()
                and is_given_name(self.words[first].text)
            ):
                break
            if (
                word.lower in self.tables.joiners
                and after is not None
                and after.capital
                and last + 1 not in self.taken
            ):
                plain = self.everyday(after) or self.is_office(after)
                if word.lower == "-" and not person and plain and not self.legal_form_ahead(last, sentence):
                    break
                linking = word.lower in self.tables.linking
                if (linking and (person or not self.links(last, last - first))) or self.ends.told_apart(last):
                    break
                last += 2
            elif (last + 1 not in self.taken and self.ends.domain_ends(last, end)) or self.second_syllable(
                last, sentence
            ):
                last += 2
            elif self.words[last - 1].lower in self.tables.heads and self.hyphenated_place(last):
                last += 3
            elif (
                any(c.isupper() for c in word.text)
                and (word.lower not in self.tables.never_go_on or self.legal_form_ahead(last, sentence))
                and (self._continues(last, sentence) or self.ends_name(last, sentence))
            ):
                last += 1
            else:
                break
        return last

    def _particle(self, first: int, index: int, sentence: Sentence) -> int:
        """How many small words lead from given names to a surname: "van der" in "Bas van der Laan"."""
        given = self.words[first:index]
        if not given or not all(is_given_name(word.text) or word.text == "-" for word in given):
            return 0
        known = self.tables.particles
        if first > sentence.first and self.behind_office(first, sentence):
            known |= self.tables.particles_of_titled
        for size in (2, 1):
            words = self.words[index : index + size]
            if " ".join(word.lower for word in words) in known:
                return size if self._surname(index + size, sentence) else 0
        return 0

    def _surname(self, index: int, sentence: Sentence) -> bool:
        """A capitalised word right behind a given name, everyday word or not: "Köhler"."""
        if index >= sentence.last or index in self.taken or not self.joined(index):
            return False
        word = self.words[index]
        barred = self.tables.never_surnames
        return word.capital and word.text.isalpha() and word.lower not in barred

    def _continues(self, index: int, sentence: Sentence) -> bool:
        """May a capitalised word go on with the name before it? In German, an everyday one must recur."""
        word, before = self.words[index], self.words[index - 1]
        if self.document.lang != "de":
            return True
        if word.lower in self.tables.makers:
            return not self._is_object(index, sentence)
        if self.strange(word) or (is_everyday_word(word.text, "en") and not self.is_office(word)):
            return True
        if index > 1 and before.lower in self.tables.heads and stem_of(self.words[index - 2].text, "de"):
            return True
        return self.pairs[before.text, word.text] > 1 or word.text in self.titled

    def _is_object(self, index: int, sentence: Sentence) -> bool:
        """An everyday noun behind who acts and the verb: "Seit 2024 verkauft Lumeo Software"."""
        word, before = self.words[index], self.words[index - 1]
        if index < 2 or word.lower in self.tables.legal_forms or not self.everyday(word):
            return False
        verb = self.words[index - 2]
        acts = verb.lower not in self.tables.never and self.acts(verb)
        return acts and self.pairs[before.text, word.text] == 1 and not self.legal_form_ahead(index, sentence)

    def _hints(self, first: int, last: int, sentence: Sentence) -> set[str]:
        """What the name itself, its place and the words beside it speak for."""
        hints = self.beside(first, last, sentence)
        texts = [word.lower for word in self.words[first:last]]
        if first in self.introduced:
            hints.add("apposition")
        if all(word.text.isupper() and len(word.text) > 3 for word in self.words[first:last]):
            hints.add("capitals")
        if self.in_dateline(first, last, sentence):
            hints.add("dateline")
        heads = self.tables.heads
        compound = "-" in texts and not heads.isdisjoint(texts)
        if (len(texts) > 1 and texts[-1] in heads) or texts[0] in heads or compound:
            hints.add("organisation word")
        if any(self.strange(self.words[i]) for i in range(first, last)):
            hints.add("strange")
        if self.numbered(last, sentence):
            hints.add("numbered")
        if self.document.lang == "de" and last - first == 1 and self.everyday(self.words[first]):
            if (
                not hints & {"apposition", "quoted", "legal form", "numbered"}
                and self.bare[self.words[first].text] < 2
            ):
                hints.add("weak")
            hints.add("everyday")
        if place(" ".join(word.text for word in self.words[first:last])):
            hints.add("place")
        return hints
