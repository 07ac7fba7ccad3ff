"""What a network was not made for, beside what it was: distances told apart, folders read."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

from inference_worker.bundle import load_bundle, served_bundle
from inference_worker.engine import Engine
from inference_worker.preprocessing import Picture
from training_worker import strangers
from training_worker.samples import NoPictures

OWN = np.linspace(0.1, 1.0, 10)


def of(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> dict[str, Any]:
    """Return the figures where a picture is as strange as it is dark."""

    def dark(_: object, pictures: list[Picture]) -> object:
        return SimpleNamespace(distances=np.array([2 - one.mean() / 128 for one in pictures]))

    monkeypatch.setattr(strangers, "answers_for", dark)
    thresholds = SimpleNamespace(out_of_distribution=1.0)
    engine = SimpleNamespace(facts=SimpleNamespace(thresholds=thresholds))
    return strangers.strangers(cast(Any, engine), OWN, folders)


def test_what_is_farther_than_all_of_its_own_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number, level in enumerate((0, 10, 250)):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((64, 64, 3), level, np.uint8))
    found = of(monkeypatch, tmp_path)[tmp_path.name]
    assert found == {"n": 3, "auroc": pytest.approx(2 / 3), "flagged": pytest.approx(2 / 3)}


def test_drawn_ones_need_no_folder_and_are_the_same_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = of(monkeypatch)
    assert {name: row["n"] for name, row in found.items()} == dict.fromkeys(
        ("blank", "tissue", "texture"), strangers.DRAWN
    )
    assert of(monkeypatch) == found


def test_an_empty_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(NoPictures, match=tmp_path.name):
        of(monkeypatch, tmp_path)


def test_the_shipped_network_for_fields_flags_what_no_smear_is() -> None:
    engine = Engine(load_bundle(served_bundle("field")))
    found = strangers.strangers(engine, OWN)
    assert {name for name, row in found.items() if row["flagged"] >= 0.95} == {
        "blank",
        "tissue",
        "texture",
    }, found
    assert engine.facts.metrics["flagged"]["out_of_distribution"] <= 0.03, "not what is one"
