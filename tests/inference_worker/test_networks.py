"""Every network has the same interface."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from inference_worker.networks import UnknownNetwork, build_network, network_names
from tests.inference_worker.making import LARGE, SIZE, SMALL, noise


def test_every_network_is_tried_small_or_in_the_long_tests() -> None:
    assert network_names() == sorted([*SMALL, *LARGE])


@pytest.mark.parametrize("name", SMALL)
def test_a_network_returns_logits_and_names_its_layers(name: str) -> None:
    model = build_network(name, classes=2, input_size=SIZE, **SMALL[name])
    probe = keras.Model(model.inputs, model.get_layer("logits").output)
    assert probe.predict_on_batch(noise(2).astype(np.float32)).shape == (2, 2)
    assert model.get_layer("logits").output.shape[-1] == 2
    assert len(model.get_layer("features").output.shape) == 4
    assert len(model.get_layer("pooled").output.shape) == 2


@pytest.mark.parametrize("name", ["smearnet", "cnn4"])
def test_the_same_seed_gives_the_same_weights(name: str) -> None:
    one, same = (
        build_network(name, classes=4, input_size=SIZE, **SMALL[name]).get_weights()
        for _ in range(2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))


def test_another_seed_gives_other_weights() -> None:
    one, other = (
        build_network("smearnet", classes=4, input_size=SIZE, seed=seed).get_weights()
        for seed in (1, 2)
    )
    assert not np.array_equal(one[0], other[0])


def test_the_shipped_network_is_small() -> None:
    assert build_network("smearnet", classes=4, input_size=160).count_params() < 5e6


def test_an_unknown_network_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNetwork, match=r"smearnet.*Received: 'resnet9000'"):
        build_network("resnet9000", classes=4, input_size=SIZE)
