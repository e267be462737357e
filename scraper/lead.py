"""The opening lines that stand apart between headline and text, where the library loses them.

Three signs, the surest first: the page gives the lines as its description, too; their element is called
lead, intro or the like; they are sentences that stand between the headline and the first paragraph. Only
what readers see counts: a description that the page does not show is written for search engines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from scraper.furniture import class_parts, furniture
from scraper.markup import is_article, meta
from scraper.titles import tidy
from scraper.wording import ends_a_sentence, letters, line

MIN_LEAD = 40  # characters; what is shorter is a label, not a sentence
MAX_LEAD = 900
_PLACE = 40  # letters before the description where it is shown: "Berlin. "
_TAGS = ("p", "div", "h1", "h2", "h3", "span", "strong")
_HEADINGS = frozenset({"h1", "h2", "h3", "span"})
_OUTSIDE = frozenset({"nav", "aside", "figure", "figcaption", "footer", "form", "ul", "ol", "table", "time"})


@dataclass(frozen=True, slots=True)
class _Shown:
    """A block before the first paragraph, with its text; `below` the headline or not."""

    element: HtmlElement
    text: str
    below: bool


def lead(tree: HtmlElement, linked: list[dict[str, Any]], paragraphs: list[str], title: str) -> list[str]:
    """The lead as a list of one, or an empty list where there is none or the paragraphs hold it already."""
    if not paragraphs:
        return []
    text = letters(" ".join(paragraphs))
    told = [letters(one) for one in _descriptions(tree, linked) if len(one) >= MIN_LEAD]
    called: list[str] = []
    between: list[str] = []
    for shown in _before(tree, paragraphs[0], title):
        have = letters(shown.text)
        if _overlaps(have, text):
            continue
        if furniture().is_furniture(shown.text) or furniture().credit.search(shown.text):
            continue
        if any(_is_told(have, one) for one in told):
            return [shown.text]
        if not ends_a_sentence(shown.text) or _elsewhere(shown.element):
            continue
        if class_parts(shown.element) & furniture().lead:
            called.append(shown.text)
        elif shown.below and not _holds_blocks(shown.element):
            between.append(shown.text)
    return (called or between)[:1]


def _overlaps(shown: str, text: str) -> bool:
    """Whether the paragraphs hold the lines, or the lines hold a part of them: a box around the text."""
    pieces = (
        shown[start : start + MIN_LEAD] for start in (0, len(shown) // 2, max(0, len(shown) - MIN_LEAD))
    )
    return any(piece in text for piece in pieces) or text[:MIN_LEAD] in shown


def _descriptions(tree: HtmlElement, linked: list[dict[str, Any]]) -> list[str]:
    told = [meta(tree, "description"), meta(tree, "og:description")]
    told += [text for item in linked if is_article(item) and isinstance(text := item.get("description"), str)]
    return [tidy(one) for one in told]


def _is_told(shown: str, told: str) -> bool:
    """The description as a whole, after the name of a place, or cut off."""
    if told in shown:
        return len(shown) - len(told) <= _PLACE or shown.startswith(told)
    return len(told) >= 2 * MIN_LEAD and shown.startswith(told[: int(0.9 * len(told))])


def _before(tree: HtmlElement, first: str, title: str) -> Iterator[_Shown]:
    """Every block of the right size that stands before the first paragraph."""
    goal, headline = letters(first)[:80], letters(title)
    below = False
    for element in tree.iter(*_TAGS):
        # The first pieces are enough to tell, and bound what boxes within boxes cost.
        shown = line("".join(islice(element.itertext(), 30))[: 2 * MAX_LEAD])
        have = letters(shown)
        if element.tag in {"p", "div"} and goal and have.startswith(goal):
            return
        if element.tag in _HEADINGS and headline and headline in have and len(have) < 2 * len(headline) + 40:
            below = True
        elif MIN_LEAD <= len(shown) <= MAX_LEAD and element.tag != "h1":
            yield _Shown(element, shown, below)


def _elsewhere(element: HtmlElement) -> bool:
    """Whether it stands in a picture, a list or a menu, or is mostly links."""
    if any(above.tag in _OUTSIDE for above in element.iterancestors()):
        return True
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return 3 * linked > len(element.text_content())


def _holds_blocks(element: HtmlElement) -> bool:
    return any(child.tag in {"p", "div", "h2", "h3", "ul"} for child in element.iterdescendants())
