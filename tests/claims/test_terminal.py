from __future__ import annotations

import io
import json

import pytest

from claims.terminal import clean, escape_unsafe, folded, marked, one_line, wants_colour

HOSTILE = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]0;a title\x07text", "text"),
    ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x9b2Jcleared", "cleared"),
    ("back\x08space\x7f", "backspace"),
    ("a\rb", "ab"),
    ("left\u202etfel\u202c", "lefttfel"),
    ("iso\u2066late\u2069", "isolate"),
    ("zero\u200bwidth\ufeff", "zerowidth"),
    ("tag\U000e0041", "tag"),
    ("lone\ud800", "lone"),
    ("nul\x00", "nul"),
    ("tab\tand\nline stay, ä ß € 漢 too", "tab\tand\nline stay, ä ß € 漢 too"),
    ("\x1bcreset", "reset"),
]


@pytest.mark.parametrize(("text", "expected"), HOSTILE, ids=[ascii(text) for text, _ in HOSTILE])
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_one_line() -> None:
    assert one_line(" a\n\n b\t c ") == "a b c"


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE], ids=ascii)
def test_json_keeps_everything_and_shows_nothing(text: str) -> None:
    written = escape_unsafe(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(written) == {"text": text}
    assert clean(written) == written


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR_FORCE": "0"}, False),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, False),
    ],
)
def test_colour_by_environment(
    variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(io.StringIO()) is expected


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("CLICOLOR_FORCE", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(Screen())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(Screen())


def test_marks_without_colour() -> None:
    assert list(marked("Well, ", "so", ".", colour=False, width=80)) == ["Well, >>so<<."]


def test_a_marked_sentence_is_marked_on_each_of_its_lines() -> None:
    """A colour that runs on past the line's end would colour the rest of the terminal's line."""
    lines = list(
        marked("Some words. ", "The one sentence meant.\x1b[31m\x02", " And more.", colour=True, width=17)
    )
    assert [clean(line) for line in lines] == ["Some words. The", "one sentence", "meant. And more."]
    assert lines[0] == "Some words. \x1b[1;30;43mThe\x1b[0m"
    assert lines[1] == "\x1b[1;30;43mone sentence\x1b[0m"
    assert lines[2] == "\x1b[1;30;43mmeant.\x1b[0m And more."


def test_folding_keeps_words_whole() -> None:
    address = "https://example.org/a-rather-long-address"
    assert folded(f"see {address} for more", 20, "a ", "  ") == ["a see", f"  {address}", "  for more"]
