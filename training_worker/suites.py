"""How much of an evaluation is done: what takes seconds, or everything."""

from __future__ import annotations

QUICK, FULL = "quick", "full"
SUITES = (QUICK, FULL)
"""`full` adds robustness, swapped colours, the scale bar, cost and more intervals: minutes."""
