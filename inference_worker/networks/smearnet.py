"""The shipped network: residual, plain convolutions, small enough for a processor.

Global average pooling followed by one dense layer makes the class-activation map of the
dense layer's column exactly Grad-CAM on the logit, so that a heatmap costs nothing
(Zhou et al. 2016; Selvaraju et al. 2017, section 3.1).
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

WIDTHS = (24, 48, 112, 224)
DEPTHS = (1, 1, 1)


def build(
    *,
    classes: int,
    input_size: int,
    widths: Sequence[int] = WIDTHS,
    depths: Sequence[int] = DEPTHS,
    dropout: float = 0.2,
    seed: int = 0,
) -> keras.Model:
    """Return a residual network whose stem and stages each halve the picture.

    Args:
        classes: Number of logits.
        input_size: Side of the square input in pixels.
        widths: Channels of the stem and of each stage.
        depths: Residual blocks of each stage.
        dropout: Share of the pooled features dropped in training.
        seed: Seed of the initial weights and of dropout.
    """
    seeds = keras.random.SeedGenerator(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="scaled")(inputs)
    x = _convolution(x, widths[0], size=3, stride=2, name="stem", seeds=seeds)
    x = layers.ReLU(name="stem_relu")(x)
    for stage, (width, depth) in enumerate(zip(widths[1:], depths, strict=True), start=1):
        for block in range(1, depth + 1):
            stride = 2 if block == 1 else 1
            x = _residual(x, width, stride=stride, name=f"stage{stage}_{block}", seeds=seeds)
    x = layers.Activation("linear", name="features")(x)
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    kernel = keras.initializers.GlorotUniform(seed=seeds)
    outputs = layers.Dense(classes, kernel_initializer=kernel, name="logits")(x)
    return keras.Model(inputs, outputs, name="smearnet")


def _convolution(
    x: keras.KerasTensor,
    width: int,
    *,
    size: int,
    stride: int = 1,
    name: str,
    seeds: keras.random.SeedGenerator,
) -> keras.KerasTensor:
    x = layers.Conv2D(
        width,
        size,
        stride,
        padding="same",
        use_bias=False,
        kernel_initializer=keras.initializers.HeNormal(seed=seeds),
        name=f"{name}_conv",
    )(x)
    return layers.BatchNormalization(momentum=0.95, epsilon=1e-3, name=f"{name}_norm")(x)


def _residual(
    x: keras.KerasTensor,
    width: int,
    *,
    stride: int,
    name: str,
    seeds: keras.random.SeedGenerator,
) -> keras.KerasTensor:
    """Two convolutions beside a short cut; the short cut is pooled, not skipped, when halved."""
    y = _convolution(x, width, size=3, stride=stride, name=f"{name}_a", seeds=seeds)
    y = layers.ReLU(name=f"{name}_a_relu")(y)
    y = _convolution(y, width, size=3, name=f"{name}_b", seeds=seeds)
    if stride > 1:
        x = layers.AveragePooling2D(stride, padding="same", name=f"{name}_pool")(x)
        x = _convolution(x, width, size=1, name=f"{name}_short", seeds=seeds)
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_sum")([x, y]))
