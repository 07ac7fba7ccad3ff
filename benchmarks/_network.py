"""The fixed network of the benchmarks: mobilenet_v2 at 224², random weights; speed only."""

from __future__ import annotations

import sys
from pathlib import Path

NAME = "benchmark-mobilenet-v2"
SIZE = 224


def save(folder: Path) -> None:
    """Write the bundle to `folder`."""
    from inference_worker import tensorflow_setup  # noqa: F401  isort: skip
    import keras
    import numpy as np

    from inference_worker.bundle import BundleFacts, Thresholds, save_bundle
    from inference_worker.classes import FOUR_CLASSES
    from inference_worker.networks import build_network
    from inference_worker.rebuild import weights_of
    from inference_worker.strangeness import feature_statistics

    keras.utils.set_random_seed(7)
    model = build_network("mobilenet_v2", classes=4, input_size=SIZE)
    width = model.get_layer("pooled").output.shape[-1]
    random = np.random.default_rng(7)
    features = random.normal(size=(64, width)).astype(np.float32)
    labels = np.arange(64) % 4
    facts = BundleFacts(
        name=NAME,
        network="mobilenet_v2",
        parameters={},
        input_size=SIZE,
        preprocessing="p1",
        image_kind="field",
        classes=FOUR_CLASSES,
        temperature=1.0,
        thresholds=Thresholds(decision=0.5, abstain=0.0, out_of_distribution=1e9),
    )
    statistics = feature_statistics(features, labels, classes=4, shrinkage=0.1)
    save_bundle(folder, facts, weights=weights_of(model), statistics=statistics)


if __name__ == "__main__":
    save(Path(sys.argv[1]))
