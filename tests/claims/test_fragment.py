from __future__ import annotations

from urllib.parse import unquote

import pytest

from claims.fragment import link_to

URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("Meta kauft Chips.", "Meta%20kauft%20Chips."),
        ("350,000 chips", "350%2C000%20chips"),
        ("state-of-the-art", "state%2Dof%2Dthe%2Dart"),
        ("AT&T – ja", "AT%26T%20%E2%80%93%20ja"),
        ("50 % mehr #1?", "50%20%25%20mehr%20%231%3F"),
        ("für Straßen", "f%C3%BCr%20Stra%C3%9Fen"),
        ("two\nlines  here", "two%20lines%20here"),
        ("a/b:c=d", "a%2Fb%3Ac%3Dd"),
    ],
)
def test_encoding(sentence: str, fragment: str) -> None:
    assert link_to(URL, sentence) == f"{URL}#:~:text={fragment}"


def test_a_long_sentence_is_given_by_its_ends() -> None:
    words = [f"word{number}-x," for number in range(40)]
    start, _, end = link_to(URL, " ".join(words)).partition("text=")[2].partition(",")
    assert unquote(start) == " ".join(words[:6])
    assert unquote(end) == " ".join(words[-6:])
    assert not {"-", ","} & set(start + end)


def test_long_words_without_spaces_stay_whole() -> None:
    text = "x" * 400
    assert link_to(URL, text).endswith(text)


def test_an_element_id_stays_in_front() -> None:
    assert link_to(f"{URL}#part", "Yes.") == f"{URL}#part:~:text=Yes."
    assert link_to(f"{URL}#:~:text=old", "Yes.") == f"{URL}#:~:text=Yes."


@pytest.mark.parametrize(("url", "sentence"), [("file:///tmp/a.html", "Yes."), (URL, "  ")])
def test_nothing_to_point_at(url: str, sentence: str) -> None:
    assert link_to(url, sentence) == url
