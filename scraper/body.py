"""The article's own text: tree → paragraphs.

    tree → outlet rules, furniture, lists of links (elements go) → trafilatura (precise) → blocks
         → outlet rules, furniture, what stands before the first and after the last sentence (blocks go)
         → the lead, where the library lost it

An element goes only where it holds a small part of the page's text, whatever its name says: a site that
calls its article "newsletter" keeps it. What a block is dropped for stands in the two tables, in
`_is_list_of_links`, `_opening` and `_closing`; nothing else takes text away.
"""

from __future__ import annotations

import copy
import html
import logging
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from scraper.furniture import class_parts, furniture
from scraper.lead import lead
from scraper.markup import is_article
from scraper.outlets import Outlet
from scraper.wording import ends_a_sentence, letters, line

MAX_TEXT = 400_000  # characters; the longest newspaper features have 100,000
_SMALL_PART = 0.25  # of the letters in paragraphs: more than that is not furniture
_LABEL = 120  # characters: a longer block before the first sentence is text, whatever it ends with
# Shares of the text that JSON-LD holds: below the first the library took a part of the page for the whole,
# below the second the page shows the rest by scripts only.
_LOST = 0.8
_TOO_LITTLE = 0.55
_TEXT_TAGS = frozenset({"p", "head", "quote", "item", "code", "ab", "cell"})
_LINKED = ("li", "p", "h2", "h3", "h4", "h5", "dd")

# The library logs a warning for every page that it finds nothing in; that is our error to report.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading ("head") or entry of a list ("item")."""

    text: str
    kind: str


def text_of(tree: HtmlElement, linked: list[dict[str, Any]], rules: Outlet, title: str) -> str:
    """Paragraphs separated by a blank line; headings are paragraphs; the title itself is not repeated."""
    shown = copy.deepcopy(tree)  # the rules, the library and we change the tree
    etree.strip_elements(shown, "script", "style", "template", with_tail=False)
    own = copy.deepcopy(shown)
    rules.prune(own)
    _prune(own)
    headlines = _headlines(tree, title)
    told = _told(linked)
    blocks = _own_blocks(_blocks(own), rules, headlines)
    if not blocks:  # pages of the old school are laid out in tables
        blocks = _own_blocks(_blocks(own, tables=True), rules, headlines)
    if _size(blocks) < _LOST * _size(told):
        wider = _own_blocks(_blocks(own, precise=False), rules, headlines)
        blocks = max(blocks, wider, key=_size)
    if _size(blocks) < _TOO_LITTLE * _size(told):
        blocks = _own_blocks(told, rules, headlines)
    paragraphs = [block.text for block in blocks]
    return "\n\n".join(lead(shown, linked, paragraphs, title) + paragraphs)[:MAX_TEXT]


def _own_blocks(blocks: list[Block], rules: Outlet, headlines: list[str]) -> list[Block]:
    """Without furniture, and without what stands over the first and under the last sentence."""
    read = rules.read([block.text for block in blocks])
    kept = [Block(text, block.kind) for block, text in zip(blocks, read, strict=False) if text]
    kept = [block for block in _before_the_end(kept) if not furniture().is_furniture(block.text)]
    kept = [block for block in kept if not any(_repeats(block, headline) for headline in headlines)]
    return _closing(_opening(kept))


def _headlines(tree: HtmlElement, title: str) -> list[str]:
    """The title and the main headings: some pages show one and name another."""
    return [title, *(line(heading.text_content()) for heading in islice(tree.iter("h1"), 5))]


def _told(linked: list[dict[str, Any]]) -> list[Block]:
    """The text as JSON-LD holds it, for pages that scripts fill."""
    for item in linked:
        text = item.get("articleBody")
        if is_article(item) and isinstance(text, str):
            pieces = re.split(r"\s*\n\s*", html.unescape(text)[:MAX_TEXT])
            return [Block(line(piece), "p") for piece in pieces if piece.strip()]
    return []


def _prune(tree: HtmlElement) -> None:
    """Take out what is furniture by its class, and entries and lines that are nothing but links."""
    _join_first_letters(tree)
    total = sum(len(element.text_content()) for element in tree.iter("p")) or 1
    for element in list(tree.iter("div", "section", "aside", "ul", "dl", "p", "span", "form", "li")):
        if element.getparent() is None or not class_parts(element) & furniture().furniture:
            continue
        if len(element.text_content()) < _SMALL_PART * total and element.find(".//h1") is None:
            element.drop_tree()
    for element in list(tree.iter(*_LINKED)):
        if element.getparent() is not None and _is_list_of_links(element):
            element.drop_tree()


