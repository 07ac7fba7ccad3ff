"""The demonstration's settings on a small disk."""

from __future__ import annotations

from hemaqueue.settings.demo import *  # noqa: F403
from hemaqueue.settings.demo import HEMAQUEUE

HEMAQUEUE = HEMAQUEUE | {"FREE_DISK_FLOOR_BYTES": 1 << 20}
