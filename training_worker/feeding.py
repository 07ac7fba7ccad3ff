"""Feeds the optimiser: augmented batches, made ahead in a thread while the network learns."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from training_worker.augmentation import Recipe, varied
from training_worker.samples import Pixels
from training_worker.targets import moved
from training_worker.white_cells import on_other_ground

Batch = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[Any]]
"""Pictures, labels, and targets: none of them for most networks, of shape `(n, 0)`."""

AHEAD = 8
T = TypeVar("T")


def batches(
    pixels: Pixels, *, recipe: Recipe, batch_size: int, seed: int, epoch: int
) -> Iterator[Batch]:
    """Yield every picture once, shuffled and augmented; whole batches only.

    Order and variations depend on seed and epoch alone: a resumed run sees what an
    uninterrupted one would have seen.
    """
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(pixels))
    size = min(batch_size, len(pixels))
    for start in range(0, len(pixels) - size + 1, size):
        chosen = order[start : start + size]
        made = [_variation(pixels, int(i), recipe, random) for i in chosen]
        pictures, targets = (np.stack(part) for part in zip(*made, strict=True))
        yield pictures, pixels.labels[chosen], targets


def _variation(
    pixels: Pixels, index: int, recipe: Recipe, random: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    picture = pixels.pictures[index]
    if recipe.background_share and random.random() < recipe.background_share:
        picture = on_other_ground(picture, pixels.pictures[random.integers(len(pixels))])
    picture, matrix = varied(picture, recipe, random)
    if pixels.targets is None:
        return picture, np.zeros(0, np.float32)
    return picture, moved(pixels.targets[index], matrix, size=len(picture))


def ahead(source: Iterator[T]) -> Iterator[T]:
    """Yield what `source` yields, prepared up to AHEAD items early in a thread."""
    ready: queue.Queue[T | BaseException | None] = queue.Queue(AHEAD)
    stopped = threading.Event()

    def work() -> None:
        try:
            for batch in source:
                if stopped.is_set():
                    return
                ready.put(batch)
            ready.put(None)
        except BaseException as error:
            ready.put(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (batch := ready.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch
    finally:
        stopped.set()
        while thread.is_alive():
            _drain(ready)
            thread.join(0.05)


def _drain(ready: queue.Queue[Any]) -> None:
    while not ready.empty():
        ready.get_nowait()
