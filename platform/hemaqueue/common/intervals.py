"""How far chance alone may carry a share."""

from __future__ import annotations

import math

LIKELY = 1.96  # standard deviations: 95 %


def wilson(share: float, *, n: int, z: float = LIKELY) -> tuple[float, float]:
    """Return the score interval of a share of `n` (E. B. Wilson, JASA 22, 1927)."""
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - reach), min(1.0, centre + reach)
