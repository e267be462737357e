"""Articles from JSON Lines: the way in for other programs. One object a line, a bad line spoils no other.

Fields: `id`, `text` (both needed), `title`, `published` (YYYY-MM-DD), `lang`, `url`. Others are ignored,
so that gold files can be read as they are. `lang` is a code such as de, in any case and with any region (DE,
de-AT); without it the language is recognised by the text.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from claims.errors import InputError
from extractors.languages.lexicon import available
from scraper.article import Article, Instant

# spaCy refuses longer texts; the longest press articles have 100,000 characters.
LONGEST = 1_000_000
UNKNOWN = "und"


class BadLine(ValueError):
    """Why a line holds no article."""


def read_jsonl(stream: IO[bytes], complain: Callable[[str], None]) -> Iterator[tuple[str, Article]]:
    """Each line's id and article; of a bad line `complain` is told the number and what is wrong."""
    for number, raw in enumerate(stream, 1):
        if not raw.strip():
            continue
        try:
            yield article_of(raw)
        except BadLine as error:
            complain(f"line {number}: {error}")


def article_of(raw: bytes) -> tuple[str, Article]:
    """The id and article of one line; raises BadLine."""
    row = _object(raw)
    name, text, title = _id(row), _text(row, "text"), _text(row, "title")
    if not text.strip() and not title.strip():
        raise BadLine("neither text nor title")
    if len(text) > LONGEST:
        raise BadLine(f"the text has {len(text):,} characters, more than {LONGEST:,}")
    day = _day(row.get("published"))
    return name, Article(
        url=_text(row, "url") or f"id:{name}",
        title=title,
        text=text,
        lang=_lang(_text(row, "lang")) or language(f"{title}\n\n{text}"),
        published=Instant.of_day(day) if day else None,
    )


def language(text: str) -> str:
    """The text's language, "und" where neither is plain."""
    from scraper.language import detect_language

    return detect_language(text) or UNKNOWN


def _object(raw: bytes) -> dict[str, Any]:
    try:
        row = json.loads(raw)
    except UnicodeDecodeError:
        raise BadLine("not text in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadLine("not a JSON object")
    return row


def _id(row: dict[str, Any]) -> str:
    name = row.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise BadLine("no id" if name in (None, "") else "id must be a string or a whole number")
    return str(name)


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None and key != "text":
        return ""
    if not isinstance(value, str):
        raise BadLine(f"no {key}" if value is None else f"{key} must be a string")
    return value


def _lang(value: str) -> str:
    """The language of a code, whatever its region; a line that names one without words is told so."""
    code = re.split("[-_]", value.strip().lower())[0]
    if code and code not in available():
        raise BadLine(f"there are no words for the language {value!r}; known: {', '.join(available())}")
    return code


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError(value)  # Python reads more shapes than we promise, such as 20240118
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadLine(f"published must be a date such as 2024-01-18, not {value!r}") from None


def open_input(name: str) -> IO[bytes]:
    """The file, or standard input for `-`; raises InputError."""
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from None
