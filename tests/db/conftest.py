from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_making import fill

from db.ledger import Ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be made; the name has what must be escaped in a URI."""
    return tmp_path / "a b?#%c.db"


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    template = tmp_path_factory.mktemp("template") / "ledger.db"
    fill(template)
    return template


@pytest.fixture
def filled(path: Path, _template: Path) -> Path:
    """The ledger that `fill` makes, as a copy: made anew for each test it would take seconds."""
    shutil.copy(_template, path)
    return path


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened
