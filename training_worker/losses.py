"""What a network's outputs beyond the logits are asked for, added to the loss of the class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Loss = Callable[[Any, tf.Tensor, tf.Tensor], tf.Tensor]

FOUND_WEIGHT = 10.0
"""A place of the map with a cell counts as much as so many without."""

PLACE_WEIGHT = 5.0


def more_losses(model: keras.Model) -> list[tuple[int, Loss]]:
    """Return the position and loss of every output that has one.

    A loss takes the output, the wanted soft labels `(n, classes)` and the targets.
    """
    names = enumerate(model.output_names)
    return [(index, LOSSES[name]) for index, name in names if name in LOSSES]


def boxes_loss(candidates: tf.Tensor, wanted: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Ask each place whether a centre lies in it, and the right places for their boxes."""
    rows, columns = candidates.shape[1:3]
    present = targets[..., 0]
    x, y = targets[..., 1] * columns, targets[..., 2] * rows
    row = tf.one_hot(tf.clip_by_value(tf.cast(y, tf.int32), 0, rows - 1), rows)
    column = tf.one_hot(tf.clip_by_value(tf.cast(x, tf.int32), 0, columns - 1), columns)
    place = tf.einsum("nb,nbr,nbc->nbrc", present, row, column)
    found = tf.nn.weighted_cross_entropy_with_logits(
        tf.reduce_max(place, axis=1), candidates[..., 0], FOUND_WEIGHT
    )
    said = tf.sigmoid(tf.einsum("nbrc,nrck->nbk", place, candidates[..., 1:]))
    true = tf.stack([x - tf.floor(x), y - tf.floor(y), targets[..., 3], targets[..., 4]], -1)
    gaps = tf.reduce_sum(tf.abs(said - true), -1) * present
    located = tf.reduce_sum(gaps) / tf.maximum(tf.reduce_sum(present), 1.0)
    return tf.reduce_mean(found) + PLACE_WEIGHT * located


def outlines_loss(outlines: tf.Tensor, wanted: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(targets, tf.int32), outlines)
    )


def members_loss(logits: tf.Tensor, wanted: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Every member's own loss, as if it learned alone."""
    one_each = tf.repeat(wanted[:, tf.newaxis], logits.shape[1], axis=1)
    losses = tf.nn.softmax_cross_entropy_with_logits(one_each, logits)
    return tf.reduce_mean(tf.reduce_sum(losses, axis=1))


LOSSES: dict[str, Loss] = {
    "boxes": boxes_loss,
    "outlines": outlines_loss,
    "members": members_loss,
}

BATCH = 64


def targets_loss(model: keras.Model, pictures: NDArray[np.uint8], targets: NDArray[Any]) -> float:
    """Return the mean loss of the outputs that are asked for targets: boxes or outlines."""
    losses = []
    for start in range(0, len(pictures), BATCH):
        part = slice(start, start + BATCH)
        outputs = model.predict_on_batch(pictures[part].astype(np.float32))
        wanted = tf.constant(targets[part])
        asked = [(index, loss) for index, loss in more_losses(model) if loss is not members_loss]
        losses.append(sum(float(loss(outputs[index], None, wanted)) for index, loss in asked))
    return float(np.mean(losses))
