"""The engines of this process, by digest: a bundle is loaded once, in the child that uses it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from inference_worker.bundle import (
    FACTS,
    SERVED,
    Bundle,
    ModelIntegrity,
    load_bundle,
    load_stored_bundle,
)
from inference_worker.engine import Engine
from jobcontract.messages import ModelReference
from jobcontract.processes import give_memory_back
from jobcontract.reporting import WorkFailed
from jobcontract.storage import FileMissing

KEPT = 4

AWAITED = ("field", "synthetic")
"""Kinds of image whose networks are built when a process starts, others when first asked for."""


class Engines:
    """At most KEPT engines; the one that was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._kept: dict[str, Engine] = {}

    def add(self, bundle: Bundle) -> Engine:
        """Build an engine, and let it answer once: that makes its plan, and a lot of waste."""
        self._kept[bundle.digest] = engine = Engine(bundle)
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        size = engine.facts.input_size
        engine.answer(np.zeros((1, size, size, 3), np.uint8), grids=False)
        give_memory_back()
        return engine

    def get(self, reference: ModelReference) -> Engine:
        """Return the engine of the bundle that a message names.

        Raises:
            WorkFailed: `model_integrity` or `model_missing`.
        """
        if engine := self._kept.pop(reference.digest, None):
            self._kept[reference.digest] = engine
            return engine
        try:
            return self.add(load_stored_bundle(reference))
        except ModelIntegrity as error:
            raise WorkFailed(error.code, f"The model was refused: {error}") from error
        except FileMissing as error:
            raise WorkFailed("model_missing", "The model's files are not in the store.") from error


@lru_cache(maxsize=1)
def engines() -> Engines:
    """Return this process's engines."""
    return Engines()


def warm_up() -> None:
    """Build the awaited engines of the committed bundles before the first message asks for one."""
    for folder in sorted(SERVED.iterdir()):
        if (folder / FACTS).is_file():
            bundle = load_bundle(folder)
            if bundle.facts.image_kind in AWAITED:
                engines().add(bundle)
