"""Product names that no list and no party explains: in quotation marks („Wanderlicht 300“), beside a noun for
what they are ("inference chip Dorsal"), with a number or a model word ("V-60", "Notiz Pro"), and listed
products that a number or model word makes into another ("Galaxy Ring 9")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from extractors.catalogue.names import catalogue
from extractors.counted_nouns import described_noun_follows
from extractors.document import Document, Word
from extractors.languages.lexicon import lexicon
from extractors.mentions import EntityType, ProductMention
from extractors.name_ends import is_genitive
from extractors.name_words import name_words, word_set
from extractors.parties import Parties
from extractors.phrases import PhraseMatcher
from extractors.vocabulary import is_everyday_word

_QUOTED = re.compile(r"[„“\"«»”‘‚]([A-ZÄÖÜ][^„“\"«»”’‘‚\n]{1,34})[”“\"»«’‘]")
_CODE = re.compile(
    r"[A-Z][A-Za-z]{0,9}\d{1,4}[A-Za-z]{0,3}|[a-z]{1,3}\d{1,4}[a-z]{0,2}|[A-Z]\d{1,3}|\d[A-Z]{2,3}\d"
)
_BRACKETED = re.compile(r"[a-z]|\d[a-z]?")
_CODES = re.compile(r"[A-Z]\d+s$")  # a code in the plural
_OWNS = "s"  # behind an apostrophe
_MOST_PARTS = 6
_MOST_BEHIND_NUMBER = 3  # words behind a company and its number
_MOST_NAMES = 80  # an article with more is a table; its rows need no second look


@dataclass(frozen=True, slots=True)
class _Words:
    """The tables of a language that this layer asks for, by lower-case word."""

    nouns: PhraseMatcher[str]
    heads: tuple[str, ...]
    endings: frozenset[str]
    calling: frozenset[str]
    never: frozenset[str]
    codes: frozenset[str]
    capitals: frozenset[str]


@cache
def _words(lang: str) -> _Words:
    words = lexicon(lang)
    nouns = [(noun, name) for name, found in words.table("classes").items() for noun in found]
    return _Words(
        PhraseMatcher(nouns, words.words("names.inflections")),
        words.words("names.product_heads"),
        frozenset(word.lower() for word in words.words("names.product_endings")),
        frozenset(words.words("names.naming_words")),
        name_words(lang).never | name_words(lang).determiners,
        frozenset(word.lower() for word in words.words("names.no_models")),
        frozenset(words.words("names.product_capitals")),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """A possible name over the words [first, last), and what speaks for it."""

    first: int
    last: int
    sign: str


def find_named(document: Document, parties: Parties, listed: list[ProductMention]) -> list[ProductMention]:
    """Unlisted product names and their repetitions, in no order; they may overlap what others found."""
    finder = _Finder(document, parties, listed)
    found = [mention for run in finder.runs() for mention in finder.mention(run)]
    return [*found, *finder.repeated(found), *finder.lookalikes(parties)]


class _Finder:
    """Looks through one document."""

    def __init__(self, document: Document, parties: Parties, listed: list[ProductMention]) -> None:
        self.document, self.words = document, document.words
        self.tables = _words(document.lang)
        self.listed = {index: mention for mention in listed for index in range(mention.first, mention.last)}
        self.owners: dict[int, tuple[int, str, bool]] = {}  # first word of a party → its end, name, a company
        self.closed: set[int] = set()
        self.people: set[int] = set()
        for mention in parties.mentions:
            entity = parties.entities[mention.entity]
            closed = entity.known or entity.type in (EntityType.PERSON, EntityType.PLACE)
            company = (
                entity.type is EntityType.COMPANY or closed or is_genitive(document.text, mention, entity)
            )
            self.owners[mention.first] = (mention.last, entity.name, company)
            if closed:
                self.closed.update(range(mention.first, mention.last))
            if entity.type is EntityType.PERSON:
                self.people.update(range(mention.first, mention.last))
        self.nouns = self._product_nouns()

    def _product_nouns(self) -> set[int]:
        """The words that say what a product is."""
        found: set[int] = set()
        for sentence in self.document.sentences:
            for first, last, _ in self.tables.nouns.find(self.words, sentence.first, sentence.last):
                found.update(range(first, last))
        heads = self.tables.heads
        return found | {i for i, word in enumerate(self.words) if word.lower.endswith(heads)}

    def runs(self) -> Iterator[_Run]:
        """Every run of words with a sign of being a product's name."""
        yield from self._quoted()
        for sentence in self.document.sentences:
            index = sentence.first
            while index < sentence.last:
                last = self._run_end(index, sentence.last)
                if last == index:
                    index += 1
                    continue
                first = self._start(index, last)
                sign = self._sign(first, last, sentence.first, sentence.last) if first < last else ""
                if sign:
                    yield _Run(first, last, sign)
                index = last

    def _quoted(self) -> Iterator[_Run]:
        for match in _QUOTED.finditer(self.document.text):
            inner = match.group(1).rstrip(" ,.")
            first = self.document.first_word_from(match.start(1))
            last = self.document.first_word_from(match.start(1) + len(inner))
            words = self.words[first:last]
            plain = [w for w in words if w.text[0].isalnum()]
            if 0 < len(plain) <= 4 and all(w.capital or not w.text[0].isalpha() for w in plain):
                yield _Run(first, last, "quoted")

    def _run_end(self, index: int, limit: int) -> int:
        """The end of the run of capitalised words, codes and numbers that begins at a word."""
        if not self._is_part(index):
            return index
        last = index + 1
        while last < min(limit, index + _MOST_PARTS + 2):
            gap = self.words[last].start - self.words[last - 1].end
            if gap > 1 or (last in self.listed and index not in self.listed):
                break
            if gap == 0 and self.words[last].text in "-:.&+":
                step = self._joined(last, limit)
            elif self.words[last].text == "(":
                step = self._bracketed(last, limit)
            else:
                step = last + 1 if self._is_part(last) or self._is_number(last, limit) else last
            if step == last:
                break
            last = step
        return last

    def _joined(self, mark: int, limit: int) -> int:
        """A mark inside a name: "V-60", "Notiz.OS"; a plus may end one."""
        if self.words[mark].text == "+":
            end = self.words[mark].end
            counts = (
                self.words[mark - 1].text.isdigit() and self.document.text[end : end + 2].strip().isalnum()
            )
            return mark if counts else mark + 1  # "200+ stores"
        after = mark + 1
        if after >= limit or self.words[after].start != self.words[mark].end or after in self.nouns:
            return mark
        good = self.words[after].text.isdigit() and len(self.words[after].text) <= 4
        short = self.document.lang == "en" or self.words[mark - 1].end - self.words[mark - 1].start <= 3
        return after + 1 if good or (short and self.words[after].capital) else mark

    def _bracketed(self, mark: int, limit: int) -> int:
        """A short number or letter in brackets ends a name: "Phone (3)", "Phone (3a)"."""
        inner = self.words[mark + 1].text if mark + 2 < limit else ""
        short = bool(_BRACKETED.fullmatch(inner))
        return mark + 3 if short and self.words[mark + 2].text == ")" else mark

    def _is_part(self, index: int) -> bool:
        word = self.words[index]
        if word.lower in self.tables.codes:
            return False
        if word.text.isdigit() and len(word.text) <= 2 and index + 1 < len(self.words):
            after = self.words[index + 1]
            return after.start == word.end + 1 and after.capital and self._ends(after)
        return (word.text[0].isalpha() and word.capital) or bool(_CODE.fullmatch(word.text))

    def _model_word(self, index: int) -> bool:
        """ "Pro", but neither "PRO" nor "pro"."""
        word = self.words[index].text if index < len(self.words) else ""
        return word.istitle() and self._ends(self.words[index])

    def _ends(self, word: Word) -> bool:
        """A model word, or one capital letter, as in "Uno Q"."""
        letter = len(word.text) == 1 and word.capital and word.text not in "AI"
        return word.lower in self.tables.endings or letter

    def _is_number(self, index: int, limit: int) -> bool:
        """A number that belongs to the name before it: short, no year, counting nothing behind it."""
        text = self.words[index].text
        if not text.isdigit() or len(text) > 4 or (len(text) == 4 and text[:2] in ("19", "20")):
            return False
        if self.words[index - 1].lower in self.tables.never:
            return False
        if index + 1 >= limit or self.words[index + 1].start - self.words[index].end > 1:
            return True
        after = self.words[index + 1]
        if after.lower in self.tables.endings or not after.text[0].isalpha():
            return after.text not in "%€$£"
        scales = lexicon(self.document.lang).table("numbers.scales")
        counting = self.document.lang == "en" and len(text) > 2 and index + 1 not in self.nouns
        plural = counting and after.lower.endswith("s") and not self._says_that(index)
        counted = self.document.lang == "de" and after.capital and not self._goes_on(index + 1)
        counted |= described_noun_follows(self.document.text, self.words[index].end, self.document.lang)
        return after.lower not in scales and not counted and not plural

    def _says_that(self, index: int) -> bool:
        """Is the word behind a number a verb, as in "the Dorsal 420 stays"? Plurals have no article there."""
        verbs = word_set(self.document.lang, "proper_names.singular_verbs")
        first = index
        while (
            first
            and self.words[first - 1].capital
            and self.words[first].start == self.words[first - 1].end + 1
        ):
            first -= 1
        determiners = name_words(self.document.lang).determiners
        before = self.words[max(first - 1, 0)].lower
        named = self.words[first].lower in determiners or before in determiners or before == _OWNS
        return named or self.words[index + 1].lower in verbs

    def _goes_on(self, index: int) -> bool:
        """A strange word of letters behind a number goes on with the name: "Claw 8 AI+", "9 Peak Pro"."""
        word, after = self.words[index], self.words[index + 1 : index + 2]
        if word.text.isalpha() and index not in self.nouns and after:
            plus = after[0].text == "+" and word.text.isupper()
            if plus or (after[0].capital and self._ends(after[0])):
                return True
        apart = index in self.listed or index in self.owners or index in self.nouns
        return word.text.isalpha() and not apart and self._strange(index, index + 1)

    def _start(self, first: int, last: int) -> int:
        """The name begins behind words that begin none and behind the noun that says what it is."""
        while first < last and self._leads_in(first):
            first += 1
        german = self.document.lang == "de"
        for index in range(last - 1, first - 1, -1):
            says = (index in self.nouns and german) or self.words[index].lower in self.tables.calling
            if says and index + 1 < last and self.words[index + 1].text not in "-(":
                return index + 1
        return first

    def _leads_in(self, index: int) -> bool:
        """No word that begins a name; a letter before a hyphen may ("V-60"), capitals before "Pro" too."""
        word = self.words[index]
        if not word.text[0].isalnum():
            return True
        if word.text in self.tables.capitals and self._model_word(index + 1):
            return False
        joined = index + 1 < len(self.words) and self.words[index + 1].start == word.end
        return word.lower in self.tables.never and not (joined and self.words[index + 1].text == "-")

    def _sign(self, first: int, last: int, low: int, high: int) -> str:
        known = self.closed | self.nouns
        if all(index in known for index in range(first, last)):
            return ""
        apart = self.document.lang == "en" and first > low > 0  # a capital within a sentence
        strange = apart or self._strange(first, last)
        if self._is_model(first, last):
            return "model"
        if first > low and self._said(first, low):
            return "classed" if strange or self.document.lang == "de" else ""
        return self._strange_sign(first, last, low, high) if strange else ""

    def _strange_sign(self, first: int, last: int, low: int, high: int) -> str:
        """What speaks for a run that is no everyday word."""
        if last < high and self._headed(last, high):
            return "headed"
        if first > low and self.words[first - 1].text[0].isdigit():
            return "counted"
        return "explained" if self._explained(last, high) else ""

    def _is_model(self, first: int, last: int) -> bool:
        """Does the run hold a model code, or a name with a number or a model word behind it?"""
        tail = self.words[last - 1]
        hyphens = [w for w in self.words[first:last] if w.text == "-"]
        if (
            self.document.lang == "en"
            and len(hyphens) == 1
            and last - first == 3
            and first not in self.owners
        ):
            return True
        if last - first == 1:
            return bool(_CODE.fullmatch(tail.text)) and self.document.text[tail.end : tail.end + 1] != "-"
        everyday = self.document.lang == "de" and last - first == 2 and not self._strange(first, first + 1)
        if self._ends(tail) or tail.text in "+)" or self._numbered_after_maker(first, last):
            return True
        if any(_CODE.fullmatch(word.text) for word in self.words[first + 1 : last - 1]):
            return True
        return any(c.isdigit() for c in tail.text) and not (everyday and tail.text.isdigit())

    def _numbered_after_maker(self, first: int, last: int) -> bool:
        """A short number and a strange word behind a company: "Nokia 9 PureView", but not "Meta 5 GW"."""
        end, _, company = self.owners.get(first, (last, "", False))
        if not company or not 1 <= last - end - 1 <= _MOST_BEHIND_NUMBER:
            return False
        number, behind = self.words[end].text, self.words[end + 1]
        strange = self._strange(end + 1, end + 2) and not behind.text.isupper()
        return number.isdigit() and len(number) <= 2 and strange and end + 1 not in self.nouns

    def _said(self, first: int, low: int) -> bool:
        """Does a noun for a product, or a word such as "called", stand directly before?"""
        before = first - 1
        if self.words[before].text == "," and before > low:
            before -= 1
        word = self.words[before]
        if word.lower in self.tables.calling and before == first - 1:
            return True
        return before in self.nouns and word.end + 2 >= self.words[first].start and not word.text.isdigit()

    def _headed(self, last: int, high: int) -> bool:
        """Does a noun for a product stand behind, joined or at most one word away?"""
        if self.words[last].text == "-" and last + 1 < high:
            return last + 1 in self.nouns
        if self.document.lang == "de":
            return False
        return any(
            i in self.nouns and self.words[i].text == self.words[i].lower
            for i in range(last, min(last + 2, high))
        )

    def _explained(self, last: int, high: int) -> bool:
        """Does the text say behind a comma what the thing is: "Dorsal, a supercomputer for weather"?"""
        if last + 1 >= high or self.words[last].text != "," or self.words[last + 1].capital:
            return False
        if self.words[last + 1].lower not in name_words(self.document.lang).determiners:
            return False
        return any(index in self.nouns for index in range(last + 2, min(last + 6, high)))

    def _strange(self, first: int, last: int) -> bool:
        """Is a word of the run no everyday word?"""
        lang = self.document.lang
        return any(
            word.text[0].isalpha() and not is_everyday_word(word.text, lang)
            for word in self.words[first:last]
        )

    def mention(self, run: _Run) -> Iterator[ProductMention]:
        """The product that a run names; the part that is its maker's name becomes the maker."""
        first, maker, prefix = run.first, None, ""
        if run.last - 2 in self.people and self.words[run.last - 1].text.isdigit():
            return  # "laut Nora Strasser 420"
        listed = self.listed.get(first)
        if listed is not None:
            if run.last <= listed.last or not self._follows(listed.last, run.last):
                return
            prefix, maker, first = listed.name + " ", listed.maker, listed.last
            yield self._literal(run.first, run.last, run.sign)
        elif first in self.owners and self.owners[first][0] < run.last:
            last, name, company = self.owners[first]
            if company and self.words[last].text[0].isalpha():  # "Polestar 3" is no "3" of Polestar
                maker, first = name, last
        if any(index in self.listed for index in range(first, run.last)):
            return
        start, end = self.words[run.first].start, self.words[run.last - 1].end
        name = prefix + self._spelled(self.words[first].start, end, run)
        if len(name) > 1 and first < run.last:
            yield ProductMention(name, run.first, run.last, start, end, run.sign, maker)

    def _literal(self, first: int, last: int, sign: str) -> ProductMention:
        """The words as they stand, for a name that only looks like the listed product."""
        start, end = self.words[first].start, self.words[last - 1].end
        return ProductMention(" ".join(self.document.text[start:end].split()), first, last, start, end, sign)

    def lookalikes(self, parties: Parties) -> Iterator[ProductMention]:
        """Listed names whose maker the article does not name may be somebody else's product: "the N4".

        Not those of four signs: of 295 such choices in the annotated articles ("H100") none was another's.
        """
        present = {entity.name for entity in parties.entities}
        for mention in {m.first: m for m in self.listed.values()}.values():
            text = self.document.text[mention.start : mention.end]
            alike = catalogue().is_common(text) or (len(text) <= 3 and text[-1].isdigit())
            if mention.maker not in present and alike:
                yield self._literal(mention.first, mention.last, "lookalike")

    def _follows(self, first: int, last: int) -> bool:
        """Is what follows a listed product a number or a model word, which makes it another product?"""
        return all(
            word.text.isdigit() or self._ends(word) or bool(_CODE.fullmatch(word.text))
            for word in self.words[first:last]
        )

    def _spelled(self, start: int, end: int, run: _Run) -> str:
        text = " ".join(self.document.text[start:end].split())
        plural = run.sign == "counted" or self._before_count(run)
        english = self.document.lang == "en" and plural and text.endswith("s") and not text.endswith("ss")
        return text[:-1] if english or _CODES.search(text) else text

    def _before_count(self, run: _Run) -> bool:
        return run.first > 0 and self.words[run.first - 1].text[0].isdigit()

    def repeated(self, found: Iterable[ProductMention]) -> Iterator[ProductMention]:
        """The same names said elsewhere in the article without a sign."""
        names: dict[str, ProductMention] = {}
        for mention in found:
            bare = mention.name
            if len(bare) > 2 and mention.first not in self.listed:
                names.setdefault(bare, mention)
        taken = {mention.first for mention in found}
        short = sorted(names, key=lambda name: (-len(name), name))[:_MOST_NAMES]
        if not short:
            return
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, short)) + r")(?=s?(?!\w))")
        for match in pattern.finditer(self.document.text):
            first = self.document.word_index(match.start())
            if first not in taken and first not in self.listed:
                model = names[match.group()]
                last = max(self.document.first_word_from(match.end()), first + 1)
                yield ProductMention(
                    model.name, first, last, match.start(), match.end(), "again", model.maker
                )
