"""MobileNet (Howard et al. 2017) with a pooled head."""

from __future__ import annotations

import keras

from inference_worker.networks._applications import SIGNED, application


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
        keras.applications.MobileNet,
        name="mobilenet",
        scaling=SIGNED,
        classes=classes,
        input_size=input_size,
        dropout=dropout,
        weights=weights,
        seed=seed,
    )
