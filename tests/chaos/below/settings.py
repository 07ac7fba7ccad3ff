"""The demonstration's settings on a small disk, and with little to learn from."""

from __future__ import annotations

from hemaqueue.settings.demo import *  # noqa: F403
from hemaqueue.settings.demo import HEMAQUEUE

HEMAQUEUE = HEMAQUEUE | {"FREE_DISK_FLOOR_BYTES": 1 << 20, "TRAINING_LABELS_PER_CLASS": 4}
