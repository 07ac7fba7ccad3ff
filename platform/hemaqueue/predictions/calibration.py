"""What a network said before calibration, had back from the scores that are stored.

A stored score is softmax(logits / T) (Guo et al., "On Calibration of Modern Neural Networks", ICML
2017, section 4.2), so the softmax of the logits themselves is its power T, made to sum to one.
"""

from __future__ import annotations

from collections.abc import Mapping


def scores_uncalibrated(
    scores: Mapping[str, float], *, temperature: float | None
) -> dict[str, float] | None:
    """Return the scores before the temperature; None of a version that names none.

    A score below the least that single precision holds is stored as 0 and stays 0: at the lowest
    temperature that calibration chooses, 0.2, it was no more than 3e-8 of the highest.
    """
    highest = max(scores.values(), default=0.0)
    if not temperature or not highest:
        return None
    powers = {code: (score / highest) ** temperature for code, score in scores.items()}
    whole = sum(powers.values())
    return {code: power / whole for code, power in powers.items()}
