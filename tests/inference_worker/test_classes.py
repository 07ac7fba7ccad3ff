"""Data sets name the classes in many ways."""

from __future__ import annotations

import pytest

from inference_worker.classes import FOUR_CLASSES, SmearClass, UnknownClass, class_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Benign", "benign"),
        ("Malignant Early", "early_pre_b"),
        ("Early", "early_pre_b"),
        ("early pre-b", "early_pre_b"),
        ("Malignant Pre", "pre_b"),
        ("Pre", "pre_b"),
        ("pre_b", "pre_b"),
        ("[Malignant] Pro", "pro_b"),
        ("Pro-B", "pro_b"),
    ],
)
def test_every_name_leads_to_its_code(name: str, code: str) -> None:
    assert class_code(name) == code


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownClass, match="Received: 'platelets'"):
        class_code("platelets")


def test_all_but_benign_are_malignant() -> None:
    assert [one.code for one in FOUR_CLASSES if not one.malignant] == ["benign"]


def test_a_class_survives_json() -> None:
    assert [SmearClass.from_json(one.to_json()) for one in FOUR_CLASSES] == list(FOUR_CLASSES)
