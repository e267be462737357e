"""One line of an export → what it says, every field checked. Raises ValueError that names the field.

Nothing here knows the ledger: what comes out can be kept, evidence included.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from db.errors import RecordRefused
from db.export import FORMAT, RULED, STATE
from db.rows import claim_columns, identity
from db.states import moment
from db.stems import clean
from db.writing import check_span
from extractors.claim import Claim, Due, Evidence, Kind, Place, Quantity, Reason, Status
from extractors.threads import Verb
from scraper.article import Article, Instant, Origin, Precision

Value = TypeVar("Value")
_TOO_LARGE = 2**63


@dataclass(frozen=True, slots=True)
class InSource:
    """A source: columns of what it is, and of what the scraper remembers, which may be none."""

    about: dict[str, object]
    state: dict[str, object]


@dataclass(frozen=True, slots=True)
class InClaim:
    """A claim with the number it had and by which extractor it was read; `key`: what makes two the same."""

    id: int | None
    claim: Claim
    extractor: str
    key: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class InVersion:
    """A text with its claims; `columns`: what the article itself does not know."""

    article: Article
    current: bool
    columns: dict[str, object]
    claims: tuple[InClaim, ...]


@dataclass(frozen=True, slots=True)
class InArticle:
    """An article with all its texts, the oldest first."""

    first_seen: str
    addresses: tuple[str, ...]
    versions: tuple[InVersion, ...]


@dataclass(frozen=True, slots=True)
class InRuling:
    """What a person decided: the columns of the ruling, and of each claim that it names."""

    verb: str
    made: str
    claims: tuple[tuple[object, ...], ...]


def read_line(line: bytes) -> dict[str, Any]:
    """The object in a line."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"this is not text in UTF-8 ({error.reason} at byte {error.start})") from error
    except RecursionError as error:
        raise ValueError("this is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"this is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise ValueError("this should be an object in braces")
    return record


def check_head(record: Mapping[str, Any]) -> None:
    """The first line says whose file it is."""
    if _a(record, "format", int) > FORMAT:
        raise ValueError(f"this is format {record['format']}, up to {FORMAT} is known: update the program")


def check_end(record: Mapping[str, Any], counted: Counter[str]) -> None:
    """The last line says how much there was."""
    for name in ("sources", "articles", "versions", "claims"):
        if _a(record, name, int) != counted[name]:
            raise ValueError(
                f"the export had {record[name]} {name}, here are {counted[name]}: lines are missing"
            )
    if record.get("rulings", 0) != counted["rulings"]:
        raise ValueError(f"rulings: the export had {record.get('rulings')}, here are {counted['rulings']}")


def ruling(record: Mapping[str, Any]) -> InRuling:
    """A split or join by hand."""
    verb = _within("verb", Verb, _a(record, "verb", str))
    claims = [_within("claims", _ruled, entry) for entry in _a(record, "claims", list)]
    if not {0, 1} == {claim[0] for claim in claims}:
        raise ValueError("claims: there should be some on side 0 and some on side 1")
    return InRuling(str(verb), _at(record, "made"), tuple(claims))


def _ruled(entry: object) -> tuple[object, ...]:
    """The columns of one claim that a ruling names, in their order."""
    given = _object(entry)
    told: dict[str, object] = {"side": _a(given, "side", int), "kind": str(Kind(_a(given, "kind", str)))}
    told |= {name: clean(_a(given, name, str)) for name in ("url", "sentence")}
    told |= {name: None if given.get(name) is None else _number(given, name) for name in ("low", "high")}
    # An earlier program's export does not say whose claim it was.
    told |= {name: _maybe(given, name) for name in ("subject", "object")}
    return tuple(told[name] for name in RULED)


def source(record: Mapping[str, Any]) -> InSource:
    """A source, with its state where the export has one."""
    about: dict[str, object] = {"name": clean(_a(record, "name", str))}
    if not about["name"]:
        raise ValueError("name: should not be empty")
    about |= {name: _maybe(record, name) for name in ("url", "lang", "zone")}
    state: dict[str, object] = {}
    if record.get("state") is not None:
        given = _a(record, "state", dict)
        state = {name: _maybe(given, name) for name in STATE if name != "failures"}
        for name in ("checked", "next_check", "last_success"):
            state[name] = _at(given, name) if state[name] is not None else None
        state |= {name: state[name] or "" for name in ("last_status", "last_message")}
        state["failures"] = _number(given, "failures")
        state["extra"] = json.dumps(_a(given, "extra", dict))
    return InSource(about, state)


def article(record: Mapping[str, Any]) -> InArticle:
    """An article, its versions and their claims. Exactly one version is the current one."""
    url = _a(record, "url", str)
    if not url:
        raise ValueError("url: should not be empty")
    addresses = _a(record, "addresses", list)
    if not all(isinstance(address, str) for address in addresses):
        raise ValueError("addresses: should be texts")
    listed = _a(record, "versions", list)
    versions = tuple(
        _within(f"versions[{n}]", _version, one, url, _a(record, "lang", str), _maybe(record, "source"))
        for n, one in enumerate(listed)
    )
    if [version.current for version in versions].count(True) != 1:
        raise ValueError("versions: exactly one of them should be current")
    return InArticle(_at(record, "first_seen"), tuple(addresses), versions)


def _version(entry: object, url: str, lang: str, source_name: str | None) -> InVersion:
    record = _object(entry)
    authors = _a(record, "authors", list)
    if not all(isinstance(author, str) for author in authors):
        raise ValueError("authors: should be texts")
    told = Article(
        url=url,
        title=_a(record, "title", str),
        text=_a(record, "text", str),
        lang=lang,
        published=_within("published", _published, record.get("published")),
        source=source_name or "",
        authors=tuple(authors),
        fetched_url=_a(record, "fetched_url", str),
        paywalled=_a(record, "paywalled", bool),
    )
    dropped = _at(record, "text_dropped") if record.get("text_dropped") is not None else None
    columns: dict[str, object] = {
        "digest": _digest(record, told, dropped),
        "text_dropped": dropped,
        "fetched": _at(record, "fetched"),
        "extractor": clean(_a(record, "extractor", str)),
    }
    claims = tuple(
        _within(f"claims[{n}]", _claim, one, told, dropped)
        for n, one in enumerate(_a(record, "claims", list))
    )
    return InVersion(told, _a(record, "current", bool), columns, claims)


def _digest(record: Mapping[str, Any], told: Article, dropped: str | None) -> str:
    """The digest must be that of the text. Of one that was dropped or made storable it cannot be known."""
    digest = _a(record, "digest", str)
    unknown = dropped is not None or "�" in told.title + told.text
    if not unknown and digest != told.digest:
        raise ValueError("digest: is not that of title and text: the line was changed")
    if dropped is not None and told.text:
        raise ValueError("text: should be empty, for it was dropped")
    return clean(digest)


def _published(record: object) -> Instant | None:
    if record is None:
        return None
    given = _object(record)
    return Instant(
        datetime.fromisoformat(_at(given, "at")),
        _a(given, "original", str),
        Precision(_a(given, "precision", str)),
        Origin(_a(given, "origin", str)),
        _zone(_a(given, "zone", str)),
    )


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"zone: {name!r} is no time zone") from error
    return name


