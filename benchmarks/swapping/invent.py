"""Invented words of the shape of real ones: "Nvidia" → "Tolvera", "H100" → "K473", "TSMC" → "RDVK"."""

from __future__ import annotations

import random
from functools import cache

import simplemma

from extractors.catalogue.names import catalogue, fold
from extractors.units import catalogue as units

CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"
CAPITALS = "BDFGKLMNPRSTVXZ"
_TRIES = 500


class Inventor:
    """Invents one word for each word it is asked for; the same seed always gives the same words."""

    def __init__(self, seed: str, text: str) -> None:
        """`text`: its words are not invented, so that nothing merges with what stays."""
        self._random = random.Random(f"names of {seed}")  # noqa: S311  repeatable, no secret
        self._words: dict[str, str] = {}
        self._taken = set(fold(text).split())

    def word(self, original: str) -> str:
        """The invented word, in the case of this occurrence ("NVIDIA", "Nvidia", "nvidia")."""
        key = original.casefold()
        if key not in self._words:
            self._words[key] = self._fresh(original)
        return _in_case(self._words[key], original)

    def _fresh(self, original: str) -> str:
        for _ in range(_TRIES):
            word = self._draw(original)
            key = fold(word)
            free = key not in self._taken or (word.isdigit() and len(word) <= 2)  # all may be in use
            if word != original.casefold() and free and not _means_something(word):
                self._taken.add(key)
                return word
        raise ValueError(f"no word of the shape of {original!r} is free")

    def _draw(self, original: str) -> str:
        if any(letter.isdigit() for letter in original):
            return "".join(self._letter(letter, i) for i, letter in enumerate(original.casefold()))
        if original.isupper() and len(original) <= 5:
            return "".join(self._random.choice(CAPITALS.lower()) for _ in original)
        offset = int(original[0].casefold() in VOWELS)  # "an" stays right before it
        sounds = (CONSONANTS, VOWELS)
        return "".join(self._random.choice(sounds[(i + offset) % 2]) for i in range(len(original)))

    def _letter(self, letter: str, place: int) -> str:
        if letter.isdigit():
            return self._random.choice("123456789" if place == 0 else "0123456789")
        return self._random.choice(CAPITALS.lower()) if letter.isalpha() else letter


def _in_case(word: str, like: str) -> str:
    if len(word) != len(like):  # a sharp s that grew when folded
        return word.capitalize() if like[:1].isupper() else word
    return "".join(new.upper() if old.isupper() else new for new, old in zip(word, like, strict=True))


def _means_something(word: str) -> bool:
    """Whether an invented word is by chance a listed name, a unit or a word of either language."""
    if word.isdigit():
        return False
    if word in _signs():
        return True
    if len(word) <= 2:  # every letter and nearly every pair of letters is some name
        return False
    if fold(word) in listed_words():
        return True
    return any(simplemma.is_known(form, lang) for form in (word, word.title()) for lang in ("de", "en"))


@cache
def listed_words() -> dict[str, int]:
    """How many entries of the catalogue have a word in one of their spellings, by the folded word."""
    counts: dict[str, int] = {}
    for entry in (*catalogue().companies, *catalogue().products):
        for word in {word for text in (entry.name, *entry.aliases) for word in fold(text).split()}:
            counts[word] = counts.get(word, 0) + 1
    return counts


@cache
def _signs() -> frozenset[str]:
    """Signs of money and measures, which an abbreviation must not hit."""
    currencies = units()["currencies"]
    signs = {s for row in currencies.values() for key in ("prefix", "sign") for s in row.get(key, [])}
    return frozenset(sign.lower() for sign in (*signs, *currencies))
