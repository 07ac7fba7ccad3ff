"""`boxnet` and `regions` on pictures with boxes that people drew; all classes are left aside.

Runs as a process of its own: `python benchmarks/_box_lesson.py JSON`, where JSON has `network`,
`data` (`train/` and `val/` with labels beside the pictures), `out`, `minutes`, `input_size` and
`kept`. What learns does so by its report's recipe, but with upright pictures, as a turned box is
no box, and with less blur, which in pixels is for pictures of 224.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from inference_worker import tensorflow_setup
from training_worker.groups import with_groups
from training_worker.recipes import REPORTED
from training_worker.samples import SUFFIXES, Sample, read_picture
from training_worker.settings import TrainingSettings

ENDLESS = 100_000
LEAST_SHARP = 0.8
SETTINGS = {"batch_size": 16, "learning_rate": 1e-3, "weight_decay": 0.0, "epochs": ENDLESS}


def main() -> int:
    asked = json.loads(sys.argv[1])
    tensorflow_setup.limit_threads(1)
    taught, judged = (samples_in(Path(asked["data"]) / part) for part in ("train", "val"))
    if asked["network"] == "regions":
        said, facts = _segmented(judged)
    else:
        said, facts = _learned(asked, taught, judged)
    from training_worker.boxes import box_metrics, true_boxes

    true = [true_boxes(sample)[0] for sample in judged]
    figures = {"network": asked["network"], "pictures": len(judged)} | facts
    figures |= box_metrics(true, said)
    part = Path(asked["kept"]).with_suffix(".part")
    part.write_text(json.dumps(figures, indent=1) + "\n")
    part.replace(asked["kept"])
    return 0


def samples_in(folder: Path) -> list[Sample]:
    """Return the pictures of a folder with their groups, all of the same class."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return with_groups([Sample(path, "benign") for path in files])


def _segmented(judged: list[Sample]) -> tuple[list[Any], dict[str, Any]]:
    """Return what thresholds and watershed find in the pictures as they are."""
    import numpy as np

    from inference_worker.regions import regions

    pictures = [read_picture(sample) for sample in judged]
    began = time.process_time()
    found = [[(1.0, *one.cell) for one in regions(picture)] for picture in pictures]
    seconds = time.process_time() - began
    said = [np.array(one).reshape(-1, 5) for one in found]
    return said, {"cpu_ms": 1000 * seconds / len(judged)}


def _learned(
    asked: dict[str, Any], taught: list[Sample], judged: list[Sample]
) -> tuple[list[Any], dict[str, Any]]:
    """Return what the trained network marks in pictures that it never saw."""
    from inference_worker.marking import marked
    from training_worker.boxes import LEAST_RANKED
    from training_worker.plan import Plan
    from training_worker.run import learned_as_planned
    from training_worker.splitting import held_out
    from training_worker.targets import with_targets

    recipe = replace(REPORTED, rotation=0.0, shear=0.0, blur=LEAST_SHARP)
    settings = TrainingSettings(minutes=asked["minutes"], clock="cpu", recipe=recipe, **SETTINGS)
    plan = Plan(
        data=Path(asked["data"]),
        network=asked["network"],
        input_size=asked["input_size"],
        preprocessing="cell",
        settings=settings,
    )
    pixels = with_targets(plan.network, taught, plan.pixels(taught))
    parts = held_out(pixels, folds=settings.folds, seed=settings.seed)
    lessons, checks = (pixels.part(chosen) for chosen in parts)
    out = Path(asked["out"])
    learned = learned_as_planned(plan, lessons, checks, out=out, resume=True, tell=print)
    inputs = plan.pixels(judged).pictures
    marked(learned.model, inputs[:1])
    began = time.process_time()
    said = [
        boxes for one in inputs for boxes in marked(learned.model, one[None], least=LEAST_RANKED)
    ]
    seconds = time.process_time() - began
    shutil.rmtree(out.with_name(f"{out.name}.run"), ignore_errors=True)
    return said, {
        "cpu_ms": 1000 * seconds / len(judged),
        "epochs": learned.progress.epoch,
        "minutes": learned.progress.seconds / 60,
        "input_size": plan.input_size,
    }


if __name__ == "__main__":
    raise SystemExit(main())
