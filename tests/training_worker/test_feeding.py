"""Every picture once an epoch, the same ones after a pause."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.training_worker.drawing import pixels
from training_worker.augmentation import Recipe
from training_worker.feeding import Batch, ahead, batches

PIXELS = pixels(5)


def epoch(number: int) -> list[Batch]:
    return list(batches(PIXELS, recipe=Recipe(), batch_size=5, seed=1, epoch=number))


def test_an_epoch_has_every_picture_once() -> None:
    labels = np.concatenate([labels for _, labels, _ in epoch(0)])
    assert np.bincount(labels).tolist() == [5, 5, 5, 5]


def test_an_epoch_depends_on_seed_and_number_alone() -> None:
    for (one, *_), (same, *_) in zip(epoch(3), epoch(3), strict=True):
        assert np.array_equal(one, same)
    assert not np.array_equal(epoch(3)[0][0], epoch(4)[0][0])


def test_few_pictures_make_one_small_batch() -> None:
    found = list(batches(PIXELS, recipe=Recipe(), batch_size=64, seed=1, epoch=0))
    assert [len(labels) for _, labels, _ in found] == [20]


def test_ahead_changes_nothing() -> None:
    labels = [labels.tolist() for _, labels, _ in ahead(iter(epoch(0)))]
    assert labels == [labels.tolist() for _, labels, _ in epoch(0)]


def test_an_error_in_the_thread_is_raised_here() -> None:
    def broken() -> Iterator[Batch]:
        yield from epoch(0)
        raise ValueError("unreadable")

    with pytest.raises(ValueError, match="unreadable"):
        list(ahead(broken()))


def test_a_consumer_may_stop_early() -> None:
    def endless() -> Iterator[Batch]:
        while True:
            yield from epoch(0)

    source = ahead(endless())
    next(source)
    source.close()