def _claim(entry: object, told: Article, dropped: str | None) -> InClaim:
    record = _object(entry)
    number = record.get("id")
    if number is not None and not (type(number) is int and 0 < number < _TOO_LARGE):
        raise ValueError(f"id: should be a number from 1, not {number!r}")
    claim = Claim(
        kind=Kind(_a(record, "kind", str)),
        subject=_a(record, "subject", str),
        object=_maybe(record, "object"),
        quantity=_quantity(record),
        due=_due(record),
        status=Status(_a(record, "status", str)),
        evidence=_evidence(record, told, dropped),
        equivalent=_a(record, "equivalent", bool),
        speaker=_maybe(record, "speaker"),
        counterparty=_maybe(record, "counterparty"),
        confidence=_number(record, "confidence"),
        reasons=tuple(
            _within(f"reasons[{n}]", _reason, r) for n, r in enumerate(_a(record, "reasons", list))
        ),
    )
    return InClaim(number, claim, _a(record, "extractor", str), identity(claim_columns(claim)))


def _quantity(record: Mapping[str, Any]) -> Quantity | None:
    if record.get("quantity") is None:
        return None
    low, high = _pair(record, "quantity")
    for end in (low, high):
        if end is not None and (isinstance(end, bool) or not isinstance(end, int | float)):
            raise ValueError(f"quantity: should be numbers, not {end!r}")
    return Quantity(_float(low), _float(high), _a(record, "unit", str), _a(record, "approx", bool))


