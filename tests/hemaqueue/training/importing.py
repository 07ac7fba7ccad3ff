"""What the tests of data sets share: files in memory, sets that were looked over or imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from hemaqueue.accounts.models import User
from hemaqueue.training.datasets import dataset_begin, dataset_import, dataset_look_over
from hemaqueue.training.models import Dataset
from tests.pictures import picture


class MemoryFiles:
    """Files of a data set, by their paths."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self.files = {n: d.encode() if isinstance(d, str) else d for n, d in files.items()}

    def names(self) -> list[str]:
        return sorted(self.files)

    def read(self, name: str, *, most: int) -> bytes:
        return self.files[name][: most + 1]


def pictures(*names: str, first: int = 40_000) -> dict[str, bytes]:
    """Return pictures under these names of which no two look alike."""
    return {name: distinct_file(first + at) for at, name in enumerate(names)}


def distinct_file(seed: int) -> bytes:
    blocks = np.random.default_rng(seed).integers(40, 240, (8, 8, 3), dtype=np.uint8)
    large = cv2.resize(blocks, (160, 160), interpolation=cv2.INTER_NEAREST)
    done, encoded = cv2.imencode(".png", large)
    assert done
    return bytes(encoded)


def saved_darker(seed: int) -> bytes:
    """Return a picture of the factories, saved anew a little darker."""
    pixels = cv2.convertScaleAbs(picture(seed), alpha=0.96)
    done, encoded = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert done
    return bytes(encoded)


def looked_over(
    files: Mapping[str, bytes | str] | None = None, *, by: User, **more: Any
) -> Dataset:
    given = {"name": "Set", "kind": "synthetic", "size": 1} | more
    found = MemoryFiles(files or {"benign/one.png": b"never opened"})
    return dataset_look_over(found, by=by, **given)


def imported(files: Mapping[str, bytes | str], *, by: User, **more: Any) -> Dataset:
    dataset = looked_over(files, by=by, **more)
    dataset_begin(dataset, by=by)
    dataset_import(dataset, MemoryFiles(files), progress=lambda _: None)
    dataset.refresh_from_db()
    return dataset
