"""No cell is ever a formula, and what was written is read again."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemaqueue.common.spreadsheets import STARTERS, as_written, inert
from hemaqueue.exports.tables import csv_bytes, json_bytes

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@pytest.mark.parametrize("start", list(STARTERS))
def test_a_formula_is_text(start: str) -> None:
    assert inert(f"{start}1+1") == f"'{start}1+1"
    assert inert(f"  {start}1+1").startswith("'")


@given(TEXT)
def test_any_text_comes_back_and_begins_no_formula(text: str) -> None:
    data = csv_bytes([{"a": text, "b": 1}], columns=("a", "b")).decode()
    [_, [cell, number]] = list(csv.reader(io.StringIO(data, newline="")))
    assert cell in (text, f"'{text}")
    assert as_written(cell) == text or text.startswith("'")
    assert cell.lstrip(" ")[:1] not in tuple(STARTERS)
    assert number == "1"


def test_every_kind_of_value_has_its_cell() -> None:
    row = {"t": True, "n": None, "l": ["=a", "b"], "d": {"k": "="}, "f": -0.5}
    data = csv_bytes([row], columns=tuple(row)).decode().splitlines()[1]
    assert next(csv.reader([data])) == ["yes", "", "'=a b", '{"k": "="}', "-0.5"]


def test_json_is_one_object() -> None:
    found = json.loads(json_bytes([{"a": "é"}, {}], columns=("a",), head={"format": "x"}))
    assert found == {"format": "x", "rows": [{"a": "é"}, {"a": None}]}
    assert json.loads(json_bytes([], columns=("a",), head={}) or b"{}")["rows"] == []
