"""What is kept of a manifest's further columns, and what is not."""

from __future__ import annotations

import pytest

from jobcontract.traits import LONGEST, age_band, traits_kept


@pytest.mark.parametrize(
    ("age", "band"),
    [("0", "0-17"), ("17.5", "0-17"), ("18", "18-39"), ("64", "40-64"), ("65", "65 and over"),
     ("40-64", "40-64"), ("65 and over", "65 and over"), ("", "unknown"), ("adult", "unknown"),
     ("1950-03-04", "unknown"), ("19500304", "unknown"), ("-1", "unknown"), ("nan", "unknown"),
     ("inf", "unknown")],
)  # fmt: skip
def test_an_age_is_told_by_its_band_alone(age: str, band: str) -> None:
    assert age_band(age) == band


def test_only_known_columns_are_kept_one_line_each() -> None:
    said = {"device": " Axio \n\0 Scan ", "site": "x" * 99, "age": "7", "sex": "", "name": "Ann"}
    assert traits_kept(said) == {"site": "x" * LONGEST, "device": "Axio Scan", "age": "0-17"}
    assert traits_kept({"age": "4 March 1950"}) == {}
