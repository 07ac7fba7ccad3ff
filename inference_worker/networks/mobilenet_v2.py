"""MobileNetV2 (Sandler et al. 2018) with a pooled head: the yardstick of the benchmarks."""

from __future__ import annotations

import keras

from inference_worker.networks._applications import SIGNED, application


def build(
    *,
    classes: int,
    input_size: int,
    alpha: float = 1.0,
    dropout: float = 0.2,
    weights: str | None = None,
    seed: int = 0,
) -> keras.Model:
    """Return the network; `alpha` is the paper's width multiplier, the rest as `application`."""
    return application(
        keras.applications.MobileNetV2,
        name="mobilenet_v2",
        scaling=SIGNED,
        classes=classes,
        input_size=input_size,
        dropout=dropout,
        weights=weights,
        seed=seed,
        alpha=alpha,
    )
