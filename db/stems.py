"""Words as the full-text index keeps them: folded whole words, and stems in the article's language.

Folding makes one word of all spellings: "Straße", "STRASSE", "Strasse"; "Rückgang", "Rueckgang", "Ruckgang".
Both what is stored and what is asked pass through here, so they always meet. Measured on German news:
whole words alone find .55 of the inflected forms, a stem column all of them at .93 precision.

Standard library only; the stemmer is loaded by the first stem that is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

# Exactly what FTS5's unicode61 takes for a token: runs of letters and digits.
_WORD = re.compile(r"[^\W_]+")
# After q, "ue" is no written-out umlaut ("Quelle"); folding the others alike ("neue") harms nobody.
_WRITTEN_OUT = re.compile(r"ae|oe|(?<!q)ue")
# What UTF-8 or SQLite's string functions cannot carry; replaced one to one, so that offsets hold.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without lone surrogates and NUL, each replaced by U+FFFD: same length, storable."""
    # Looking at each character of an article's text takes longer than to see that it can be carried.
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNSTORABLE.sub("�", text)
    return text.replace("\0", "�")


def words(text: str) -> list[str]:
    """The words of a text, lower-cased and composed, in order; not yet folded."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """One spelling for a word: no case, no diacritics, ß as ss, written-out umlauts as their vowel."""
    plain = word.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _WRITTEN_OUT.sub(lambda found: found[0][0], plain)


def folded(said: Iterable[str]) -> str:
    """Words, as `words` gives them, for the whole-word columns."""
    return " ".join(map(fold, said))


def stem(word: str, lang: str) -> str:
    """The word's stem, folded. `lang` is a key of STEMMED."""
    return _stemmer(lang)(word)


def stemmed(said: Iterable[str], lang: str) -> str:
    """The same for the stem column of one language."""
    return " ".join(map(_stemmer(lang), said))


@cache
def _stemmer(lang: str) -> Callable[[str], str]:
    bare = _LOADERS[lang]()
    return lru_cache(maxsize=65536)(lambda word: fold(bare(word)))


def _german() -> Callable[[str], str]:
    from Stemmer import Stemmer  # noqa: PLC0415  only searches for words need it

    return Stemmer("german").stemWord  # type: ignore[no-any-return]


def _english() -> Callable[[str], str]:
    from Stemmer import Stemmer  # noqa: PLC0415  only searches for words need it

    snowball: Callable[[str], str] = Stemmer("english").stemWord
    return lambda word: _singular(snowball(word))


def _singular(stem: str) -> str:
    """Snowball keeps the s of "gpus" and "h100s" for want of a vowel before it; our news is full of these."""
    return stem[:-1] if len(stem) > 3 and stem.endswith("s") and not stem.endswith("ss") else stem


_LOADERS = {"de": _german, "en": _english}
# Which articles' words go into a language's stem column. German tech news is full of English plurals ("GPUs",
# "Chips") that the German stemmer leaves alone, so its words are stemmed both ways.
STEMMED = {"de": ("de",), "en": ("en", "de")}
