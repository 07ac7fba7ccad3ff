"""Small bundles and pictures for the tests: real networks, a few thousand weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.bundle import Bundle, BundleFacts, Thresholds, save_bundle
from inference_worker.classes import FOUR_CLASSES
from inference_worker.networks import build_network
from inference_worker.rebuild import weights_of
from inference_worker.strangeness import feature_statistics

SIZE = 32
SMALL: dict[str, dict[str, Any]] = {
    "smearnet": {"widths": [4, 8, 8, 12], "seed": 3},
    "cnn4": {"widths": [4, 4, 8], "dense": 12, "seed": 3},
    "mobilenet_v2": {"alpha": 0.35, "seed": 3},
}


def small_bundle(folder: Path, *, network: str = "smearnet", **more: Any) -> Bundle:
    """Write a bundle with random weights to `folder`."""
    model = build_network(network, classes=4, input_size=SIZE, **SMALL[network])
    width = model.get_layer("pooled").output.shape[-1]
    features = np.random.default_rng(0).normal(size=(40, width)).astype(np.float32)
    values = {
        "name": "small-1",
        "network": network,
        "parameters": SMALL[network],
        "input_size": SIZE,
        "preprocessing": "p1",
        "image_kind": "synthetic",
        "classes": FOUR_CLASSES,
        "temperature": 1.5,
        "thresholds": Thresholds(decision=0.5, abstain=0.6, out_of_distribution=1e6),
    }
    statistics = feature_statistics(features, np.arange(40) % 4, classes=4, shrinkage=0.1)
    facts = BundleFacts(**values | more)
    return save_bundle(folder, facts, weights=weights_of(model), statistics=statistics)


def noise(count: int, *, size: int = SIZE, seed: int = 0) -> NDArray[np.uint8]:
    """Return `count` pictures of soft noise, each unlike the others."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 6, 6, 3), np.uint8)
    return np.stack(
        [cv2.resize(one, (size, size), interpolation=cv2.INTER_CUBIC) for one in coarse]
    )


def png(picture: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()
