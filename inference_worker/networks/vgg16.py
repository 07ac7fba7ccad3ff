"""VGG16 (Simonyan and Zisserman 2015) with a pooled head."""

from __future__ import annotations

import keras

from inference_worker.networks._applications import CAFFE, application


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
        keras.applications.VGG16,
        name="vgg16",
        scaling=CAFFE,
        classes=classes,
        input_size=input_size,
        dropout=dropout,
        weights=weights,
        seed=seed,
    )
