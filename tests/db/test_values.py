from __future__ import annotations

from datetime import date

import pytest

from db.values import period

TODAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-03-18", "2024-03-18", "2024-03-18"),
        ("18.3.2024", "2024-03-18", "2024-03-18"),
        ("18. 03. 2024", "2024-03-18", "2024-03-18"),
        (" Today ", "2024-03-01", "2024-03-01"),
        ("yesterday", "2024-02-29", "2024-02-29"),
    ],
)
def test_period(text: str, first: str, last: str) -> None:
    days = period(text, TODAY)
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "24", "03/18/2024", "2024-3-18-1", "1.2024"])
def test_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is no date; write 2024"):
        period(text, TODAY)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13", "31.4.2024", "0000", "9999-12"])
def test_a_date_that_does_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match="there is no date"):
        period(text, TODAY)
