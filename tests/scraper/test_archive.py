"""The raw archive: what is written can be read by anyone, and a torn or damaged record costs itself alone."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from scraper import archive as archives
from scraper.archive import Archive, ArchiveSettings, page, pages
from scraper.article import Page
from scraper.errors import UnreadableFile

NOW = datetime(2026, 11, 22, 10, 30, 5, 123456, tzinfo=UTC)
HTML = {"content-type": "text/html; charset=utf-8"}


def fetched(number: int, body: bytes | None = None, at: datetime = NOW) -> Page:
    noise = random.Random(number).randbytes(40).hex()  # noqa: S311  so that packing leaves something to tear
    text = body if body is not None else f"<p>{number} {noise}</p>".encode()
    return Page(f"https://example.org/{number}", 200, text, at, dict(HTML))


def keep(folder: Path, *many: Page, now: datetime = NOW, **changes: Any) -> Archive:
    with Archive(ArchiveSettings(folder, **changes), now=lambda: now) as archive:
        for one in many:
            archive.record(one)
    return archive


def bodies(folder: Path, since: date | None = None) -> list[bytes]:
    return [page(entry).body for entry in pages(folder, since=since)]


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def library_reads(folder: Path) -> list[tuple[str, str]]:
    """What the library's own reader finds, every digest checked."""
    found = []
    for file in sorted(folder.iterdir()):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                record.content_stream().read()
                target = record.rec_headers.get_header("WARC-Target-URI")
                found.append((record.rec_type, target or ""))
    return found


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    keep(tmp_path, fetched(1))
    [entry] = pages(tmp_path)
    assert page(entry) == Page(
        "https://example.org/1", 200, fetched(1).body, NOW, {**HTML, "content-length": "89"}
    )
    assert files(tmp_path) == ["claims-20261122-00001.warc.gz"]


def test_others_can_read_it(tmp_path: Path) -> None:
    keep(tmp_path, fetched(1), fetched(2), agent="claims-monitor/0.1 (+https://example.org)")
    one, two = "https://example.org/1", "https://example.org/2"
    assert library_reads(tmp_path) == [
        ("warcinfo", ""),
        ("response", one),
        ("request", one),
        ("response", two),
        ("request", two),
    ]
    with (tmp_path / files(tmp_path)[0]).open("rb") as stream:
        records = list(ArchiveIterator(stream, no_record_parse=True))
    dates = [record.rec_headers.get_header("WARC-Date") for record in records[1:]]
    assert dates == ["2026-11-22T10:30:05.123456Z"] * 4


def test_what_the_headers_said_of_the_packed_body_is_no_longer_true(tmp_path: Path) -> None:
    packed = {**HTML, "content-encoding": "gzip", "content-length": "20", "transfer-encoding": "chunked"}
    keep(tmp_path, Page("https://example.org/1", 200, b"<p>unpacked</p>", NOW, packed))
    library_reads(tmp_path)
    [entry] = pages(tmp_path)
    headers = page(entry).headers
    assert "content-encoding" not in headers
    assert headers["x-archive-orig-content-encoding"] == "gzip"
    assert headers["content-length"] == "15"


def test_a_redirect_is_told(tmp_path: Path) -> None:
    keep(tmp_path, replace(fetched(1), hops=((301, "https://example.org/old"),)))
    assert library_reads(tmp_path)[-1] == ("metadata", "https://example.org/1")
    assert bodies(tmp_path) == [fetched(1).body]


def test_the_same_body_is_kept_once_a_file(tmp_path: Path) -> None:
    """Also by the next round, which opens the file again."""
    large = random.Random(1).randbytes(50_000)  # noqa: S311
    keep(tmp_path, fetched(1, large), fetched(2, large))
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    keep(tmp_path, fetched(3, large))
    assert [kind for kind, _ in library_reads(tmp_path)].count("revisit") == 2
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) - size < 2_000
    assert bodies(tmp_path) == [large] * 3
    assert [entry.url[-1] for entry in pages(tmp_path)] == ["1", "2", "3"]


def test_a_file_has_a_size_and_a_day(tmp_path: Path) -> None:
    later = NOW + timedelta(hours=14)
    keep(tmp_path, *(fetched(n) for n in range(4)), fetched(4, at=later), max_file=1_000)
    assert (
        files(tmp_path)
        == [
            "claims-20261122-00001.warc.gz",
            "claims-20261122-00002.warc.gz",
            "claims-20261122-00003.warc.gz",
            "claims-20261122-00004.warc.gz",
            "claims-20261123-00001.warc.gz",
        ][-len(files(tmp_path)) :]
    )
    assert len(files(tmp_path)) >= 3
    assert all(file.stat().st_size < 3_000 for file in tmp_path.iterdir())
    assert len(bodies(tmp_path)) == 5
    assert bodies(tmp_path, since=later.date()) == [fetched(4).body]


def test_what_is_too_old_or_too_much_is_deleted_oldest_first(tmp_path: Path) -> None:
    days = [NOW - timedelta(days=ago) for ago in (40, 30, 2, 1)]
    for number, day in enumerate(days):
        keep(tmp_path, fetched(number, at=day), now=day)
    keep(tmp_path, fetched(9), keep_days=30)
    assert [entry.url[-1] for entry in pages(tmp_path)] == ["1", "2", "3", "9"]
    size = max(file.stat().st_size for file in tmp_path.iterdir())
    keep(tmp_path, fetched(8), max_file=2 * size, max_total=4 * size)
    assert [entry.url[-1] for entry in pages(tmp_path)] == ["3", "9", "8"]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "claims-notes.warc.gz").write_bytes(b"mine")
    (tmp_path / "other.txt").write_bytes(b"mine")
    keep(tmp_path, fetched(1), keep_days=0, max_total=0)
    keep(tmp_path, fetched(2), now=NOW + timedelta(days=9), keep_days=1)
    assert {"claims-notes.warc.gz", "other.txt"} <= set(files(tmp_path))


def test_a_record_torn_at_any_byte_costs_only_itself(tmp_path: Path) -> None:
    """As a killed process leaves it: reading goes on, the next writer makes the file whole again."""
    whole = tmp_path / "whole"
    keep(whole, fetched(1), fetched(2))
    before = (whole / files(whole)[0]).stat().st_size
    keep(whole, fetched(3))
    data = (whole / files(whole)[0]).read_bytes()
    assert len(data) - before > 500
    torn = tmp_path / "torn"
    torn.mkdir()
    file = torn / files(whole)[0]
    response_end = None
    for cut in range(before, len(data)):
        file.write_bytes(data[:cut])
        read = bodies(torn)
        if len(read) == 3 and response_end is None:
            response_end = cut  # the page is whole, what is torn is the record of its request
        assert read == [fetched(n).body for n in (1, 2, 3)][: 3 if response_end else 2]
        if cut % 40 == 0 or cut == len(data) - 1:
            keep(torn, fetched(4))
            assert bodies(torn) == [*read, fetched(4).body]
            assert files(torn) == files(whole)
            library_reads(torn)
    assert response_end is not None


def test_a_hole_in_the_middle_costs_only_what_is_in_it(tmp_path: Path) -> None:
    keep(tmp_path, *(fetched(n) for n in range(5)))
    file = tmp_path / files(tmp_path)[0]
    middle = list(pages(tmp_path))[2]
    data = bytearray(file.read_bytes())
    data[middle.offset + 30 : middle.offset + 60] = bytes(30)
    file.write_bytes(data)
    assert [entry.url[-1] for entry in pages(tmp_path)] == ["0", "1", "3", "4"]
    keep(tmp_path, fetched(5))
    assert [entry.url[-1] for entry in pages(tmp_path)] == ["0", "1", "3", "4", "5"]
    with pytest.raises(UnreadableFile, match="damaged"):
        page(middle)


