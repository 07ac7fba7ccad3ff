"""Which pictures of a parcel a child had in hand when it died: its main process reads it here.

The memory is shared over the fork, so it outlives the child; nothing is written to a disk.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

SLOTS, NAME_BYTES, MOST = 1024, 16, 112
SLOT_BYTES = NAME_BYTES + MOST

_shared = mmap.mmap(-1, SLOTS * SLOT_BYTES)


class Hold:
    """Notes which pictures are decoded or computed; `hold(positions)` lasts for a `with`.

    A parcel larger than MOST is not noted. Two that share a slot, once in a thousand times, hide
    each other.
    """

    def __init__(self, parcel: str, *, size: int) -> None:
        name, self._start = _place(parcel)
        self._noted = size <= MOST
        if self._noted:
            end = self._start + SLOT_BYTES
            _shared[self._start : end] = name + bytes(MOST)

    @contextmanager
    def __call__(self, positions: Sequence[int]) -> Iterator[None]:
        self._note(positions, 1)
        try:
            yield
        finally:
            self._note(positions, 0)

    def _note(self, positions: Sequence[int], value: int) -> None:
        if self._noted:
            for position in positions:
                _shared[self._start + NAME_BYTES + position] = value


def held(parcel: str) -> list[int]:
    """Return the positions that were in hand; none where nothing is known of a parcel."""
    name, start = _place(parcel)
    if _shared[start : start + NAME_BYTES] != name:
        return []
    flags = _shared[start + NAME_BYTES : start + SLOT_BYTES]
    return [position for position, flag in enumerate(flags) if flag]


def _place(parcel: str) -> tuple[bytes, int]:
    name = hashlib.blake2b(parcel.encode(), digest_size=NAME_BYTES).digest()
    return name, int.from_bytes(name[:4], "big") % SLOTS * SLOT_BYTES
