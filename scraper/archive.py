"""Every page as it came, kept as WARC: what is read wrongly today can be read again tomorrow.

    client → Archive.record → request, response (or "as before") → claims-20261122-00001.warc.gz
    warc.entries ← Archive reading: pages() ← claims reextract

One gzip member a record, as the format's readers expect. The records of a page are handed to the system in
one piece, so that a killed process leaves whole records and at most one torn at the very end; the next writer
cuts that off, and `warc` steps over it. A full disk or a folder that may not be written ends the archiving of
this run, never the run: `trouble` says so.

Files are of one day and limited in size; those too old, or too many in all, are deleted.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.article import Page
from scraper.warc import Entry, entries, page, survey

__all__ = ["Archive", "ArchiveSettings", "Entry", "page", "pages"]

_NAME = re.compile(r"claims-(\d{8})-(\d{5})\.warc\.gz")
_MEGABYTE = 1_000_000
# The body is kept as it was read, so these headers are no longer true; they stay under another name.
_UNTRUE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """Where and how much. `max_file` and `max_total` are bytes on disk, `keep_days` counts from the fetch.

    `agent` is the User-Agent that the requests were sent with.
    """

    path: Path
    max_file: int = 50 * _MEGABYTE
    max_total: int = 5_000 * _MEGABYTE
    keep_days: int = 90
    agent: str = ""


class Archive:
    """Keeps pages. Safe between threads; processes share the folder, each with a file of its own.

    `trouble` is empty, or the sentence that says why nothing is kept any more. `unkept` are the pages that
    the format cannot hold, each with the reason; they end nothing.
    """

    def __init__(
        self, settings: ArchiveSettings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.settings = settings
        self.trouble = ""
        self.unkept: list[str] = []
        self._now = now
        self._file: _File | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next page opens one again."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def record(self, fetched: Page) -> None:
        """Keep a page. Raises nothing: what is not kept is read all the same."""
        with self._lock:
            if self.trouble:
                return
            try:
                self._writable(fetched.fetched).add(fetched, self.settings.agent)
            except OSError as error:
                where = error.filename or self.settings.path
                self.trouble = f"pages are no longer archived: {where}: {error.strerror or error}"
            except Exception as error:  # of the library or ours: a good page must not pay for it
                self.unkept.append(f"{fetched.url}: {type(error).__name__}: {error}")

    def _writable(self, at: datetime) -> _File:
        """The file for a page of that time: the one open, the last one of the day, or a new one."""
        day = at.astimezone(UTC).date()
        if self._file is not None and (self._file.day != day or self._file.size >= self.settings.max_file):
            self._file.close()
            self._file = None
        if self._file is None:
            self.settings.path.mkdir(parents=True, exist_ok=True)
            self._prune()
            self._file = _reopened(self.settings, day) or _created(self.settings, day)
        return self._file

    def _prune(self) -> None:
        """Delete what is too old, then the oldest until the file that is written next has room."""
        oldest = (self._now() - timedelta(days=self.settings.keep_days)).date()
        sizes = ((day, file, _size(file)) for day, file in _files(self.settings.path))
        found = [(day, file, size) for day, file, size in sizes if size is not None]
        total = sum(size for day, _, size in found if day >= oldest)
        for day, file, size in found:
            if day < oldest:
                file.unlink(missing_ok=True)
            elif total > self.settings.max_total - self.settings.max_file:
                file.unlink(missing_ok=True)
                total -= size


def pages(folder: Path, *, since: date | None = None) -> Iterator[Entry]:
    """The pages that were fetched on that day (UTC) or later, oldest first; all without one."""
    for day, file in _files(folder):
        if since is None or day >= since:
            yield from entries(file)


def _files(folder: Path) -> list[tuple[date, Path]]:
    """The archive's files with the day of their pages, in the order they were written."""
    found = ((_NAME.fullmatch(file.name), file) for file in folder.glob("claims-*.warc.gz"))
    dated = ((match, file) for match, file in found if match)
    return sorted((datetime.strptime(match[1], "%Y%m%d").date(), file) for match, file in dated)


def _size(file: Path) -> int | None:
    """Bytes on disk; None where another process has deleted the file meanwhile."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return None


def _reopened(settings: ArchiveSettings, day: date) -> _File | None:
    """The day's last file, if it has room and nobody writes to it; half a record at its end is cut off."""
    last = [file for of, file in _files(settings.path) if of == day][-1:]
    size = _size(last[0]) if last else None
    if size is None or size >= settings.max_file:
        return None
    file = _File(last[0], day)
    if not file.locked:
        file.close()
        return None
    file.repair()
    return file


def _created(settings: ArchiveSettings, day: date) -> _File:
    """A new file with the next number of the day; another process may take a number at the same time."""
    taken = [int(file.name[-13:-8]) for of, file in _files(settings.path) if of == day]
    number = max(taken, default=0) + 1
    while True:
        path = settings.path / f"claims-{day:%Y%m%d}-{number:05}.warc.gz"
        try:
            file = _File(path, day, new=True)
        except FileExistsError:
            number += 1
            continue
        file.introduce(settings.agent)
        return file


