"""The network of the binary report: four convolutions, a dense layer, one logit.

Positive is **malignant** here; the report has it the other way round. Half of the one logit `z`
of the malignant class stands beside its negative, so that soft-max over the two is the sigmoid of
`z`, each class has evidence of its own, and the class table, temperature and thresholds of every
other network serve this one as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers


def build(
    *,
    classes: int,
    input_size: int,
    widths: Sequence[int] = (16, 32, 64, 128),
    dense: int = 256,
    dropout: float = 0.5,
    seed: int = 0,
) -> keras.Model:
    """Return convolution, ReLU and pooling for each width, then the dense layers.

    Args:
        classes: 2, benign and malignant in this order.
        input_size: Side of the square input in pixels.
        widths: Channels of each convolution.
        dense: Units of the hidden dense layer.
        dropout: Share of the hidden units dropped in training.
        seed: Seed of the initial weights and of dropout.
    """
    if classes != 2:
        raise ValueError(f"lenet_lld tells two classes apart. Received: {classes}")
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="scaled")(inputs)
    for number, width in enumerate(widths, start=1):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv{number}")(x)
        x = layers.MaxPooling2D(name=f"pool{number}")(x)
    x = layers.Activation("linear", name="features")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(dense, activation="relu", name="pooled")(x)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    x = layers.Dense(1, name="logit")(x)
    benign = layers.Rescaling(-0.5, name="benign")(x)
    malignant = layers.Rescaling(0.5, name="malignant")(x)
    outputs = layers.Concatenate(name="logits")([benign, malignant])
    return keras.Model(inputs, outputs, name="lenet_lld")
