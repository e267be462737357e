"""The picture of the mail: the leading thread as a small chart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claims.digest.layout import Image
from claims.digest.tongue import Tongue
from claims.terminal import one_line
from db.charted import thread
from db.digest import Brought

# The first threads are tried in turn: not each can be drawn.
_TRIED = 3


def chart(path: Path, found: Brought, tongue: Tongue) -> tuple[Image, ...]:
    """The leading thread drawn, or nothing where none can be."""
    from claims.charting import alt_text, thread_chart

    for number in list(dict.fromkeys(_leading(found)))[:_TRIED]:
        course = thread(path, number)
        if png := thread_chart(course, tongue.lang):
            return (Image(f"thread-{number}@claims", png, one_line(alt_text(course, tongue.lang))),)
    return ()


def _leading(found: Brought) -> Iterator[int]:
    """Threads by what they have to show: those in which something changed come first."""
    changed = (found.revised, found.missed, found.met, found.contradicted, found.denied)
    for part in changed:
        yield from (change.later.thread for change in part.entries)
    yield from (entry.thread for entry in found.new.entries)
