"""Unpacks a body with a bound, so that 590 bytes cannot become 268 MB in memory.

Counting what an HTTP library hands out is not enough: it hands out one chunk after inflating it whole.
So the raw bytes are read and inflated here, a piece at a time, never beyond the limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from scraper.errors import FetchError, TooLarge, Unreachable, Word

ACCEPTED = "gzip, deflate"
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_PIECE = 64 * 1024
MAX_MEMBERS = 1000  # gzip files in a row; tools that pack in blocks of 64 kB make 128 of the largest body


def read_bounded(
    chunks: Iterable[bytes], encoding: str, limit: int, url: str = "", *, cut: bool = False
) -> bytes:
    """The whole body, decoded; TooLarge beyond `limit` bytes, FetchError for an encoding never asked for.

    With `cut` what is longer is no error: the first `limit` bytes are the answer, and the rest is not read.
    """
    try:
        out = bytearray()
        _read(chunks, encoding, limit, url, out)
    except TooLarge:
        if not cut:
            raise
    return bytes(out[:limit])


def _read(chunks: Iterable[bytes], encoding: str, limit: int, url: str, out: bytearray) -> None:
    """Appends to `out`, so that what came before an error is not lost."""
    names = [name for part in encoding.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    if len(names) > 1:
        raise FetchError(f"stacked encodings are refused: {encoding}", url, Word.PARSE)
    if names and names[0] not in _WINDOWS:
        raise FetchError(f"unknown encoding {encoding!r}", url, Word.PARSE)
    raw = 0
    inflate = _Inflater(_WINDOWS[names[0]], limit, url) if names else None
    for chunk in chunks:
        raw += len(chunk)
        if inflate is None:
            out += chunk
        else:
            inflate.feed(chunk, out)
        if raw > limit:
            raise TooLarge(f"larger than {limit} bytes", url)
    if inflate is not None and raw and not inflate.finished:
        raise Unreachable("the packed body was cut off", url, Word.CONNECT)


class _Inflater:
    """One gzip or deflate stream; several gzip members in a row are one body, as the format allows."""

    def __init__(self, window: int, limit: int, url: str) -> None:
        self._window = window
        self._limit = limit
        self._url = url
        self._stream = zlib.decompressobj(window)
        self._started = False
        self._head = b""
        self._members = 1

    @property
    def finished(self) -> bool:
        """Whether the last member came to its end."""
        return self._stream.eof

    def feed(self, data: bytes, out: bytearray) -> None:
        """Append what the data unpacks to; raises TooLarge as soon as the limit is passed."""
        if not self._started:
            # Two bytes tell whether deflate came with its header; one alone would be taken for its start.
            data = self._head = self._head + data
            if len(data) < 2:
                return
        while data:
            if self._stream.eof:
                if self._window == zlib.MAX_WBITS or not data.startswith(b"\x1f\x8b"):
                    return  # padding after the end, which browsers ignore too
                self._members += 1
                if self._members > MAX_MEMBERS:
                    raise TooLarge(f"more than {MAX_MEMBERS} packed files in a row", self._url)
                self._stream = zlib.decompressobj(self._window)
            out += self._inflate(data)
            if len(out) > self._limit:
                raise TooLarge(f"unpacks to more than {self._limit} bytes", self._url)
            data = self._stream.unconsumed_tail or self._stream.unused_data

    def _inflate(self, data: bytes) -> bytes:
        """One bounded piece. Some servers send deflate without its header: then once more without."""
        try:
            piece = self._stream.decompress(data, _PIECE)
        except zlib.error as error:
            if self._started or self._window != zlib.MAX_WBITS:
                raise FetchError(f"the packed body is broken: {error}", self._url, Word.PARSE) from error
            self._window = -zlib.MAX_WBITS
            self._stream = zlib.decompressobj(self._window)
            self._started = True
            return self._inflate(data)
        self._started = True
        return piece
