"""What a person types → a tree. Every string gives one, or a BadQuery that points at the place.

    query    = and ("OR" and)…                  in capitals; "or" is a word
    and      = not (["AND"] not)…
    not      = ("NOT" | "-") not | "(" query ")" | field ":" value | "a phrase" | prefix* | word
    value    = ["<" | "<=" | ">" | ">=" | "="] text | text ".." text | "(" query ")"

Whatever holds no letter or digit is passed over, so that punctuation never spoils a search. What fields there
are and what their values mean is fields.py's affair, what words become is match.py's.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from db.errors import BadQuery
from db.match import MOST_WORDS, Term
from db.stems import words

TEXT_FIELDS = ("title", "text")
NAME_FIELDS = ("company", "product", "speaker")
WORD_FIELDS = ("kind", "status", "lang", "source", "unit", "relation")
RANGE_FIELDS = ("due", "published", "seen", "amount", "sources")
FIELDS = (*NAME_FIELDS, *WORD_FIELDS, *RANGE_FIELDS, *TEXT_FIELDS)


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be found in the claim, its evidence or its article's title; `column`: only in that one."""

    term: Term
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its value as typed. `quoted`: exactly so. `place`: where the value begins, or -1."""

    name: str
    value: str
    quoted: bool
    place: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    inner: Node


@dataclass(frozen=True, slots=True)
class All:
    """All of these must hold; of none, everything does."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of these must hold."""

    parts: tuple[Node, ...]


Node = Words | Field | Not | All | Any


def parse(typed: str) -> Node:
    """The tree of a query. Raises BadQuery where it means nothing, or too much."""
    # Other quotation marks count as "; one for one, so that places stay.
    text = typed.translate(_QUOTES)
    tokens = _tokens(text)
    if not any(token.kind in {"words", "field", "open"} for token in tokens):
        raise BadQuery(f"nothing to search for in {typed[:80]!r}: give at least one letter or digit")
    if len(tokens) > _MOST_TOKENS or sum(len(token.words) for token in tokens) > MOST_WORDS:
        raise BadQuery(f"more than {MOST_WORDS} words to search for: leave some out")
    return _Parser(text, tokens).whole()


def of_option(name: str, value: str) -> Node:
    """What an option of a field's name asks: the same as the field with that value, spaces allowed."""
    if value.lstrip().startswith(("(", '"')):
        return _placeless(parse(f"{name}:{value.strip()}"))
    return Field(name, value, quoted=False, place=-1)


def _placeless(node: Node) -> Node:
    """An option's value stands nowhere in the query that errors show."""
    if isinstance(node, Field):
        return replace(node, place=-1)
    if isinstance(node, Not):
        return Not(_placeless(node.inner))
    if isinstance(node, All | Any):
        return type(node)(tuple(map(_placeless, node.parts)))
    return node


def pointed(message: str, text: str, place: int) -> BadQuery:
    """The error with the line of the query and a mark under the place."""
    start = max(0, place - 60)
    line = re.sub(r"\s", " ", text[start : place + 40])
    return BadQuery(f"{message}\n  {line}\n  {' ' * (place - start)}^")


_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))
_MOST_TOKENS = 256
_DEEPEST = 32
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}
_PIECE = re.compile(r'(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)(?:"|$)|(?P<chunk>[^\s"()]+)')
_FIELD = re.compile(r"(?P<name>[^\W\d_]{2,20}):(?P<value>.*)", re.DOTALL)
_OPERATOR = re.compile(r"[<>]=?|=")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # words, field, fields (a field before a bracket), open, close, and, or, not
    place: int
    text: str = ""
    words: tuple[str, ...] = ()
    quoted: bool = False
    prefix: bool = False
    name: str = ""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while piece := _PIECE.search(text, at):
        at = _read(text, piece, found)
    return found


def _read(text: str, piece: re.Match[str], found: list[_Token]) -> int:
    """Adds the tokens of a piece; returns where the next one begins."""
    place = piece.start()
    if piece["open"] or piece["close"]:
        found.append(_Token("open" if piece["open"] else "close", place))
    elif piece["phrase"] is not None:
        if spelled := tuple(words(piece["phrase"])):
            found.append(_Token("words", place, piece["phrase"], spelled, quoted=True))
    elif piece["chunk"].startswith("-") and _ahead(text, place + 1):
        found.append(_Token("not", place))
        return place + 1
    elif field := _FIELD.fullmatch(piece["chunk"]):
        return _read_field(text, piece, field, found)
    elif piece["chunk"] in _OPERATORS:
        found.append(_Token(_OPERATORS[piece["chunk"]], place))
    elif spelled := tuple(words(piece["chunk"])):
        chunk = piece["chunk"]
        found.append(_Token("words", place, chunk, spelled, prefix=chunk.endswith("*")))
    return piece.end()


