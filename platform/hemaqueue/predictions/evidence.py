"""Whether a heatmap says anything: maps without energy, or of the picture's edge, do not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FLAT = 1.25  # the peak over the mean; below, the evidence lies everywhere
EDGE = 0.5  # of what the outer ring has beyond its share of the picture


def evidence_informs(grid: NDArray[np.float32]) -> bool:
    """Say whether the positive evidence of a `(rows, columns)` grid stands out within the picture.

    It does not where there is none, where it is spread evenly, or where the outer ring of cells
    holds so much that less than half of the rest of the evidence lies inside.
    """
    evidence = np.maximum(np.nan_to_num(grid), 0)
    total = float(evidence.sum())
    if total <= 0 or float(evidence.max()) < FLAT * float(evidence.mean()):
        return False
    if min(evidence.shape) < 3:
        return True
    inner = evidence[1:-1, 1:-1]
    usual = inner.size / evidence.size
    return float(inner.sum()) / total >= EDGE * usual
