"""The network alone: `_raw.py BUNDLE graph|naive SECONDS` in one process, one thread.

`graph` is the frozen call in batches of sixteen, on pixels that are ready. `naive` is one image
at a time as the older systems did it: `model.predict`, then an eager tape for Grad-CAM.
Prints one JSON line after a line of standard input said go.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

BATCH = 16


def main(folder: Path, kind: str, seconds: float) -> None:
    from inference_worker.tensorflow_setup import limit_threads

    limit_threads(1)
    step, images = (graph_step if kind == "graph" else naive_step)(folder)
    for _ in range(3):
        step()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    done, begin, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - begin < seconds:
        step()
        done += images
    wall = time.perf_counter() - begin
    print(json.dumps({"images": done, "wall": wall, "cpu": time.process_time() - cpu}))


def graph_step(folder: Path) -> tuple[Callable[[], object], int]:
    import numpy as np

    from inference_worker.bundle import load_bundle
    from inference_worker.engine import Engine

    engine = Engine(load_bundle(folder))
    size = engine.facts.input_size
    pictures = np.random.default_rng(1).integers(0, 255, (BATCH, size, size, 3), dtype=np.uint8)
    return lambda: engine.answer(pictures), BATCH


def naive_step(folder: Path) -> tuple[Callable[[], object], int]:
    import keras
    import numpy as np
    import tensorflow as tf

    from inference_worker.bundle import load_bundle
    from inference_worker.rebuild import rebuild

    model = rebuild(load_bundle(folder))
    probe = keras.Model(model.inputs, [model.get_layer("features").output, model.output])
    size = model.inputs[0].shape[1]
    picture = np.random.default_rng(1).uniform(0, 255, (1, size, size, 3)).astype(np.float32)

    def step() -> object:
        label = int(model.predict(picture, verbose=0).argmax())
        with tf.GradientTape() as tape:
            features, logits = probe(picture, training=False)
            score = logits[:, label]
        weights = tf.reduce_mean(tape.gradient(score, features), axis=(1, 2))
        return tf.nn.relu(tf.einsum("bhwc,bc->bhw", features, weights)).numpy()

    return step, 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
