"""The classical segmentation as a network: shapes of white cells, measured, then one dense layer.

Only the layer on the measures learns. The segmentation has no gradient, so that a picture is
explained by occlusion. It sees shape alone, no colour: beside the others it tells how far the
nuclei's number, size and form go.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from inference_worker.regions import Region, outlined, regions

EXPLAINED_BY = "occlusion"
FIELDS = ("nucleus_area", "cell_area", "nucleus_share", "roundness", "solidity")
MEASURES = 1 + 3 * len(FIELDS)
MAP = 16


class Measured(layers.Layer):
    """From pictures to measures `(n, MEASURES)` and coarse maps `(n, MAP, MAP, 2)`."""

    def call(self, pictures: Any) -> Any:
        measures, maps = tf.numpy_function(_measured, [pictures], [tf.float32, tf.float32])
        measures.set_shape((None, MEASURES))
        maps.set_shape((None, MAP, MAP, 2))
        return measures, maps

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], MEASURES), (shape[0], MAP, MAP, 2)


def build(*, classes: int, input_size: int, seed: int = 0) -> keras.Model:
    """Return measures, standardised as the training part varies, and a dense layer."""
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    measures, maps = Measured(name="measured")(inputs)
    maps = layers.Activation("linear", name="features")(maps)
    x = layers.BatchNormalization(momentum=0.95, center=False, scale=False, name="even")(measures)
    x = layers.Activation("linear", name="pooled")(x)
    outputs = layers.Dense(classes, name="logits")(x)
    return keras.Model(inputs, [outputs, maps], name="regions")


def _measured(pictures: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    whole = np.clip(pictures, 0, 255).astype(np.uint8)
    measures = np.stack([_measures(regions(one)) for one in whole])
    return measures, np.stack([_map(outlined(one)) for one in whole])


def _measures(found: list[Region]) -> NDArray[np.float32]:
    """Return the number of cells, then mean, least and largest of every measure."""
    if not found:
        return np.zeros(MEASURES, np.float32)
    table = np.array([[getattr(one, name) for name in FIELDS] for one in found])
    summary = (table.mean(0), table.min(0), table.max(0))
    return np.concatenate([[len(found)], *summary]).astype(np.float32)


def _map(outlines: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2

    shares = [
        cv2.resize(np.float32(outlines == k), (MAP, MAP), 0, 0, 0, cv2.INTER_AREA) for k in (2, 1)
    ]
    return np.stack(shares, axis=-1)
