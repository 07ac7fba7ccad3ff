"""Heatmaps are held beside those of weights drawn anew, and of the same picture restained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference_worker.engine import Engine
from inference_worker.gradcam import class_maps
from tests.inference_worker.making import noise, small_bundle
from tests.training_worker.drawing import draw
from tests.training_worker.test_card import shipped
from training_worker.card import card_text
from training_worker.explanation_sanity import DRAWS, SAMPLE, explanation_sanity, likeness

SIZE = 128
PICTURES = np.stack([draw(i % 4, seed=i, size=SIZE) for i in range(SAMPLE + 4)])
GROUPS = [str(index) for index in range(len(PICTURES))]


def test_alike_is_the_order_of_the_places() -> None:
    ramp = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    assert likeness(ramp, ramp**3) == pytest.approx([1])
    assert likeness(ramp, -ramp) == pytest.approx([-1])
    assert np.isnan(likeness(ramp, np.zeros((1, 3, 3), np.float32))), "an even map has no order"


@pytest.mark.parametrize("network", ["smearnet", "cnn4", "lenet_lld", "unet"])
def test_maps_for_chosen_classes_are_those_that_serve(tmp_path: Path, network: str) -> None:
    engine = Engine(small_bundle(tmp_path, network=network))
    pictures = noise(3)
    answers = engine.answer(pictures)
    found = class_maps(engine.model)(pictures, answers.named)
    np.testing.assert_allclose(found, answers.grids.astype(np.float32), atol=2e-3)


def test_other_weights_give_other_maps_and_the_same_weights_the_same(tmp_path: Path) -> None:
    engine = Engine(small_bundle(tmp_path, input_size=SIZE))
    before, weights = engine.answer(PICTURES[:2]).scores, engine.model.get_weights()
    found = explanation_sanity(engine, PICTURES, groups=GROUPS)
    assert found["method"] == "cam"
    for name in ("head_redrawn", "redrawn"):
        assert found[name]["correlation"] < found["stain_shift"]["correlation"]
        low, high = found[name]["interval"]
        assert -1 <= low <= found[name]["correlation"] <= high <= 1
        assert 1 < len(set(found[name]["draws"])) <= DRAWS
    assert found["head_redrawn"] != found["redrawn"]
    assert found["stain_shift"]["n"] <= SAMPLE
    assert found == explanation_sanity(engine, PICTURES, groups=GROUPS), "the seed is fixed"
    assert (engine.answer(PICTURES[:2]).scores == before).all(), "what serves keeps its weights"
    for own, stored in zip(weights, engine.model.get_weights(), strict=True):
        assert (own == stored).all(), "so do the maps that are asked for later"


def test_where_weights_leave_no_evidence_nothing_is_claimed(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path, input_size=SIZE)
    nothing = {name: np.zeros_like(value) for name, value in bundle.weights.items()}
    found = explanation_sanity(Engine(replace(bundle, weights=nothing)), PICTURES, groups=GROUPS)
    assert found["redrawn"] == {"correlation": None, "interval": None, "n": 0, "draws": []}


def test_a_network_explained_by_occlusion_says_so(tmp_path: Path) -> None:
    engine = Engine(small_bundle(tmp_path, network="regions"))
    found = explanation_sanity(engine, noise(4), groups=GROUPS[:4])
    assert found == {"skipped": "occlusion"}


def test_the_card_says_how_alike_they_stay() -> None:
    facts = shipped("field")
    row = {"correlation": 0.986, "interval": [0.984, 0.989], "n": 24}
    none = {"correlation": None, "interval": None, "n": 0}
    found = {"method": "cam", "stain_shift": row, "redrawn": none}
    card = card_text(replace(facts, metrics=facts.metrics | {"explanation_sanity": found}))
    stained = "under the mild stain shift, rank correlation | 0.99 [0.98, 0.99] (n = 24) |"
    assert f"| heatmaps alike {stained}" in card
    assert "all weights drawn anew, rank correlation | – (n = 0) |" in card
    assert "heatmaps" not in card_text(facts).lower().split("## limits")[0]
