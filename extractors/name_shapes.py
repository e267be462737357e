"""How words stand beside each other: what joins, introduces, numbers and ends a name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from extractors.catalogue.given_names import is_given_name
from extractors.catalogue.places import place, place_of_inhabitants
from extractors.counted_nouns import described_noun_follows
from extractors.document import Document, Sentence, Word
from extractors.languages.lexicon import lexicon
from extractors.name_words import name_words, word_set
from extractors.vocabulary import base_form, is_everyday_compound, is_everyday_word

QUOTES = "\"„“”‚‘’«»'›‹*"
_LONGEST_SYLLABLE = 6  # letters
_LONGEST_FIRM = 6  # words up to a legal form, hyphens among them
_LONGEST_OFFICE = 4  # words of an office: "senior executive vice president"


@cache
def _trades(lang: str) -> tuple[str, ...]:
    """The nouns that say what companies do, in lower case."""
    return tuple(noun.lower() for nouns in lexicon(lang).table("roles").values() for noun in nouns)


@lru_cache(maxsize=10_000)
def _begins_trade(word: str, lang: str) -> bool:
    return any(noun.startswith(word) for noun in _trades(lang))


class NameShapes:
    """Questions about the words of one document that need no count of them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = document.words
        self.tables = name_words(document.lang)

    def joined(self, index: int) -> bool:
        """Does only a space or nothing stand before the word?"""
        return self.words[index].start - self.words[index - 1].end <= 1

    def everyday(self, word: Word) -> bool:
        """An everyday word of this language or a compound of such."""
        return is_everyday_word(word.text, self.document.lang) or is_everyday_compound(
            word.text, self.document.lang
        )

    def strange(self, word: Word) -> bool:
        """No everyday word of this language, nor a compound of such."""
        if not word.text.isalpha():
            return any(c.isupper() for c in word.text)
        return not (
            is_everyday_word(word.text, self.document.lang)
            or is_everyday_compound(word.text, self.document.lang)
        )

    def has_article(self, index: int, sentence: Sentence) -> bool:
        """An article before the word, perhaps with an adjective; behind a comma it is a relative pronoun."""
        at = index - 1
        if self.document.lang == "de" and at > sentence.first and not self._determines(at):
            if not self._describes(at, sentence):
                return False
            at -= 1
        if not self._determines(at):
            return False
        return at == sentence.first or self.words[at - 1].text != ","

    def _determines(self, index: int) -> bool:
        return self.words[index].lower in self.tables.determiners

    def _describes(self, index: int, sentence: Sentence) -> bool:
        """May the word be a German adjective: "neue", "Ulmer"? In "Das teilte Kompass mit" it is the verb."""
        text = self.words[index].text
        if not text.islower():
            return self.says_where_from(index)
        opens = index - 1 == sentence.first and self.words[index - 1].lower in word_set(
            "de", "proper_names.objects_first"
        )
        infinitives = lexicon("de").words("proper_names.infinitive_endings")
        if opens and self.acts(self.words[index]) and base_form(text, "de").endswith(infinitives):
            return False
        return text.endswith(lexicon("de").words("quantities.adjective_endings"))

    def says_where_from(self, index: int) -> bool:
        """An adjective of a town: "Ulmer". With a body it is a name: "Berliner Sparkasse"."""
        word = self.words[index]
        if (
            self.document.lang != "de"
            or index + 1 >= len(self.words)
            or place_of_inhabitants(word.text) is None
        ):
            return False
        return self.words[index + 1].capital and self.words[index + 1].lower not in self.tables.heads

    def numbered(self, last: int, sentence: Sentence) -> bool:
        """A short number behind a word that counts nothing makes it a product's name: "der Huf 1"."""
        if last >= sentence.last or not self.joined(last) or len(self.words[last].text) > 2:
            return False
        if not self.words[last].text.isdigit() or self.words[last - 1].lower in self.tables.never:
            return False
        if described_noun_follows(self.document.text, self.words[last].end, self.document.lang):
            return False
        after = self.words[last + 1] if last + 1 < sentence.last else None
        return after is None or not (after.capital or after.text in ".%:" or after.text.isdigit())

    def numbered_ahead(self, index: int, sentence: Sentence) -> bool:
        """Two capitalised words before a short number: "das Mondfisch Pad 3"."""
        if index + 2 >= sentence.last or not self.words[index + 1].capital or not self.joined(index + 1):
            return False
        return self.numbered(index + 2, sentence)

    def quoted(self, index: int) -> bool:
        """Stands alone between quotation marks."""
        return (
            index > 0
            and self.words[index - 1].text in QUOTES
            and index + 1 < len(self.words)
            and self.words[index + 1].text in QUOTES
        )

    def before_money(self, index: int) -> bool:
        """The letter of a currency sign: "S$", "C$"."""
        return index + 1 < len(self.words) and self.words[index + 1].text in "$€£"

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """Without titles, legal forms, determiners and introducing nouns at the ends."""
        first, last = self.after_introduction(first, last), self.before_home(first, last)
        first = self.after_office(first, last)
        while first < last and (
            self.words[first].lower in self.tables.openers
            or (last - first > 1 and self.words[first].text in ".&-")
        ):
            first += 1
        while first < last and (
            self.words[last - 1].text in ".&-"
            or (last - first > 1 and self.words[last - 1].lower in self.tables.legal_forms)
        ):
            last -= 1
        return first, last

    def after_introduction(self, first: int, last: int) -> int:
        """Behind a compound that introduces a company: "Chipentwickler Qorvane"."""
        for index in range(last - 2, first - 1, -1):
            word = self.words[index]
            if self.introduces(word) and word.lower not in self.tables.heads and self.everyday(word):
                return index + 1
        return first

    def introduces(self, word: Word) -> bool:
        """Is the word a compound that introduces a company: "Chipentwickler"?"""
        return len(word.text) > 6 and word.lower.endswith(self.tables.apposition_suffixes)

    def acts(self, word: Word) -> bool:
        """May the word be a verb in the singular?"""
        if not word.text.islower():
            return False
        verbs = word_set(self.document.lang, "proper_names.singular_verbs")
        endings = lexicon(self.document.lang).words("proper_names.verb_endings")
        return word.text in verbs or (len(word.text) > 3 and word.text.endswith(endings))

    def after_office(self, first: int, last: int) -> int:
        """Behind the words that say what a person is: "Chief Executive Officer Maren Holt"."""
        while True:
            offices = self.tables.offices.find(self.words, max(0, first - _LONGEST_OFFICE), last - 1)
            ends = [end for start, end, _ in offices if start <= first < end]
            word = self.words[first]
            if last - first > 2 and len(word.text) > 6 and self.is_office(word):
                ends.append(first + 1)  # "Zentrumsleiterin Maren Holt", but "Stadtrat Plauen"
            if not ends or not self.words[max(ends)].capital:
                return first
            first = max(ends)

    def before_home(self, first: int, last: int) -> int:
        """Without the place it comes from: "Lattice Labs of New York", but "University of Plymouth"."""
        for index in range(last - 2, first, -1):
            if self.words[index].lower == self.tables.origin:
                owned = f"{self.words[index - 1].lower} {self.tables.origin}"
                home = " ".join(word.text for word in self.words[index + 1 : last])
                at_home = place(home) is not None or self.lies_in(last)
                return index if owned not in self.tables.heads and at_home else last
        return last

    def lies_in(self, index: int) -> bool:
        """A known place behind a town that no list has: "of Pasching in Austria"."""
        if index + 1 >= len(self.words) or self.words[index].lower not in self.tables.lying_in:
            return False
        return place(self.words[index + 1].text) is not None

    def in_dateline(self, first: int, last: int, sentence: Sentence) -> bool:
        """Place and agency before the dash that opens a report: "DENVER, Dec 10 (Fathom Wire) - …"."""
        if sentence.title or sentence.paragraph > 1 or first - sentence.first > 12:
            return False
        dash = next(
            (i for i in range(last, min(last + 10, sentence.last)) if self.words[i].text in "-–—"), None
        )
        if dash is None or dash + 1 >= sentence.last:
            return False
        spaced = self.words[dash].start > self.words[dash - 1].end
        return spaced and not any(
            w.text.islower() and len(w.text) > 3 for w in self.words[sentence.first : dash]
        )

    def beside(self, first: int, last: int, sentence: Sentence) -> set[str]:
        """What the words directly before and after a name speak for."""
        hints = set()
        after = self.words[last] if last < sentence.last else None
        before = self.words[first - 1] if first > sentence.first else None
        if after is not None and after.lower in self.tables.legal_forms and after.capital:
            hints.add("legal form")
        if after is not None and after.text == "-" and self.joined(last):
            hints.add("modifier")
        if before is not None and before.lower in self.tables.determiners:
            hints.add("article")
        if before is not None and self._titled(before, first, last, sentence):
            hints.add("person title")
        if before is not None and after is not None and before.text in QUOTES and after.text in QUOTES:
            hints.add("quoted")
        return hints

    def _titled(self, before: Word, first: int, last: int, sentence: Sentence) -> bool:
        """Does an office stand before the name; of a compound like "Netzchefin" before two words or more?"""
        if self.behind_office(first, sentence):
            return True
        return last - first > 1 and before.capital and self.joined(first) and self.is_office(before)

    def behind_office(self, end: int, sentence: Sentence) -> bool:
        """Do words that say what a person is end before a word: "Financial Officer", but not "head of"?"""
        if end == 0 or self.words[end - 1].lower == self.tables.origin:
            return False
        low = max(sentence.first, end - _LONGEST_OFFICE)
        return any(last == end for _, last, _ in self.tables.offices.find(self.words, low, end))

    def introductions(self) -> set[int]:
        """Words that directly follow an apposition noun: "der Anbieter X", "start-up X"."""
        return {
            i for s in self.document.sentences for i in self._introduced(s) if not self._is_measured(i, s)
        }

    def _introduced(self, sentence: Sentence) -> Iterator[int]:
        for first, last, _ in self.tables.apposition.find(self.words, sentence.first, sentence.last):
            if first - 2 >= sentence.first and self._owns(first - 2):
                yield first - 2
            follower = last
            while follower < sentence.last and self.words[follower].text in QUOTES:
                follower += 1
            if follower < sentence.last:
                yield follower
        for index in range(sentence.first, sentence.last - 1):
            word = self.words[index]
            if self.introduces(word) or self._is_led(index + 1, sentence):
                yield index + 1
            if word.capital and self._is_house(index):
                yield index

    def _is_measured(self, index: int, sentence: Sentence) -> bool:
        """An everyday noun with its amount behind who acts: "stellt der Konzern Erlöse von 3 …"."""
        if index + 1 >= sentence.last or self.words[index + 1].lower not in self.tables.measuring:
            return False
        word = self.words[index].text
        return is_everyday_word(word, self.document.lang) and place(word) is None

    def _is_led(self, index: int, sentence: Sentence) -> bool:
        """A noun without an article behind "Holm leitet", unless it is an everyday word: "Gespräche"."""
        if index - 2 < sentence.first:
            return False
        name, verb, word = self.words[index - 2 : index + 1]
        led = verb.lower in self.tables.leading and name.capital and word.capital
        return led and not is_everyday_word(word.text, self.document.lang)

    def surnames(self) -> set[str]:
        """The capitalised words behind a title somewhere: of "Frau Fahrenkamp" it is the surname."""
        return {
            word.text
            for title, word in pairwise(self.words)
            if title.lower in self.tables.titles and word.capital
        }

    def _owns(self, index: int) -> bool:
        """The first part of a compound that is no plain noun: "Nordcloud-Gruppe", not "Cloud-Anbieter"."""
        text = self.words[index].text
        plain = any(is_everyday_word(form, self.document.lang) for form in (text, text.removesuffix("s")))
        named = not plain or self._is_house(index)
        return self.words[index].capital and self.hyphenated(index) and named

    def _is_house(self, index: int) -> bool:
        """An everyday word in "die Bergmann-Gruppe", unless a trade begins with it: "die Cloud-Gruppe"."""
        if not index or not self.hyphenated(index) or not self._determines(index - 1):
            return False
        house = self.words[index + 2].lower in word_set(self.document.lang, "names.house_nouns")
        text = self.words[index].text
        if not is_everyday_word(text, self.document.lang) or base_form(text, self.document.lang) != text:
            return False  # "die Arbeits-Gruppe", "die Kunden-Gruppe"
        return house and not _begins_trade(self.words[index].lower, self.document.lang)

    def owns(self, index: int) -> bool:
        """Does an "'s" follow? An English noun that has no article before is mostly a name then."""
        mark = self.words[index + 1 : index + 3]
        joined = len(mark) == 2 and self.words[index].end == mark[0].start
        owner = joined and mark[0].text in "'’" and mark[1].text == "s"
        return owner and self.words[index].lower not in word_set(self.document.lang, "proper_names.no_owners")

    def ends_name(self, index: int, sentence: Sentence) -> bool:
        """A legal form or a product's number behind the word holds the name together."""
        return self.legal_form_ahead(index, sentence) or self.numbered(index + 1, sentence)

    def legal_form_ahead(self, index: int, sentence: Sentence) -> bool:
        """Do capitalised words from here on end in a legal form: "Nebelheim Netze AG", "Otter & Co. KG"?"""
        for at in range(index + 1, min(index + _LONGEST_FIRM, sentence.last)):
            word = self.words[at]
            partner = word.text == "&" or (word.text == "." and self.words[at - 1].text == "Co")
            if not (word.capital or word.text == "-" or partner) or not self.joined(at):
                return False
            if self.words[at].lower in self.tables.legal_forms:
                return True
        return False

    def hyphenated_place(self, index: int) -> int:
        """The word behind "Nordrhein-Westfalen"; 0 where no such place begins here."""
        part = self.words[index : index + 3]
        if len(part) < 3 or not self.hyphenated(index) or not part[2].capital:
            return 0
        found = place(self.document.text[part[0].start : part[2].end])
        return index + 3 if found is not None else 0

    def is_abbreviation(self, index: int) -> bool:
        """Capitals that may be a party's: "BVG", not "GPU", and not in a line of capitals."""
        word = self.words[index]
        beside = self.words[max(index - 1, 0) : index] + self.words[index + 1 : index + 2]
        shouted = any(one.text.isupper() and len(one.text) > 2 for one in beside)
        short = 2 < len(word.text) < 6 and word.text.isalpha() and word.text.isupper()
        return short and not shouted and word.text not in self.tables.plain_capitals

    def whole_compound(self, index: int, low: int) -> int:
        """Where a compound begins that ends in an organisation noun: "X-Y-Universität"; not before `low`."""
        if self.words[index].lower not in self.tables.heads:
            return index
        while index - 2 >= low and self.hyphenated(index - 2) and self.words[index - 2].capital:
            index -= 2
        return index

    def with_kin(self, index: int, sentence: Sentence) -> bool:
        """An ampersand and who went with the founder: "Amsel & Sohn"."""
        pair = self.words[index + 1 : min(index + 3, sentence.last)]
        return len(pair) == 2 and pair[0].text == "&" and pair[1].lower in self.tables.kin

    def counted(self, first: int, last: int, sentence: Sentence) -> bool:
        """Does a number before the words begin the name: "the Three Gables", "at 9 Fathoms Semiconductor"?"""
        if self.document.lang != "en" or first == sentence.first or not self.joined(first):
            return False
        number, before = self.words[first - 1], self.words[max(first - 2, 0)].text
        if number.text.isdecimal():
            led = before == "," or before in self.tables.before_explained
            many = last - first > 1 and self.words[last - 1].lower in self.tables.heads
            return led and many and len(number.text) < 3
        if not number.capital or number.lower not in self.tables.spelled or sentence.heading:
            return False
        after = [word.lower for word in self.words[last : min(last + 2, sentence.last)]]
        explained = len(after) == 2 and after[0] == "," and after[1] in self.tables.indefinite
        return before[0].islower() if first - 1 > sentence.first else explained

    def second_syllable(self, index: int, sentence: Sentence) -> bool:
        """The rest of a given name behind a hyphen: "Mei-ling"."""
        if index + 1 >= sentence.last or self.words[index].text != "-" or not self.joined(index):
            return False
        rest = self.words[index + 1]
        joined = self.joined(index + 1) and rest.start == self.words[index].end
        if not joined or not rest.text.islower() or len(rest.text) > _LONGEST_SYLLABLE:
            return False
        return self._behind_surname(index) or not is_everyday_word(rest.text, self.document.lang)

    def _behind_surname(self, mark: int) -> bool:
        """Two short words with a capital before a hyphen, no place, and no "-led" behind: "Kim Dong-won"."""
        pair, tail = self.words[max(mark - 2, 0) : mark], self.words[mark + 1].text
        short = all(word.capital and len(word.text) <= _LONGEST_SYLLABLE for word in pair)
        if len(pair) < 2 or not short or not self.joined(mark - 1):
            return False
        if all(map(self.everyday, pair)) and not is_given_name(pair[0].text):
            return False
        listed = place(f"{pair[0].text} {pair[1].text}")
        return listed is None and tail not in word_set(self.document.lang, "proper_names.compound_tails")

    def is_office(self, word: Word) -> bool:
        """What a person is: the second word of "Grundig-Sprecherin", but not the name "Merriman"."""
        if word.lower in self.tables.titles:
            return True
        suffixed = word.lower.endswith(self.tables.person_suffixes) and self.everyday(word)
        return suffixed and word.lower not in self.tables.no_offices

    def in_sentence_case(self, title: Sentence) -> bool:
        """Is a headline written like a sentence: at least half of its longer words without a capital?"""
        long = [word for word in self.words[title.first + 1 : title.last] if len(word.text) > 3]
        return 2 * sum(word.text.islower() for word in long) >= max(len(long), 1)

    def hyphenated(self, index: int) -> bool:
        """Is the word the first part of a compound: "Nordwind-Gruppe"?"""
        if index + 2 >= len(self.words) or self.words[index + 1].text != "-":
            return False
        return self.words[index].end == self.words[index + 1].start == self.words[index + 2].start - 1

    def links(self, index: int, length: int) -> bool:
        """Does an "of" or "for" belong to the name ("Bank of X"), or does it say where the name is from?

        "Jura of Niederbuchsiten", "Tess Verhoeven of Kiln Capital", "Pine Bluffs for AI" end before it; "Call
        of Duty" goes on. `length`: the words before it.
        """
        word, before, after = self.words[index], self.words[index - 1], self.words[index + 1]
        if word.lower != self.tables.origin:
            return before.lower in self.tables.heads
        if f"{before.lower} {word.lower}" in self.tables.heads:
            return True
        if place(after.text) is not None or self.strange(after):
            return False
        return not self.strange(before) and not (length > 1 and self._organisation_at(index + 1))

    def _organisation_at(self, index: int) -> bool:
        """Do the capitalised words from here on end in an organisation word: "Kiln Capital"?"""
        end = index
        while end < len(self.words) and self.words[end].capital and (end == index or self.joined(end)):
            end += 1
        return end - index > 1 and self.words[end - 1].lower in self.tables.heads

    def comes_from(self, index: int, sentence: Sentence) -> bool:
        """A place that the word before it is from: "Salad of Salt Lake City", "Whoop, of Boston"."""
        index += index < sentence.last and self.words[index].text == ","
        if index + 1 >= sentence.last or self.words[index].lower != self.tables.origin:
            return False
        home = self.words[index + 1]
        if home.capital and (self.strange(home) or self.lies_in(index + 2)):
            return True
        ends = range(index + 2, min(index + 5, sentence.last + 1))
        return any(place(" ".join(w.text for w in self.words[index + 1 : end])) for end in ends)

    def explained(self, index: int, sentence: Sentence) -> bool:
        """A bare word that an apposition explains: "Pallet, the project tool with …"."""
        if index + 2 >= sentence.last or self.words[index + 1].text != ",":
            return False
        return self.words[index + 2].lower in self.tables.explaining
