"""Half precision, which a GPU worker computes in, on the processor: slow, and nearly the same."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import pytest
from pytest import MonkeyPatch

from inference_worker.bundle import Bundle
from inference_worker.engine import Engine
from inference_worker.tensorflow_setup import prepare_devices
from tests.inference_worker.making import noise


@pytest.fixture
def half_precision(monkeypatch: MonkeyPatch) -> Iterator[None]:
    before = keras.config.dtype_policy()
    monkeypatch.setenv("HEMAQUEUE_PRECISION", "mixed_float16")
    prepare_devices()
    yield
    keras.config.set_dtype_policy(before)


@pytest.mark.usefixtures("half_precision")
def test_half_precision_says_nearly_the_same(engine: Engine, bundle: Bundle) -> None:
    pictures = noise(6)
    half, whole = Engine(bundle).answer(pictures), engine.answer(pictures)
    assert half.scores.dtype == np.float32
    np.testing.assert_allclose(half.scores, whole.scores, atol=0.02)
    assert (half.scores != whole.scores).any()


def test_single_precision_is_what_is_usual(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.delenv("HEMAQUEUE_PRECISION", raising=False)
    prepare_devices()
    assert keras.config.dtype_policy().name == "float32"
