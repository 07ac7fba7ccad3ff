"""EfficientNetV2-B0 (Tan and Le 2021) with a pooled head."""

from __future__ import annotations

import keras

from inference_worker.networks._applications import STANDARD, application


def build(
    *,
    classes: int,
    input_size: int,
    dropout: float = 0.2,
    weights: str | None = None,
    seed: int = 0,
) -> keras.Model:
    """Return the network; arguments as in `application`."""
    return application(
        keras.applications.EfficientNetV2B0,
        name="efficientnet_v2b0",
        scaling=STANDARD,
        classes=classes,
        input_size=input_size,
        dropout=dropout,
        weights=weights,
        seed=seed,
        include_preprocessing=False,
    )
