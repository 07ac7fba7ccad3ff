"""MobileNetV2 (Sandler et al. 2018) with a dense head: the yardstick of the benchmarks."""

from __future__ import annotations

import keras
from keras import layers


def build(
    *,
    classes: int,
    input_size: int,
    alpha: float = 1.0,
    dropout: float = 0.2,
    weights: str | None = None,
    seed: int = 0,
) -> keras.Model:
    """Return the network with fresh weights, or with those that `weights` names.

    Args:
        classes: Number of logits.
        input_size: Side of the square input in pixels.
        alpha: Width multiplier of the paper.
        dropout: Share of the pooled features dropped in training.
        weights: None, "imagenet", or the path of a file for the backbone.
        seed: Seed of the initial weights and of dropout.
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="scaled")(inputs)
    backbone = keras.applications.MobileNetV2(
        input_tensor=x, alpha=alpha, include_top=False, weights=weights
    )
    x = layers.Activation("linear", name="features")(backbone.output)
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    outputs = layers.Dense(classes, name="logits")(x)
    return keras.Model(inputs, outputs, name="mobilenet_v2")
