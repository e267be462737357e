"""Pictures of what was claimed for when. START HERE.

db/charted.py ─ Course ─> panels.py ─ Plot ─> picture.py (SVG, PNG) or lines.py (a terminal)

panels.py decides what stands where; words.py writes numbers, days and words in a language (en.toml, de.toml).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.charted import Course


# Bytes of a picture in a mail.
LARGEST = 25_000


def thread_chart(course: Course, language: str) -> bytes:
    """A small PNG of a thread (`db.charted.thread`) for a mail: 1008 pixels wide, to be shown at 462 or less.

    White by itself, so that it can be read in a dark mail, too. Empty where nothing of the thread can be
    drawn. `alt_text` says the same in words. Raises ValueError for a language that is not there.
    """
    from claims.charting.panels import plot
    from claims.charting.picture import MAIL, png
    from claims.charting.words import Words

    drawn = plot(course).first()
    return png(drawn, Words(language), MAIL, largest=LARGEST) if drawn.panels else b""


def alt_text(course: Course, language: str) -> str:
    """What `thread_chart` shows, in words; empty where there is nothing to show."""
    from claims.charting.describe import alternative
    from claims.charting.panels import plot
    from claims.charting.words import Words

    drawn = plot(course).first()
    return alternative(drawn, Words(language)) if drawn.panels else ""
