"""What looks alike is one group, whatever the order and however long the chain."""

from __future__ import annotations

from jobcontract.grouping import ALIKE_BITS, Item, groups_joined

CHAIN = [0, (1 << ALIKE_BITS) - 1, (1 << 2 * ALIKE_BITS) - 1, -1]
"""Each differs from the next by 8 bits, but the last, which is like none."""


def test_likeness_is_passed_on() -> None:
    items = [Item(name, look) for name, look in zip("dcba", CHAIN, strict=True)]
    assert groups_joined(items, kind="field") == ["b", "b", "b", "a"]
    assert groups_joined(items[::-1], kind="field") == ["a", "b", "b", "b"]


def test_one_bit_more_is_another_picture() -> None:
    apart = [Item("a", 0), Item("b", (1 << ALIKE_BITS + 1) - 1)]
    assert groups_joined(apart, kind="field") == ["a", "b"]


def test_what_one_patient_has_is_joined_with_what_looks_like_any_of_it() -> None:
    items = [Item("patient", 0), Item("patient", -1), Item("copy", 1), Item("unknown", None)]
    assert groups_joined(items, kind="field") == ["copy", "copy", "copy", "unknown"]
    assert groups_joined(items, kind="cell") == ["patient", "patient", "copy", "unknown"]
