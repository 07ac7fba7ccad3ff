"""Reports of an evaluation for tests: a small confusion matrix with everything that follows."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.models import Evaluation, Source
from hemaqueue.evaluations.services import evaluation_record
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import FrozenAddition, FrozenImage
from tests import factories
from training_worker.fold_report import summary

CODES = factories.CLASSES
Rows = list[dict[str, Any]]


def row(
    sha256: str, label: str, named: str, *, sure: float = 0.9, group: str = ""
) -> dict[str, Any]:
    """Return what a report says of one picture; a wrong one bears a heatmap."""
    scores = dict.fromkeys(CODES, (1 - sure) / (len(CODES) - 1)) | {named: sure}
    malignant = 1 - scores["benign"]
    said = {
        "sha256": sha256, "group": group or sha256[:8], "label": label, "named": named,
        "scores": scores, "malignant": malignant, "called_malignant": malignant >= 0.5,
        "distance": 1.0,
    }  # fmt: skip
    grid = np.linspace(0, 1, 9, dtype="<f2")
    text = base64.b64encode(grid.tobytes()).decode()
    return said if label == named else said | {"grid": text, "grid_shape": [3, 3]}


def some_rows(*, wrong: int = 3, each: int = 15) -> Rows:
    """Return `each` pictures of every class, of which `wrong` benign ones are named early pre-B."""
    rows = []
    for index, code in enumerate(CODES):
        for number in range(each):
            missed = code == "benign" and number < wrong
            digest = f"{index:02x}{number:02x}".ljust(64, "0")
            rows.append(
                row(digest, code, "early_pre_b" if missed else code, sure=0.9 - number / 100)
            )
    return rows


def report(version: ModelVersion, rows: Rows | None = None, **more: Any) -> dict[str, Any]:
    """Return what `./hemaqueue evaluate --suite full --json --pictures` would print of `rows`."""
    rows = some_rows() if rows is None else rows
    matrix = [
        [sum(r["label"] == a and r["named"] == b for r in rows) for b in CODES] for a in CODES
    ]
    n, right = len(rows), sum(matrix[i][i] for i in range(len(CODES)))
    benign = matrix[0]
    values: dict[str, Any] = {
        "bundle": version.name, "digest": version.digest, "data": "frozen",
        "data_digest": "d" * 64, "split": "field-disjoint", "suite": "full", "n": n,
        "accuracy": right / n, "macro_recall": right / n, "macro_f1": right / n,
        "macro": {"precision": 0.951, "recall": right / n, "f1": right / n},
        "weighted": {"precision": 0.952, "recall": right / n, "f1": 0.953},
        "ece": 0.02, "brier": 0.05, "loss": 0.123,
        "classes": list(CODES), "confusion_matrix": matrix,
        "per_class": {code: _class(matrix, index) for index, code in enumerate(CODES)},
        "auroc": {"per_class": dict.fromkeys(CODES, 0.99), "macro": 0.99},
        "binary": {
            "sensitivity": 1.0, "specificity": benign[0] / max(1, sum(benign)),
            "accuracy": right / n,
            "precision": 0.94, "f1": 0.97, "auroc": 0.99, "threshold": 0.5,
            "n_malignant": n - sum(benign), "n_benign": sum(benign),
        },
        "intervals": {"accuracy": [0.9, 0.98], "macro_recall": [0.9, 0.98],
                      "sensitivity": [1.0, 1.0], "specificity": None},
        "threshold_sweep": [
            {"threshold": t / 20, "sensitivity": 1 - t / 200, "specificity": 0.5 + t / 40,
             "accuracy": 0.9, "precision": 0.9, "f1": 0.95}
            for t in range(1, 20)
        ],
        "risk_by_coverage": {"area": 0.01, "points": [
            {"coverage": t / 20, "risk": t / 400, "least_confidence": 1 - t / 40}
            for t in range(1, 21)
        ]},
        "reliability": [{"from": 0.8, "to": 0.87, "n": n, "confidence": 0.85, "accuracy": 0.9}],
        "roc": [[0, 0], [0, 0.9], [0.2, 1], [1, 1]],
        "precision_recall": [[1, 0.75], [0.9, 1], [0, 1]],
        "grey_scale": {"accuracy": 0.9}, "stain_shift": [0.95, 0.93, 0.9],
        "colour_only_baseline": {"accuracy": 0.8, "macro_recall": 0.79, "grey_scale": 0.2,
                                 "stain_shift": [0.6, 0.5, 0.4]},
        "shift_intervals": {"stain_shift_1": [0.91, 0.97]},
        "white_cells": {"removed_accuracy": 0.3, "alone_accuracy": 0.88},
        "cell_area": {"auroc": 0.935, "beyond": 0.61, "pairs": 169, "alike": 0.03},
        "scale_bar_masked": {"accuracy": 0.94, "changed": 0.05},
        "cost": {"parameters": 907628, "threads": 1,
                 "milliseconds": {"batch_1": 5.26, "batch_32": 2.13}},
        "robustness": {"blur": [_disturbed(s) for s in (1, 2, 3)]},
        "explanation_sanity": {"method": "cam", **{
            name: {"correlation": value, "interval": [value - 0.1, value + 0.05], "n": 24,
                   "draws": [value - 0.2, value, value + 0.2][: 1 if value > 0.5 else 3]}
            for name, value in (("head_redrawn", -0.165), ("redrawn", 0.01), ("stain_shift", 0.9))
        }},
        "strangers": {"tissue": {"n": 40, "auroc": 0.997, "flagged": 0.975}},
        "subgroups": {"scanner": {"A": {"n": 12}, "B": {
            "n": 48, "accuracy": 0.9, "macro_recall": 0.9, "sensitivity": 1.0,
            "specificity": None}}},
        "pictures": rows,
    }  # fmt: skip
    return values | more


def _class(matrix: list[list[int]], index: int) -> dict[str, Any]:
    hits, support = matrix[index][index], sum(matrix[index])
    named = sum(line[index] for line in matrix)
    recall, precision = hits / max(1, support), hits / max(1, named)
    f1 = 2 * recall * precision / max(1e-9, recall + precision)
    return {"recall": recall, "precision": precision, "f1": f1, "support": support}


def _disturbed(strength: int) -> dict[str, Any]:
    drops = dict.fromkeys(CODES, 0.0) | {"pro_b": 0.02 * strength}
    return {
        "strength": strength, "setting": 0.8 * strength, "accuracy": 0.95 - 0.02 * strength,
        "recall": dict.fromkeys(CODES, 0.9), "recall_drop": drops,
        "largest_drop": 0.02 * strength,
    }  # fmt: skip


def evaluation(version: ModelVersion, rows: Rows | None = None, **more: Any) -> Evaluation:
    """Return a stored evaluation of `version`."""
    said = report(version, rows, **more)
    return evaluation_record(version, report=said, source=Source.WORKER, by=None)


def kept_for_judging(image: SmearImage, *, kind: str, by: User) -> FrozenAddition:
    """Return a frozen test set of one image."""
    addition = FrozenAddition.objects.create(
        kind=kind, version=1, reason="A first one", digest="0" * 64, added=1, by=by
    )
    FrozenImage.objects.create(
        addition=addition, kind=kind, image=image, label="benign", group="g",
        sha256=image.sha256, key=image.key,
    )  # fmt: skip
    return addition


def fold_report(version: ModelVersion, *, folds: int = 3, **settings: Any) -> dict[str, Any]:
    """Return what `./hemaqueue train --folds --json` would print: each fold errs once more."""
    reports = [report(version, some_rows(wrong=wrong)) for wrong in range(folds)]
    recipe = {"network": version.network, "image_kind": version.image_kind}
    plan = {"folds": folds, "pooled": False, "images": 60 * folds, "groups": 24,
            "digest": "e" * 64, "settings": recipe | settings}  # fmt: skip
    return {"plan": plan, "suite": "quick"} | summary(reports)
