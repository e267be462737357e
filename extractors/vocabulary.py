"""Is a capitalised word an everyday word or a name? Asked of simplemma's word lists, compounds split."""

from __future__ import annotations

from functools import lru_cache

import simplemma

_SHORTEST_TAIL = 4
_SHORTEST_HEAD = 3
_LONGEST = 80  # no compound of the news has more letters; each cut costs look-ups


@lru_cache(maxsize=200_000)
def is_everyday_word(word: str, lang: str) -> bool:
    """Known to the language's word list, as it stands or in lower case."""
    lower = word.lower()
    if _is_known(lower, lang):
        return True
    # simplemma tries both cases of the first letter by itself.
    return lang == "de" and word not in (lower, lower.capitalize()) and _is_known(word, lang)


def _is_known(word: str, lang: str) -> bool:
    """In simplemma's list, read in its frugal form: half the time to load, and a look-up is kept anyway."""
    return not _has_half(word) and simplemma.is_known(word, lang=lang, low_memory=True)


@lru_cache(maxsize=50_000)
def base_form(word: str, lang: str) -> str:
    """The form that a dictionary lists: "Zellen" → "Zelle"; from the same list, so that it is read once."""
    return word if _has_half(word) else str(simplemma.lemmatize(word, lang=lang, low_memory=True))


def _has_half(word: str) -> bool:
    """Whether half of a surrogate pair stands in it, as broken pages have: no word, and simplemma raises."""
    return not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word)


@lru_cache(maxsize=200_000)
def is_everyday_compound(word: str, lang: str) -> bool:
    """A compound whose last part is known and whose first part is known or a joined form of one.

    "Rechenzentrumsbetreiber" is one; "Nimbrix" is none. "Kernwerk" is one too, although a company may bear
    it: callers must weigh this against the context.
    """
    if len(word) > _LONGEST:
        return False
    lower = word.lower()
    for cut in range(_SHORTEST_HEAD, len(lower) - _SHORTEST_TAIL + 1):
        tail = lower[cut:]
        if is_everyday_word(tail.capitalize(), lang) and _is_head(lower[:cut], lang):
            return True
    return False


def _is_head(head: str, lang: str) -> bool:
    forms = (head, head.removesuffix("s"), head + "e", head + "en", head.removesuffix("n"))
    return any(len(form) >= _SHORTEST_HEAD and is_everyday_word(form, lang) for form in forms)
