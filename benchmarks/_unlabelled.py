"""A network's features learned without a label, from pairs of variations of the same picture.

Two variations should describe themselves alike, and each number of the description should tell
something of its own (redundancy reduction: Zbontar et al. 2021). Runs as a process of its own:
`python benchmarks/_unlabelled.py JSON`; see `Task` for what JSON has.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray
from safetensors.numpy import save_file

from inference_worker import tensorflow_setup
from inference_worker.rebuild import weights_of
from training_worker import train
from training_worker.augmentation import Recipe, augmented
from training_worker.feeding import ahead
from training_worker.folds import Fold
from training_worker.optimiser import adamw, learning_rate
from training_worker.plan import Plan
from training_worker.pretrained import NONE
from training_worker.samples import SUFFIXES, Sample

BATCH = 64
WIDTH = 256
"""Of the description that is compared; it is thrown away."""
REDUNDANCY = 5e-3
"""What two numbers that tell the same cost, against two variations that differ."""


@dataclass(frozen=True)
class Task:
    """`words` is the command line of the training that comes after; it names data and recipe."""

    words: list[str]
    others: list[str]  # folders of further pictures
    epochs: int
    out: str  # weights by name, and beside them `.json`: pictures, losses, CPU minutes


def pictures_of(plan: Plan, others: list[str]) -> NDArray[np.uint8]:
    """Return what the training may learn from, without labels, and all pictures of `others`."""
    files = [path for folder in others for path in sorted(Path(folder).rglob("*"))]
    more = [Sample(path, plan.codes[0]) for path in files if path.suffix.lower() in SUFFIXES]
    return plan.pixels([*plan.samples(), *more]).pictures


def twins(
    pictures: NDArray[np.uint8], *, plan: Plan, epoch: int
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Yield two variations of every picture, shuffled; whole batches only."""
    random = np.random.default_rng([plan.settings.seed, epoch])
    order = random.permutation(len(pictures))
    size = min(BATCH, len(pictures))
    for start in range(0, len(pictures) - size + 1, size):
        batch = pictures[order[start : start + size]]
        one, other = (_varied(batch, plan.settings.recipe, random) for _ in range(2))
        yield one, other


def _varied(
    batch: NDArray[np.uint8], recipe: Recipe, random: np.random.Generator
) -> NDArray[np.uint8]:
    return np.stack([augmented(picture, recipe, random) for picture in batch])


class Describer:
    """The network up to its pooled features, and two layers on top that only learning needs."""

    def __init__(self, network: keras.Model, *, plan: Plan) -> None:
        self.settings = plan.settings
        pooled = network.get_layer("pooled").output
        x = layers.Dense(WIDTH, use_bias=False)(pooled)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        self.model = keras.Model(network.inputs, layers.Dense(WIDTH, use_bias=False)(x))
        self.adam = adamw(self.model, self.settings)
        self._step = tf.function(self._learn, autograph=False)

    def learn(self, one: NDArray[np.uint8], other: NDArray[np.uint8], *, progress: float) -> float:
        self.adam.learning_rate.assign(learning_rate(progress, self.settings))
        return float(self._step(tf.constant(one), tf.constant(other)))

    def _learn(self, one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            seen = (self.model(tf.cast(part, tf.float32), training=True) for part in (one, other))
            loss = redundancy(*seen)
        variables = self.model.trainable_variables
        self.adam.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss


def redundancy(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    """Return how far the correlation of two descriptions, `(n, width)` each, is from identity."""
    one, other = (
        (part - tf.reduce_mean(part, 0)) / (tf.math.reduce_std(part, 0) + 1e-5)
        for part in (one, other)
    )
    found = tf.matmul(one, other, transpose_a=True) / tf.cast(tf.shape(one)[0], tf.float32)
    alike = tf.linalg.diag_part(found)
    apart = tf.reduce_sum(found**2) - tf.reduce_sum(alike**2)
    return tf.reduce_sum((1 - alike) ** 2) + REDUNDANCY * apart


def learned(task: Task) -> dict[str, object]:
    """Learn, write the weights, and return what came of it."""
    given = train.parse(task.words)
    tensorflow_setup.limit_threads(given.threads)
    cv2.setNumThreads(1)
    fold = Fold(given.fold, given.folds, pooled=given.pool)
    plan = replace(train.plan_of(given), left_out=fold, pretrained=NONE)
    keras.utils.set_random_seed(plan.settings.seed)
    pictures = pictures_of(plan, task.others)
    network = plan.model()
    describer = Describer(network, plan=plan)
    losses: list[float] = []
    began = time.process_time()
    for epoch in range(task.epochs):
        steps = max(len(pictures) // BATCH, 1)
        found = [
            describer.learn(one, other, progress=(epoch + number / steps) / task.epochs)
            for number, (one, other) in enumerate(ahead(twins(pictures, plan=plan, epoch=epoch)))
        ]
        losses.append(round(float(np.mean(found)), 3))
        print(json.dumps({"epoch": epoch + 1, "loss": losses[-1]}), flush=True)
    save_file(weights_of(network), task.out)
    minutes = (time.process_time() - began) / 60
    return {"pictures": len(pictures), "losses": losses, "cpu_minutes": round(minutes, 1)}


if __name__ == "__main__":
    asked = Task(**json.loads(sys.argv[1]))
    Path(asked.out).with_suffix(".json").write_text(json.dumps(learned(asked), indent=1))
