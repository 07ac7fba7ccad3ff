"""Sets TensorFlow up before its first import: the package imports this module first.

oneDNN is off by default on many processors and worth a factor of two. One thread per process,
processes by core, beats one process with many threads.
"""

from __future__ import annotations

import os
from contextlib import suppress

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def limit_threads(count: int) -> None:
    """Compute with at most `count` threads at a time; too late once TensorFlow has worked."""
    import tensorflow as tf

    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(count)
        tf.config.threading.set_inter_op_parallelism_threads(count)


def prepare_devices() -> None:
    """Take a GPU's memory as it is needed; compute in half precision where that is asked for.

    HEMAQUEUE_PRECISION is a policy of Keras: `float32`, or `mixed_float16` for a GPU. Weights,
    scores, distances and grids stay float32 under both.
    """
    import keras
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        with suppress(RuntimeError):
            tf.config.experimental.set_memory_growth(gpu, True)
    keras.config.set_dtype_policy(os.environ.get("HEMAQUEUE_PRECISION", "float32"))
