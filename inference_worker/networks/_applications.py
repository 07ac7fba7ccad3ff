"""What the networks of keras.applications share: range, backbone, pooled head.

Every backbone was published with a normalisation of its own. It is the first layer here, so
that pictures stay `uint8` until they reach the network, and published weights see what they
were trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras
from keras import layers

IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_DEVIATION = (58.395, 57.12, 57.375)
CAFFE_MEAN = (103.939, 116.779, 123.68)  # blue, green, red


@dataclass(frozen=True)
class Range:
    """From values of 0 to 255 to what a backbone expects: `x * scale + offset`."""

    scale: Sequence[float] | float
    offset: Sequence[float] | float
    blue_first: bool = False


SIGNED = Range(1 / 127.5, -1.0)
STANDARD = Range(
    [1 / one for one in IMAGENET_DEVIATION],
    [-mean / one for mean, one in zip(IMAGENET_MEAN, IMAGENET_DEVIATION, strict=True)],
)
CAFFE = Range(1.0, [-mean for mean in CAFFE_MEAN], blue_first=True)


def application(
    backbone: Callable[..., keras.Model],
    *,
    name: str,
    scaling: Range,
    classes: int,
    input_size: int,
    dropout: float,
    weights: str | None,
    seed: int,
    **more: object,
) -> keras.Model:
    """Return a backbone with fresh or published weights, pooled into a dense head.

    Args:
        backbone: A function of `keras.applications`.
        name: Name of the whole network.
        scaling: The range that the backbone expects.
        classes: Number of logits.
        input_size: Side of the square input in pixels.
        dropout: Share of the pooled features dropped in training.
        weights: None, "imagenet", or the path of a file for the backbone.
        seed: Seed of the initial weights and of dropout.
        more: What the backbone takes besides.
    """
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    x = _scaled(inputs, scaling)
    body = backbone(input_tensor=x, include_top=False, weights=weights, **more)
    x = layers.Activation("linear", name="features")(body.output)
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    outputs = layers.Dense(classes, name="logits")(x)
    return keras.Model(inputs, outputs, name=name)


def _scaled(inputs: keras.KerasTensor, scaling: Range) -> keras.KerasTensor:
    x = keras.ops.flip(inputs, axis=-1) if scaling.blue_first else inputs
    return layers.Rescaling(scaling.scale, offset=scaling.offset, name="scaled")(x)
