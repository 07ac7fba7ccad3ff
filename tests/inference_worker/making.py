"""Small bundles and pictures for the tests: real networks, a few thousand weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference_worker.bundle import Bundle, BundleFacts, Thresholds, save_bundle
from inference_worker.networks import build_network
from inference_worker.rebuild import weights_of
from inference_worker.strangeness import feature_statistics
from training_worker.recipes import classes_of

SIZE = 32
SMALL: dict[str, dict[str, Any]] = {
    "smearnet": {"widths": [4, 8, 8, 12], "seed": 3},
    "cnn4": {"widths": [4, 4, 8], "dense": 12, "seed": 3},
    "mobilenet_v2": {"alpha": 0.35, "seed": 3},
    "lenet_lld": {"widths": [4, 4, 8], "dense": 12, "seed": 3},
    "boxnet": {"widths": [4, 4, 8], "dense": [12, 8], "seed": 3},
    "unet": {"widths": [4, 4, 8], "seed": 3},
    "regions": {"seed": 3},
    "deep_svm": {"backbone_parameters": {"widths": [4, 8, 8, 12]}, "seed": 3},
    "rank_ensemble": {
        "members": [
            {"network": "smearnet", "parameters": {"widths": [4, 8, 8, 12]}},
            {"network": "cnn4", "parameters": {"widths": [4, 4, 8], "dense": 12}},
        ],
        "seed": 3,
    },
}

LARGE = {
    "vgg16": 32, "resnet50": 32, "inception_v3": 75, "xception": 71, "mobilenet": 32,
    "efficientnet_v2b0": 32, "densenet201": 32,
}  # fmt: skip
"""The networks that cannot be made small, and the smallest input of each."""


def small_bundle(folder: Path, *, network: str = "smearnet", **more: Any) -> Bundle:
    """Write a bundle with random weights to `folder`."""
    size, parameters = LARGE.get(network, SIZE), SMALL.get(network, {})
    classes = more.get("classes") or classes_of(network)
    count = len(classes)
    model = build_network(network, classes=count, input_size=size, **parameters)
    width = model.get_layer("pooled").output.shape[-1]
    features = np.random.default_rng(0).normal(size=(40, width)).astype(np.float32)
    values = {
        "name": "small-1",
        "network": network,
        "parameters": parameters,
        "input_size": size,
        "preprocessing": "p1",
        "image_kind": "synthetic",
        "classes": classes,
        "temperature": 1.5,
        "thresholds": Thresholds(decision=0.5, abstain=0.6, out_of_distribution=1e6),
    }
    statistics = feature_statistics(features, np.arange(40) % count, classes=count, shrinkage=0.1)
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