class _File:
    """One file that is being written; `locked` says whether it is ours alone."""

    def __init__(self, path: Path, day: date, *, new: bool = False) -> None:
        self.day = day
        self._path = path
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | (os.O_EXCL if new else 0)
        self._handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o644)
        self.locked = _lock(self._handle)
        self.size = os.fstat(self._handle).st_size
        # Bodies of this file: payload digest → the URL and date of the record that holds it.
        self._bodies: dict[str, tuple[str, str]] = {}

    def close(self) -> None:
        os.close(self._handle)

    def repair(self) -> None:
        """Note what is there; cut off what a killed writer left unfinished."""
        end = 0
        for entry, end in survey(self._path):  # noqa: B007  the last one's end is what counts
            if entry is not None:
                self._bodies.setdefault(entry.digest, (entry.url, _date(entry.fetched)))
        if end < self.size:
            os.ftruncate(self._handle, end)
            self.size = end

    def introduce(self, agent: str) -> None:
        """The first record says who wrote the file."""
        packer = _Packer()
        told = {
            "software": "claims-monitor",
            "http-header-user-agent": agent,
            "format": "WARC File Format 1.1",
        }
        packer.writer.write_record(packer.writer.create_warcinfo_record(self._path.name, told))
        self._append(packer.packed())

    def add(self, fetched: Page, agent: str) -> None:
        """The records of one page, in one piece."""
        digest = "sha1:" + base64.b32encode(hashlib.sha1(fetched.body).digest()).decode()  # noqa: S324  the format's usual one
        known = self._bodies.get(digest)
        packer = _Packer()
        packer.add(fetched, agent, digest, known)
        self._append(packer.packed())
        if known is None:
            self._bodies[digest] = (fetched.url, _date(fetched.fetched))

    def _append(self, data: bytes) -> None:
        """All of it or nothing, as far as a process can tell."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError:
            os.ftruncate(self._handle, self.size)
            raise
        self.size += len(data)


class _Packer:
    """Records in memory."""

    def __init__(self) -> None:
        self._out = BytesIO()
        self.writer = WARCWriter(self._out, gzip=True, warc_version="1.1")

    def packed(self) -> bytes:
        return self._out.getvalue()

    def add(self, fetched: Page, agent: str, digest: str, known: tuple[str, str] | None) -> None:
        """Response, request, and where a redirect led here, what was asked for first."""
        about = {"WARC-Date": _date(fetched.fetched), "WARC-Payload-Digest": digest}
        answer = self._answer(fetched, about, known)
        concurrent = {
            "WARC-Date": about["WARC-Date"],
            "WARC-Concurrent-To": answer.rec_headers.get_header("WARC-Record-ID"),
        }
        request = self.writer.create_warc_record(
            fetched.url, "request", http_headers=_request(fetched.url, agent), warc_headers_dict=concurrent
        )
        records = [answer, request]
        if fetched.hops:
            told = f"via: {fetched.hops[0][1]}\r\n".encode()
            records.append(
                self.writer.create_warc_record(
                    fetched.url,
                    "metadata",
                    payload=BytesIO(told),
                    length=len(told),
                    warc_headers_dict=concurrent,
                )
            )
        for record in records:
            self.writer.write_record(record)

    def _answer(self, fetched: Page, about: dict[str, str], known: tuple[str, str] | None) -> Any:
        """The page; or, where the same body stands in this file already, that it came again."""
        headers = StatusAndHeaders("200 OK", _kept(fetched), protocol="HTTP/1.1")
        if known is not None:
            return self.writer.create_revisit_record(
                fetched.url,
                about["WARC-Payload-Digest"],
                *known,
                http_headers=headers,
                warc_headers_dict={"WARC-Date": about["WARC-Date"]},
            )
        return self.writer.create_warc_record(
            fetched.url,
            "response",
            payload=BytesIO(fetched.body),
            length=len(fetched.body),
            http_headers=headers,
            warc_headers_dict=about,
        )


def _kept(fetched: Page) -> list[tuple[str, str]]:
    """The headers as sent, those that speak of the packed body renamed; no line breaks."""
    kept = [
        (f"x-archive-orig-{name}" if name in _UNTRUE else name, " ".join(value.split()))
        for name, value in fetched.headers.items()
    ]
    return [*kept, ("content-length", str(len(fetched.body)))]


def _request(url: str, agent: str) -> StatusAndHeaders:
    """The request as the client sends it, but for what it may accept."""
    sent = httpx.URL(url)
    headers = [("Host", sent.netloc.decode("ascii")), ("User-Agent", agent), ("Connection", "close")]
    line = f"GET {sent.raw_path.decode('ascii')} HTTP/1.1"
    return StatusAndHeaders(line, headers, is_http_request=True)


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _lock(handle: int) -> bool:
    """Whether the file is ours alone; where the system knows no such lock, only a new file is."""
    try:
        import fcntl  # noqa: PLC0415  # absent on Windows
    except ImportError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
