"""Reading WARC files that may be torn or damaged: what is whole is found, whatever stands around it.

    file → gzip members (one a record; a broken one is stepped over) → Entry → Page

A library's reader stops at the first byte that makes no sense. A killed process leaves half a record, a
failing disk a hole: neither may cost the records around it, so the members are found here, each proved by its
checksum.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.recordloader import ArcWarcRecordLoader

from scraper.article import Page
from scraper.errors import UnreadableFile
from scraper.urls import clean

_MAGIC = b"\x1f\x8b\x08"
_PIECE = 64 * 1024
# No page is larger (`ClientSettings.max_body` ends at 100 MB): what unpacks to more was not written by us.
_LARGEST = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the archive: where it ended up, when it was fetched, and where its record begins.

    `digest` is of the body as it was read. A page that came again unchanged has its body in an earlier record
    of the same file: then `offset` is that record's.
    """

    url: str
    fetched: datetime
    file: Path
    offset: int
    digest: str

    @property
    def address(self) -> str:
        """The URL as articles spell it."""
        return clean(self.url)


def entries(file: Path) -> Iterator[Entry]:
    """The pages of one file, in the order they were written; none where the file is gone meanwhile."""
    return (entry for entry, _ in survey(file) if entry is not None)


def survey(file: Path) -> Iterator[tuple[Entry | None, int]]:
    """Every whole record: the page it stands for, if it is one, and where the record ends."""
    bodies: dict[str, int] = {}
    for start, end, data in _members(file):
        entry = _entry(file, start, data, bodies)
        yield entry, end


def _entry(file: Path, start: int, data: bytes, bodies: dict[str, int]) -> Entry | None:
    """`bodies` holds where each body of the file stands, by digest, and grows."""
    head = _head(data)
    kind, digest = head.get("warc-type"), head.get("warc-payload-digest", "")
    if kind == "response":
        bodies[digest] = start
    fetched = _instant(head.get("warc-date", ""))
    if kind not in {"response", "revisit"} or digest not in bodies or fetched is None:
        return None
    return Entry(head.get("warc-target-uri", ""), fetched, file, bodies[digest], digest)


def page(entry: Entry) -> Page:
    """The page as it was fetched. Raises UnreadableFile where its record is gone or damaged."""
    try:
        with entry.file.open("rb") as opened:
            found = _inflate(opened, entry.offset)
    except OSError as error:
        raise UnreadableFile(f"{entry.file}: {error.strerror}", entry.url) from error
    if found is None:
        raise UnreadableFile(f"{entry.file}: the record at {entry.offset} is damaged", entry.url)
    with closing(BytesIO(found[0])) as stream:
        record = ArcWarcRecordLoader().parse_record_stream(stream)
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        body = record.raw_stream.read()
    return Page(entry.url, 200, body, entry.fetched, headers)


def _members(file: Path) -> Iterator[tuple[int, int, bytes]]:
    """Each whole record: where it begins, where it ends, what it unpacks to."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        return  # retention took it between listing and opening
    with opened:
        offset = 0
        while (start := _next(opened, offset)) is not None:
            found = _inflate(opened, start)
            if found is None:
                offset = start + 1
                continue
            data, offset = found
            yield start, offset, data


def _next(opened: BinaryIO, offset: int) -> int | None:
    """Where the next member may begin; mostly right here."""
    opened.seek(offset)
    tail = b""
    while piece := opened.read(_PIECE):
        window = tail + piece
        found = window.find(_MAGIC)
        if found >= 0:
            return offset - len(tail) + found
        offset += len(piece)
        tail = window[-len(_MAGIC) + 1 :]
    return None


def _inflate(opened: BinaryIO, start: int) -> tuple[bytes, int] | None:
    """A record and where it ends; None where it is torn, damaged or none at all."""
    opened.seek(start)
    stream, out = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
    try:
        while not stream.eof:
            piece = opened.read(_PIECE)
            if not piece or len(out) > _LARGEST:
                return None
            out += stream.decompress(piece)
    except zlib.error:
        return None
    if not out.startswith(b"WARC/"):
        return None
    return bytes(out), opened.tell() - len(stream.unused_data)


def _head(data: bytes) -> dict[str, str]:
    """A record's own header fields, by lower-case name."""
    lines = data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")[1:]
    fields = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in fields}


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
