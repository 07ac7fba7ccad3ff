"""One step of learning: AdamW on a weighted, smoothed cross-entropy, and a moving average.

The average runs over every weight, the normalisation statistics included: it is a network of
its own, smoother than the last step, and the one that is checked and kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from inference_worker.networks import HEADS
from training_worker.losses import more_losses
from training_worker.settings import TrainingSettings

REMEMBERED = 0.95
"""Most of a normalisation's statistics that a step may keep: runs of a hundred steps, and
fine-tuning on a few hundred labels, would else be judged with those of the first weights."""


class Optimiser:
    """Holds what changes while a network learns."""

    def __init__(
        self, model: keras.Model, *, class_weights: NDArray[np.float64], settings: TrainingSettings
    ) -> None:
        self.model, self.settings = model, settings
        for layer in _normalisations(model):
            layer.momentum = min(layer.momentum, REMEMBERED)
        self.adam = adamw(model, settings)
        self.average = [tf.Variable(weight, trainable=False) for weight in model.get_weights()]
        self._class_weights = tf.constant(class_weights, tf.float32)
        self._more = more_losses(model)
        self._step = tf.function(self._learn, reduce_retracing=True, autograph=False)
        self._head_step = tf.function(self._learn_head, reduce_retracing=True, autograph=False)

    def learn(
        self,
        pictures: NDArray[Any],
        labels: NDArray[Any],
        targets: NDArray[Any] | None = None,
        *,
        progress: float,
    ) -> tuple[float, float]:
        """Take one step at the learning rate of `progress` (0 to 1).

        Return the loss, and the share of the batch that was named rightly before the step.

        `targets` are what the outputs beyond the logits are to say.
        """
        self.adam.learning_rate.assign(learning_rate(progress, self.settings))
        step = self._head_step if progress < self.settings.frozen else self._step
        more = np.zeros((len(labels), 0), np.float32) if targets is None else targets
        loss, accuracy = step(tf.constant(pictures), tf.constant(labels), tf.constant(more))
        return float(loss), float(accuracy)

    def _learn(self, *batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return self._changed(*batch, variables=self.model.trainable_variables, training=True)

    def _learn_head(self, *batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Keep published features as they are until the head knows what to do with them."""
        return self._changed(*batch, variables=head_of(self.model), training=False)

    def _changed(
        self,
        pictures: tf.Tensor,
        labels: tf.Tensor,
        targets: tf.Tensor,
        *,
        variables: list[Any],
        training: bool,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        smoothing, classes = self.settings.label_smoothing, self._class_weights.shape[0]
        wanted = tf.one_hot(labels, classes) * (1 - smoothing) + smoothing / classes
        weights = tf.gather(self._class_weights, labels)
        with tf.GradientTape() as tape:
            outputs = self.model(tf.cast(pictures, tf.float32), training=training)
            outputs = outputs if isinstance(outputs, list) else [outputs]
            losses = tf.nn.softmax_cross_entropy_with_logits(wanted, outputs[0])
            loss = tf.reduce_mean(losses * weights)
            for index, more in self._more:
                loss += more(outputs[index], wanted, targets)
        gradients = tape.gradient(loss, variables)
        self.adam.apply_gradients(zip(gradients, variables, strict=True))
        self._move_average()
        return loss, tf.reduce_mean(keras.metrics.sparse_categorical_accuracy(labels, outputs[0]))

    def _move_average(self) -> None:
        """The average forgets faster at first, when there is little worth keeping."""
        steps = tf.cast(self.adam.iterations, tf.float32)
        decay = tf.minimum(self.settings.average_decay, (1 + steps) / (10 + steps))
        for average, weight in zip(self.average, self.model.weights, strict=True):
            average.assign(decay * average + (1 - decay) * weight.value)

    def averaged_weights(self) -> list[NDArray[np.float32]]:
        return [variable.numpy() for variable in self.average]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything a later run needs to go on from here."""
        parts = {
            "weight": self.model.weights,
            "average": self.average,
            "adam": self.adam.variables,
        }
        return {
            f"{part}.{index:04d}": np.asarray(variable)
            for part, variables in parts.items()
            for index, variable in enumerate(variables)
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        self.model.set_weights(_part(state, "weight"))
        for variable, value in zip(self.average, _part(state, "average"), strict=True):
            variable.assign(value)
        for variable, value in zip(self.adam.variables, _part(state, "adam"), strict=True):
            variable.assign(np.reshape(value, variable.shape))


def adamw(model: keras.Model, settings: TrainingSettings) -> keras.optimizers.AdamW:
    """Return the optimiser of all of a model's weights; normalisations and biases do not decay."""
    adam = keras.optimizers.AdamW(settings.learning_rate, weight_decay=settings.weight_decay)
    adam.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    adam.build(model.trainable_variables)
    return adam


def head_of(model: keras.Model) -> list[Any]:
    """Return the weights of the layers that name the class, those of every member included."""
    return [one for one in model.trainable_variables if one.path.split("/")[-2] in HEADS]


def _normalisations(model: keras.Model) -> Iterator[keras.layers.BatchNormalization]:
    """Yield every batch normalisation, those of networks within the network included."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _normalisations(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            yield layer


def _part(state: dict[str, NDArray[Any]], name: str) -> list[NDArray[Any]]:
    return [state[key] for key in sorted(state) if key.startswith(f"{name}.")]


def learning_rate(progress: float, settings: TrainingSettings) -> float:
    """Return the rate at a point of the schedule: a short rise, then half a cosine."""
    if progress < settings.warm_up:
        return settings.learning_rate * max(progress / settings.warm_up, 0.02)
    fallen = (progress - settings.warm_up) / (1 - settings.warm_up)
    cosine = (1 + math.cos(math.pi * min(fallen, 1.0))) / 2
    return settings.learning_rate * (settings.final_rate + (1 - settings.final_rate) * cosine)


def balanced_weights(
    labels: NDArray[np.int64], *, codes: list[str], extra: dict[str, float]
) -> NDArray[np.float64]:
    """Return one weight per class: inverse to its number, times what the settings add."""
    counts = np.maximum(np.bincount(labels, minlength=len(codes)), 1)
    weights = len(labels) / (len(codes) * counts)
    return weights * np.array([extra.get(code, 1.0) for code in codes])
