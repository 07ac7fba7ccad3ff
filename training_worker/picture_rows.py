"""One row for each judged picture: what a person may open, look up, and compare versions by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from inference_worker.engine import Answers
from inference_worker.grids import packed
from training_worker.verdicts import Verdicts


def picture_rows(
    said: Verdicts,
    answers: Answers,
    *,
    codes: Sequence[str],
    groups: Sequence[str],
    digests: Sequence[str],
) -> list[dict[str, Any]]:
    """Return the rows in the pictures' order; those that are named wrongly bear their heatmap.

    Args:
        said: The verdicts.
        answers: What they were made of.
        codes: The classes, in the order of the scores.
        groups: The pictures' groups.
        digests: The pictures' SHA-256.
    """
    rows = []
    for index, digest in enumerate(digests):
        scores = said.scores[index]
        row = {
            "sha256": digest,
            "group": groups[index],
            "label": codes[int(said.labels[index])],
            "named": codes[int(scores.argmax())],
            "scores": {code: round(float(one), 6) for code, one in zip(codes, scores, strict=True)},
            "malignant": round(float(said.malignant_scores[index]), 6),
            "called_malignant": bool(said.called[index]),
            "distance": round(float(answers.distances[index]), 4),
        }
        rows.append(row | ({} if said.right[index] else _heatmap(answers, index)))
    return rows


def _heatmap(answers: Answers, index: int) -> dict[str, Any]:
    """Return the grid of evidence for the class named, base64 of float16, row by row."""
    grid = np.asarray(answers.grids[index], np.float16)
    return {"grid": packed(grid), "grid_shape": list(grid.shape)} if grid.size > 1 else {}
