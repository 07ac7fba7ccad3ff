"""Which cases two readers read: a share of a site's cases, drawn by a hash of the case's id."""

from __future__ import annotations

import hashlib
from uuid import UUID

READERS = 2


def is_read_twice(case: UUID, *, percent: int) -> bool:
    """Say whether a case is of the share that two readers read: the same answer every time."""
    digest = hashlib.sha256(f"double read {case}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < percent
