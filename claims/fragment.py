"""Links that open a page at a sentence: the text fragments of browsers (`#:~:text=`).

The syntax is `[prefix-,]start[,end][,-suffix]`: inside a part, comma, dash and ampersand mean something,
so they are percent-encoded, as is everything else that a fragment may not hold.
"""

from __future__ import annotations

from urllib.parse import quote, urldefrag

# Browsers search the exact words; a long text rarely survives soft hyphens, inline links and line breaks,
# so beyond this length only the first and last words are given, as browsers do themselves from 300 on.
_EXACT = 160
_WORDS = 6


def link_to(url: str, sentence: str) -> str:
    """The URL with a text fragment for the sentence; an element id in the URL stays in front of it."""
    words = sentence.split()
    if not words or not url.startswith(("http://", "https://")):
        return url
    base, fragment = urldefrag(url)
    return f"{base}#{fragment.partition(':~:')[0]}:~:text={_directive(words)}"


def _directive(words: list[str]) -> str:
    text = " ".join(words)
    if len(text) <= _EXACT or len(words) < 2 * _WORDS:
        return _encode(text)
    return _encode(" ".join(words[:_WORDS])) + "," + _encode(" ".join(words[-_WORDS:]))


def _encode(text: str) -> str:
    """Percent-encoding in UTF-8; `quote` leaves the dash alone, text fragments do not."""
    return quote(text.encode("utf-8", "replace"), safe="").replace("-", "%2D")
