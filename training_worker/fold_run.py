"""One fold's own process: train without the fold, then score it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from inference_worker.bundle import Bundle, ModelIntegrity, load_bundle
from training_worker.fold_folder import FoldFolder
from training_worker.folds import Fold


def score_fold(
    folder: FoldFolder, fold: Fold, *, data: Path, suite: str, train: Callable[[Path], None]
) -> None:
    """Write a fold's figures, having trained its bundle unless that is done.

    Args:
        folder: Where the cross-validation keeps what it has.
        fold: The fold left out.
        data: The pictures.
        suite: Which evaluation; see `evaluation.evaluate`.
        train: Trains on the other folds and writes the bundle to the folder it is given.
    """
    out = folder.bundle(fold.number)
    if not _is_judged(out):
        train(out)
    bundle = load_bundle(out)
    figures = bundle.facts.metrics
    if figures.get("suite", "quick") != suite:
        figures = _scored(bundle, fold, data=data, suite=suite)
    folder.keep(folder.figures(fold.number, suite), _origin(bundle, fold) | figures)


def _is_judged(out: Path) -> bool:
    """Say whether a bundle was written to its end."""
    try:
        return bool(load_bundle(out).facts.metrics)
    except (ModelIntegrity, OSError):
        return False


def _scored(bundle: Bundle, fold: Fold, *, data: Path, suite: str) -> dict[str, Any]:
    from inference_worker.engine import Engine
    from training_worker.evaluation import evaluate

    facts = bundle.facts
    parts = fold.parts(data, classes=facts.classes, image_kind=facts.image_kind)
    return evaluate(Engine(bundle), parts.scored, train=parts.train, split=parts.kind, suite=suite)


def _origin(bundle: Bundle, fold: Fold) -> dict[str, Any]:
    """Return how a fold's bundle came to its weights."""
    facts = bundle.facts
    return {
        "fold": fold.number,
        "bundle": bundle.digest,
        "training": {name: facts.training[name] for name in ("epochs", "best_epoch", "minutes")},
        "dataset": facts.dataset,
        "temperature": facts.temperature,
        "thresholds": vars(facts.thresholds),
    }
