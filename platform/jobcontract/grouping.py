"""Which pictures must stay on one side of a split: those of one patient, and near-duplicates.

A perceptual hash finds copies that were saved anew, cropped or brightened a little. It does not
find two fields that share a part: for those a data set has to name its groups itself. Nor does
it tell single cells apart: those stay with their subject, however alike they look.

The platform and `./hemaqueue train` have this one rule. Where the manifest of a folder names the
groups, the command line takes them as they are, and its published splits with them; the platform,
in which data sets and cases meet, joins what looks alike across them, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SINGLE_CELLS = "cell"
ALIKE_BITS = 8
"""Of 64. On 2,600 fields of Taleqani: 96 pairs, 95 of them of one field, none of two classes. Grey
versions of 16 by 16 that correlate by 0.97 and more are 83 of those pairs, and no others.
On 980 cells of C-NMC: 2,527 pairs, 717 of them of one subject; all ten subjects would be one."""

ROWS_AT_ONCE = 512


class Item(NamedTuple):
    """`own` is the patient, case or picture; `look` the perceptual hash, None where unknown."""

    own: str
    look: int | None


def group_of(*, patient: str, case: object) -> str:
    """Return what must stay on one side of a split: the patient, else the case.

    The same pseudonym at two sites, or in two data sets, counts as one patient: that can only be
    too careful.
    """
    name = patient.strip().casefold()
    text = f"patient {name}" if name else f"case {case}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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
    if kind == SINGLE_CELLS:
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
