"""Lists: the rows of a table or of bullet points, and the sentence that announces them.

A row says little itself ("Meta | 224,000"): what is counted, for when and by whom stands in the sentence
above the list. So what is looked for in the sentences before a row is looked for in those before its list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from extractors.document import Document, Sentence

BULLETS = "-–—•·*▪►●■✓"
_MARKED = re.compile(rf"\s*(?:[{re.escape(BULLETS)}①-⑳]|\d{{1,2}}[.)]\s)")
_FEWEST_ROWS = 2
_LONGEST_ROW = 200  # characters; a longer line is a paragraph behind a bullet


def announcers(document: Document) -> dict[int, int]:
    """For each row of a list, by its sentence's number, the number of the sentence that announces the list.

    A list is a run of lines of one sentence each that have a bullet, a bar or digits and no full stop. It is
    announced by a sentence directly above it that ends in a colon; a run with bullets or bars by any.
    """
    lines = [list(group) for _, group in groupby(document.sentences, key=lambda s: (s.title, s.paragraph))]
    found: dict[int, int] = {}
    for is_list, run in groupby(enumerate(lines), key=lambda line: _is_row(document, line[1])):
        rows = list(run)
        first = rows[0][0]
        if not is_list or len(rows) < _FEWEST_ROWS or first == 0 or lines[first - 1][-1].title:
            continue
        above = lines[first - 1][-1]
        if _announces(document, above, [line[0] for _, line in rows]):
            found |= {line[0].index: above.index for _, line in rows}
    return found


def _is_row(document: Document, line: Sequence[Sentence]) -> bool:
    sentence = line[0]
    text = document.text[sentence.start : sentence.end]
    if len(line) > 1 or sentence.title or len(text) > _LONGEST_ROW or text.endswith(":"):
        return False
    return (sentence.heading and any(map(str.isdigit, text))) or "|" in text or bool(_MARKED.match(text))


def _announces(document: Document, above: Sentence, rows: Sequence[Sentence]) -> bool:
    if document.text[above.start : above.end].endswith(":"):
        return True
    texts = (document.text[row.start : row.end] for row in rows)
    return all("|" in text or _MARKED.match(text) for text in texts)