def _ahead(text: str, at: int) -> bool:
    """Whether something to be denied follows the minus at once."""
    return re.match(r'["(]|[^\W\d_]', text[at:]) is not None


def _read_field(text: str, piece: re.Match[str], field: re.Match[str], found: list[_Token]) -> int:
    place, name = piece.start(), field["name"].lower()
    if name not in FIELDS:
        raise pointed(f"there is no field {field['name']!r}; {_meant(name)}", text, place)
    value, end = field["value"], piece.end()
    after = place + len(name) + 1
    if not value and text[end : end + 1] == "(":
        found.append(_Token("fields", place, name=name))
        return end
    quoted = re.compile(r'"([^"]*)(?:"|$)').match(text, end)
    if quoted and (not value or _OPERATOR.fullmatch(value) or value.endswith("..")):
        value, end = value + quoted[1], quoted.end()
    if not _OPERATOR.sub("", value, count=1).strip():
        raise pointed(f"{name}: needs a value", text, after)
    found.append(_Token("field", after, value, quoted=quoted is not None, name=name))
    return end


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.6)
    known = f"the fields are {', '.join(FIELDS)}"
    return f"did you mean {near[0]!r}? {known}" if near else f"{known}; quote it to find it as text"


class _Parser:
    """Recursive descent over the tokens; `field` is the field whose bracket it is in."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        tree = self._any("")
        if (token := self._peek()) is not None:
            raise pointed("this bracket closes nothing", self._text, token.place)
        return tree

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next_is(self, kind: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == kind

    def _any(self, field: str) -> Node:
        parts = [self._all(field)]
        while self._next_is("or"):
            self._at += 1
            parts.append(self._all(field))
        return parts[0] if len(parts) == 1 else Any(tuple(dict.fromkeys(parts)))

    def _all(self, field: str) -> Node:
        parts = [self._not(field)]
        while (token := self._peek()) is not None and token.kind not in {"or", "close"}:
            self._at += token.kind == "and"
            parts.append(self._not(field))
        return parts[0] if len(parts) == 1 else All(tuple(dict.fromkeys(parts)))

    def _not(self, field: str) -> Node:
        denied = False
        while self._next_is("not"):
            denied = not denied
            self._at += 1
        inner = self._leaf(field)
        return Not(inner) if denied else inner

    def _leaf(self, field: str) -> Node:
        token = self._peek()
        if token is None:
            raise self._missing(len(self._text))
        if token.kind in {"and", "or", "close"}:
            raise self._missing(token.place)
        self._at += 1
        if token.kind == "fields":
            return self._bracket(token.name)
        if token.kind == "open":
            self._at -= 1
            return self._bracket(field)
        if token.kind == "field":
            return _leaf_of(token.name, token)
        return _leaf_of(field, token)

    def _bracket(self, field: str) -> Node:
        opened = self._tokens[self._at]
        self._at += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise pointed(f"more than {_DEEPEST} brackets in each other", self._text, opened.place)
        if self._next_is("close"):
            raise pointed("there is nothing in this bracket", self._text, opened.place)
        inner = self._any(field)
        if not self._next_is("close"):
            raise pointed("this bracket is not closed", self._text, opened.place)
        self._at += 1
        self._depth -= 1
        return inner

    def _missing(self, place: int) -> BadQuery:
        before = self._tokens[self._at - 1] if self._at else None
        word = before.kind.upper() if before is not None and before.kind in {"and", "or", "not"} else ""
        if word:
            return pointed(f"{word} needs something after it", self._text, place)
        return pointed("something is missing here", self._text, place)


def _leaf_of(field: str, token: _Token) -> Node:
    if not field:
        return Words(Term(token.words, literal=token.quoted, prefix=token.prefix))
    if field in TEXT_FIELDS:
        spelled = token.words or tuple(words(token.text))
        if not spelled:
            raise BadQuery(f"no words in {token.text[:80]!r}: give at least one letter or digit")
        prefix = token.text.endswith("*") and not token.quoted
        return Words(Term(spelled, literal=token.quoted, prefix=prefix), field)
    return Field(field, token.text, token.quoted, token.place)
