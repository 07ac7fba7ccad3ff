"""The network of the report with YOLO labels: one class, and up to N boxes of white cells.

The class comes as the report has it: convolutions of 32, 64 and 128, dense layers of 128 and
64 with dropout. The boxes come from the map, one candidate for each of its places, with a
wider view by dilated convolutions: dense layers that regress boxes, as in the report, reached
a mean overlap of 0.10.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers


def build(
    *,
    classes: int,
    input_size: int,
    widths: Sequence[int] = (32, 64, 128),
    dense: Sequence[int] = (128, 64),
    dropout: float = 0.5,
    boxes: int = 16,
    seed: int = 0,
) -> keras.Model:
    """Return logits and box candidates `(n, rows, columns, 5)`.

    A candidate is the logit of a cell's centre lying in this place of the map, then the
    centre's place within it and the box's width and height as shares of the picture, each
    before a sigmoid.

    Args:
        classes: Number of logits.
        input_size: Side of the square input in pixels.
        widths: Channels of each convolution.
        dense: Units of the dense layers.
        dropout: Share of the hidden units dropped in training.
        boxes: Most boxes of one picture.
        seed: Seed of the initial weights and of dropout.
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scaled")(inputs)
    for number, width in enumerate(widths, start=1):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.MaxPooling2D(name=f"pool{number}")(x)
    maps = layers.Activation("linear", name="features")(x)
    view = maps
    for rate in (2, 4):
        view = layers.Conv2D(
            64, 3, padding="same", dilation_rate=rate, activation="relu", name=f"view{rate}"
        )(view)
    candidates = layers.Conv2D(5, 1, name="boxes")(view)
    x = layers.Flatten(name="flat")(maps)
    for number, units in enumerate(dense, start=1):
        last = number == len(dense)
        name = "pooled" if last else f"dense{number}"
        x = layers.Dense(units, activation="relu", name=name)(x)
        x = layers.Dropout(dropout, seed=seed + number, name=f"dropout{number}")(x)
    outputs = layers.Dense(classes, name="logits")(x)
    return keras.Model(inputs, [outputs, candidates], name="boxnet")