def _float(value: float | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError as error:
        raise ValueError("quantity: is too large to keep") from error


def _due(record: Mapping[str, Any]) -> Due | None:
    if record.get("due") is None:
        return None
    start, end = (
        None if day is None else _within("due", date.fromisoformat, _text(day))
        for day in _pair(record, "due")
    )
    return Due(start, end)


def _pair(record: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    pair = _a(record, name, list)
    if len(pair) != 2:
        raise ValueError(f"{name}: should be two values")
    return pair[0], pair[1]


def _evidence(record: Mapping[str, Any], told: Article, dropped: str | None) -> tuple[Evidence, ...]:
    texts, spans = _a(record, "evidence", list), _a(record, "spans", list)
    if not texts or len(texts) != len(spans):
        raise ValueError("evidence: should be as many sentences as there are spans, and at least one")
    found = []
    for text, span in zip(texts, map(_object, spans), strict=True):
        place = Place(_a(span, "in", str))
        one = Evidence(_a(span, "start", int), _a(span, "end", int), _text(text), place)
        # Of a text that was dropped only the sentence is left.
        if dropped is None or place is Place.TITLE:
            check_span(told, one)
        found.append(one)
    return tuple(found)


def _reason(entry: object) -> Reason:
    if not isinstance(entry, list) or len(entry) != 4:
        raise ValueError("should be field, rule, detail and score")
    field, rule, detail, score = entry
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        raise ValueError(f"the score should be a number, not {score!r}")
    return Reason(_text(field), _text(rule), _text(detail), score)


# Fields


def _within(name: str, make: Callable[..., Value], *arguments: Any) -> Value:
    """What `make` makes; its complaint is led by the field's name."""
    try:
        return make(*arguments)
    except (ValueError, TypeError, RecordRefused) as error:
        raise ValueError(f"{name}: {error}") from error


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"should be an object in braces, not {str(value)[:40]!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"should be a text, not {str(value)[:40]!r}")
    return value


_NAMES = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}


def _a(record: Mapping[str, Any], name: str, kind: type[Value]) -> Value:
    """A field that must be there, and of this kind."""
    if name not in record:
        raise ValueError(f"{name}: is missing")
    value = record[name]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{name}: should be {_NAMES[kind]}, not {str(value)[:40]!r}")
    return value


def _maybe(record: Mapping[str, Any], name: str) -> str | None:
    """A text that may be null or missing."""
    return None if record.get(name) is None else clean(_a(record, name, str))


def _number(record: Mapping[str, Any], name: str) -> float:
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name}: should be a number, not {str(value)[:40]!r}")
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError(f"{name}: is too large to keep") from error


def _at(record: Mapping[str, Any], name: str) -> str:
    """An instant, as the ledger writes them."""
    text = _a(record, name, str)
    try:
        return moment(datetime.fromisoformat(text))
    except (ValueError, OverflowError, RecordRefused) as error:
        raise ValueError(f"{name}: {text[:40]!r} is no instant with a zone") from error
