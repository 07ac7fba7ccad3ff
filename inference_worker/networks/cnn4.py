"""The plain network of the four-class report: three convolutions, two dense layers."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers


def build(
    *,
    classes: int,
    input_size: int,
    widths: Sequence[int] = (32, 64, 128),
    dense: int = 128,
    dropout: float = 0.5,
    seed: int = 0,
) -> keras.Model:
    """Return convolution, ReLU and pooling three times, then the dense layers.

    Args:
        classes: Number of logits.
        input_size: Side of the square input in pixels.
        widths: Channels of each convolution.
        dense: Units of the hidden dense layer.
        dropout: Share of the hidden units dropped in training.
        seed: Seed of the initial weights and of dropout.
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scaled")(inputs)
    for number, width in enumerate(widths, start=1):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.MaxPooling2D(name=f"pool{number}")(x)
    x = layers.Activation("linear", name="features")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(dense, activation="relu", name="pooled")(x)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    outputs = layers.Dense(classes, name="logits")(x)
    return keras.Model(inputs, outputs, name="cnn4")
