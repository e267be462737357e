from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_making import fill

from db.ledger import Ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be made; the name has what must be escaped in a URI."""
    return tmp_path / "a b?#%c.db"


@pytest.fixture
def filled(path: Path) -> Path:
    fill(path)
    return path


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened
