"""What a round leaves in the archive, and what the configuration and the doctor say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.doctor import archive
from claims.settings import load
from scraper.archive import page, pages
from tests.loopback import Site

from .conftest import Run


@pytest.fixture
def config(home: Path, site: Site) -> Path:
    """One source whose feed lists nothing, so that no model has to be loaded."""
    site.feed("/feed", extra="<language>de</language>")
    file = home / "config.toml"
    fetch = '[fetch]\nmin_gap = 0\nallow_hosts = ["127.0.0.1"]\n'
    source = f'[[sources]]\nname = "a"\nurl = "{site.url}/feed"\nlang = "de"\n'
    file.write_text(f'{fetch}[archive]\npath = "kept/pages"\n{source}')
    return file


def archived(config: Path) -> list[str]:
    return [entry.url for entry in pages(config.parent / "kept" / "pages")]


def test_a_round_keeps_its_pages(run: Run, config: Path, site: Site) -> None:
    assert run("run", "--config", str(config)).code == 0
    [entry] = pages(config.parent / "kept" / "pages")
    assert entry.url == f"{site.url}/feed"
    assert b"<rss" in page(entry).body
    run("run", "--force", "--config", str(config))
    assert archived(config) == [f"{site.url}/feed"] * 2
    assert len(list((config.parent / "kept" / "pages").iterdir())) == 1


def test_it_can_be_turned_off(run: Run, config: Path) -> None:
    config.write_text(config.read_text().replace('path = "kept/pages"', "enabled = false"))
    assert run("run", "--config", str(config)).code == 0
    assert sorted(path.name for path in config.parent.iterdir() if path.is_dir()) == []


def test_a_folder_that_cannot_be_written_ends_no_round(run: Run, config: Path) -> None:
    (config.parent / "kept").write_text("in the way")
    answer = run("run", "--config", str(config))
    assert answer.code == 0
    assert "pages are no longer archived" in answer.err


def test_the_doctor_tells(config: Path, run: Run) -> None:
    run("run", "--config", str(config))
    [finding] = archive(load(config))
    assert finding.verdict == "ok"
    assert "1 file, 0.0 MB of at most 5,000" in finding.text
    config.write_text(config.read_text().replace('path = "kept/pages"', 'path = "config.toml"'))
    [finding] = archive(load(config))
    assert finding.verdict == "failed"


@pytest.mark.parametrize(
    "line", ["keep_days = 0", "max_file_mb = 0", "max_file_mb = 9000", "path = 3", "size = 1"]
)
def test_a_wrong_setting_is_named(run: Run, config: Path, line: str) -> None:
    config.write_text(config.read_text().replace('path = "kept/pages"', line))
    answer = run("run", "--config", str(config))
    assert answer.code == 2
    assert "archive" in answer.err
    assert line.split(maxsplit=1)[0] in answer.err
