"""A QR code as one SVG path: dark squares, nothing fetched, sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass

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
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module
    ]
    return Code(side=len(rows), path="".join(dark))
