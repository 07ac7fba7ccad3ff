"""Guards of the product broken on purpose; the checker must turn red for each."""

from __future__ import annotations
