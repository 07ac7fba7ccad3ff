"""The learning curve of a run: what each epoch came to, learned and held out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

CURVE = "curve.json"
KEPT = (
    "epoch", "seconds", "loss", "accuracy", "check_loss", "check_accuracy", "check_macro_recall",
    "since_best",
)  # fmt: skip

Epochs = Sequence[dict[str, float]]


def learning_curve(history: Epochs) -> list[dict[str, float]]:
    """Return an entry for each epoch; one of an earlier release may lack a name."""
    return [{name: round(one[name], 4) for name in KEPT if name in one} for one in history]


def write_curve(folder: Path, history: Epochs) -> None:
    """Write a run's curve beside the bundle that it made."""
    (folder / CURVE).write_text(json.dumps(learning_curve(history), indent=0) + "\n")