def _is_list_of_links(element: HtmlElement) -> bool:
    """Whether an entry or line only leads to another page: a sentence with a link in it does not."""
    links = [link for link in element.iter("a") if not (link.get("href") or "#").startswith("#")]
    if not links or element.find(".//li") is not None or element.find(".//p") is not None:
        return False
    text = " ".join(element.text_content().split())
    inside = sum(len(" ".join(link.text_content().split())) for link in links)
    share = inside / max(1, len(text))
    if text.endswith("."):
        return False
    return share >= (0.5 if element.tag == "li" else 0.85)


def _join_first_letters(tree: HtmlElement) -> None:
    """A large first letter in an element of its own belongs to the word behind it."""
    for element in list(tree.iter("span", "b", "strong", "big")):
        text, tail = (element.text or "").strip(), element.tail or ""
        if len(text) == 1 and text.isupper() and not len(element) and tail[:1].islower():
            element.text = text
            element.drop_tag()


def _size(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _blocks(tree: HtmlElement, *, precise: bool = True, tables: bool = False) -> list[Block]:
    """The text of each block, and the text that stands loose between blocks, in order."""
    found = bare_extraction(
        copy.deepcopy(tree),
        favor_precision=precise,
        include_comments=False,
        include_tables=tables,
        with_metadata=False,
    )
    body = getattr(found, "body", None)
    if body is None:
        return []
    blocks: list[Block] = []
    loose: list[str] = [body.text or ""]
    for element in body:
        if element.tag in _TEXT_TAGS or element.tag == "list":
            blocks.append(Block(line(" ".join(loose)), "p"))
            loose = [element.tail or ""]
            parts = element.iter("item") if element.tag == "list" else [element]
            blocks += [Block(line("".join(_spaced(part))), str(part.tag)) for part in parts]
        else:
            loose += ["".join(_spaced(element)), element.tail or ""]
    blocks.append(Block(line(" ".join(loose)), "p"))
    return [block for block in blocks if block.text]


def _spaced(element: Any) -> list[str]:
    """All text of an element; a line break inside it counts as a space."""
    pieces = []
    for node in element.iter():
        pieces.append(" " if node.tag in {"lb", "p", "item"} else "")
        pieces.append(node.text or "")
        if node is not element:
            pieces.append(node.tail or "")
    return pieces


def _opening(blocks: list[Block]) -> list[Block]:
    """Without what stands over the first sentence: sections, bylines, dates."""
    for start, block in enumerate(blocks):
        if not _is_label(block):
            return blocks[start:]
    return blocks


def _before_the_end(blocks: list[Block]) -> list[Block]:
    """Without a list of sources or further reading, where nothing but labels and entries follows it."""
    for number, block in enumerate(blocks):
        if number and furniture().end.fullmatch(block.text):
            rest = blocks[number + 1 :]
            if not any(ends_a_sentence(one.text) for one in rest if one.kind != "item"):
                return blocks[:number]
    return blocks


def _closing(blocks: list[Block]) -> list[Block]:
    """Without what stands under the last sentence: headings of nothing, announcements that end in a colon."""
    end = len(blocks)
    while end > 1 and (_is_heading_of_nothing(blocks[end - 1]) or blocks[end - 1].text.endswith(":")):
        end -= 1
    return blocks[:end]


def _is_label(block: Block) -> bool:
    """Short and no sentence. Entries of lists are not: sites put their key facts there."""
    if block.kind == "item" or len(block.text) > _LABEL:
        return False
    return block.kind == "head" or not ends_a_sentence(block.text)


def _is_heading_of_nothing(block: Block) -> bool:
    return _is_label(block) and not ends_a_sentence(block.text)


def _repeats(block: Block, headline: str) -> bool:
    """The headline again, the end of it, or it with a line above."""
    have, want = letters(block.text), letters(headline)
    if len(block.text) <= _LABEL and len(have) > 9 and want.endswith(have):
        return True
    return have == want or (len(want) > 20 and have.endswith(want) and len(have) - len(want) < 80)
