"""The network alone: `_raw.py BUNDLE graph|plain|naive THREADS` in one process.

`graph` is the frozen call in batches of sixteen, on pixels that are ready; `plain` is the same
without a heatmap. `naive` is one image at a time as the older systems did it: `model.predict`,
then an eager tape for Grad-CAM.
Runs for as many seconds as a line of standard input says, and prints one JSON line for each.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

BATCH = 16


def main(folder: Path, kind: str, threads: int) -> None:
    from inference_worker.tensorflow_setup import limit_threads

    limit_threads(threads)
    step, images = STEPS[kind](folder)
    for _ in range(3):
        step()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(measured(step, images=images, seconds=float(line))), flush=True)


def measured(step: Callable[[], object], *, images: int, seconds: float) -> dict[str, float]:
    """Return how many images `seconds` sufficed for, and the seconds they took: wall and CPU."""
    done, begin, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - begin < seconds:
        step()
        done += images
    wall = time.perf_counter() - begin
    return {"images": done, "wall": wall, "cpu": time.process_time() - cpu}


def graph_step(folder: Path) -> tuple[Callable[[], object], int]:
    import numpy as np

    from inference_worker.bundle import load_bundle
    from inference_worker.engine import Engine

    engine = Engine(load_bundle(folder))
    size = engine.facts.input_size
    pictures = np.random.default_rng(1).integers(0, 255, (BATCH, size, size, 3), dtype=np.uint8)
    return lambda: engine.answer(pictures), BATCH


def plain_step(folder: Path) -> tuple[Callable[[], object], int]:
    import keras
    import numpy as np
    import tensorflow as tf

    from inference_worker.bundle import load_bundle
    from inference_worker.engine import frozen
    from inference_worker.rebuild import rebuild
    from inference_worker.strangeness import strangeness

    bundle = load_bundle(folder)
    model, size = rebuild(bundle), bundle.facts.input_size
    probe = keras.Model(
        model.inputs, [model.get_layer(name).output for name in ("pooled", "logits")]
    )

    @tf.function(autograph=False)
    def answer(pictures: tf.Tensor) -> tuple[tf.Tensor, ...]:
        pooled, logits = probe(tf.cast(pictures, tf.float32), training=False)
        scores = tf.nn.softmax(logits / bundle.facts.temperature)
        return tf.argmax(logits, axis=1), scores, strangeness(pooled, bundle.statistics)

    call = frozen(answer, size=size)
    pictures = np.random.default_rng(1).integers(0, 255, (BATCH, size, size, 3), dtype=np.uint8)
    return lambda: [one.numpy() for one in call(tf.constant(pictures))], BATCH


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


STEPS = {"graph": graph_step, "plain": plain_step, "naive": naive_step}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
