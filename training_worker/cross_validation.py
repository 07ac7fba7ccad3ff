"""Cross-validation: one process per fold, each training without its fold and scoring it.

A run that was killed goes on: folds that are done stay, the others resume at their last epoch.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from inference_worker.classes import SmearClass
from training_worker.fold_folder import FoldFolder
from training_worker.fold_report import summary
from training_worker.folds import labelled, parted
from training_worker.samples import samples_digest

THREADS = 1
"""One-thread processes side by side learn faster than one process with their threads."""


class FoldFailed(ValueError):
    """The process of a fold ended without its figures."""


def asked(
    data: Path,
    *,
    folds: int,
    pooled: bool,
    classes: tuple[SmearClass, ...],
    settings: dict[str, Any],
) -> dict[str, Any]:
    """Return what decides the figures: the pictures, the folds, the recipe.

    Raises:
        TooFewGroups: a class has fewer groups than there are folds.
    """
    samples = labelled(data, pooled=pooled, classes=classes, image_kind=settings["image_kind"])
    parted(samples, count=folds)
    return {
        "folds": folds,
        "pooled": pooled,
        "images": len(samples),
        "groups": len({sample.group for sample in samples}),
        "digest": samples_digest(samples),
        "settings": settings,
    }


def cross_validate(
    arguments: Sequence[str],
    *,
    folder: FoldFolder,
    plan: dict[str, Any],
    suite: str,
    jobs: int,
    resume: bool,
) -> dict[str, Any]:
    """Run what is missing of a cross-validation and return its report.

    Args:
        arguments: The command line, which each fold's process gets with its own number.
        folder: Where bundles and figures are kept.
        plan: What decides the figures; see `asked`.
        suite: Which evaluation; see `evaluation.evaluate`.
        jobs: How many folds are trained at a time.
        resume: Go on with what lies in the folder.

    Raises:
        NotPossible: the folder holds a run already, or one of another plan.
        FoldFailed: a fold's process failed; the others have run.
    """
    folder.require_own(plan, resume=resume)
    folder.out.mkdir(parents=True, exist_ok=True)
    folder.keep(folder.plan, plan)
    numbers = [k for k in _numbers(plan) if not folder.figures(k, suite).is_file()]
    with ThreadPoolExecutor(jobs) as pool:
        ended = pool.map(lambda number: _run(folder, arguments, number), numbers)
        failed = {number: code for number, code in zip(numbers, ended, strict=True) if code}
    if failed:
        said = [f"Fold {k} ended with {code}: see {folder.log(k)}." for k, code in failed.items()]
        raise FoldFailed(" ".join([*said, "Go on with --resume."]))
    figures = [json.loads(folder.figures(k, suite).read_text()) for k in _numbers(plan)]
    report = {"plan": plan, "suite": suite} | summary(figures)
    folder.keep(folder.report(suite), report)
    return report


def _numbers(plan: dict[str, Any]) -> range:
    return range(1, plan["folds"] + 1)


def _run(folder: FoldFolder, arguments: Sequence[str], number: int) -> int:
    """Run one fold's process to its end and return its status."""
    more = ("--fold", str(number), "--resume", "--threads", str(THREADS))
    words = [sys.executable, "-m", "training_worker.train", *arguments, *more]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with folder.log(number).open("ab") as log:
        return subprocess.run(words, stdout=log, stderr=log, env=env, check=False).returncode
