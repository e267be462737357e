"""Which language a text is in, by py3langid.

All languages compete first: restricted to German and English, the library calls French one of the two.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

KNOWN = ("de", "en")
UNKNOWN = "und"  # ISO 639's own word for a text that cannot be told
_ENOUGH = 3000  # characters; more change nothing and cost time
_PLAIN = 0.85  # how sure another language must be: lists of product names reach .2, real sentences .9
_SHORT = 30  # letters below which nothing is plain


def detect_language(text: str) -> str | None:
    """ "de" or "en", or None where the text is plainly neither or has no words."""
    code = identify(text)
    return code if code in KNOWN else None


def identify(text: str) -> str:
    """The language's ISO 639-1 code. Short or doubtful texts count as the likelier of German and English."""
    sample = re.sub(r"https?://\S+|[\d\W_]+", " ", text[:_ENOUGH]).strip()
    if not sample:
        return UNKNOWN
    code, sure = _open().classify(sample)
    if code in KNOWN:
        return str(code)
    if sure >= _PLAIN and len(sample) >= _SHORT:
        return str(code)
    return str(_restricted().classify(sample)[0])


@cache
def _open() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _restricted() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(KNOWN))
    return identifier