@given(st.binary(max_size=200), st.integers(0, 3000))
def test_any_bytes_in_a_file_end_nothing(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    keep(folder, fetched(1), fetched(2))
    file = folder / files(folder)[0]
    data = file.read_bytes()
    file.write_bytes(data[:at] + noise + data[at:])
    assert set(bodies(folder)) <= {fetched(1).body, fetched(2).body}
    assert keep(folder, fetched(3)).trouble == ""
    assert bodies(folder)[-1] == fetched(3).body


ODD = st.text(max_size=30)


@given(ODD, st.dictionaries(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1), ODD))
def test_odd_headers_are_kept_somehow(
    tmp_path_factory: pytest.TempPathFactory, kind: str, headers: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    named = {name.lower(): value for name, value in headers.items()} | {"content-type": kind}
    keep(folder, Page("https://example.org/ü?q=ß", 200, b"<p>x</p>", NOW, named))
    library_reads(folder)
    assert bodies(folder) == [b"<p>x</p>"]


def test_two_writers_take_two_files(tmp_path: Path) -> None:
    settings = ArchiveSettings(tmp_path)
    with Archive(settings) as one, Archive(settings) as two:
        one.record(fetched(1))
        two.record(fetched(2))
        one.record(fetched(3))
    assert len(files(tmp_path)) == 2
    library_reads(tmp_path)
    assert sorted(bodies(tmp_path)) == sorted(fetched(n).body for n in (1, 2, 3))


def test_a_folder_that_cannot_be_is_told_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    archive = keep(tmp_path / "file", fetched(1), fetched(2))
    assert archive.trouble.startswith("pages are no longer archived: ")


def test_a_page_that_the_format_cannot_hold_costs_its_record_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = WARCWriter.create_warc_record

    def picky(writer: WARCWriter, uri: str, *rest: Any, **options: Any) -> Any:
        if uri == fetched(2).url:
            "\udcff".encode()
        return pack(writer, uri, *rest, **options)

    monkeypatch.setattr(WARCWriter, "create_warc_record", picky)
    odd = Page("https://xn--example\ud800.org:bad/", 200, b"x", NOW, {})
    archive = keep(tmp_path, fetched(1), fetched(2), odd, fetched(3))
    assert (archive.trouble, [line.partition(": ")[0] for line in archive.unkept]) == (
        "",
        [fetched(2).url, odd.url],
    )
    assert "UnicodeEncodeError" in archive.unkept[0]
    assert bodies(tmp_path) == [fetched(1).body, fetched(3).body]
    library_reads(tmp_path)


def test_a_file_that_another_process_deletes_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, fetched(1))
    gone = tmp_path / "claims-20200101-00001.warc.gz"
    today = tmp_path / f"claims-{NOW:%Y%m%d}-00009.warc.gz"
    listed = archives._files(tmp_path)
    monkeypatch.setattr(archives, "_files", lambda folder: [(NOW.date(), gone), *listed, (NOW.date(), today)])
    archive = keep(tmp_path, fetched(2), max_total=1)
    assert archive.trouble == ""
    monkeypatch.undo()
    assert bodies(tmp_path) == [fetched(2).body]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, fetched(1))
    write, left = os.write, 100

    def full(handle: int, data: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(28, "No space left on device")
        wrote = write(handle, bytes(data)[:left])
        left -= wrote
        return wrote

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        archive = keep(tmp_path, fetched(2), fetched(3))
    assert "No space left" in archive.trouble
    assert bodies(tmp_path) == [fetched(1).body]
    library_reads(tmp_path)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    keep(tmp_path, fetched(1))
    [entry] = pages(tmp_path)
    entry.file.unlink()
    with pytest.raises(UnreadableFile):
        page(entry)
    assert list(pages(tmp_path)) == []
