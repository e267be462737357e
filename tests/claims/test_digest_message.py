"""The mail itself: its parts, its headers, and the same bytes for the same input."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from claims.digest.compose import Composed
from claims.digest.layout import Image
from claims.digest.message import message

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
COMPOSED = Composed(
    subject="Claims, Woche 47/2026: Görlitz – 3,4 Mrd. EUR " + "sehr lang " * 12,
    text="Grüße\n-- \n. ein Punkt\nFrom here\n" + "ä" * 78 + "\n",
    html='<html lang="de"><img src="cid:thread-1@claims" alt="Bild">' + "ü" * 3000 + "</html>\n",
    images=(Image("thread-1@claims", PNG, "Bild"),),
    language="de",
)
ARGUMENTS: dict[str, Any] = {
    "sender": "Claims <claims@example.org>",
    "recipient": "Änne Özil <ann@example.org>",
    "message_id": "<2026-W47.ann@example.org>",
    "date": datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
}


def read(composed: Composed = COMPOSED, **changes: object) -> EmailMessage:
    """The mail as a reader's program gets it."""
    sent = message(composed, **(ARGUMENTS | changes)).as_bytes()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert sent.isascii()
    assert b"\n" not in sent.replace(b"\r\n", b"")
    found: Any = message_from_bytes(sent, policy=default)
    return found  # type: ignore[no-any-return]


def test_parts() -> None:
    mail = read()
    assert mail.get_content_type() == "multipart/alternative"
    text, related = mail.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, image = related.iter_parts()
    assert _content(text) == COMPOSED.text
    assert _content(html) == COMPOSED.html
    assert _content(image) == PNG
    assert image["Content-ID"] == "<thread-1@claims>"
    assert (image.get_content_type(), image.get_content_disposition()) == ("image/png", "inline")


def _content(part: Any) -> Any:
    """Ends of lines are the mail's own on its way."""
    content = part.get_content()
    return content.replace("\r\n", "\n") if isinstance(content, str) else content


def test_without_a_picture() -> None:
    mail = read(Composed("s", "t\n", "<p>h</p>\n"))
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_headers() -> None:
    mail = read()
    assert mail["Subject"] == COMPOSED.subject.strip()
    assert mail["To"] == "Änne Özil <ann@example.org>"
    assert mail["Message-ID"] == "<2026-W47.ann@example.org>"
    assert mail["Date"] == "Mon, 23 Nov 2026 06:00:00 +0000"
    assert mail["List-Id"] == "claims digest <digest.claims.example.org>"
    assert mail["List-Unsubscribe"] == "<mailto:claims@example.org?subject=unsubscribe>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ("off@example.org", "<mailto:off@example.org?subject=unsubscribe>"),
        ("mailto:off@example.org?subject=stop", "<mailto:off@example.org?subject=stop>"),
        ("https://example.org/off?a=1", "<https://example.org/off?a=1>"),
    ],
)
def test_ways_to_leave(given: str, header: str) -> None:
    assert read(unsubscribe=given)["List-Unsubscribe"] == header


def test_the_same_input_gives_the_same_bytes() -> None:
    one, other = (message(COMPOSED, **ARGUMENTS).as_bytes() for _ in range(2))
    assert one == other
    assert message(COMPOSED, **ARGUMENTS, boundary="another").as_bytes() != one


def test_no_header_can_be_smuggled_in() -> None:
    mail = read(Composed("Claims\r\nBcc: eve@example.org\n\nx", "t\n", "<p>h</p>\n"))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Claims Bcc: eve@example.org x"
