"""Small things about strings that several readers of pages share."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…。！？][\"'”“»«›‹’)\]]*$|[”“»«]$")


def line(text: str) -> str:
    """One line: no soft hyphens, no control characters, single spaces, none before a full stop or comma."""
    text = re.sub("[\u00ad\u200b\ufeff]", "", text)
    text = "".join(" " if ord(char) < 32 or 127 <= ord(char) < 160 else char for char in text)
    return re.sub(r" +([.,;](?:\s|$))", r"\1", " ".join(text.split()))


def letters(text: str) -> str:
    """Letters and digits only, in one case: what two spellings of a text have in common."""
    return re.sub(r"[\W_]+", "", text).casefold()


def ends_a_sentence(text: str) -> bool:
    """Whether the text ends as sentences do, quotation marks and brackets aside."""
    return bool(_END.search(text))
