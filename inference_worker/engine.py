"""The network as it serves: one frozen graph call from uint8 pictures to everything shown.

Freezing makes the weights constants, so that TensorFlow folds normalisation into convolutions
(1.1 to 1.6 times faster). The class-activation grid comes out of the same call: for a network
that ends in global average pooling and one dense layer it is exactly Grad-CAM on the logit.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from inference_worker.bundle import Bundle
from inference_worker.gradcam import GRID_LAYER, ends_in_pooling, evidence, scaled_by_maximum
from inference_worker.networks import explained_by
from inference_worker.occlusion import LAYER, occlusion
from inference_worker.rebuild import rebuild
from inference_worker.strangeness import strangeness
from jobcontract.names import Method

#: Pictures of one call where that is set, as for a GPU that is to be filled; 0: by their size.
ASKED = int(os.environ.get("HEMAQUEUE_GRAPH_BATCH", "0"))
BATCH = 16
#: A process keeps the memory of its largest call: 8 pictures of 224² need half of what 16 need.
PIXELS_AT_ONCE = BATCH * 160**2


@dataclass(frozen=True)
class Answers:
    """What the network says of a batch of n pictures.

    named: `(n,)`, the index of the highest logit; scores: `(n, classes)`, calibrated, each row
    sums to 1; grids: `(n, rows, columns)`, float16 between 0 and 1, for the class named;
    distances: `(n,)`.
    """

    named: NDArray[np.int64]
    scores: NDArray[np.float32]
    grids: NDArray[np.float16]
    distances: NDArray[np.float32]


class Engine:
    """A bundle, ready to answer. Build it in the process that uses it, never before a fork."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.facts = bundle.facts
        self.model = rebuild(bundle)
        self.grid_method = self._grid_method()
        self.grid_layer = LAYER if self.grid_method is Method.OCCLUSION else GRID_LAYER
        self._call = frozen(_answering(self.model, bundle), size=self.facts.input_size)

    def _grid_method(self) -> Method:
        """Return how the grid comes about that goes with every answer."""
        if explained_by(self.facts.network) == Method.OCCLUSION:
            return Method.OCCLUSION
        return Method.CAM if ends_in_pooling(self.model) else Method.GRADCAM

    def answer(self, pictures: NDArray[np.uint8], *, grids: bool = True) -> Answers:
        """Answer for preprocessed pictures of shape `(n, size, size, 3)`, uint8.

        Without `grids`, those that cost further passes are left out: each is one zero.
        """
        named, scores, maps, distances = self._call(tf.constant(pictures))
        found = maps.numpy().astype(np.float16)
        if grids and self.grid_method is Method.OCCLUSION:
            pairs = zip(pictures, named.numpy(), strict=True)
            found = np.stack([self.occluded(one, int(index)) for one, index in pairs])
        return Answers(
            named=named.numpy(),
            scores=_summing_to_one(scores.numpy()),
            grids=found.astype(np.float16),
            distances=distances.numpy(),
        )

    def occluded(self, picture: NDArray[np.uint8], class_index: int) -> NDArray[np.float32]:
        """Return the grid by occlusion for one class of a preprocessed picture."""

        def scores(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
            size = at_once(pictures.shape[1])
            parts = (pictures[start : start + size] for start in range(0, len(pictures), size))
            return np.concatenate([self._call(tf.constant(part))[1].numpy() for part in parts])

        return occlusion(scores, picture, class_index=class_index)


def at_once(side: int) -> int:
    """Return how many pictures of `side` pixels are computed in one call."""
    return ASKED or max(1, min(BATCH, PIXELS_AT_ONCE // side**2))


def _answering(model: keras.Model, bundle: Bundle) -> tf.types.experimental.GenericFunction:
    outputs = [model.get_layer(name).output for name in (GRID_LAYER, "pooled", "logits")]
    probe = keras.Model(model.inputs, outputs)

    def answer(pictures: tf.Tensor) -> tuple[tf.Tensor, ...]:
        found = probe(tf.cast(pictures, tf.float32), training=False)
        maps, pooled, logits = (tf.cast(one, tf.float32) for one in found)
        named = tf.argmax(logits, axis=1)
        grids = (
            tf.zeros_like(maps[:, :1, :1, 0])
            if explained_by(bundle.facts.network) == Method.OCCLUSION
            else evidence(model, maps=maps, logits=logits, named=named)
        )
        scores = tf.nn.softmax(logits / bundle.facts.temperature)
        distances = strangeness(pooled, bundle.statistics)
        return named, scores, scaled_by_maximum(grids), distances

    return tf.function(answer, autograph=False)


def frozen(
    function: tf.types.experimental.GenericFunction, *, size: int
) -> tf.types.experimental.ConcreteFunction:
    """Return `function` for pictures of `size` pixels, its weights constants."""
    spec = tf.TensorSpec((None, size, size, 3), tf.uint8)
    return convert_variables_to_constants_v2(function.get_concrete_function(spec))


def _summing_to_one(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    wide = scores.astype(np.float64)
    return (wide / wide.sum(axis=1, keepdims=True)).astype(np.float32)
