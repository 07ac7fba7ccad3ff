"""What a network's outputs beyond the logits are asked for, added to the loss of the class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Loss = Callable[[Any, tf.Tensor, tf.Tensor], tf.Tensor]

SPREAD = 6
"""Of a cell's width and height, the part that is one deviation of where its centre may be said."""

PLACE_WEIGHT = 5.0


def more_losses(model: keras.Model) -> list[tuple[int, Loss]]:
    """Return the position and loss of every output that has one.

    A loss takes the output, the wanted soft labels `(n, classes)` and the targets.
    """
    names = enumerate(model.output_names)
    return [(index, LOSSES[name]) for index, name in names if name in LOSSES]


def boxes_loss(candidates: tf.Tensor, wanted: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Ask each place whether a centre lies in it, and the right places for their boxes.

    Whether is the focal loss of Zhou, Wang and Kraehenbuehl (Objects as Points, 2019): a place
    beside the centre that says so too is hardly wrong.
    """
    rows, columns = candidates.shape[1:3]
    present = targets[..., 0]
    count = tf.maximum(tf.reduce_sum(present), 1.0)
    x, y = targets[..., 1] * columns, targets[..., 2] * rows
    row = tf.one_hot(tf.clip_by_value(tf.cast(y, tf.int32), 0, rows - 1), rows)
    column = tf.one_hot(tf.clip_by_value(tf.cast(x, tf.int32), 0, columns - 1), columns)
    place = tf.einsum("nb,nbr,nbc->nbrc", present, row, column)
    beside = tf.einsum(
        "nb,nbr,nbc->nbrc",
        present,
        _near(y, targets[..., 4] * rows, rows),
        _near(x, targets[..., 3] * columns, columns),
    )
    found = _focal(candidates[..., 0], tf.reduce_max(place, 1), tf.reduce_max(beside, 1))
    said = tf.sigmoid(tf.einsum("nbrc,nrck->nbk", place, candidates[..., 1:]))
    middle = tf.stack([(tf.floor(x) + said[..., 0]) / columns, (tf.floor(y) + said[..., 1]) / rows])
    box = tf.concat([tf.transpose(middle, [1, 2, 0]), said[..., 2:]], -1)
    apart = (1 - _overlap(box, targets[..., 1:])) * present
    return (tf.reduce_sum(found) + PLACE_WEIGHT * tf.reduce_sum(apart)) / count


def _overlap(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    """Return intersection over union of boxes by centre, width and height."""
    (middle, sides), (others, lengths) = (tf.split(box, 2, axis=-1) for box in (one, other))
    low = tf.maximum(middle - sides / 2, others - lengths / 2)
    high = tf.minimum(middle + sides / 2, others + lengths / 2)
    shared = tf.reduce_prod(tf.maximum(high - low, 0), -1)
    areas = tf.reduce_prod(sides, -1) + tf.reduce_prod(lengths, -1)
    return shared / tf.maximum(areas - shared, 1e-6)


def _near(centre: tf.Tensor, side: tf.Tensor, places: int) -> tf.Tensor:
    """Return `(n, boxes, places)`: 1 at a centre, falling off with the cell's own side."""
    gap = tf.range(places, dtype=tf.float32) - tf.floor(centre)[..., None]
    return tf.exp(-0.5 * (gap / tf.maximum(side[..., None] / SPREAD, 0.5)) ** 2)


def _focal(logits: tf.Tensor, place: tf.Tensor, beside: tf.Tensor) -> tf.Tensor:
    """Return the loss of each place; what is sure and right already counts for little."""
    sure = tf.sigmoid(logits)
    here = place * (1 - sure) ** 2 * tf.nn.softplus(-logits)
    return here + (1 - place) * (1 - beside) ** 4 * sure**2 * tf.nn.softplus(logits)


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
