"""Which pictures must stay on one side of a split: those of one patient, and near-duplicates.

A perceptual hash finds copies that were saved anew, cropped or brightened a little. It does not
find two fields that share a part: for those a data set has to name its groups itself. Nor does
it tell single cells apart: those stay with their subject, however alike they look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hemaqueue.specimens.models import ImageKind

ALIKE_BITS = 8
"""Of 64. On 1,300 fields of Taleqani: 8 pairs, 7 of them of one field, none of two classes.
On 980 cells of C-NMC: 2,527 pairs, 717 of them of one subject; all ten subjects would be one."""

ROWS_AT_ONCE = 512


class Item(NamedTuple):
    """`own` is the patient, case or picture; `look` the perceptual hash, None where unknown."""

    own: str
    look: int | None


def groups_joined(items: Sequence[Item], *, kind: str) -> list[str]:
    """Return the group of each item: its own, joined with those of what looks alike.

    A joined group bears the smallest of its members' names, whatever the order.
    """
    parent = {item.own: item.own for item in items}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for first, second in pairs_alike([item.look for item in items], kind=kind):
        low, high = sorted((root(items[first].own), root(items[second].own)))
        parent[high] = low
    return [root(item.own) for item in items]


def pairs_alike(looks: Sequence[int | None], *, kind: str) -> Iterator[tuple[int, int]]:
    """Yield the places (first < second) of pictures that differ in at most ALIKE_BITS bits.

    Of single cells there are none: on their black ground all look alike.
    """
    if kind == ImageKind.CELL:
        return
    places = np.array([at for at, look in enumerate(looks) if look is not None], np.int64)
    known = [look for look in looks if look is not None]
    hashes = np.array(known, np.int64).view(np.uint64)
    for start in range(0, len(hashes), ROWS_AT_ONCE):
        differ = _bits_between(hashes[start : start + ROWS_AT_ONCE], hashes[start:])
        for row, column in np.argwhere(differ <= ALIKE_BITS).tolist():
            if column > row:
                yield int(places[start + row]), int(places[start + column])


def _bits_between(some: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return np.asarray(np.bitwise_count(some[:, None] ^ others[None, :]), np.uint8)
