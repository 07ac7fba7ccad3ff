"""A U-Net (Ronneberger et al. 2015) that outlines nuclei and cytoplasm, and names the class.

It learns the outlines from `regions`, the classical segmentation, not from people: it may
become faster and smoother than its teacher, and errs where the teacher errs.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

OUTLINES = 3  # ground, cytoplasm, nucleus


def build(
    *,
    classes: int,
    input_size: int,
    widths: Sequence[int] = (16, 32, 64, 128),
    dropout: float = 0.2,
    seed: int = 0,
) -> keras.Model:
    """Return logits, and logits of the outlines `(n, input_size, input_size, 3)`.

    Args:
        classes: Number of logits.
        input_size: Side in pixels; divisible by 2 for each width but the last.
        widths: Channels of each level.
        dropout: Share of the pooled features dropped in training.
        seed: Seed of the initial weights and of dropout.
    """
    if input_size % 2 ** (len(widths) - 1):
        raise ValueError(
            f"unet needs a side divisible by {2 ** (len(widths) - 1)}. Received: {input_size}"
        )
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="scaled")(inputs)
    levels = []
    for number, width in enumerate(widths[:-1], start=1):
        x = _level(x, width, f"down{number}")
        levels.append(x)
        x = layers.MaxPooling2D(name=f"pool{number}")(x)
    x = bottom = layers.Activation("linear", name="features")(_level(x, widths[-1], "bottom"))
    for number, width in reversed(list(enumerate(widths[:-1], start=1))):
        x = layers.UpSampling2D(interpolation="bilinear", name=f"up{number}_larger")(x)
        x = layers.Concatenate(name=f"up{number}_both")([x, levels[number - 1]])
        x = _level(x, width, f"up{number}")
    outlines = layers.Conv2D(OUTLINES, 1, name="outlines")(x)
    pooled = layers.GlobalAveragePooling2D(name="pooled")(bottom)
    pooled = layers.Dropout(dropout, seed=seed, name="dropout")(pooled)
    outputs = layers.Dense(classes, name="logits")(pooled)
    return keras.Model(inputs, [outputs, outlines], name="unet")


def _level(x: keras.KerasTensor, width: int, name: str) -> keras.KerasTensor:
    for part in "ab":
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"{name}_{part}_conv")(x)
        x = layers.BatchNormalization(momentum=0.95, name=f"{name}_{part}_norm")(x)
        x = layers.ReLU(name=f"{name}_{part}_relu")(x)
    return x
