"""The grid that comes with a classification is Grad-CAM."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from inference_worker.engine import Engine
from inference_worker.gradcam import LayerWithoutMap, ends_in_pooling, gradcam
from inference_worker.networks import explained_by
from jobcontract.names import Method
from tests.inference_worker.making import LARGE, SMALL, noise, small_bundle

GRADIENT = [
    *(name for name in SMALL if explained_by(name) == Method.GRADCAM),
    *(pytest.param(name, marks=pytest.mark.long) for name in LARGE),
]


@pytest.mark.parametrize("network", GRADIENT)
def test_the_grid_of_the_batched_call_is_gradcam_on_the_logit(tmp_path: Path, network: str) -> None:
    engine = Engine(small_bundle(tmp_path, network=network))
    pictures = noise(5, size=engine.facts.input_size)
    answers = engine.answer(pictures)
    for picture, named, grid in zip(pictures, answers.named, answers.grids, strict=True):
        wanted = gradcam(engine.model, picture, class_index=int(named))
        half = 2.0**-11  # what float16 rounds off
        np.testing.assert_allclose(grid.astype(np.float32), wanted, rtol=1e-4 + half, atol=1e-4)


def test_each_of_two_classes_that_share_a_logit_has_evidence_of_its_own(tmp_path: Path) -> None:
    model = Engine(small_bundle(tmp_path, network="lenet_lld")).model
    grids = np.array(
        [[gradcam(model, one, class_index=index) for index in (0, 1)] for one in noise(4)]
    )
    assert (grids.max(axis=(0, 2, 3)) == 1).all()
    assert not (grids[:, 0] * grids[:, 1]).any(), "what speaks for one speaks against the other"


def test_only_a_pooled_head_is_read_off(tmp_path: Path) -> None:
    engines = {n: Engine(small_bundle(tmp_path / n, network=n)) for n in ("smearnet", "cnn4")}
    assert ends_in_pooling(engines["smearnet"].model)
    assert not ends_in_pooling(engines["cnn4"].model)


def test_the_heatmap_points_at_the_bright_corner() -> None:
    model = bright_is_first_class()
    picture = np.zeros((16, 16, 1), np.uint8)
    picture[:4, :4] = 1
    heatmap = gradcam(model, picture, class_index=0, layer="last")
    assert heatmap.shape == (16, 16)
    assert heatmap[:4, :4].min() == 1
    assert heatmap[4:, 4:].max() == 0


def test_nothing_speaks_for_the_other_class() -> None:
    picture = np.ones((16, 16, 1), np.uint8)
    assert gradcam(bright_is_first_class(), picture, class_index=1, layer="last").max() == 0


@pytest.mark.parametrize("layer", ["stage1_1_relu", "stem_conv", "features"])
def test_any_layer_with_a_map_can_be_explained(engine: Engine, layer: str) -> None:
    heatmap = gradcam(engine.model, noise(1)[0], class_index=2, layer=layer)
    assert heatmap.shape == engine.model.get_layer(layer).output.shape[1:3]
    assert 0 <= heatmap.min() <= heatmap.max() <= 1


@pytest.mark.parametrize("layer", ["logits", "no_such_layer"])
def test_a_layer_without_a_map_is_refused(engine: Engine, layer: str) -> None:
    with pytest.raises(LayerWithoutMap, match=f"Received: '{layer}'"):
        gradcam(engine.model, noise(1)[0], class_index=0, layer=layer)


def bright_is_first_class() -> keras.Model:
    inputs = keras.Input((16, 16, 1))
    maps = keras.layers.Conv2D(1, 1, name="last", kernel_initializer="ones")(inputs)
    pooled = keras.layers.GlobalAveragePooling2D()(maps)
    kernel = keras.initializers.Constant([[1.0, -1.0]])
    return keras.Model(inputs, keras.layers.Dense(2, kernel_initializer=kernel)(pooled))
