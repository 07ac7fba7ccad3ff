"""A QR code as one SVG path: dark squares, nothing fetched, sharp at any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE = 4  # modules, ISO/IEC 18004


@dataclass(frozen=True)
class Code:
    """`side` is the side of the drawing in modules; `path` draws the dark ones."""

    side: int
    path: str


def qr_code(text: str) -> Code:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [
        f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row)
    ]
    return Code(side=len(rows), path="".join(dark))


def _runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where dark modules begin in a row, and how many lie side by side."""
    at = 0
    for dark, modules in groupby(map(bool, row)):
        length = len(list(modules))
        if dark:
            yield at, length
        at += length
