"""Grad-CAM: where in a picture the evidence for a class lies.

Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization", ICCV 2017, equations 1 and 2, on the class's **logit**: after a soft-max the
gradient of a confident score all but vanishes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

GRID_LAYER = "features"
"""The last spatial layer of every network, on which the grid is computed."""


ClassMaps = Callable[[NDArray[np.uint8], NDArray[np.int64]], NDArray[np.float32]]


class LayerWithoutMap(ValueError):
    """The network has no layer of this name, or its output is no spatial map."""


def gradcam(
    model: keras.Model, picture: NDArray[np.uint8], *, class_index: int, layer: str = GRID_LAYER
) -> NDArray[np.float32]:
    """Return the map of the evidence for one class, between 0 and 1.

    Args:
        model: Classifier that returns logits.
        picture: Preprocessed picture of shape `(height, width, 3)`.
        class_index: The class to explain.
        layer: Name of a layer whose output is a spatial map.

    Returns:
        Array of the layer's spatial shape; all zeros where nothing in the picture speaks
        for the class.

    Raises:
        LayerWithoutMap: `layer` cannot be explained.
    """
    probe = _probe(model, layer)
    inputs = tf.cast(picture[np.newaxis], tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        maps, logits = probe(inputs, training=False)
        score = logits[:, class_index]
    gradient = tape.gradient(score, maps)
    if gradient is None:
        raise LayerWithoutMap(f"The logits do not depend on a layer. Received: {layer!r}")
    grid = weighted_sum(maps, tf.reduce_mean(gradient, axis=(1, 2)))
    return scaled_by_maximum(grid)[0].numpy()


@lru_cache(maxsize=8)
def _probe(model: keras.Model, layer: str) -> keras.Model:
    """Return a network over the same weights that returns the layer's map and the logits."""
    names = [one.name for one in model.layers if len(getattr(one.output, "shape", ())) == 4]
    if layer not in names:
        raise LayerWithoutMap(f"Layers with a map: {', '.join(names)}. Received: {layer!r}")
    return keras.Model(model.inputs, [model.get_layer(layer).output, model.outputs[0]])


def class_maps(model: keras.Model) -> ClassMaps:
    """Return what computes the maps of pictures `(n, size, size, 3)` for a class of each.

    It goes by the weights that the network has when it is called.
    """
    probe = keras.Model(
        model.inputs, [model.get_layer(name).output for name in (GRID_LAYER, "logits")]
    )

    def maps(pictures: tf.Tensor, classes: tf.Tensor) -> tf.Tensor:
        found, logits = probe(tf.cast(pictures, tf.float32), training=False)
        return scaled_by_maximum(evidence(model, maps=found, logits=logits, named=classes))

    call = tf.function(maps, autograph=False, reduce_retracing=True)
    return lambda pictures, classes: call(tf.constant(pictures), tf.constant(classes)).numpy()


def evidence(
    model: keras.Model, *, maps: tf.Tensor, logits: tf.Tensor, named: tf.Tensor
) -> tf.Tensor:
    """Return, inside a graph, the evidence for each picture's class `named`: `(n, h, w)`.

    After global average pooling a dense layer's column *is* the gradient, up to the factor
    1/(h·w) that scaling removes; other heads are differentiated.
    """
    if ends_in_pooling(model):
        weights = tf.gather(tf.transpose(model.get_layer("logits").kernel.value), named)
    else:
        score = tf.gather(logits, named, axis=1, batch_dims=1)
        weights = tf.reduce_mean(tf.gradients(score, maps)[0], axis=(1, 2))
    return weighted_sum(maps, weights)


def ends_in_pooling(model: keras.Model) -> bool:
    """Say whether the map goes through global average pooling straight to the logits."""
    pooled = model.get_layer("pooled")
    return isinstance(pooled, keras.layers.GlobalAveragePooling2D) and (
        model.get_layer("logits").kernel.shape[0] == pooled.output.shape[-1]
    )


def weighted_sum(maps: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Equation 2: what is left of the channels' weighted sum above zero."""
    return tf.nn.relu(tf.einsum("nhwc,nc->nhw", maps, weights))


def scaled_by_maximum(grids: tf.Tensor) -> tf.Tensor:
    return tf.math.divide_no_nan(grids, tf.reduce_max(grids, axis=(1, 2), keepdims=True))
