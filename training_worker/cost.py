"""What an answer costs: parameters, and the network's own time on this machine."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from inference_worker.engine import Engine

BATCHES = (1, 32)
ROUNDS = 5


def cost_of(engine: Engine) -> dict[str, Any]:
    """Return parameters and the median milliseconds per picture at each of BATCHES."""
    size = engine.facts.input_size
    return {
        "parameters": engine.model.count_params(),
        "threads": tf.config.threading.get_intra_op_parallelism_threads(),
        "milliseconds": {
            f"batch_{count}": _milliseconds(engine, np.zeros((count, size, size, 3), np.uint8))
            for count in BATCHES
        },
    }


def _milliseconds(engine: Engine, pictures: NDArray[np.uint8]) -> float:
    engine.answer(pictures)
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        engine.answer(pictures)
        taken.append(time.perf_counter() - began)
    return 1000 * float(np.median(taken)) / len(pictures)
