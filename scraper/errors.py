"""Everything that can go wrong between a URL and an article, as one tree.

ScraperError                 carries the word of the vocabulary, the URL, a sentence for people
├── FetchError               no usable answer came back
│   ├── Unreachable          the name, the connection or the encryption failed
│   ├── TooSlow              connecting, one read, or the whole fetch took too long
│   ├── TooLarge             the body is larger than allowed, packed or unpacked
│   ├── RefusedAddress       the URL or the address behind it is one we never open
│   ├── RedirectLoop         more redirects than allowed, or one that leads nowhere
│   ├── RobotsDenied         robots.txt forbids the article
│   └── BadStatus            the server answered, but not with the page
│       └── BotChallenge     the server asks for proof of being a person
└── ReadError                something came back that cannot be read
    ├── NotAFeed             a page, an empty body or broken markup where a feed should be
    ├── NotAnArticle         no text found in the page, or a page built to hang its reader
    └── UnreadableFile       a file that is missing, empty, too large or not text
"""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """The fixed vocabulary of outcomes. An HTTP status is written "http 404": see `BadStatus.kind`."""

    DNS = "dns"
    CONNECT = "connect error"
    CONNECT_TIMEOUT = "connect timeout"
    READ_TIMEOUT = "read timeout"
    DEADLINE = "deadline"
    TLS = "tls"
    REDIRECTS = "too many redirects"
    HTTP = "http"
    BOT = "bot challenge"
    PARSE = "parse error"
    HTML = "html instead of feed"
    EMPTY = "empty"
    TOO_LARGE = "too large"
    REFUSED = "refused address"
    ROBOTS = "robots"
    FILE = "unreadable file"
    UNEXPECTED = "unexpected"
    NOT_MODIFIED = "not modified"
    SAME = "same content"
    OK = "ok"


PERMANENT, SOFT, TEMPORARY, NONE = 1.0, 0.5, 0.25, 0.0

# What each outcome adds to a source's failures. Permanent: asking again changes nothing.
WEIGHTS: dict[Word, float] = {
    Word.DNS: SOFT,
    Word.CONNECT: TEMPORARY,
    Word.CONNECT_TIMEOUT: TEMPORARY,
    Word.READ_TIMEOUT: TEMPORARY,
    Word.DEADLINE: TEMPORARY,
    Word.TLS: SOFT,
    Word.REDIRECTS: PERMANENT,
    Word.HTTP: PERMANENT,
    Word.BOT: SOFT,
    Word.PARSE: SOFT,
    Word.HTML: PERMANENT,
    Word.EMPTY: SOFT,
    Word.TOO_LARGE: PERMANENT,
    Word.REFUSED: PERMANENT,
    Word.ROBOTS: PERMANENT,
    Word.FILE: PERMANENT,
    Word.UNEXPECTED: SOFT,
    Word.NOT_MODIFIED: NONE,
    Word.SAME: NONE,
    Word.OK: NONE,
}


class ScraperError(Exception):
    """Something failed; `kind` is the vocabulary's word, `url` what was asked for, str() tells people."""

    word = Word.UNEXPECTED

    def __init__(self, message: str, url: str = "", word: Word | None = None) -> None:
        super().__init__(message)
        self.url = url
        self.word = word or type(self).word

    @property
    def kind(self) -> str:
        """The vocabulary's word."""
        return str(self.word)

    @property
    def weight(self) -> float:
        """What the failure adds to its source's failures: 1 permanent, 0.5 soft, 0.25 temporary."""
        return WEIGHTS[self.word]


class FetchError(ScraperError):
    """No usable answer came back."""

    word = Word.CONNECT


class Unreachable(FetchError):
    """The name could not be resolved, the connection not made or kept, or the encryption not agreed."""


class TooSlow(FetchError):
    """Connecting, a single read, or the fetch as a whole took longer than allowed."""

    word = Word.DEADLINE


class TooLarge(FetchError):
    """The body is larger than allowed, as sent or after decoding."""

    word = Word.TOO_LARGE


class RefusedAddress(FetchError):
    """The URL is malformed or leads to an address that is not on the public internet."""

    word = Word.REFUSED


class RedirectLoop(FetchError):
    """More redirects than allowed, or a redirect without a target."""

    word = Word.REDIRECTS


class RobotsDenied(FetchError):
    """The site's robots.txt does not want this page read, or could not be read itself."""

    word = Word.ROBOTS

    def __init__(self, message: str, url: str, *, passing: bool = False) -> None:
        super().__init__(message, url)
        self.passing = passing

    @property
    def weight(self) -> float:
        """A robots.txt that cannot be read now may be readable tomorrow; a rule stays."""
        return TEMPORARY if self.passing else PERMANENT


class BadStatus(FetchError):
    """The server answered with an error. `retry_after` is its wish in seconds, where it named one."""

    word = Word.HTTP

    def __init__(self, message: str, url: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(message, url)
        self.status = status
        self.retry_after = retry_after

    @property
    def kind(self) -> str:
        """The word with the number: "http 404"."""
        return f"{self.word} {self.status}" if self.word is Word.HTTP else str(self.word)

    @property
    def weight(self) -> float:
        """Server errors and "try later" pass, a refusal may pass, the rest stays."""
        if self.status in {408, 425, 429} or self.status >= 500:
            return TEMPORARY
        return SOFT if self.status in {401, 403} else PERMANENT


class Silenced(BadStatus):
    """Nothing was asked: the host wants silence for `retry_after` seconds more. Not its source's fault."""

    @property
    def weight(self) -> float:
        """Nothing: no server was asked, so that none has failed."""
        return NONE


class BotChallenge(BadStatus):
    """The server asks for proof of being a person: the feed is not dead, it is closed to machines."""

    word = Word.BOT


class ReadError(ScraperError):
    """Something came back that cannot be read."""

    word = Word.PARSE

    @property
    def harmful(self) -> bool:
        """Whether the page hung or killed its reader, or was built to: it is better left alone for a time."""
        return self.word is Word.TOO_LARGE


class NotAFeed(ReadError):
    """A page, an empty body or broken markup where a feed should be."""


class NotAnArticle(ReadError):
    """No text found in the page, or a page built to hang its reader."""

    word = Word.EMPTY


class UnreadableFile(ReadError):
    """A file that is missing, empty, too large or not text."""

    word = Word.FILE
