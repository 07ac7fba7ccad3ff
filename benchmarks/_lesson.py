"""One network on one fold: trained and scored by the command line's code, then disturbed and timed.

Runs as a process of its own: `python benchmarks/_lesson.py JSON`, where JSON has `train` (words
of the command line), `out`, `fold`, `disturbed` (how many pictures are disturbed) and `kept` (the
file of the figures).
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from training_worker import train

TIMED, TIMES = 16, 3


def main() -> int:
    asked = json.loads(sys.argv[1])
    if status := train.main(asked["train"]):
        return status
    given = train.parse(asked["train"])
    out = Path(asked["out"])
    bundle = out / f"fold-{asked['fold']}"
    figures = json.loads((out / f"fold-{asked['fold']}.quick.json").read_text())
    figures |= beyond(bundle, given, count=asked["disturbed"])
    part = Path(asked["kept"]).with_suffix(".part")
    part.write_text(json.dumps(figures, indent=1) + "\n")
    part.replace(asked["kept"])
    shutil.rmtree(out, ignore_errors=True)
    return 0


def beyond(folder: Path, given: Any, *, count: int) -> dict[str, Any]:
    """Return what the quick evaluation leaves out: robustness on `count` pictures, and cost."""
    import numpy as np

    from inference_worker.bundle import load_bundle
    from inference_worker.engine import Engine
    from training_worker.answering import Judged, inputs_for, named_by
    from training_worker.folds import Fold
    from training_worker.robustness import robustness

    engine = Engine(load_bundle(folder))
    facts = engine.facts
    fold = Fold(given.fold, given.folds, pooled=given.pool)
    scored = fold.parts(given.data, classes=facts.classes, image_kind=facts.image_kind).scored
    chosen = np.random.default_rng(0).permutation(len(scored))[:count]
    some = Judged.of([scored[index] for index in chosen.tolist()], codes=facts.codes)
    found = robustness(
        lambda pictures: named_by(engine, pictures), some.pictures, some.labels, codes=facts.codes
    )
    rows = [row["accuracy"] for strengths in found.values() for row in strengths]
    return {
        "network": facts.network,
        "input_size": facts.input_size,
        "parameters": engine.model.count_params(),
        "cpu_ms": cpu_ms(engine, inputs_for(engine, some.pictures[:TIMED])),
        "disturbed": len(some.pictures),
        "robustness": {"accuracy": float(np.mean(rows))} | found,
        "steps": facts.training["steps"],
        "batch_size": facts.training["settings"]["batch_size"],
    }


def cpu_ms(engine: Any, inputs: Any) -> float:
    """Return the CPU milliseconds of one picture, without a heatmap, of a batch."""
    engine.answer(inputs, grids=False)
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        engine.answer(inputs, grids=False)
        taken.append(time.process_time() - began)
    return 1000 * statistics.median(taken) / len(inputs)


if __name__ == "__main__":
    raise SystemExit(main())
